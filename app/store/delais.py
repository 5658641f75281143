"""What the answers of a caisse say of its pace."""

from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from app.domain.suivi import COMPLETE, DECISIONS
from app.store.tables import DemandeDeposee, Evenement

MOST_READ = 5000  # demandes of a caisse: those of one that has more are read one in two, one in three…


def decided_since(db: Session, caisse: str, since: datetime) -> list[tuple[datetime, datetime]]:
    """
    When each demande that this caisse has decided since then was complete, and when it was decided.

    A page that anybody may ask for reads no more of a large caisse than its two figures need.
    """
    hers = db.exec(select(func.count()).where(DemandeDeposee.caisse == caisse)).one()
    one_in = max(1, -(-hers // MOST_READ))
    decision, whole = aliased(Evenement), aliased(Evenement)
    last_document = (
        select(func.max(whole.le))
        .where(whole.demande_id == DemandeDeposee.id, whole.quoi == COMPLETE, whole.le <= decision.le)
        .correlate(DemandeDeposee, decision)
        .scalar_subquery()
    )
    decided = (
        select(DemandeDeposee.deposee_le, last_document, decision.le)
        .join(decision, col(decision.demande_id) == DemandeDeposee.id)
        .where(
            DemandeDeposee.caisse == caisse,
            col(DemandeDeposee.id) % one_in == 0,  # numbers follow the deposits of the whole country
            col(decision.quoi).in_(DECISIONS),
            decision.le >= since,
        )
    )
    return [(last or filed, answered) for filed, last, answered in db.exec(decided)]
