"""The demande that somebody of the demonstration has in progress: filed as any other."""

from datetime import timedelta

from sqlmodel import Session

from app.demo.reponses import answers_before
from app.domain.dossier import Dossier
from app.domain.instantane import empreinte_des_reponses, instantane
from app.files.sealing import new_key
from app.files.shelf import Shelf
from app.settings import Settings
from app.steps.accuse import accuse_body, deadline
from app.store.comptes import find_demo, read_assure
from app.store.demandes import Deposit, deposit
from app.store.tables import Caisse

FILED_SINCE = timedelta(days=12)


def file_demo_demande(db: Session, settings: Settings, shelf: Shelf, cle: str) -> None:
    """File, twelve days ago, the simplest demande of this account: alone, no file yet."""
    compte = find_demo(db, cle)
    assert compte is not None
    then = settings.now() - FILED_SINCE
    assure = read_assure(settings.data_ring, compte)
    demande = answers_before("", f"demonstration-{cle}", assure, then.date())
    dossier = Dossier(demande, assure, then.date())
    caisse = db.get_one(Caisse, dossier.assure.caisse)
    filed = Deposit(
        dossier=dossier,
        instantane=instantane(dossier),
        empreinte=empreinte_des_reponses(dossier),
        date_limite=deadline(caisse, dossier),
        file_key=new_key(),
        body=lambda reference: accuse_body(db, caisse, dossier, reference, then),
    )
    deposit(db, shelf, settings.data_ring, compte, None, filed, then)
