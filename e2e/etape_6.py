"""Étape 6 at once, everything before it answered, and what the service keeps of the files sent there."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image
from playwright.sync_api import Route

from app.domain.demande import Pieces as Answers
from app.domain.pieces import Fichier
from app.store.database import reading
from app.store.pieces import read_file
from e2e.ears import Ears
from e2e.pages.pieces import Pieces
from e2e.service import Service
from e2e.twin import Twin, twin_of
from e2e.window import Window
from tests.support.drafts import current
from tests.support.waiting import PIECES, session_id, waiting


class Etape6:
    """Nadia's étape 6 in a browser, and the data behind it."""

    def __init__(self, window: Window, twin: Twin) -> None:
        self.window = window
        self._twin = twin  # holds the same session and the draft as it was at the start
        self.page = self.open()

    def open(self) -> Pieces:
        """The page, as the server draws it now; what is said aloud is written down."""
        self.window.page.goto(PIECES)
        ears = Ears(self.window.page)
        self.said, self.hears, self.focused = ears.said, ears.hears, ears.focused
        return Pieces(self.window)

    def kept(self) -> list[Fichier]:
        """The files the service keeps until the deposit."""
        return waiting(self._twin.client, self._twin.app)

    def photo(self, fichier: Fichier) -> Image.Image:
        """A kept photo."""
        client, app = self._twin.client, self._twin.app
        with reading(app.state.house.engine) as db:
            key = current(client, app).file_key
            found = read_file(db, app.state.house.shelf, session_id(client, app), key, fichier.id)
        assert found is not None
        return Image.open(io.BytesIO(found.contenu))

    def draft(self) -> Answers:
        """What the draft of the browser says of étape 6."""
        return self._twin.demande(self.window).pieces


@contextmanager
def on_etape_6(window: Window, service: Service, compte: str = "nadia", **reponses: Any) -> Iterator[Etape6]:
    """Begin at étape 6; `reponses` are fields of `Demande`."""
    with twin_of(service) as twin:
        twin.give(window, compte, **reponses)
        yield Etape6(window, twin)


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
