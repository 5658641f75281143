"""Rows are locked in one order on PostgreSQL (decision 0019): two that want the same wait, and neither is given up."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from sqlmodel import Session, col
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.commands._accounts import Account, file_accounts
from app.settings import SESSION_LIFETIME, load_settings
from app.store.comptes import hash_password
from app.store.conservation import erase_compte, erase_demande
from app.store.database import reading, writing
from app.store.decisions import demande_named
from app.store.keys import key_usage, old_seals, reseal
from app.store.sessions import hash_token, hold_account, open_session, still_open
from app.store.sweep import sweep
from app.store.tables import Compte, DemandeDeposee, Echange, EchangePdf, SessionOuverte, TentativeConnexion
from app.store.tentatives import (
    FORGOTTEN_AFTER,
    Attempt,
    attempt_of,
    forget_attempt,
    forget_old_failures,
    lift_pauses,
    lock_counts,
)
from tests.support.browser import Browser
from tests.support.filed import accuse_id, compte_of, file, ring, rows
from tests.support.household import compte_de
from tests.support.soon import eventually
from tests.web.test_account import NADIA as NADIA_PASSWORD
from tests.web.test_account import sign_in

pytestmark = [pytest.mark.engines("postgresql"), pytest.mark.xdist_group("objets")]
Work = Callable[[Session], Any]
LATER = date(2040, 1, 1)
WAITS = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
def on_server(patient: None, make_service: Callable[..., Starlette]) -> Starlette:
    """A service on a database that others may share."""
    return make_service()


def both_end(service: Starlette, first: Work, then: Work, other: Callable[[], Any]) -> None:
    """One transaction does two things; `other` comes in between, and has to wait for the first."""
    engine = service.state.house.engine
    with reading(engine) as db, ThreadPoolExecutor(1) as pool:
        with writing(db):
            first(db)
            working = pool.submit(other)
            with engine.connect() as watching:
                eventually(lambda: working.done() or watching.scalar(WAITS) > 0)
            then(db)
        working.result()


def alone(service: Starlette, work: Work) -> Callable[[], None]:
    """This work, on a connection of its own."""

    def done() -> None:
        with reading(service.state.house.engine) as db:
            work(db)

    return done


def within(work: Work) -> Work:
    """This work, in a transaction of its own."""

    def done(db: Session) -> None:
        with writing(db):
            work(db)

    return done


def nadia_of(service: Starlette) -> int:
    with reading(service.state.house.engine) as db:
        identity = compte_of(db, "nadia").id
    assert identity is not None
    return identity


def a_session(service: Starlette) -> str:
    now = service.state.house.settings.clock()
    with reading(service.state.house.engine) as db, writing(db):
        return hash_token(open_session(db, compte_of(db, "nadia"), now, SESSION_LIFETIME))


def test_an_import_that_ends_sessions_waits_for_a_deposit(on_server: Starlette) -> None:
    keys, nadia, session = ring(on_server), nadia_of(on_server), a_session(on_server)
    new = [Account(compte_de(on_server, "nadia"), "", hash_password("un autre mot de passe"))]
    both_end(
        on_server,
        lambda db: hold_account(db, nadia),
        lambda db: still_open(db, session),
        alone(on_server, within(lambda db: file_accounts(db, keys, new))),
    )
    assert rows(on_server, SessionOuverte) == []


@pytest.mark.parametrize("table", [Compte, Echange])
def test_what_is_sealed_again_waits_for_what_another_holds_in_an_order_of_its_own(
    on_server: Starlette, table: type[Compte] | type[Echange]
) -> None:
    """An import has accounts in the order of its file; an erasure, messages as they lie."""
    file(on_server)
    keys = sorted(row.id for row in rows(on_server, table))
    settings = on_server.state.house.settings
    both_keys = (secrets.token_hex(32), *settings.data_keys)
    newest = load_settings(demo=True, data_dir=settings.data_dir, data_keys=both_keys).data_ring
    sealed: list[bool] = []
    both_end(
        on_server,
        lambda db: db.get(table, keys[-1], with_for_update=True),
        lambda db: db.get(table, keys[0], with_for_update=True),
        alone(on_server, lambda db: sealed.extend(reseal(db, newest))),
    )
    with reading(on_server.state.house.engine) as db:
        usage = key_usage(db)
    assert old_seals(usage, newest) == sealed.count(False) == usage[b""].total(), (
        "of a demande that says nothing"
    )
    assert sealed.count(True) == usage[newest.head].total()


def test_a_sweep_leaves_the_sessions_that_an_import_holds(on_server: Starlette) -> None:
    house = on_server.state.house
    one, two = a_session(on_server), a_session(on_server)
    later = house.settings.clock() + SESSION_LIFETIME + timedelta(minutes=1)
    both_end(
        on_server,
        lambda db: db.get(SessionOuverte, two, with_for_update=True),
        lambda db: db.get(SessionOuverte, one, with_for_update=True),
        alone(on_server, lambda db: sweep(db, house.shelf, later)),
    )
    alone(on_server, lambda db: sweep(db, house.shelf, later))()
    assert rows(on_server, SessionOuverte) == []


@pytest.mark.parametrize("forgets", ["sign-in", "lift", "purge"])
def test_counts_are_forgotten_in_the_order_in_which_they_are_locked(
    on_server: Starlette, forgets: str
) -> None:
    keys, now, nir = ring(on_server), on_server.state.house.settings.clock(), "2910475111234"
    attempts = (attempt_of(keys, nir, f"192.0.2.{n}", now) for n in count(1))
    attempt: Attempt = next(one for one in attempts if one.own > min(one.keys))
    mine = [key for key in attempt.keys if forgets != "lift" or key.startswith(attempt.own.split(".")[0])]
    for key in sorted(attempt.keys, reverse=True):  # as they lie
        alone(on_server, within(partial(lock_counts, keys=[key], now=now)))()
    forget: dict[str, Work] = {
        "sign-in": lambda db: forget_attempt(db, attempt),
        "lift": lambda db: lift_pauses(db, keys, nir),
        "purge": lambda db: forget_old_failures(db, now + FORGOTTEN_AFTER * 2),
    }
    both_end(
        on_server,
        lambda db: lock_counts(db, [min(mine)], now),
        lambda db: lock_counts(db, mine, now),
        alone(on_server, within(forget[forgets])),
    )
    assert attempt.own not in {row.cle for row in rows(on_server, TentativeConnexion)}


def test_a_sign_in_that_renews_a_hash_waits_for_the_account_to_be_erased(on_server: Starlette) -> None:
    keys, nadia, nir = ring(on_server), nadia_of(on_server), compte_de(on_server, "nadia").nir
    weak = PasswordHasher(time_cost=1, memory_cost=36_000).hash(NADIA_PASSWORD)
    renew = sa.update(Compte).where(col(Compte.id) == nadia).values(mot_de_passe=weak)
    alone(on_server, within(lambda db: db.execute(renew)))()
    browser = Browser(TestClient(on_server))
    both_end(
        on_server,
        lambda db: hold_account(db, nadia),
        lambda db: lift_pauses(db, keys, nir),
        lambda: sign_in(browser, nir, NADIA_PASSWORD),
    )
    assert browser.page.path == "/demarches"


def test_an_account_is_erased_with_the_message_that_is_being_written(on_server: Starlette) -> None:
    """The message holds its demande, and asks whether its account is there."""
    house, nadia, reference = on_server.state.house, nadia_of(on_server), file(on_server)
    nir = compte_de(on_server, "nadia").nir

    def add_message(db: Session) -> None:
        known = db.get_one(Echange, accuse_id(reference)).model_dump()
        db.add(Echange(**known | {"id": "un autre message", "genre": "instruction"}))
        db.flush()

    both_end(
        on_server,
        lambda db: demande_named(db, reference, to_write=True),
        add_message,
        alone(
            on_server,
            lambda db: erase_compte(db, house.shelf, house.ring, nadia, nir, LATER, house.settings.clock()),
        ),
    )
    assert rows(on_server, Echange, Echange.compte_id == nadia) == []
    assert rows(on_server, Compte, Compte.id == nadia) == []


def test_a_demande_is_erased_with_the_pdf_that_is_being_kept(on_server: Starlette) -> None:
    house, reference = on_server.state.house, file(on_server)
    message = accuse_id(reference)
    pdf_id = "p" * 24
    [demande] = rows(on_server, DemandeDeposee, DemandeDeposee.reference == reference)

    def keep(db: Session) -> None:
        db.add(EchangePdf(id=pdf_id, echange_id=message, taille=1, cle=b""))
        db.flush()

    both_end(
        on_server,
        lambda db: db.get(Echange, message, with_for_update=True),
        keep,
        alone(on_server, lambda db: erase_demande(db, house.shelf, demande)),
    )
    assert rows(on_server, EchangePdf, EchangePdf.id == pdf_id) == []
    assert rows(on_server, DemandeDeposee, DemandeDeposee.reference == reference) == []
