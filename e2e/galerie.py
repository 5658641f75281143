"""
`make gallery`: every state as a file to open, and as six captures, under build/galerie/index.html.

The files need no server: links lead to another state, and the scripts are taken away.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.demo.states import STATES
from app.main import create_app
from app.settings import load_settings
from e2e.chromium import ROOT, how_to_launch
from e2e.service import serving
from tests.conftest import TODAY

FOLDER = ROOT / "build" / "galerie"
PHONE, COMPUTER = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=800)
VIEWS = {
    "320": "320 pixels",
    "1280": "1280 pixels",
    "sombre": "sombre",
    "couleurs-imposees": "couleurs imposées",
    "texte-200": "texte à 200 %",
    "sans-css": "sans CSS",
}
LARGE_TEXT = "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"
WORKERS = 2
WITHOUT_STYLE = "for (const sheet of document.styleSheets) { sheet.disabled = true; }"


def main(wanted: Sequence[str]) -> None:
    """Draw these states, or all of them."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name in ("pages", "captures"):
        (FOLDER / name).mkdir(parents=True)
    shutil.copyfile(ROOT / "static" / "c2s.css", FOLDER / "c2s.css")
    names = list(wanted or STATES)
    with tempfile.TemporaryDirectory() as scratch:
        filled = Path(scratch) / "donnees"
        create_app(load_settings(demo=True, data_dir=filled, today=TODAY)).state.house.engine.dispose()
        with ProcessPoolExecutor(WORKERS) as pool:
            parts = [(filled, Path(scratch) / str(rank), names[rank::WORKERS]) for rank in range(WORKERS)]
            list(pool.map(draw, *zip(*parts, strict=True)))
    write_index(names)
    print(f"{len(names)} états, {len(names) * len(VIEWS)} captures : {FOLDER / 'index.html'}")


def draw(filled: Path, folder: Path, names: Sequence[str]) -> None:
    """One server and two browsers: the second one has the size of text that its user chose."""
    with serving(filled, folder) as service, browsers() as (usual, large):
        first = usual.new_page(base_url=service.url, locale="fr-FR", viewport=PHONE)
        second = large.new_page(base_url=service.url, locale="fr-FR", viewport=PHONE)
        for nom in names:
            first.goto(f"/etats/{nom}")
            (FOLDER / "pages" / f"{nom}.html").write_text(without_a_server(first.content()), encoding="utf-8")
            capture_each_view(first, nom)
            second.goto(f"/etats/{nom}")
            capture(second, nom, "texte-200")


@contextmanager
def browsers() -> Iterator[tuple[Browser, Browser]]:
    """Chromium as it comes, and with its text at 200 %."""
    with sync_playwright() as playwright:
        launch = playwright.chromium.launch
        yield launch(**how_to_launch()), launch(**how_to_launch(LARGE_TEXT))


def capture_each_view(page: Page, nom: str) -> None:
    capture(page, nom, "320")
    page.emulate_media(color_scheme="dark")
    capture(page, nom, "sombre")
    page.emulate_media(color_scheme="light", forced_colors="active")
    capture(page, nom, "couleurs-imposees")
    page.emulate_media(forced_colors="none")
    page.set_viewport_size(COMPUTER)
    capture(page, nom, "1280")
    page.set_viewport_size(PHONE)
    page.evaluate(WITHOUT_STYLE)
    capture(page, nom, "sans-css")


def capture(page: Page, nom: str, view: str) -> None:
    page.screenshot(path=FOLDER / "captures" / f"{nom}.{view}.png", full_page=True)


def without_a_server(html: str) -> str:
    """The page as a file: its style beside it, its links to other files, no script."""
    html = re.sub(r"<html[^>]*>", '<html lang="fr">', html)  # nothing there opens what the scripts had closed
    html = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    html = re.sub(r'href="/static/c2s\.[^"]*"', 'href="../c2s.css"', html)
    html = re.sub(r'<link rel="icon"[^>]*>', "", html)
    return re.sub(r'href="(/[^"]*)"', lambda found: f'href="{file_of(found.group(1))}"', html)


def file_of(address: str) -> str:
    """The file of the first state of a page; the index for what has none."""
    path, _, anchor = address.partition("#")
    path = path.split("?")[0]
    nom = next((state.nom for state in STATES.values() if state.page == path), None)
    return (f"{nom}.html" if nom else "../index.html") + (f"#{anchor}" if anchor else "")


def write_index(names: Sequence[str]) -> None:
    """The way in: every state, page by page."""
    env = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    shown = [STATES[nom] for nom in names]
    order = [state.page for state in shown]
    by_page = sorted(shown, key=lambda state: order.index(state.page))
    groups = [(page, list(states)) for page, states in groupby(by_page, key=lambda state: state.page)]
    index = env.get_template("galerie.html").render(groups=groups, views=VIEWS, count=len(names))
    (FOLDER / "index.html").write_text(index, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
