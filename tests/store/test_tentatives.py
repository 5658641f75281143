"""Sign-in attempts: who is slowed, by how much, and who is not."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select
from starlette.applications import Starlette

from app.files.sealing import KeyRing
from app.store.database import reading, writing
from app.store.tables import TentativeConnexion
from app.store.tentatives import (
    ACCOUNT,
    FREE,
    IP,
    LONGEST_BUSY_PAUSE,
    LONGEST_PAUSE,
    NEW_IP_WAITS,
    attempt_of,
    count_attempt,
    forget_attempt,
    lift_pauses,
    paused_until,
)

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
ME, OTHER = "2910475111234", "1560750561234"
HERE, ELSEWHERE = "192.0.2.1", "203.0.113.9"


@pytest.fixture
def db(service: Starlette):  # type: ignore[no-untyped-def]
    with reading(service.state.house.engine) as session:
        yield session


@pytest.fixture
def ring(service: Starlette) -> KeyRing:
    found: KeyRing = service.state.house.ring
    return found


def fail(
    db: Session,
    ring: KeyRing,
    nir: str,
    address: str,
    times: int = 1,
    now: datetime = NOW,
    device: str = "",
) -> datetime | int:
    answer: datetime | int = 0
    with writing(db):
        for _ in range(times):
            answer = count_attempt(db, attempt_of(ring, nir, address, now, device), now)
    return answer


def make_busy(db: Session, ring: KeyRing, now: datetime = NOW) -> None:
    """As many failures on my account, each from another address, as make the hour busy."""
    with writing(db):
        for number in range(ACCOUNT.busy):
            count_attempt(db, attempt_of(ring, ME, f"198.51.100.{number}", now), now)


def pauses(db: Session, ring: KeyRing, times: int) -> list[timedelta]:
    """How long each pause lasts, for who tries again as soon as it may."""
    now, lasted = NOW, []
    for _ in range(times):
        end = paused_until(db, attempt_of(ring, ME, HERE, now), now)
        assert end is not None
        lasted.append(end - now)
        now = end + timedelta(seconds=1)
        fail(db, ring, ME, HERE, now=now)
    return lasted


def test_the_fifth_attempt_is_looked_at_the_sixth_waits(db: Session, ring: KeyRing) -> None:
    assert fail(db, ring, ME, HERE, FREE) == 1
    assert fail(db, ring, ME, HERE) == NOW + timedelta(minutes=1)


def test_pauses_grow_up_to_a_quarter_of_an_hour(db: Session, ring: KeyRing) -> None:
    fail(db, ring, ME, HERE, FREE)
    assert [pause // timedelta(minutes=1) for pause in pauses(db, ring, 6)] == [1, 2, 4, 8, 15, 15]
    assert timedelta(minutes=15) == LONGEST_PAUSE


def test_a_stranger_elsewhere_does_not_shut_an_account(db: Session, ring: KeyRing) -> None:
    fail(db, ring, ME, ELSEWHERE, FREE + 1)
    assert isinstance(fail(db, ring, ME, HERE), int)


def test_people_behind_one_address_do_not_shut_each_other_out(db: Session, ring: KeyRing) -> None:
    fail(db, ring, ME, HERE, FREE + 1)
    assert isinstance(fail(db, ring, OTHER, HERE), int)


def test_in_a_busy_hour_a_new_address_waits_the_written_time_whatever_the_others_do(
    db: Session, ring: KeyRing
) -> None:
    make_busy(db, ring)
    due = NOW + NEW_IP_WAITS
    assert fail(db, ring, ME, HERE) == due
    fail(db, ring, ME, ELSEWHERE, now=NOW + timedelta(seconds=1))
    for seconds in range(2, int(NEW_IP_WAITS.total_seconds())):
        fail(db, ring, ME, f"198.51.100.{seconds}", now=NOW + timedelta(seconds=seconds))
    assert fail(db, ring, ME, HERE, now=due - timedelta(seconds=1)) == due, "asking again changes nothing"
    assert fail(db, ring, ME, HERE, now=due) == 1


def test_in_a_busy_hour_each_failure_begins_a_pause_of_an_hour_at_most(db: Session, ring: KeyRing) -> None:
    make_busy(db, ring)
    now, lasted = NOW, []
    for _ in range(5):  # within the clock hour
        due = fail(db, ring, ME, HERE, now=now)
        if isinstance(due, datetime):
            now = due
            fail(db, ring, ME, HERE, now=now)
        end = paused_until(db, attempt_of(ring, ME, HERE, now), now)
        assert end is not None
        lasted.append((end - now) // timedelta(minutes=1))
        now = end
    assert lasted == [1, 2, 4, 8, 16]
    assert timedelta(hours=1) == LONGEST_BUSY_PAUSE


def test_an_hour_that_is_full_reopens_when_it_ends_and_nobody_makes_it_last(
    db: Session, ring: KeyRing
) -> None:
    full = attempt_of(ring, ME, HERE, NOW).shared[0][0]
    with writing(db):
        db.add(TentativeConnexion(cle=full, echecs=ACCOUNT.most, dernier_le=NOW))
    later = NOW + timedelta(minutes=59)
    assert fail(db, ring, ME, HERE, now=later) == NOW + timedelta(hours=1)
    assert isinstance(fail(db, ring, ME, HERE, now=NOW + timedelta(hours=1)), int)


def test_a_shared_address_where_many_fail_makes_its_people_wait_a_little_and_shuts_nobody(
    db: Session, ring: KeyRing
) -> None:
    with writing(db):
        for number in range(IP.busy):
            count_attempt(db, attempt_of(ring, f"19001750{number:05d}", HERE, NOW), NOW)
    due = fail(db, ring, ME, HERE)
    assert isinstance(due, datetime)
    assert due == NOW + NEW_IP_WAITS
    assert isinstance(fail(db, ring, ME, HERE, now=due), int)


def test_a_success_gives_back_what_it_took_of_a_shared_address(db: Session, ring: KeyRing) -> None:
    with writing(db):
        for number in range(IP.busy + 20):
            attempt = attempt_of(ring, f"19001750{number:05d}", HERE, NOW)
            count_attempt(db, attempt, NOW)
            forget_attempt(db, attempt)
    assert fail(db, ring, ME, HERE) == FREE


def test_a_known_device_has_a_count_of_its_own(db: Session, ring: KeyRing) -> None:
    make_busy(db, ring)
    fail(db, ring, ME, HERE)
    assert fail(db, ring, ME, HERE, FREE, device="mon téléphone") == 1
    assert isinstance(fail(db, ring, ME, HERE, device="mon téléphone"), datetime), (
        "and is slowed like any other"
    )
    assert isinstance(fail(db, ring, ME, HERE, device="mon ordinateur"), int)


def test_one_subscriber_is_one_ipv6_address(db: Session, ring: KeyRing) -> None:
    fail(db, ring, ME, "2001:db8:1:2::1", FREE)
    assert isinstance(fail(db, ring, ME, "2001:db8:1:ffff:ffff::9"), datetime)
    assert isinstance(fail(db, ring, ME, "2001:db8:2::1"), int)


def test_an_ipv4_address_written_as_ipv6_is_itself(db: Session, ring: KeyRing) -> None:
    fail(db, ring, ME, HERE, FREE)
    assert isinstance(fail(db, ring, ME, f"::ffff:{HERE}"), datetime)
    assert isinstance(fail(db, ring, ME, f"::ffff:{ELSEWHERE}"), int)


def test_the_right_password_starts_again(db: Session, ring: KeyRing) -> None:
    attempt = attempt_of(ring, ME, HERE, NOW)
    fail(db, ring, ME, HERE, FREE)
    with writing(db):
        forget_attempt(db, attempt)
    assert paused_until(db, attempt, NOW) is None
    assert fail(db, ring, ME, HERE) == FREE


def test_the_pauses_of_one_account_are_lifted_and_of_no_other(db: Session, ring: KeyRing) -> None:
    fail(db, ring, OTHER, HERE, FREE)
    make_busy(db, ring)
    fail(db, ring, ME, HERE, FREE, device="mon téléphone")
    with writing(db):
        lift_pauses(db, ring, ME)
    assert fail(db, ring, ME, HERE) == FREE
    assert fail(db, ring, ME, HERE, device="mon téléphone") == FREE
    assert isinstance(fail(db, ring, OTHER, HERE), datetime)


def test_what_is_written_tells_neither_number_nor_address(db: Session, ring: KeyRing) -> None:
    fail(db, ring, ME, HERE)
    keys = list(db.exec(select(TentativeConnexion.cle)))
    assert set(keys) == set(attempt_of(ring, ME, HERE, NOW).keys)
    assert all(ME not in key and HERE not in key for key in keys)
