"""Arrive at a page of étapes 4 and 5 with everything before it answered."""

from datetime import date
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette

from app.domain.demande import (
    Beneficiaires,
    ChoixOrganisme,
    Foyer,
    Lien,
    ModeDeGestion,
    Montants,
    Nationalite,
    OrganismesDuFoyer,
    Personne,
)
from tests.support.browser import Browser, Page
from tests.support.drafts import seed
from tests.support.household import SITUATION

SEVEN = (
    "pension_alimentaire_percue",
    "dons_familiaux",
    "placements_sans_revenu",
    "indemnites_exceptionnelles",
    "ti_hors_gerants",
    "ti_gerants",
    "autres",
)
PENSION = SEVEN[0]
HOUSEHOLD = {
    "situation": SITUATION,
    "foyer": Foyer(vu=True),
    "beneficiaires": Beneficiaires(vu=True),
    "organisme": ChoixOrganisme(mode=ModeDeGestion.CAISSE),
    "organismes_du_foyer": OrganismesDuFoyer(vu=True),
}
CONSENT = {"consentement": "2026-11-24T10:42:00+01:00", "ressources": True}


def arrive(client: Browser, service: Starlette, page: str, compte: str = "nadia", **answers: Any) -> Page:
    """Begin a demande with these answers and open this page."""
    client.start(compte)
    seed(client, service, **HOUSEHOLD | CONSENT | answers)
    found = client.get(f"/demande/{page}")
    assert found.path == f"/demande/{page}"
    return found


def added(prenom: str, naissance: date, cle: str = "zz99") -> Beneficiaires:
    """One more person in the household."""
    personne = Personne(
        cle=cle,
        prenom=prenom,
        nom="Exemple",
        lien=Lien.AUTRE,
        naissance=naissance,
        nationalite=Nationalite.FRANCAISE,
    )
    return Beneficiaires(personnes=(personne,), vu=True)


def totals(*codes: str, cles: tuple[str, ...] = ("moi", "k7qd", "m3xw")) -> Montants:
    """A total of 1 200,50 € for each of these kinds and people."""
    return Montants(
        totaux={code: dict.fromkeys(cles, Decimal("1200.50")) for code in codes},
        libelle_autres="gain à un jeu",
    )
