"""What the tables are on PostgreSQL, where SQLite has but one way: kept in the journal or not, in which order, under which index."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio.to_thread
import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.store._postgres import FORGOTTEN
from app.store.database import open_database, reading, writing
from app.store.organismes import add_organismes, find_organismes
from app.store.tables import (
    Abonnement,
    ByteOrder,
    Compte,
    DemandeDeposee,
    LienFournisseur,
    PieceEnAttente,
    SessionOuverte,
    TentativeConnexion,
)
from app.store.versions import migrate
from tests.support import postgres
from tests.support.filed import database, file
from tests.support.liste import filled, rows

pytestmark = pytest.mark.xdist_group("objets")
NAME = "moteurs"
Make = Callable[..., Starlette]


@pytest.fixture
def server() -> Iterator[sa.Engine]:
    """A base that was migrated, and is empty."""
    engine = open_database(f"postgresql+psycopg{postgres.create(NAME).removeprefix('postgresql')}")
    migrate(engine)
    yield engine
    engine.dispose()


def test_what_is_forgotten_is_in_no_journal_and_all_the_rest_is(server: sa.Engine) -> None:
    """A table outside the journal is emptied by a crash: nothing that is deposited may be in one."""
    kinds = "SELECT relname, relpersistence FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
    with server.connect() as connection:
        found = connection.exec_driver_sql(f"{kinds} WHERE nspname = 'public' AND relkind = 'r'")
        persistence = {str(name): str(kind) for name, kind in found}
    assert persistence.keys() == SQLModel.metadata.tables.keys() | {"alembic_version"}
    outside = {name for name, kind in persistence.items() if kind == "u"}
    assert outside == {"session", "piece_en_attente", "tentative_connexion"}


def with_statistics(engine: sa.Engine) -> set[str]:
    """The tables of what is forgotten, some of whose values the server has copied to its catalogue, which is in the journal."""
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("ANALYZE")
        found = connection.exec_driver_sql("SELECT DISTINCT tablename FROM pg_stats")
        return {str(name) for (name,) in found} & set(FORGOTTEN)


def test_the_server_takes_no_statistics_of_what_is_forgotten_and_drops_those_it_has() -> None:
    engine = open_database(f"postgresql+psycopg{postgres.create(NAME).removeprefix('postgresql')}")
    migrate(engine, "0013")
    moment = datetime(2026, 11, 12, tzinfo=UTC)
    with reading(engine) as db, writing(db):
        db.add(Compte(id=1, index_nir="", fiche=b"", mot_de_passe=""))
        for n in "12":
            db.add(SessionOuverte(id=n, secret=b"", compte_id=1, ouverte_le=moment, expire_le=moment))
            db.add(TentativeConnexion(cle=n, dernier_le=moment))
            db.flush()
            about: dict[str, Any] = {"taille": 1, "pages": 1, "media": "", "cle": b"", "emplacement": ""}
            db.add(PieceEnAttente(id=n, session_id=n, rang=1, **about))
    assert with_statistics(engine) == set(FORGOTTEN)
    migrate(engine)
    assert with_statistics(engine) == set()
    engine.dispose()


SEALED_OR_HASHED = {
    (table.name, column.name)
    for table in SQLModel.metadata.sorted_tables
    for column in table.columns
    if table.name not in FORGOTTEN
    and (
        isinstance(column.type, sa.LargeBinary)
        or column.name in ("mot_de_passe", "empreinte", "brouillon")
        or column.name.startswith("index_")
    )
}


def test_the_server_takes_no_statistics_of_what_is_sealed_or_hashed_and_drops_those_it_has() -> None:
    """They would stay when an account is erased."""
    engine = open_database(f"postgresql+psycopg{postgres.create(NAME).removeprefix('postgresql')}")
    migrate(engine, "0014")
    with reading(engine) as db, writing(db):
        for n in (1, 2):
            db.add(Compte(id=n, index_nir=f"{n}", index_pivot=f"{n}", fiche=b"%d" % n, mot_de_passe=f"{n}"))
            db.flush()
            moment = datetime(2026, 11, 12, tzinfo=UTC)
            db.add(LienFournisseur(compte_id=n, index_sub=f"{n}", sub=b"%d" % n, lie_le=moment))
            db.add(Abonnement(compte_id=n, index_jeton=f"{n}", fiche=b"%d" % n, choisi_le=moment))
    tables = {"compte", "lien", "abonnement"}
    found = columns_with_statistics(engine)
    assert {one for one in SEALED_OR_HASHED if one[0] in tables} <= found
    migrate(engine)
    assert not columns_with_statistics(engine) & SEALED_OR_HASHED
    with engine.connect() as connection:
        untouched = connection.exec_driver_sql(
            "SELECT relname, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND attstattarget = 0"
        )
        assert {(table, column) for table, column in untouched if table not in FORGOTTEN} == SEALED_OR_HASHED
    engine.dispose()


def columns_with_statistics(engine: sa.Engine) -> set[tuple[str, str]]:
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        found = connection.exec_driver_sql(
            "SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public'"
        )
        return {(table, column) for table, column in found}


def test_what_is_searched_by_ranges_is_in_the_order_of_bytes(server: sa.Engine) -> None:
    wanted = {
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if column.type is ByteOrder
    }
    assert {("organisme_mot", "mot"), ("organisme", "nom"), ("organisme", "commune_cherchee")} <= wanted
    collated = "SELECT table_name, column_name FROM information_schema.columns WHERE collation_name = 'C'"
    with server.connect() as connection:
        assert {
            (table, column)
            for table, column in connection.exec_driver_sql(f"{collated} AND table_schema = 'public'")
        } == wanted


@pytest.fixture
def french() -> Iterator[Session]:
    """The list on a server whose own order is that of a French dictionary."""
    try:
        url = postgres.create(NAME, "template0", "LOCALE_PROVIDER icu ICU_LOCALE 'fr'")
    except psycopg.errors.FeatureNotSupported:
        pytest.skip("this PostgreSQL knows no other order than that of bytes: it was built without ICU")
    engine = open_database(f"postgresql+psycopg{url.removeprefix('postgresql')}")
    migrate(engine)
    with reading(engine) as db:
        with writing(db):
            add_organismes(db, rows())
        yield db
    engine.dispose()


def test_the_language_of_the_server_changes_no_search(french: Session, tmp_path: Path) -> None:
    assert french.scalar(sa.select(sa.literal("a") < sa.literal("B"))), "not the order of bytes"
    with filled(tmp_path / "liste") as engine, reading(engine) as here:
        for asked in (
            ("mutuelle", "", ""),
            ("m", "", ""),
            ("", "Paris", ""),
            ("", "", "69"),
            ("", "75004", ""),
        ):
            codes = [
                [row.code for row in find_organismes(db, *asked, limit=500).rows] for db in (here, french)
            ]
            assert codes[0] == codes[1] != [], asked


@pytest.mark.engines
def test_a_demande_that_is_over_leaves_room_for_another_and_two_are_never_open(service: Starlette) -> None:
    first = file(service)
    with pytest.raises(sa.exc.IntegrityError):
        file(service)
    with database(service) as db, writing(db):
        db.exec(update(DemandeDeposee).values(ouverte=False))
    assert file(service) > first


@pytest.mark.engines("postgresql")
def test_a_service_has_ten_connections_and_no_thread_that_waits_for_one(make_service: Make) -> None:
    service = make_service()
    pool = service.state.house.engine.pool
    with TestClient(service) as client:
        assert client.portal is not None

        async def threads() -> float:
            return anyio.to_thread.current_default_thread_limiter().total_tokens

        assert client.portal.call(threads) == 9, "a sweep takes two connections"
    assert (pool.size(), pool._max_overflow) == (10, 0)
