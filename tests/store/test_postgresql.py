"""What only a database with several writers can get wrong, on a real PostgreSQL server."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from threading import Barrier
from typing import Any, cast

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from app import main
from app.commands.imports import Report, _apply
from app.demo.comptes import demo_accounts, load_demo
from app.demo.remise import choose_news
from app.domain.suivi import Etat
from app.files.objects import ObjectShelf
from app.files.shelf import Span
from app.files.transfer import transfer
from app.main import create_app
from app.settings import SESSION_LIFETIME, Settings, WrongSetting, load_settings
from app.store.belonging import join, open_shelf
from app.store.conservation import erase_demande
from app.store.database import Turn, forget_for_good, in_turn, open_database, reading, threads_of, writing
from app.store.faults import Fault, fault_of
from app.store.inventory import read_piece
from app.store.organismes import Changes
from app.store.pieces import remove_file
from app.store.quotas import MESSAGES, spend
from app.store.sessions import (
    MOST_SESSIONS,
    close_session,
    find_session,
    hash_token,
    hold_account,
    open_session,
    still_open,
)
from app.store.sweep import sweep
from app.store.tables import Abonnement, Compte, DemandeDeposee, SessionOuverte, TentativeConnexion
from app.store.tentatives import attempt_of, count_attempt
from app.store.versions import migrate
from tests.support import objects, postgres, samples
from tests.support.browser import Browser
from tests.support.filed import compte_of, file, filed_pieces, rows
from tests.support.office import Office
from tests.support.soon import eventually
from tests.support.waiting import send as sent_for
from tests.support.walk import walk_to

pytestmark = [pytest.mark.engines("postgresql"), pytest.mark.xdist_group("objets")]
Make = Callable[..., Starlette]
WAITING = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND objid = :turn AND NOT granted"
)
HELD_UP = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
AT_ONCE = 8  # a service has ten connections


@pytest.fixture
def on_server(make_service: Make) -> Starlette:
    """A service on a database that others may share."""
    return make_service()


@pytest.fixture
def engine(on_server: Starlette) -> sa.Engine:
    found: sa.Engine = on_server.state.house.engine
    return found


def all_at_once(engine: sa.Engine, work: Callable[[Session], Any]) -> list[Any]:
    """The same work in several sessions together."""

    def alone(_: int) -> Any:
        with reading(engine) as db:
            return work(db)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(alone, range(AT_ONCE)))


def test_two_services_that_share_a_base_and_a_store_file_one_demande(
    make_service: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every request goes to the other service: nothing is kept in either."""
    for name, value in objects.KEYS.items():
        monkeypatch.setenv(name, value)
    files, house = objects.bucket(), make_service().state.house
    for _ in transfer(house.shelf, ObjectShelf(files)):
        pass
    services = cycle([make_service(files_url=files), make_service(files_url=files)])

    async def balanced(scope: Scope, receive: Receive, send: Send) -> None:
        await next(services)(scope, receive, send)

    browser = Browser(TestClient(balanced))
    browser.start("nadia")
    walk_to(browser, "/demande/pieces")
    content = samples.pdf(pages=3)
    assert "avis.pdf" in sent_for(browser, "avis_moi", ("avis.pdf", content)).main
    page = walk_to(browser, "/demande/terminee")
    house = make_service(files_url=files).state.house
    with reading(house.engine) as db:
        [mine] = db.exec(select(DemandeDeposee).where(DemandeDeposee.compte_id == compte_of(db, "nadia").id))
        [(piece, _, key)] = filed_pieces(db, house.ring, mine)
        assert read_piece(house.shelf, piece, key) == content
    assert mine.reference in page.main
    assert isinstance(house.shelf, ObjectShelf)


def test_no_file_is_removed_while_its_draft_is_filed(on_server: Starlette, engine: sa.Engine) -> None:
    """The deposit holds the session: a removal waits, then finds that the file belongs to the caisse."""
    house = on_server.state.house
    with reading(engine) as filing, reading(engine) as other:
        with writing(filing):
            token = open_session(filing, compte_of(filing, "nadia"), house.settings.clock(), SESSION_LIFETIME)
        with writing(filing):
            still_open(filing, hash_token(token))
            with pytest.raises(sa.exc.OperationalError) as waited:
                remove_file(other, house.shelf, hash_token(token), "fichier0")
    assert fault_of(waited.value) is Fault.LOCKED


def test_a_purge_leaves_the_address_of_a_person_who_is_filing(
    on_server: Starlette, engine: sa.Engine
) -> None:
    """The last demande of an account takes its news with it, unless another is being filed: the purge waits for it."""
    house = on_server.state.house
    file(on_server, ouverte=False, etat=Etat.REFUS)
    with reading(engine) as filing, reading(engine) as purging, ThreadPoolExecutor(1) as pool:
        nadia = compte_of(filing, "nadia")
        choose_news(filing, house, nadia)
        old = purging.exec(select(DemandeDeposee).where(DemandeDeposee.compte_id == nadia.id)).one()
        new = {
            **old.model_dump(exclude={"id"}, warnings=False),
            "reference": "C2S-2029-000001",
            "brouillon": "un autre",
        }
        with writing(filing):
            hold_account(filing, nadia.id)
            filing.add(DemandeDeposee(**new))
            filing.flush()
            purge = pool.submit(erase_demande, purging, house.shelf, old)
            eventually(lambda: purge.done() or is_waited_for(engine))
        purge.result()
    assert [row.reference for row in rows(on_server, DemandeDeposee)][-1] == "C2S-2029-000001"
    assert len(rows(on_server, Abonnement)) == 1


def is_waited_for(engine: sa.Engine) -> bool:
    """A transaction holds what another asks for."""
    with engine.connect() as connection:
        return bool(connection.scalar(HELD_UP))


def test_attempts_made_together_are_all_counted(on_server: Starlette, engine: sa.Engine) -> None:
    ring, now = on_server.state.house.ring, on_server.state.house.settings.clock()
    attempt = attempt_of(ring, "2910475111234", "192.0.2.1", now)

    def one(db: Session) -> Any:
        with writing(db):
            return count_attempt(db, attempt, now)

    left = all_at_once(engine, one)
    assert sorted(answer for answer in left if isinstance(answer, int)) == [1, 2, 3, 4, 5]
    with reading(engine) as db:
        counts = {row.cle: row.echecs for row in db.exec(select(TentativeConnexion))}
    assert set(counts.values()) == {5}


def test_what_an_account_sends_together_is_all_counted(on_server: Starlette, engine: sa.Engine) -> None:
    ring, now = on_server.state.house.ring, on_server.state.house.settings.clock()

    def one(db: Session) -> Any:
        with writing(db):
            return spend(db, ring, 1, MESSAGES, now, MESSAGES.most // 3)

    assert sum(end is None for end in all_at_once(engine, one)) == 3


def test_sign_ins_made_together_leave_the_sessions_that_an_account_may_have(
    on_server: Starlette, engine: sa.Engine
) -> None:
    now = on_server.state.house.settings.clock()
    with reading(engine) as db:
        nadia = compte_of(db, "nadia")
        with writing(db):
            for minutes in range(MOST_SESSIONS - 1):
                open_session(db, nadia, now - timedelta(minutes=minutes + 1), SESSION_LIFETIME)

    def one(db: Session) -> str:
        with writing(db):
            return open_session(db, db.get_one(Compte, nadia.id), now, SESSION_LIFETIME)

    all_at_once(engine, one)
    with reading(engine) as db:
        still = db.exec(select(SessionOuverte.id).where(col(SessionOuverte.expire_le) > now)).all()
    assert len(still) == MOST_SESSIONS


def in_the_files_of_the_server(what: bytes) -> bool:
    """Whether this lies in any file of the server, its journal included."""
    return any(what in file for file in postgres.contents())


def test_a_session_leaves_nothing_in_any_file_of_the_server(on_server: Starlette, engine: sa.Engine) -> None:
    house = on_server.state.house
    with reading(engine) as db:
        with writing(db):
            token = open_session(db, compte_of(db, "nadia"), house.settings.clock(), SESSION_LIFETIME)
            open_session(db, compte_of(db, "marc"), house.settings.clock(), SESSION_LIFETIME)
        session = find_session(db.connection(), token, house.settings.clock())
        assert session
        db.rollback()
        db.connection().exec_driver_sql(
            "ANALYZE"
        )  # as the server does by itself, where there is enough to count
        db.commit()
        assert in_the_files_of_the_server(session.secret)
        close_session(db, house.shelf, hash_token(token))
    forget_for_good(engine)
    assert not in_the_files_of_the_server(session.secret)


def test_a_service_forgets_within_a_minute_and_when_it_stops(
    on_server: Starlette, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rewritten: list[sa.Engine] = []
    monkeypatch.setattr("app.store._postgres.rewrite_forgotten", rewritten.append)
    with TestClient(on_server) as client:
        browser = Browser(client)
        browser.sign_in("nadia")
        rewritten.clear()  # the start has swept
        browser.sign_out()
        assert rewritten == []
    assert rewritten == [engine]
    monkeypatch.setattr(main, "FORGET_EVERY", 0)  # of a minute
    with TestClient(on_server) as client:
        browser = Browser(client)
        browser.sign_in("nadia")
        rewritten.clear()
        browser.sign_out()
        eventually(lambda: rewritten == [engine])


def test_services_that_start_together_make_one_base_and_load_one_demonstration(tmp_path: Path) -> None:
    settings = load_settings(demo=True, data_dir=tmp_path, database_url=postgres.create("ensemble"))
    together = Barrier(3)

    def start(_: int) -> Starlette:
        together.wait()
        return create_app(settings)

    with ThreadPoolExecutor(3) as pool:
        started = list(pool.map(start, range(3)))
    with reading(started[0].state.house.engine) as db:
        assert db.exec(select(sa.func.count()).select_from(Compte)).one() == len(demo_accounts())
    for app in started:
        app.state.house.engine.dispose()


@pytest.mark.parametrize(
    ("turn", "work"),
    [
        (Turn.MIGRATION, lambda db, _: migrate(db.get_bind().engine)),
        (Turn.IDENTITY, lambda db, settings: join(db, open_shelf(settings), anyway=True)),
        (Turn.DEMONSTRATION, lambda db, settings: load_demo(db, settings, open_shelf(settings))),
        (Turn.IMPORT, lambda db, _: _apply(db, Report(trial=False, as_json=False), lambda: Changes(0, 0, 0))),
        (Turn.SWEEP, lambda db, settings: sweep(db, open_shelf(settings), settings.clock())),
    ],
    ids=lambda given: given.name if isinstance(given, Turn) else "",
)
def test_a_service_waits_for_the_one_whose_turn_it_is(
    turn: Turn, work: Callable[[Session, Settings], object], tmp_path: Path
) -> None:
    settings = load_settings(demo=True, data_dir=tmp_path, database_url=postgres.create("tour"))
    engine = open_database(settings.database)
    migrate(engine)
    with reading(engine) as db:
        join(db, open_shelf(settings))
    with engine.connect() as other, reading(engine) as db, ThreadPoolExecutor(1) as pool:
        other.execute(sa.select(sa.func.pg_advisory_lock(int(turn))))
        working = pool.submit(work, db, settings)
        try:
            eventually(lambda: other.execute(WAITING, {"turn": int(turn)}).scalar_one() == 1)
            assert not working.done()
        finally:
            other.execute(sa.select(sa.func.pg_advisory_unlock(int(turn))))
        working.result()
    engine.dispose()


def test_no_file_is_looked_for_while_another_service_sweeps(
    on_server: Starlette, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The turn covers the shelf too, which no transaction does."""
    house, happened = on_server.state.house, list[str]()
    names = house.shelf.names

    def listed(*span: Span) -> Iterator[str]:
        happened.append("this one lists")
        return cast(Iterator[str], names(*span))

    def swept() -> None:
        with reading(engine) as db:
            sweep(db, house.shelf, house.settings.clock())

    monkeypatch.setattr(house.shelf, "names", listed)
    with ThreadPoolExecutor(1) as pool:
        with in_turn(engine, Turn.SWEEP, patient=True), engine.connect() as other:
            sweeping = pool.submit(swept)
            eventually(lambda: other.execute(WAITING, {"turn": int(Turn.SWEEP)}).scalar_one() == 1)
            happened.append("the other ends")
        sweeping.result()
    assert happened[:2] == ["the other ends", "this one lists"]


def test_a_service_leaves_the_sweep_to_the_one_that_is_at_it(on_server: Starlette, engine: sa.Engine) -> None:
    """It starts at once, and answers."""
    house = on_server.state.house
    with in_turn(engine, Turn.SWEEP, patient=True), reading(engine) as db:
        assert sweep(db, house.shelf, house.settings.clock(), patient=False) == (0, 0, 0, 0)
    with reading(engine) as db, in_turn(engine, Turn.SWEEP, patient=False) as mine:
        assert mine
        with in_turn(engine, Turn.SWEEP, patient=False) as again:
            assert not again


def test_a_sweep_has_a_connection_more_than_the_requests_of_all_threads(engine: sa.Engine) -> None:
    assert isinstance(engine.pool, sa.QueuePool)
    assert threads_of(engine) == engine.pool.size() - 1


def test_a_turn_lost_with_its_connection_hides_nothing(engine: sa.Engine) -> None:
    def lose_it() -> None:
        with engine.connect() as other:
            other.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        raise OSError("what really happened")

    with pytest.raises(OSError, match="what really happened"), in_turn(engine, Turn.SWEEP, patient=True):
        lose_it()


def test_sweeps_made_together_forget_each_session_once_and_set_a_file_aside(
    on_server: Starlette, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, name = on_server.state.house, "f" * 24
    with reading(engine) as db, writing(db):
        for _ in range(3):
            open_session(db, compte_of(db, "nadia"), house.settings.clock(), SESSION_LIFETIME)
    house.shelf.put(name, b"sealed")
    monkeypatch.setattr("app.store.sweep.SPARED", -1)  # as if it had come an hour ago
    later = house.settings.clock() + SESSION_LIFETIME + timedelta(minutes=1)
    swept = all_at_once(engine, lambda db: sweep(db, house.shelf, later))
    assert sum(one.sessions for one in swept) == 3
    assert list(house.shelf.aside()) == [name]
    assert name not in set(house.shelf.names())


@pytest.mark.parametrize(
    ("happens", "fault"),
    [
        ("SELECT * FROM compte_parti", Fault.GONE),
        ("SELECT pg_terminate_backend(pg_backend_pid())", Fault.GONE),
        ("SET default_transaction_read_only = on; DELETE FROM session", Fault.READ_ONLY),
        ("SET lock_timeout = 1; BEGIN; LOCK TABLE compte", Fault.LOCKED),
    ],
)
def test_a_fault_has_its_name(on_server: Starlette, engine: sa.Engine, happens: str, fault: Fault) -> None:
    with engine.connect() as other:
        other.exec_driver_sql("BEGIN")
        other.exec_driver_sql("LOCK TABLE compte IN ACCESS EXCLUSIVE MODE")
        with engine.connect() as connection:
            *before, last = happens.split("; ")
            for statement in before:
                connection.exec_driver_sql(statement)
            with pytest.raises(sa.exc.DBAPIError) as raised:
                connection.exec_driver_sql(last)
    assert fault_of(raised.value) is fault


def test_a_server_that_does_not_answer_is_a_fault_with_its_name() -> None:
    engine = open_database("postgresql+psycopg://c2s@127.0.0.1:1/c2s", 1)
    with pytest.raises(sa.exc.OperationalError) as raised, engine.connect():
        pass
    assert fault_of(raised.value) is Fault.GONE


def test_a_server_that_is_too_old_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path, C2S_DATABASE_URL=postgres.create("ancienne"), PORT="0")
    monkeypatch.setattr("psycopg.ConnectionInfo.server_version", 140_011)
    sentence = (
        "Ce serveur est PostgreSQL 14. Ce service demande PostgreSQL 15, ou plus récent. "
        "Mettez le serveur à jour, ou donnez l'adresse d'un autre dans C2S_DATABASE_URL.\n"
    )
    assert office.refused("doctor").endswith(
        f"\nà faire  base : ancienne (ce serveur) ne convient pas. {sentence}"
    )
    for command in ("init", "serve", "purge", "demandes list", f"fichiers transferer {tmp_path}"):
        assert office.refused(*command.split()) == sentence, command
    monkeypatch.setattr("psycopg.ConnectionInfo.server_version", 150_000)
    assert office.done("init").startswith("La base est créée")


@pytest.mark.parametrize("url", ["mysql://c2s@localhost/c2s", "postgresql://", "postgres", "sqlite:c2s"])
def test_another_kind_of_database_is_refused_at_the_start(url: str, tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="C2S_DATABASE_URL : la valeur ne convient pas"):
        load_settings(demo=True, data_dir=tmp_path, database_url=url)
