"""A fresh service for each test, and a browser that walks it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings, load_settings
from tests.support.browser import Browser

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session", autouse=True)
def one_event_loop() -> Iterator[None]:
    """All the test clients of a worker share an event loop: starting one for each request costs as much as a page."""
    with start_blocking_portal() as portal:
        TestClient.portal = portal
        yield
        TestClient.portal = None


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the demonstration, loaded once for all the tests of a worker."""
    folder = tmp_path_factory.mktemp("donnees")
    app = create_app(load_settings(demo=True, data_dir=folder, today=TODAY))
    app.state.house.engine.dispose()
    return folder


@pytest.fixture
def make_service(filled_folder: Path, tmp_path: Path) -> Callable[..., Starlette]:
    """Start a service on its own copy of the data; settings may be given."""

    def make(**settings: Any) -> Starlette:
        folder = settings.pop("data_dir", tmp_path / "donnees")
        if not folder.exists():
            shutil.copytree(filled_folder, folder)
        return create_app(load_settings(**{"demo": True, "data_dir": folder, "today": TODAY, **settings}))

    return make


@pytest.fixture
def service(make_service: Callable[..., Starlette]) -> Iterator[Starlette]:
    """A service on 24 November 2026."""
    app = make_service()
    yield app
    app.state.house.engine.dispose()


@pytest.fixture
def make_client(service: Starlette) -> Callable[[], Browser]:
    """Open another browser on the same service."""
    return lambda: Browser(TestClient(service, raise_server_exceptions=True))


@pytest.fixture
def client(make_client: Callable[[], Browser]) -> Browser:
    """A browser without JavaScript."""
    return make_client()


@pytest.fixture
def settings(service: Starlette) -> Settings:
    """The settings of the service."""
    found: Settings = service.state.house.settings
    return found
