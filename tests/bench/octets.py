"""Bytes: of real answers, as a browser that reads brotli receives them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.demo.states import STATES
from app.main import create_app
from app.settings import load_settings
from app.web.draft import COOKIE, Draft, seal_draft
from tests.bench.row import Row
from tests.conftest import TODAY
from tests.states import open_browser
from tests.support.browser import Browser
from tests.support.replay import replayed
from tests.support.walk import walk_to
from tests.support.weight import draft_weight, fetched, needed_later, needed_to_paint, weight
from tests.web.test_draft import big_household


def rows(folder: Path) -> Iterator[Row]:
    """Fresh data for each part: to open a state files demandes, and who has filed one begins no other."""
    settings = load_settings(demo=True, data_dir=folder / "etats", today=TODAY)
    client = TestClient(create_app(settings))
    sign_in = client.get("/connexion")
    paint, later = needed_to_paint(sign_in.text), needed_later(sign_in.text)
    light = weight(sign_in) + fetched(client, paint)
    yield Row("Page de connexion, premier affichage", light, most=8_700)
    yield Row("Page de connexion, tout, icône comprise", light + fetched(client, later), most=30_000)
    yield Row("Page de connexion, requêtes", 1 + len(paint) + len(later), "requêtes", most=5)
    yield from _states(client)
    yield _fragment(_service(folder / "fragments"))
    yield from _demarche(TestClient(_service(folder / "demarche")))
    sealed = seal_draft(settings, Draft(big_household(30), b"k" * 32), "t" * 43, b"s" * 32)
    yield Row("Brouillon : 20 personnes, noms de 30 lettres", len(COOKIE) + 1 + len(sealed), most=3_899)


def _service(data: Path) -> Starlette:
    return create_app(load_settings(demo=True, data_dir=data, today=TODAY))


def _states(client: TestClient) -> Iterator[Row]:
    alone, painted, whole, requests = ({} for _ in range(4))
    for nom in STATES:
        page = client.get(f"/etats/{nom}")
        paint, later = needed_to_paint(page.text), needed_later(page.text)
        alone[nom] = weight(page, cookies=False)
        painted[nom] = alone[nom] + fetched(client, paint)
        whole[nom] = painted[nom] + fetched(client, later)
        requests[nom] = 1 + len(paint) + len(later)
    for what, table, unit, most in (
        ("La page la plus lourde", alone, "octets", 6_000),
        ("La même ouverte à froid, premier affichage", painted, "octets", 13_000),
        ("Ouverte à froid, tout", whole, "octets", 30_000),
        ("Ouverte à froid, requêtes", requests, "requêtes", 5),
    ):
        worst = max(table, key=lambda nom: table[nom])
        yield Row(f"{what}, de {len(STATES)} états", table[worst], unit, most=most, note=worst)


def _fragment(app: Starlette) -> Row:
    found: dict[str, int] = {}
    for nom, state in STATES.items():
        if state.page.startswith("/demande/") and not state.depose:
            client = open_browser(app, state)
            found[nom] = max((sent for _, sent in replayed(client, app)), default=0)
    worst = max(found, key=lambda nom: found[nom])
    return Row("Le fragment htmx le plus lourd", found[worst], most=3_000, note=worst)


def _demarche(client: TestClient) -> Iterator[Row]:
    answers: list[Any] = []

    class Counting(Browser):
        def _arrive(self, response: Any) -> Any:
            answers.extend([*response.history, response])
            return super()._arrive(response)

    browser = Counting(client)
    browser.start("nadia")
    walk_to(browser, "/demande/terminee")
    needed = {a for page in answers for a in (*needed_to_paint(page.text), *needed_later(page.text))}
    total, drafts = sum(map(weight, answers)) + fetched(client, needed), sum(map(draft_weight, answers))
    yield Row(f"Démarche de Nadia sans fichier ({len(answers)} réponses)", total, most=120_000)
    yield Row("La même, cookies du brouillon compris", total + drafts, most=120_000)
