"""What the caisse sees of all the demandes at once: nothing that says who filed them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import aliased, defer
from sqlmodel import Session, col, func, select

from app.store.suivi import ASSURE
from app.store.tables import Consultation, DemandeDeposee, Evenement, Piece, Satisfaction

_ANSWERS: Any = DemandeDeposee.instantane


@dataclass(frozen=True)
class Listed:
    """A demande, how many documents came with it or since, and the last thing that happened to it."""

    demande: DemandeDeposee
    pieces: int
    dernier: Evenement


def list_demandes(
    db: Session, *, caisse: str = "", open_only: bool = False, unread_only: bool = False
) -> Iterator[Listed]:
    """
    Every demande, the oldest first. Its answers, which are sealed, are not read.

    `unread_only`: the caisse has neither opened nor exported the demande since the last thing that the person did,
    which is then told as the last.
    """
    counted = select(func.count()).where(Piece.demande_id == DemandeDeposee.id)
    happened = aliased(Evenement)
    last = select(happened.id).where(happened.demande_id == DemandeDeposee.id)
    if unread_only:
        last = last.where(happened.qui == ASSURE)
    last = last.order_by(col(happened.le).desc(), col(happened.id).desc()).limit(1).correlate(DemandeDeposee)
    wanted = (
        select(DemandeDeposee, counted.scalar_subquery(), Evenement)
        .join(Evenement, col(Evenement.id) == last.scalar_subquery())
        .order_by(col(DemandeDeposee.deposee_le), col(DemandeDeposee.id))
        .options(defer(_ANSWERS))
    )
    if caisse:
        wanted = wanted.where(DemandeDeposee.caisse == caisse)
    if open_only or unread_only:  # a decision, which closes it, is the last thing that happens
        wanted = wanted.where(DemandeDeposee.ouverte)
    if unread_only:
        read = select(Consultation.id).where(
            Consultation.demande_id == DemandeDeposee.id, Consultation.le >= Evenement.le
        )
        wanted = wanted.where(~read.exists())
    return (Listed(*row) for row in db.exec(wanted))


def count_notes(db: Session) -> dict[int, int]:
    """How many gave each note from 1 to 5 to the service."""
    given = dict(db.exec(select(Satisfaction.note, func.count()).group_by(col(Satisfaction.note))).all())
    return {note: given.get(note, 0) for note in range(1, 6)}
