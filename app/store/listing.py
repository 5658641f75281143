"""What the caisse sees of all the demandes at once: nothing that says who filed them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from app.store.tables import DemandeDeposee, Evenement, Piece, Satisfaction


@dataclass(frozen=True)
class Listed:
    """A demande, how many documents came with it or since, and the last thing that happened to it."""

    demande: DemandeDeposee
    pieces: int
    dernier_le: datetime
    dernier: str


def list_demandes(db: Session, *, caisse: str = "", open_only: bool = False) -> Iterator[Listed]:
    """Every demande, the oldest first."""
    wanted = select(DemandeDeposee).order_by(col(DemandeDeposee.deposee_le), col(DemandeDeposee.id))
    if caisse:
        wanted = wanted.where(DemandeDeposee.caisse == caisse)
    if open_only:
        wanted = wanted.where(DemandeDeposee.ouverte)
    theirs = wanted.order_by(None).with_only_columns(col(DemandeDeposee.id))
    counted = select(Piece.demande_id, func.count()).where(col(Piece.demande_id).in_(theirs))
    pieces = dict(db.exec(counted.group_by(col(Piece.demande_id))).all())
    happened = select(Evenement).where(col(Evenement.demande_id).in_(theirs))
    last = {
        evenement.demande_id: evenement
        for evenement in db.exec(happened.order_by(col(Evenement.le), col(Evenement.id)))
    }
    for demande in db.exec(wanted):
        assert demande.id is not None
        event = last[demande.id]
        yield Listed(demande, pieces.get(demande.id, 0), event.le, event.quoi)


def count_notes(db: Session) -> dict[int, int]:
    """How many gave each note from 1 to 5 to the service."""
    given = dict(db.exec(select(Satisfaction.note, func.count()).group_by(col(Satisfaction.note))).all())
    return {note: given.get(note, 0) for note in range(1, 6)}
