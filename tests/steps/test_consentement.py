"""Étape 4, sur la page."""

import pytest
from starlette.applications import Starlette

from tests.support.browser import Browser
from tests.support.drafts import current
from tests.support.etape_5 import CONSENT, arrive

SANS = dict.fromkeys(CONSENT) | {"ressources": False}


def test_la_page_dit_tout_ce_que_dit_la_source(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "consentement", **SANS)
    for phrase in (
        "Revenus d'activité (salaires, traitements)",
        "Revenus de remplacement (chômage, indemnités assurances maladie)",
        "Pensions, rentes et retraites",
        "Prestations sociales (famille, logement, handicap)",
        "Vous n'avez pas à déclarer ces revenus.",
        "du 1er octobre 2025 au 30 septembre 2026",
        "vous acceptez que votre caisse utilise ces données",
        "Ces données restent confidentielles",
        "trois ans au plus après la fin de la C2S",
        "Si un organisme complémentaire la gère, il reçoit ce qu'il faut pour payer vos soins",
        "Employeurs, caisses d'allocations familiales et de retraite, Assurance Maladie, France Travail",
        "droit d'accès",
        "droit de rectification",
        "droit à la limitation",
        "Écrivez au directeur de votre caisse, ou à son ou sa délégué(e) à la protection des données",
        "par votre compte ameli",
        "CPAM de la Seine-Saint-Denis",
        "3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07",
    ):
        assert phrase in page.main
    links = page.links()
    site = "Je peux retrouver mes informations de revenus sur le site mesdroitssociaux.gouv.fr (autre site)"
    assert links[site] == "https://www.mesdroitssociaux.gouv.fr/"
    assert links["En savoir plus : données personnelles"] == "/donnees-personnelles"
    assert links["La protection des données sur ameli.fr (autre site)"] == "https://www.ameli.fr/"
    assert "consentement" not in page.main


@pytest.mark.parametrize("accord", [None, "", "  "])
def test_sans_autorisation_la_page_reste_et_l_explique(
    client: Browser, service: Starlette, accord: str | None
) -> None:
    arrive(client, service, "consentement", **SANS)
    page = client.press("Suivant", accord=accord)
    assert page.status == 422
    assert page.h1 == "Mon autorisation"
    assert page.error_fields() == ["accord"]
    assert page.errors[0].startswith("Cochez « J'autorise l'Assurance Maladie… » pour continuer")
    assert "Sans votre autorisation, la demande s'arrête ici" in page.main
    assert current(client, service).demande.consentement is None
    assert client.get("/demande/ressources").path == "/demande/consentement"


def test_l_autorisation_donnee_garde_sa_date(client: Browser, service: Starlette) -> None:
    arrive(client, service, "consentement", **SANS)
    assert client.press("Suivant", accord="oui").h1 == "Les autres ressources de mon foyer"
    donnee = current(client, service).demande.consentement
    assert donnee is not None
    assert donnee.startswith("2026-11-24T")
    page = client.get("/demande/consentement")
    assert page.value("accord") == "oui"
    assert "Vous avez donné votre autorisation le 24 novembre 2026 à" in page.main
    client.press("Suivant")
    assert current(client, service).demande.consentement == donnee


def test_une_autorisation_decochee_est_retiree(client: Browser, service: Starlette) -> None:
    arrive(client, service, "consentement")
    page = client.press("Suivant", accord=None)
    assert page.path == "/demande/consentement"
    assert "Votre autorisation est retirée." in page.main
    assert "Sans votre autorisation, la demande s'arrête ici" in page.main
    assert page.value("accord") == ""
    assert current(client, service).demande.consentement is None
    assert client.press("Suivant").status == 422
    assert client.press("Suivant", accord="oui").path == "/demande/ressources"


def test_une_adresse_recopiee_ne_dit_pas_qu_une_autorisation_est_retiree(
    client: Browser, service: Starlette
) -> None:
    arrive(client, service, "consentement")
    assert "retirée" not in client.get("/demande/consentement?fait=retiree").main


@pytest.mark.parametrize(("compte", "prevenir"), [("marc", False), ("nadia", True)])
def test_une_personne_seule_n_a_personne_a_prevenir(
    client: Browser, service: Starlette, compte: str, prevenir: bool
) -> None:
    page = arrive(client, service, "consentement", compte, **SANS)
    assert ("prévenez-les" in page.main) == prevenir
