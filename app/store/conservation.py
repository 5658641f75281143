"""The end of what was deposited: which demandes have been kept long enough, and their erasure."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlmodel import Session, col, delete, select

from app.domain import droit
from app.domain.conservation import MOIS_GARDES, gardee_jusqu_au
from app.domain.messages import Refus
from app.domain.periode import ajoute_mois
from app.files.sealing import KeyRing
from app.files.shelf import Shelf
from app.settings import PARIS
from app.store.database import writing
from app.store.suivi import decision_of
from app.store.tables import (
    Abonnement,
    Consultation,
    DemandeDeposee,
    Echange,
    EchangePdf,
    Evenement,
    Nouvelle,
    Piece,
)


def expired_demandes(db: Session, ring: KeyRing, le: date) -> Sequence[DemandeDeposee]:
    """The demandes that must not be there any more on this day, the oldest first."""
    # Whatever was decided, it was after the deposit: what came since then need not be opened.
    long_ago = datetime.combine(ajoute_mois(le, -MOIS_GARDES), time.max, PARIS)
    old = select(DemandeDeposee).where(DemandeDeposee.deposee_le <= long_ago)
    found = db.exec(old.order_by(col(DemandeDeposee.deposee_le))).all()
    return [demande for demande in found if kept_until(db, ring, demande) < le]


def erase_demande(db: Session, shelf: Shelf, demande: DemandeDeposee) -> None:
    """
    Erase a demande and all that hangs on it; with the last of an account goes its wish to be written to.

    The sweep takes its files should this be cut short.
    """
    its_echanges = select(Echange.id).where(Echange.demande_id == demande.id)
    its_pdfs = col(EchangePdf.echange_id).in_(its_echanges)
    with writing(db):
        db.get(DemandeDeposee, demande.id, with_for_update=True)
        files = [
            *db.exec(select(Piece.id).where(Piece.demande_id == demande.id)),
            *db.exec(select(EchangePdf.id).where(its_pdfs)),
        ]
        db.exec(delete(EchangePdf).where(its_pdfs))
        db.exec(delete(Nouvelle).where(col(Nouvelle.echange_id).in_(its_echanges)))
        for table in (Echange, Piece, Evenement, Consultation):
            db.exec(delete(table).where(col(table.demande_id) == demande.id))
        db.exec(delete(DemandeDeposee).where(col(DemandeDeposee.id) == demande.id))
        others = select(DemandeDeposee.id).where(DemandeDeposee.compte_id == demande.compte_id)
        if db.exec(others).first() is None:
            db.exec(delete(Abonnement).where(col(Abonnement.compte_id) == demande.compte_id))
    for name in files:
        shelf.remove(name)


def kept_until(db: Session, ring: KeyRing, demande: DemandeDeposee) -> date:
    """The last day when a demande may be there, from what is known of it today."""
    decided = decision_of(db, ring, demande)
    debut = None
    if decided is not None and not isinstance(decided, Refus):
        debut = decided.droit.debut if decided.droit else droit.debut_apres_decision(decided.le)
    return gardee_jusqu_au(
        demande.deposee_le.astimezone(PARIS).date(),
        decision=decided.le if decided else None,
        debut_du_droit=debut,
    )
