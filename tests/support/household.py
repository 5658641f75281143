"""People to add to a household, and the ways tests take to their pages."""

from datetime import date
from typing import Any

from sqlmodel import select
from starlette.applications import Starlette

from app.domain.assure import Assure
from app.domain.demande import Beneficiaires, Foyer, Lien, Nationalite, Personne, Situation
from app.domain.nir import cle_du_nir
from app.steps.situation import ASKED
from app.store.comptes import read_assure
from app.store.database import reading
from app.store.tables import Compte
from tests.support.browser import Browser, Page
from tests.support.drafts import current, seed

SITUATION = Situation.model_validate(  # étape 1 at its plainest, whatever it comes to ask
    {name: asked.kind.samples()[0] for name, asked in ASKED.asked.items() if asked.missing}
)
ETAPE_1: dict[str, Any] = {  # as a browser sends it
    control: value for control, value in ASKED.values(SITUATION).items() if value
}
AJOUTER = "/demande/beneficiaires/ajouter"
LISTE = "/demande/beneficiaires"
NIR = "1130599999999"
JULES = {
    "prenom": "Jules",
    "nom": "D'Almeida",
    "lien": "enfant",
    "naissance_jour": "14",
    "naissance_mois": "05",
    "naissance_annee": "2013",
    "nationalite": "fr",
    "nir": NIR,
    "cle": cle_du_nir(NIR),
}
BEBE = {**JULES, "prenom": "Lou", "naissance_annee": "2026", "nir": "", "cle": "", "pas_de_numero": "oui"}
CONJOINT = {**JULES, "prenom": "Zoé", "lien": "conjoint", "naissance_annee": "1913"}


def une_personne(cle: str, **reponses: object) -> Personne:
    return Personne.model_validate(
        {
            "cle": cle,
            "prenom": "Jules",
            "nom": "D'Almeida",
            "lien": Lien.ENFANT,
            "naissance": date(2013, 5, 14),
            "nationalite": Nationalite.FRANCAISE,
            **reponses,
        }
    )


def arrive(client: Browser, service: Starlette, *personnes: Personne, compte: str = "nadia") -> Page:
    """On the list, with these people already added."""
    client.start(compte)
    seed(
        client,
        service,
        situation=SITUATION,
        foyer=Foyer(vu=True),
        beneficiaires=Beneficiaires(personnes=personnes),
    )
    return client.get(LISTE)


def ajoute(client: Browser, **fields: str | None) -> Page:
    client.get(AJOUTER)
    return client.press("Enregistrer cette personne", {**JULES, **fields})


def ajoutees(client: Browser, service: Starlette) -> tuple[Personne, ...]:
    return current(client, service).demande.beneficiaires.personnes


def compte_de(service: Starlette, demo: str) -> Assure:
    house = service.state.house
    with reading(house.engine) as db:
        return read_assure(house.ring, db.exec(select(Compte).where(Compte.demo == demo)).one())
