"""What the pages cost their reader, on an old phone (spec §10)."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from app.demo.states import STATES
from app.main import create_app
from app.settings import load_settings
from e2e import measures
from e2e.chromium import how_to_launch
from e2e.service import serving
from tests.bench.row import Row
from tests.conftest import TODAY


def rows(folder: Path) -> Iterator[Row]:
    """One service on fresh data, one browser: Nadia's whole démarche, then every state."""
    filled = folder / "rempli"
    create_app(load_settings(demo=True, data_dir=filled, today=TODAY)).state.house.engine.dispose()
    with serving(filled, folder / "donnees") as service, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**how_to_launch())
        with measures.phone(browser, service.url) as page:
            yield from _demarche(measures.nadia(page))
            states = dict(measures.of_states(page, STATES))
        browser.close()
    height = states[measures.REFUSED_AMOUNTS].height
    yield Row("Montants de dix enfants, deux ressources, refusés", height, "px", most=measures.REFUSED_HEIGHT)
    for nom, measure in states.items():
        yield Row(nom, measure.words, "mots", note=_where(measure))


def _demarche(walk: measures.Walk) -> Iterator[Row]:
    yield Row("Démarche de Nadia, mots", walk.words, "mots", most=measures.WORDS)
    yield Row("Démarche de Nadia, hauteur", walk.screens, "écrans", most=measures.SCREENS)
    yield Row("Démarche de Nadia, pages", len(walk.pages), "pages", most=measures.PAGES)
    yield Row("Démarche de Nadia, gestes", walk.touches, "gestes", most=measures.TOUCHES)
    for measure in walk.pages:
        yield Row(measure.page, measure.words, "mots", note="; ".join([_where(measure), *measure.too_far]))


def _where(measure: measures.Measure) -> str:
    return f"{measure.height} px, premier champ à {measure.first}, bouton à {measure.forward}"
