"""A page of the démarche at once: the session and the draft that lead there, made in this process and handed over."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.domain.demande import Demande
from app.main import create_app
from app.settings import load_settings
from e2e.service import Service
from e2e.window import Window
from tests.conftest import TODAY
from tests.support.browser import Browser
from tests.support.drafts import current
from tests.support.ports import HOST
from tests.support.waiting import ready

DRAFT = "c2s_brouillon"


class Twin:
    """The same service on the same data, and a browser there without JavaScript."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.client: Browser

    def give(self, window: Window, compte: str = "nadia", **reponses: Any) -> None:
        """Sign in there, everything answered up to étape 6 (`reponses` are fields of `Demande`); go on in this window."""
        self.client = Browser(TestClient(self.app))
        ready(self.client, self.app, compte, **reponses)
        window.page.context.add_cookies(
            [
                {"name": cookie.name, "value": cookie.value or "", "domain": HOST, "path": cookie.path}
                for cookie in self.client.client.cookies.jar
            ]
        )

    def demande(self, window: Window) -> Demande:
        """What the draft of this window says now."""
        for cookie in window.page.context.cookies():
            if cookie["name"] == DRAFT:
                self.client.client.cookies.delete(DRAFT)
                self.client.client.cookies.set(
                    DRAFT, cookie["value"], domain="testserver.local", path="/demande"
                )
        return current(self.client, self.app).demande


@contextmanager
def twin_of(service: Service) -> Iterator[Twin]:
    """A twin of this service."""
    app = create_app(load_settings(demo=True, data_dir=service.folder, today=TODAY))
    try:
        yield Twin(app)
    finally:
        app.state.house.engine.dispose()
