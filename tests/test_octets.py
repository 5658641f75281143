"""Byte budgets (spec §10), on real answers: a cold page, any state, the whole démarche."""

from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.demo.states import STATES
from app.domain.demande import Beneficiaires, ChoixOrganisme, Foyer, ModeDeGestion
from app.main import create_app
from app.settings import load_settings
from tests.conftest import TODAY
from tests.support.browser import Browser
from tests.support.data import copy_data
from tests.support.drafts import seed
from tests.support.household import SITUATION
from tests.support.walk import walk_to
from tests.support.weight import draft_weight, fetched, needed_later, needed_to_paint, weight

SIGN_IN = 8_700
FIRST_PAINT, FIRST_PAINT_REQUESTS = 13_000, 3
COLD, COLD_REQUESTS = 30_000, 5
LATER, FRAGMENT, DRAFT, DEMARCHE = 6_000, 3_000, 4_100, 120_000
RESULTS = {"HX-Request": "true", "HX-Target": "div#resultats_zone"}


@pytest.fixture(scope="module")
def shared(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """One service for all the states."""
    folder = tmp_path_factory.mktemp("octets") / "donnees"
    copy_data(filled_folder, folder)
    return TestClient(create_app(load_settings(demo=True, data_dir=folder, today=TODAY)))


@pytest.mark.parametrize("nom", STATES)
def test_a_state_is_light_even_when_nothing_is_in_the_cache(shared: TestClient, nom: str) -> None:
    page = shared.get(f"/etats/{nom}")
    alone = weight(page, cookies=False)  # the catalogue opens a session, the page itself does not
    assert alone <= LATER, f"{alone} bytes"
    assert draft_weight(page) <= DRAFT
    paint, later = needed_to_paint(page.text), needed_later(page.text)
    light = alone + fetched(shared, paint)
    assert light <= FIRST_PAINT, f"{light} bytes before paint"
    assert 1 + len(paint) <= FIRST_PAINT_REQUESTS
    whole = light + fetched(shared, later)
    assert whole <= COLD, f"{whole} bytes"
    assert 1 + len(paint) + len(later) <= COLD_REQUESTS


@pytest.mark.parametrize("page", ["/demande/organisme?", "/demande/organismes-du-foyer?personne=k7qd&"])
@pytest.mark.parametrize("search", ["organisme=e", "organisme=mutuelle", "departement=75", "departement=13"])
def test_a_list_of_organismes_stays_light_to_its_end(
    client: Browser, service: Starlette, page: str, search: str
) -> None:
    """« Voir plus » until there is none, as a page and as a fragment; then an address that asks for more."""
    client.start("nadia")
    seed(
        client, service, situation=SITUATION, foyer=Foyer(vu=True), beneficiaires=Beneficiaires(vu=True),
        organisme=ChoixOrganisme(mode=ModeDeGestion.CAISSE),
    )  # fmt: skip
    url, pressed = f"{page}retour=recapitulatif&{search}", 0
    while url:
        pressed += 1
        _is_light(client, url)
        links = client.get(url).links().items()
        url = next((to.split("#")[0] for text, to in links if text.startswith("Voir plus")), "")
    assert pressed > 3
    _is_light(client, f"{page}retour=recapitulatif&{search}&page=9999")


def _is_light(client: Browser, url: str) -> None:
    whole, part = (client.client.get(url, headers=headers) for headers in ({}, RESULTS))
    assert 'id="o_5"' in whole.text
    assert "<html" not in part.text
    assert weight(whole) <= LATER, f"{url}: {weight(whole)} bytes"
    assert weight(part) <= FRAGMENT, f"{url}: {weight(part)} bytes"


def test_the_sign_in_page_is_lighter_still(client: Browser) -> None:
    page = client.get("/connexion").response
    light = weight(page) + fetched(client.client, needed_to_paint(page.text))
    assert light <= SIGN_IN, f"{light} bytes"


@pytest.mark.parametrize("draft", [False, True], ids=["without the draft", "with the draft"])
def test_the_whole_demarche_of_nadia_is_light(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch, draft: bool
) -> None:
    """From the sign-in page to the receipt, redirections and every script included; no file is sent."""
    answers: list[Any] = []
    needed: set[str] = set()
    arrive = client._arrive

    def counted(response: Any) -> Any:
        answers.extend([*response.history, response])
        needed.update(needed_to_paint(response.text), needed_later(response.text))
        return arrive(response)

    monkeypatch.setattr(client, "_arrive", counted)
    client.start("nadia")
    walk_to(client, "/demande/terminee")
    total = sum(map(weight, answers)) + fetched(client.client, needed)
    total += sum(map(draft_weight, answers)) if draft else 0
    assert len(answers) > 20
    assert total <= DEMARCHE, f"{total} bytes"
