"""`c2s base transferer`: a base of SQLite goes to PostgreSQL whole, or no service starts on what has arrived."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.settings import SESSION_LIFETIME, WrongSetting
from app.store import transfer
from app.store.database import open_database, reading, writing
from app.store.sessions import open_session
from app.store.tables import DemandeDeposee, Installation, MotOrganisme, OrganismeGestionnaire, SessionOuverte
from app.store.versions import migrate
from tests.support import postgres
from tests.support.browser import Browser
from tests.support.data import opens_the_file_of_sqlite
from tests.support.filed import compte_of, database
from tests.support.runner import done, file_demande, refused, run
from tests.support.services import SERVE
from tests.support.soon import eventually

pytestmark = [opens_the_file_of_sqlite, pytest.mark.xdist_group("objets")]
NAME = "arrivee"


@pytest.fixture
def source(service: Starlette, reference: str) -> Starlette:
    """A service that has stopped, with a demande filed and a session open."""
    house = service.state.house
    with database(service) as db, writing(db):
        open_session(db, compte_of(db, "nadia"), house.settings.clock(), SESSION_LIFETIME)
    house.engine.dispose()
    return service


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty base, which the settings name."""
    made = postgres.create(NAME)
    monkeypatch.setenv("C2S_DATABASE_URL", made)
    return made


@pytest.fixture
def target(url: str) -> Iterator[sa.Engine]:
    engine = open_database(f"postgresql+psycopg{url.removeprefix('postgresql')}")
    yield engine
    engine.dispose()


def contents(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    with engine.connect() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(sa.select(table)))
            for table in transfer.moved()
        }


def change(source: Starlette, *statements: str) -> None:
    """The host goes back to SQLite for a while."""
    engine = source.state.house.engine
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def file_of(source: Starlette) -> Path:
    folder: Path = source.state.house.settings.data_dir
    return folder / "c2s.sqlite"


def dump(source: Starlette) -> list[str]:
    with sqlite3.connect(file_of(source)) as base:
        return list(base.iterdump())


def test_every_row_goes_along_and_the_demarche_goes_on(
    source: Starlette, reference: str, target: sa.Engine, url: str, make_service: Callable[..., Starlette]
) -> None:
    before = dump(source)
    said = done(source, "base", "transferer")
    assert dump(source) == before
    engine = source.state.house.engine
    assert contents(target) == contents(engine)
    assert f"Lignes copiées et relues : {sum(map(len, contents(engine).values()))}." in said
    engine.dispose()
    with reading(target) as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(SessionOuverte)) == 0
    assert "absents 0, altérés 0" in run(source, "doctor", "--tout").output
    other = make_service(database_url=url)  # its files are those of the base, or it would not start
    with database(other) as db:
        last = max(db.exec(select(DemandeDeposee.id)))
    assert file_demande(other, "benoit").endswith(f"{last + 1:06d}"), "no number is given twice"
    assert reference in Browser(TestClient(other)).sign_in("nadia").main
    other.state.house.engine.dispose()


def test_killed_in_the_middle_it_goes_on(
    source: Starlette, target: sa.Engine, url: str, make_service: Callable[..., Starlette]
) -> None:
    migrate(target)
    words = [sys.executable, "-c", SERVE, "base", "transferer"]
    env = os.environ | {"C2S_DEMO": "on", "C2S_DATA_DIR": str(file_of(source).parent)}
    with psycopg.connect(url) as other, psycopg.connect(url, autocommit=True) as looking:
        other.execute("LOCK TABLE organisme IN SHARE ROW EXCLUSIVE MODE")  # it comes this far, and waits
        with subprocess.Popen(words, env=env) as process:
            waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            eventually(lambda: bool(looking.execute(waits).fetchone()))
            process.send_signal(signal.SIGKILL)
    here = contents(target)
    assert here["installation"]
    assert not here["organisme"]
    with pytest.raises(WrongSetting, match="Le transfert vers cette base n'est pas terminé"):
        make_service(database_url=url)
    assert "Relancez : c2s base transferer" in run(source, "doctor").output
    done(source, "base", "transferer")
    assert contents(target) == contents(source.state.house.engine)


def test_what_changed_in_between_is_mended(
    source: Starlette, target: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(transfer, "_set_sequence", Mock(side_effect=OSError(errno.ENOSPC, "")))
        assert "Le disque est plein" in refused(source, "base", "transferer")
    mot, organisme = MotOrganisme.__tablename__, OrganismeGestionnaire.__tablename__
    change(
        source,
        f"DELETE FROM {mot} WHERE code = (SELECT min(code) FROM {organisme})",
        f"DELETE FROM {organisme} WHERE code = (SELECT min(code) FROM {organisme})",
        f"UPDATE {organisme} SET nom = 'Changé' WHERE code = (SELECT max(code) FROM {organisme})",
        "INSERT INTO satisfaction (le, note) VALUES ('2026-11-24', 5)",
    )
    done(source, "base", "transferer")
    assert contents(target) == contents(source.state.house.engine)


def test_a_row_that_does_not_read_back_keeps_the_base_closed(
    source: Starlette, target: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = transfer._copy

    def altered(*words: Any) -> Iterator[int]:
        yield from copy(*words)
        with target.connect() as connection:
            connection.exec_driver_sql("UPDATE compte SET fiche = 'x'")

    monkeypatch.setattr(transfer, "_copy", altered)
    assert "La table compte ne se relit pas" in refused(source, "base", "transferer")
    assert "n'est pas terminé" in refused(source, "purge")


@pytest.mark.parametrize("arrived", [True, False])
def test_a_base_that_is_not_empty_receives_nothing(
    source: Starlette, target: sa.Engine, *, arrived: bool
) -> None:
    """That of others, or the one where the service already goes on."""
    if arrived:
        done(source, "base", "transferer")
    else:
        migrate(target)
        with reading(target) as db, writing(db):
            db.add(Installation(identite="une autre"))
    before = contents(target)
    change(source, "INSERT INTO satisfaction (le, note) VALUES ('2026-11-24', 5)")
    assert "n'est pas vide : rien n'est copié" in refused(source, "base", "transferer")
    assert contents(target) == before


def test_a_service_that_runs_is_to_be_stopped_first(source: Starlette, target: sa.Engine) -> None:
    with source.state.house.engine.connect():
        pass  # it keeps its connections
    told = refused(source, "base", "transferer")
    assert told == "Le service, ou un autre programme, tient la base. Arrêtez-le, puis recommencez.\n"
    with target.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []


def test_what_cannot_be_copied_is_told(source: Starlette, url: str, tmp_path: Path) -> None:
    told = refused(source, "base", "transferer", C2S_DATABASE_URL="")
    assert "C2S_DATABASE_URL ne nomme pas une base PostgreSQL" in told
    assert "n'existe pas" in refused(source, "base", "transferer", "--depuis", tmp_path / "autre")
    change(source, "UPDATE alembic_version SET version_num = '0001'")
    assert "n'est pas à la version de ce service" in refused(source, "base", "transferer")
