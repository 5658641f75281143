"""Sign-in attempts: who is slowed, by how much, and who is not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session
from starlette.applications import Starlette

from app.files.sealing import KeyRing
from app.store.database import reading, writing
from app.store.tentatives import ADDRESS, HERE, attempt_of, count_attempt, forget_attempt, paused_until

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
ME = "2910475111234"


@pytest.fixture
def db(service: Starlette):  # type: ignore[no-untyped-def]
    with reading(service.state.house.engine) as session:
        yield session


@pytest.fixture
def ring(service: Starlette) -> KeyRing:
    found: KeyRing = service.state.house.ring
    return found


def fail(
    db: Session, ring: KeyRing, nir: str, address: str, times: int, now: datetime = NOW
) -> datetime | int:
    answer: datetime | int = 0
    for _ in range(times):
        with writing(db):
            answer = count_attempt(db, attempt_of(ring, nir, address), now)
    return answer


def test_the_fifth_attempt_is_looked_at_the_sixth_waits(db: Session, ring: KeyRing) -> None:
    assert fail(db, ring, ME, "192.0.2.1", HERE.free) == 1
    assert fail(db, ring, ME, "192.0.2.1", 1) == NOW + timedelta(minutes=1)


def test_pauses_grow_up_to_a_quarter_of_an_hour(db: Session, ring: KeyRing) -> None:
    fail(db, ring, ME, "192.0.2.1", HERE.free)
    now, pauses = NOW, []
    for _ in range(6):
        end = paused_until(db, attempt_of(ring, ME, "192.0.2.1"), now)
        assert end is not None
        pauses.append(end - now)
        now = end + timedelta(seconds=1)
        fail(db, ring, ME, "192.0.2.1", 1, now)
    assert pauses == sorted(pauses)
    assert max(pauses) <= HERE.longest


def test_a_stranger_elsewhere_does_not_shut_an_account(db: Session, ring: KeyRing) -> None:
    fail(db, ring, ME, "203.0.113.9", HERE.free + 1)
    assert isinstance(fail(db, ring, ME, "192.0.2.1", 1), int)


def test_people_behind_one_address_do_not_shut_each_other_out(db: Session, ring: KeyRing) -> None:
    fail(db, ring, ME, "192.0.2.1", HERE.free + 1)
    assert isinstance(fail(db, ring, "1560750561234", "192.0.2.1", 1), int)


def test_an_address_that_tries_everybody_is_slowed(db: Session, ring: KeyRing) -> None:
    for number in range(ADDRESS.free):
        fail(db, ring, f"19001750{number:05d}", "192.0.2.1", 1)
    assert isinstance(fail(db, ring, "1850799350001", "192.0.2.1", 1), datetime)


def test_one_subscriber_is_one_ipv6_address(db: Session, ring: KeyRing) -> None:
    fail(db, ring, ME, "2001:db8:1:2::1", HERE.free)
    assert isinstance(fail(db, ring, ME, "2001:db8:1:2:ffff::9", 1), datetime)
    assert isinstance(fail(db, ring, ME, "2001:db8:1:3::1", 1), int)


def test_the_right_password_starts_again(db: Session, ring: KeyRing) -> None:
    attempt = attempt_of(ring, ME, "192.0.2.1")
    fail(db, ring, ME, "192.0.2.1", HERE.free)
    with writing(db):
        forget_attempt(db, attempt)
    assert paused_until(db, attempt, NOW) is None
    assert fail(db, ring, ME, "192.0.2.1", 1) == HERE.free


def test_what_is_written_tells_neither_number_nor_address(ring: KeyRing) -> None:
    keys = [key for key, _ in attempt_of(ring, ME, "192.0.2.1")]
    assert all(ME not in key and "192.0.2.1" not in key for key in keys)
