"""The demande that somebody of the demonstration has in progress: filed as any other."""

from datetime import timedelta

from sqlmodel import Session

from app.domain.demande import (
    MOI,
    Beneficiaires,
    ChoixOrganisme,
    Complements,
    Demande,
    Foyer,
    ModeDeGestion,
    Nationalite,
    Pieces,
    Situation,
)
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
    demande = Demande(
        id=f"demonstration-{cle}",
        ouverte_le=then.date(),
        situation=Situation(nationalite=Nationalite.FRANCAISE),
        foyer=Foyer(vu=True),
        beneficiaires=Beneficiaires(vu=True),
        organisme=ChoixOrganisme(mode=ModeDeGestion.CAISSE),
        consentement=then.isoformat(),
        ressources=True,
        autres_ressources=(),
        complements=Complements(stage={MOI: False}, logement=False, arret={MOI: False}),
        pieces=Pieces(bien=False, etranger=False, absentes=(f"avis_{MOI}",), vu=True),
    )
    dossier = Dossier(demande, read_assure(settings.data_ring, compte), then.date())
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
