"""The demande that a person of the demonstration has in progress, filed like any other."""

from datetime import datetime, timedelta

from sqlmodel import Session

from app.demo.reponses import answers_before
from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.domain.instantane import empreinte_des_reponses, instantane
from app.files.sealing import new_key
from app.files.shelf import Shelf
from app.settings import Settings
from app.steps.accuse import accuse_body, deadline
from app.store.comptes import find_demo, read_assure
from app.store.demandes import Deposit, deposit
from app.store.pieces import waiting_files
from app.store.tables import Caisse, Compte
from app.web.message_pdf import keep_accuse_pdf

FILED_SINCE = timedelta(days=12)


def file_demo_demande(db: Session, settings: Settings, shelf: Shelf, cle: str) -> None:
    """File, twelve days ago, the simplest demande of this account: alone, no file yet."""
    compte = find_demo(db, cle)
    assert compte is not None
    then = settings.now() - FILED_SINCE
    reference = file_simplest(db, settings, shelf, compte, then, f"demonstration-{cle}")
    keep_accuse_pdf(db, shelf, settings.data_ring, reference)


def file_simplest(
    db: Session, settings: Settings, shelf: Shelf, compte: Compte, then: datetime, identity: str
) -> str:
    """File the simplest demande of this account at that moment, and return its reference."""
    demande = answers_before("", identity, read_assure(settings.data_ring, compte), then.date())
    return file_demande(db, settings, shelf, compte, demande, then)


def file_demande(
    db: Session,
    settings: Settings,
    shelf: Shelf,
    compte: Compte,
    demande: Demande,
    then: datetime,
    origin: tuple[str, bytes] | None = None,
) -> str:
    """
    File these answers as the last page does, at this moment, and return their reference.

    `origin`: the session they come from, and the key of its files.
    """
    assert compte.id is not None
    ring = settings.data_ring
    session_id, file_key = origin or (None, new_key())
    files = waiting_files(db, session_id, file_key) if session_id else ()
    dossier = Dossier(demande, read_assure(ring, compte), then.date(), lambda: files)
    caisse = db.get_one(Caisse, dossier.assure.caisse)
    filed = Deposit(
        dossier=dossier,
        instantane=instantane(dossier),
        empreinte=empreinte_des_reponses(dossier),
        date_limite=deadline(caisse, dossier),
        file_key=file_key,
        body=lambda reference: accuse_body(db, caisse, dossier, reference, then),
    )
    return deposit(db, shelf, ring, compte.id, session_id, filed, then)
