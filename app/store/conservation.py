"""
The end of what was deposited: which demandes have been kept long enough, and their erasure.

An account goes the same way, once the caisse asks for it and none of its demandes has to stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session, SQLModel, col, delete, func, select

from app.domain import droit
from app.domain.conservation import MOIS_GARDES, gardee_jusqu_au
from app.domain.messages import Refus
from app.domain.periode import ajoute_mois
from app.files.sealing import KeyRing, SealBroken
from app.files.shelf import Shelf
from app.settings import PARIS
from app.store.comptes import hold_compte
from app.store.database import forget_deleted_of, writing
from app.store.liens import linked_on
from app.store.quotas import forget_sent
from app.store.sessions import hold_account, remove_pieces
from app.store.suivi import decision_of, demandes_of
from app.store.tables import (
    Abonnement,
    Compte,
    Consultation,
    DemandeDeposee,
    Echange,
    EchangePdf,
    Evenement,
    LienFournisseur,
    Nouvelle,
    Piece,
    PieceEnAttente,
    SessionOuverte,
)
from app.store.tentatives import FORGOTTEN_AFTER, lift_pauses


class StillKept(Exception):
    """A demande of this account has to stay: nothing was erased. The one that stays the longest, and its last day."""

    def __init__(self, demande: DemandeDeposee, until: date) -> None:
        super().__init__(demande.reference, until)
        self.demande, self.until = demande, until


@dataclass(frozen=True)
class Belongings:
    """How many of each thing go with an account."""

    demandes: int
    documents: int
    messages: int
    sessions: int
    waiting: int  # files of a draft
    linked: bool  # to an identity provider
    written_to: bool


@dataclass(frozen=True)
class OldDemandes:
    """
    Those that must not be there any more on a day, the oldest first.

    `unreadable`: those that may have to stay, since the decision that says how long does not open any more.
    """

    expired: Sequence[DemandeDeposee]
    unreadable: Sequence[DemandeDeposee]


def old_demandes(db: Session, ring: KeyRing, le: date) -> OldDemandes:
    """What a purge has to look at on this day. Raises KeyMissing."""
    # Whatever was decided, it was after the deposit: what came since then need not be opened.
    old = select(DemandeDeposee).where(DemandeDeposee.deposee_le <= _long_ago(le))
    found = db.exec(old.order_by(col(DemandeDeposee.deposee_le))).all()
    expired, unreadable = [], []
    for demande in found:
        try:
            if kept_until(db, ring, demande) < le:
                expired.append(demande)
        except SealBroken:
            unreadable.append(demande)
    return OldDemandes(expired, unreadable)


def forget_idle_addresses(db: Session, le: date, *, trial: bool = False) -> int:
    """
    Forget where to write to an account that has no demande, chosen as long ago as a demande is kept; how many.

    A trial only counts them. The caller holds the transaction.
    """
    has_filed = select(DemandeDeposee.id).where(DemandeDeposee.compte_id == Abonnement.compte_id).exists()
    idle = (col(Abonnement.choisi_le) <= _long_ago(le - timedelta(days=1)), ~has_filed)
    if trial:
        return db.exec(select(func.count()).select_from(Abonnement).where(*idle)).one()
    return db.exec(delete(Abonnement).where(*idle)).rowcount


def _long_ago(le: date) -> datetime:
    """The end of the last day from which what is kept goes today, or has to be looked at."""
    return datetime.combine(ajoute_mois(le, -MOIS_GARDES), time.max, PARIS)


def erase_demande(db: Session, shelf: Shelf, demande: DemandeDeposee) -> None:
    """
    Erase a demande and all that hangs on it; with the last of an account goes its wish to be written to.

    The sweep takes the files that a shelf keeps back. Raises SessionOver when the account has just been erased, and all
    that is its own with it.
    """
    with writing(db):
        hold_account(db, demande.compte_id)  # it may be filing another, which keeps its wish
        files = _erase_rows(db, demande)
    shelf.discard(files)


def _erase_rows(db: Session, demande: DemandeDeposee) -> list[str]:
    """The names on the shelf of what is left to remove once the transaction, which the caller holds, is kept."""
    its_echanges = select(Echange.id).where(Echange.demande_id == demande.id)
    its_pdfs = col(EchangePdf.echange_id).in_(its_echanges)
    db.get(DemandeDeposee, demande.id, with_for_update=True)
    db.exec(its_echanges.with_for_update()).all()  # the PDF of one may be on its way there
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
    return files


def belongings_of(db: Session, compte_id: int) -> Belongings:
    """What would go with this account."""

    def count(table: type[SQLModel], *where: Any) -> int:
        return db.exec(select(func.count()).select_from(table).where(*where)).one()

    demandes = select(DemandeDeposee.id).where(DemandeDeposee.compte_id == compte_id)
    sessions = select(SessionOuverte.id).where(SessionOuverte.compte_id == compte_id)
    return Belongings(
        demandes=count(DemandeDeposee, DemandeDeposee.compte_id == compte_id),
        documents=count(Piece, col(Piece.demande_id).in_(demandes)),
        messages=count(Echange, Echange.compte_id == compte_id),
        sessions=count(SessionOuverte, SessionOuverte.compte_id == compte_id),
        waiting=count(PieceEnAttente, col(PieceEnAttente.session_id).in_(sessions)),
        linked=linked_on(db, compte_id) is not None,
        written_to=count(Abonnement, Abonnement.compte_id == compte_id) > 0,
    )


def check_kept(db: Session, ring: KeyRing, compte_id: int, le: date) -> None:
    """Go on only if each demande of this account has been kept long enough on this day. Raises StillKept."""
    last_days = [(kept_until(db, ring, demande), demande) for demande in demandes_of(db, compte_id)]
    until, demande = max(last_days, key=lambda kept: kept[0], default=(date.min, None))
    if demande is not None and until >= le:
        raise StillKept(demande, until)


def erase_compte(
    db: Session, shelf: Shelf, ring: KeyRing, compte_id: int, nir: str, le: date, clock: datetime
) -> bool:
    """
    Erase an account and all that is its own: sessions, drafts, demandes, messages, link, address, counts, files.

    `nir`: whose it is. SQLite may have given the number of the account to another meanwhile, which stays.
    Says whether the files have gone too: those that a shelf keeps back are opened by no key any more, and the sweep
    takes them. Raises StillKept.
    """
    its_sessions = select(SessionOuverte.id).where(SessionOuverte.compte_id == compte_id)
    with writing(db):
        compte = hold_compte(db, ring, nir)
        if compte is None or compte.id != compte_id:  # erased already
            return True
        sessions = db.exec(its_sessions.with_for_update()).all()
        db.exec(select(DemandeDeposee.id).where(DemandeDeposee.compte_id == compte_id).with_for_update())
        check_kept(db, ring, compte_id, le)
        files = [name for demande in demandes_of(db, compte_id) for name in _erase_rows(db, demande)]
        files += [name for session in sessions for name in remove_pieces(db, session)]
        for table in (SessionOuverte, Abonnement, LienFournisseur):
            db.exec(delete(table).where(col(table.compte_id) == compte_id))
        lift_pauses(db, ring, nir)
        for hour in (clock, clock - FORGOTTEN_AFTER):
            forget_sent(db, ring, compte_id, hour)
        db.exec(delete(Compte).where(col(Compte.id) == compte_id))
    gone = shelf.discard(files)
    forget_deleted_of(db)
    return gone


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
