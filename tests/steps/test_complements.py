"""Étape 5, les questions."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.domain.demande import Complements, Foyer
from tests.support.browser import Browser, Page, plain
from tests.support.drafts import current, seed
from tests.support.etape_5 import added, arrive
from tests.support.pas_a_pas import SOURCE

NOMS = ["stage_moi", "stage_m3xw", "logement", "arret_moi", "arret_m3xw"]
NON = dict.fromkeys(NOMS, "non")
SANS: dict[str, Any] = {"autres_ressources": ()}


def questions(page: Page) -> list[str]:
    return [plain(h2.text()) for h2 in page.tree.css("legend h2")]


def test_les_trois_questions_sont_celles_de_la_source(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "complements", **SANS)
    assert [page.h1, *questions(page)] == list(SOURCE["complements"])
    inner = [plain(legend.text()) for legend in page.tree.css("fieldset fieldset legend")]
    assert inner == ["Nadia", "Lina", "Nadia", "Lina"]
    assert "Entre le 24 novembre 2025 et aujourd'hui." in page.main
    assert "Pour 3 personnes, il est d'environ 164 € par mois" in page.main


def test_une_personne_seule_repond_sans_son_prenom(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "complements", "marc", **SANS)
    assert not page.tree.css("fieldset fieldset")
    assert questions(page) == list(SOURCE["complements"][1:])
    assert "Pour 1 personne, il est d'environ 78 € par mois" in page.main
    page = client.press("Suivant", stage_moi="non", logement="oui")
    assert page.error_fields() == ["arret_moi_oui"]
    assert "Répondez à la question sur l'arrêt de travail pour Marc" in page.errors[0]
    assert client.press("Suivant", arret_moi="non").path == "/demande/recapitulatif"


def test_les_reponses_sont_gardees(client: Browser, service: Starlette) -> None:
    arrive(client, service, "complements", **SANS)
    answers = NON | {"stage_m3xw": "oui", "logement": "oui"}
    assert client.press("Suivant", answers).path == "/demande/recapitulatif"
    assert current(client, service).demande.complements == Complements(
        stage={"moi": False, "m3xw": True}, logement=True, arret={"moi": False, "m3xw": False}
    )
    page = client.get("/demande/complements")
    assert {name: page.value(name) for name in NOMS} == answers


@pytest.mark.parametrize("given", [None, "", "peut-être"])
@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("stage_m3xw", "la rémunération de stage pour Lina"),
        ("logement", "le logement de votre foyer"),
        ("arret_moi", "l'arrêt de travail pour Nadia"),
    ],
)
def test_un_refus_nomme_la_personne_et_la_question(
    client: Browser, service: Starlette, name: str, question: str, given: str | None
) -> None:
    arrive(client, service, "complements", **SANS)
    page = client.press("Suivant", NON | {name: given})
    assert page.status == 422
    assert page.error_fields() == [f"{name}_oui"]
    assert page.errors[0].startswith(f"Répondez à la question sur {question} : choisissez « Oui » ou « Non »")
    assert all(page.value(other) == "non" for other in NOMS if other != name)
    assert current(client, service).demande.complements == Complements()


def test_les_refus_suivent_l_ordre_de_la_page(client: Browser, service: Starlette) -> None:
    arrive(client, service, "complements", **SANS)
    assert client.press("Suivant").error_fields() == [f"{name}_oui" for name in NOMS]


def test_une_personne_de_moins_de_16_ans_ou_inconnue_n_est_pas_lue(
    client: Browser, service: Starlette
) -> None:
    arrive(client, service, "complements", **SANS)
    client.press("Suivant", NON | {"stage_k7qd": "oui", "arret_inconnue": "oui"})
    complements = current(client, service).demande.complements
    assert set(complements.stage) == set(complements.arret) == {"moi", "m3xw"}


def test_une_personne_de_plus_rouvre_la_page_et_garde_le_reste(client: Browser, service: Starlette) -> None:
    arrive(client, service, "complements", **SANS)
    client.press("Suivant", NON)
    seed(
        client,
        service,
        beneficiaires=added("Lina", date(2008, 1, 2)),
        foyer=Foyer(vu=True, retires=("m3xw",)),
    )
    page = client.get("/demande/recapitulatif")
    assert page.path == "/demande/complements"
    assert "Il reste à répondre pour : Lina (2 janvier 2008)." in page.main
    assert page.value("stage_moi") == "non"
    page = client.press("Suivant", stage_zz99="non")
    assert "l'arrêt de travail pour Lina (2 janvier 2008)" in page.errors[0]
    client.press("Suivant", arret_zz99="oui")
    assert current(client, service).demande.complements.stage == {"moi": False, "m3xw": False, "zz99": False}


def test_un_jour_d_avant_nos_tables_a_sa_page(make_service: Callable[..., Starlette]) -> None:
    service = make_service(today=date(2022, 1, 15))
    page = arrive(Browser(TestClient(service)), service, "complements", **SANS)
    service.state.house.engine.dispose()
    assert "il est d'environ" not in page.main
    assert "Entre le 15 janvier 2021 et aujourd'hui." in page.main
