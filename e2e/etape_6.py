"""Étape 6 at once, everything before it answered, and what the service keeps of the files sent there."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from playwright.sync_api import Route
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.domain.demande import Pieces as Answers
from app.domain.pieces import Fichier
from app.main import create_app
from app.settings import load_settings
from app.store.database import reading
from app.store.pieces import read_file
from e2e.pages.pieces import Pieces
from e2e.service import HOST, Service
from e2e.window import Window
from tests.browser import Browser
from tests.conftest import TODAY
from tests.drafts import current
from tests.waiting import PIECES, answers, jeton, ready, waiting

_LISTEN = """() => {
  window.said = [];
  for (const id of ['statut', 'alerte']) {
    const node = document.getElementById(id);
    new MutationObserver(() => node.textContent.trim() && window.said.push(node.textContent.trim()))
      .observe(node, {childList: true, characterData: true, subtree: true});
  }
}"""

_HEAR = """async (start) => {
  for (let frame = 0; frame < 900; frame += 1) {
    if (said.some((words) => words.startsWith(start))) { return true; }
    await new Promise(requestAnimationFrame);
  }
  return false;
}"""


class Etape6:
    """Nadia's étape 6 in a browser, and the data behind it."""

    def __init__(self, window: Window, app: Starlette, twin: Browser) -> None:
        self.window = window
        self._app = app
        self._twin = twin  # holds the same session and the draft as it was at the start
        self.page = self.open()

    def open(self) -> Pieces:
        """The page, as the server draws it now; what is said aloud is written down."""
        self.window.page.goto(PIECES)
        self.window.page.evaluate(_LISTEN)
        return Pieces(self.window)

    def said(self) -> list[str]:
        """What the status and alert nodes have said since the last time, with plain spaces and apostrophes."""
        said: list[str] = self.window.page.evaluate("window.said.splice(0)")
        return [words.replace("\u00a0", " ").replace("’", "'") for words in said]

    def hears(self, start: str) -> None:
        """Wait until a sentence that starts so is said."""
        heard = self.window.page.evaluate(_HEAR, start)
        assert heard, f"« {start} » is not said"

    def focused(self) -> str:
        """The text of what holds the focus, or its id if it has none."""
        text: str = self.window.page.evaluate(
            "document.activeElement.innerText || document.activeElement.id || document.activeElement.tagName"
        )
        return " ".join(text.replace("’", "'").split())

    def kept(self) -> list[Fichier]:
        """The files the service keeps until the deposit."""
        return waiting(self._twin, self._app)

    def photo(self, fichier: Fichier) -> Image.Image:
        """A kept photo."""
        with reading(self._app.state.house.engine) as db:
            key = current(self._twin, self._app).file_key
            found = read_file(db, self._app.state.house.shelf, jeton(self._twin, self._app), key, fichier.id)
        assert found is not None
        return Image.open(io.BytesIO(found[1]))

    def draft(self) -> Answers:
        """What the draft of the browser says of étape 6."""
        for cookie in self.window.page.context.cookies():
            if cookie["name"] == "c2s_brouillon":
                self._twin.client.cookies.delete("c2s_brouillon")
                self._twin.client.cookies.set(
                    "c2s_brouillon", cookie["value"], domain="testserver.local", path="/demande"
                )
        return answers(self._twin, self._app)


@contextmanager
def on_etape_6(window: Window, service: Service, compte: str = "nadia", **reponses: Any) -> Iterator[Etape6]:
    """Begin at étape 6; `reponses` are fields of `Demande`."""
    app = create_app(load_settings(demo=True, data_dir=service.folder, today=TODAY))
    twin = Browser(TestClient(app))
    ready(twin, app, compte, **reponses)
    window.page.context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value or "", "domain": HOST, "path": cookie.path}
            for cookie in twin.client.cookies.jar
        ]
    )
    try:
        yield Etape6(window, app, twin)
    finally:
        app.state.house.engine.dispose()


def for_uploads(etape: Etape6, *answers: Callable[[Route], None] | None) -> None:
    """Meet each file that is sent with the next of these answers; None: what the service says."""
    left = list(answers)

    def meet(route: Route) -> None:
        answer = (
            left.pop(0) if left and b'name="envoyer"' in (route.request.post_data_buffer or b"") else None
        )
        if answer:
            answer(route)
        else:
            route.fallback()

    etape.window.page.route("**/demande/pieces", meet)
