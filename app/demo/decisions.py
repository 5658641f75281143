"""Demandes that a caisse of the demonstration has decided, so that its pace can be shown."""

from datetime import timedelta
from itertools import cycle, islice

from sqlmodel import Session

from app.demo.demandes import file_simplest
from app.files.shelf import Shelf
from app.settings import Settings
from app.store.comptes import add_compte, find_demo, read_assure
from app.store.database import writing
from app.store.decisions import grant_free
from app.store.tables import Compte

CAISSE = "011"  # nobody of the demonstration depends on it
OWNER = "decisions"  # a demonstration account that the sign-in page does not offer
_MODEL = "marc"  # alone, and over 25
_DAYS = (21, 9, 34, 26, 14, 47, 24, 18, 29, 66, 12, 27, 38, 22, 31, 5, 25, 43, 20, 28, 52, 16, 33, 40)
_APART = 11  # days from a demande to the next


def decide_demo_demandes(db: Session, settings: Settings, shelf: Shelf, number: int) -> None:
    """File and decide this many demandes of `CAISSE` over the last months, if that is not done."""
    if find_demo(db, OWNER) is not None:
        return
    owner = _open_account(db, settings)
    last = settings.now() - timedelta(days=max(_DAYS))
    for rank, days in enumerate(islice(cycle(_DAYS), number)):
        then = last - timedelta(days=_APART * (number - 1 - rank))
        reference = file_simplest(db, settings, shelf, owner, then, f"{OWNER}-{rank}")
        grant_free(db, settings.data_ring, reference, then + timedelta(days=days))


def _open_account(db: Session, settings: Settings) -> Compte:
    model = find_demo(db, _MODEL)
    assert model is not None
    assure = read_assure(settings.data_ring, model)
    changed = {
        "prenom": "Camille",
        "nom": "Fictif",
        "nom_naissance": "",
        "nir": f"{assure.nir[:-3]}999",
        "caisse": CAISSE,
    }
    with writing(db):  # its password is the model's hash: it opens nothing that the model's does not
        return add_compte(
            db, settings.data_ring, assure.model_copy(update=changed), model.mot_de_passe, OWNER
        )
