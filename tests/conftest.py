"""
A fresh service for each test, and a browser that walks it.

`ESSAIS=postgresql` plays the same tests on a PostgreSQL server and a store of objects. Those that open the file of
SQLite, or the folder of files, are then left out.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings, load_settings
from tests.support.browser import Browser
from tests.support.data import ENGINES, copy_data, on_engine

TODAY = date(2026, 11, 24)


@pytest.fixture(scope="session", autouse=True)
def one_event_loop() -> Iterator[None]:
    """All the test clients of a worker share an event loop: starting one for each request costs as much as a page."""
    with start_blocking_portal() as portal:
        TestClient.portal = portal
        yield
        TestClient.portal = None


@pytest.fixture(scope="session", autouse=True)
def a_password_is_hashed_once() -> Iterator[None]:
    """A hash is slow on purpose (a demonstration of eight accounts: a second): a worker makes and checks each once."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("hash", "verify"):
            patch.setattr(PasswordHasher, name, cache(getattr(PasswordHasher, name)))
        yield


@pytest.fixture(scope="session", autouse=True)
def a_server_if_asked_for() -> Iterator[None]:
    """
    Each folder of data has its database on the server and its files in the store, instead of in itself.

    Where everything else takes the processors, the server is slow to open a connection, not absent.
    """
    with on_engine(ENGINES[0]), pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.store._postgres.CONNECTING", 60)
        yield


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked `engines` is played on each of these: « both », or the name of one."""
    marker = metafunc.definition.get_closest_marker("engines")
    if marker and "backend" in metafunc.fixturenames:
        metafunc.parametrize("backend", marker.args or ENGINES, indirect=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    """The engine of this test, which its services and its data have."""
    engine = getattr(request, "param", ENGINES[0])
    with on_engine(engine):
        yield engine


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the demonstration, loaded once for all the tests of a worker."""
    folder = tmp_path_factory.mktemp("donnees")
    app = create_app(load_settings(demo=True, data_dir=folder, today=TODAY))
    app.state.house.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def filled_folder(demo_folder: Path) -> Path:
    """What each test begins with: a module may have more in it, filed once."""
    return demo_folder


@pytest.fixture(scope="session")
def worker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the services of a worker keep their data, one test after the other."""
    return tmp_path_factory.mktemp("service") / "donnees"


@pytest.fixture
def data_folder(backend: str, filled_folder: Path, worker_folder: Path) -> Path:
    """That folder, as each test finds it."""
    return copy_data(filled_folder, worker_folder)


@pytest.fixture
def make_service(filled_folder: Path, data_folder: Path) -> Iterator[Callable[..., Starlette]]:
    """Start a service on the data of this test, or on a filled folder of its own; settings may be given."""
    started: list[Starlette] = []

    def make(**settings: Any) -> Starlette:
        folder = settings.pop("data_dir", data_folder)
        if not folder.exists():
            copy_data(filled_folder, folder)
        given = {"demo": True, "data_dir": folder, "today": TODAY, **settings}
        started.append(create_app(load_settings(**given)))
        return started[-1]

    yield make
    for app in started:
        app.state.house.engine.dispose()


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Services that start from now on let a writer wait for a minute: a race says who wins, not how soon."""
    monkeypatch.setattr("app.main.PATIENCE", 60)


@pytest.fixture(scope="session")
def worker_services() -> dict[str, Starlette]:
    """One service by engine, which a worker starts once: opening a house again for each test costs more than most tests."""
    return {}


@pytest.fixture
def service(backend: str, data_folder: Path, worker_services: dict[str, Starlette]) -> Iterator[Starlette]:
    """A service on 24 November 2026, on fresh data: it keeps nothing but its settings from one request to the next."""
    if backend not in worker_services:
        worker_services[backend] = create_app(load_settings(demo=True, data_dir=data_folder, today=TODAY))
    app = worker_services[backend]
    house = app.state.house
    assert house.settings.data_dir == data_folder
    as_started, routes = dict(vars(house)), list(app.routes)
    yield app
    house.engine.dispose()
    vars(house).update(as_started)
    app.routes[:] = routes


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
