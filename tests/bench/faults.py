"""Faults played on a service in a process of its own: how soon it says so, and that it goes on afterwards."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx2
from sqlmodel import func, select
from starlette.testclient import TestClient

from app.main import build_house
from app.settings import WrongSetting, load_settings
from app.store.database import forget_deleted, open_database, reading
from app.store.tables import DemandeDeposee
from app.store.versions import migrate
from tests.bench.demarches import Lean
from tests.bench.row import Row
from tests.bench.server import running
from tests.conftest import TODAY
from tests.support.locks import held
from tests.support.walk import walk_to

LOCKED = 60  # seconds
LIMIT = 3  # seconds: two of patience, and a busy machine
FILES = 132


def rows(folder: Path) -> Iterator[Row]:
    """`folder`: the data of a demonstration that nothing else uses."""
    before = _filed(folder)
    with running(folder) as server, httpx2.Client(base_url=server.url, timeout=60) as client:
        browser = Lean(cast(TestClient, client))
        browser.start("benoit")
        walk_to(browser, "/demande/validation")
        deposit = {
            "jeton": browser.token,
            "certifie": "oui",
            "empreinte": browser.page.value("empreinte"),
        }
        yield from _locked(client, folder, deposit)
        yield from _gone(client, folder, deposit)
        assert client.post("/demande/validation", data=deposit).status_code == 303
    yield Row("Demandes déposées ensuite, du même appui", _filed(folder) - before, "", most=1, least=1)
    yield Row(f"Base neuve à côté de {FILES} fichiers : fichiers restants", _kept(folder), "", least=FILES)


def _timed(client: httpx2.Client, method: str, url: str, expected: int, **sent: Any) -> float:
    began = time.perf_counter()
    answer = client.request(method, url, **sent)
    assert answer.status_code == expected, (url, answer.status_code)
    return time.perf_counter() - began


def _locked(client: httpx2.Client, folder: Path, deposit: dict[str, Any]) -> Iterator[Row]:
    with held(folder / "c2s.sqlite"):
        refused, read, end = [], [], time.monotonic() + LOCKED
        while time.monotonic() < end:
            refused.append(_timed(client, "POST", "/demande/validation", 503, data=deposit))
            read.append(_timed(client, "GET", "/demarches", 200))
    what = f"Base verrouillée {LOCKED} s par un autre processus : "
    yield Row(f"{what}dépôts refusés (503)", len(refused), "")
    yield Row(f"{what}le plus lent", max(refused), "s", most=LIMIT)
    yield Row(f"{what}page lue, la plus lente", max(read), "s", most=1)


def _gone(client: httpx2.Client, folder: Path, deposit: dict[str, Any]) -> Iterator[Row]:
    base, elsewhere = folder / "c2s.sqlite", folder / "ailleurs"
    engine = open_database(f"sqlite:///{base}")
    forget_deleted(engine)  # what its journal holds is in it
    engine.dispose()
    base.rename(elsewhere)
    refused = _timed(client, "POST", "/demande/validation", 503, data=deposit)
    health = _timed(client, "GET", "/sante", 503)
    elsewhere.rename(base)
    back = _timed(client, "GET", "/demarches", 200)
    yield Row("Base déplacée : dépôt refusé (503)", refused, "s", most=LIMIT)
    yield Row("Base déplacée : /sante le dit (503)", health, "s", most=LIMIT)
    yield Row("Base remise : page suivante", back, "s", most=LIMIT)


def _filed(folder: Path) -> int:
    engine = open_database(f"sqlite:///{folder / 'c2s.sqlite'}")
    with reading(engine) as db:
        count: int = db.exec(select(func.count()).select_from(DemandeDeposee)).one()
    engine.dispose()
    return count


def _kept(folder: Path) -> int:
    """How many files stay when the base is moved away, another is made, and the service is started."""
    settings = load_settings(demo=True, data_dir=folder, today=TODAY)
    house = build_house(settings)
    for number in range(FILES - len(list(house.shelf.names()))):
        house.shelf.put(f"fichier{number:03d}", b"...")
    house.engine.dispose()
    shutil.move(folder / "c2s.sqlite", folder / "ailleurs")
    engine = open_database(settings.database)
    migrate(engine)
    engine.dispose()
    try:
        build_house(settings)
    except WrongSetting:
        return len(list(house.shelf.names()))
    raise AssertionError("a service starts on the files of another base")
