"""
Sign-in attempts, counted before the password is looked at, so that many at once are counted too.

A device that has already signed in on an account has a count of its own (OWASP, « Slow Down Online Guessing Attacks
with Device Cookies »): nobody else can pause it. Any other device counts three times: on this account from this
address, on this account from anywhere, and from this address on any account. Only the first of these pauses anybody
by itself; what it does in a calm hour and in a busy one is below. The other two change with the clock hour: what
fills them in one hour shuts nobody out in the next, unless it is sent again.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, delete, func, select

from app.files.sealing import KeyRing
from app.store.database import insert_missing
from app.store.tables import TentativeConnexion

FREE = 5  # attempts of one device, or from one address on one account
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
# In a busy hour, an address that is new to the account waits this long, whatever the others do, and is then looked at.
NEW_IP_WAITS = timedelta(minutes=2)
LONGEST_BUSY_PAUSE = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(hours=1)
IPV6_HOME = 48  # bits: what one subscriber may be given


@dataclass(frozen=True)
class Hourly:
    """How many failures from devices that are not known make an hour busy, and how many shut it until it ends."""

    busy: int
    most: int


ACCOUNT = Hourly(30, 500)
IP = Hourly(100, 1_000)


@dataclass(frozen=True)
class Attempt:
    """What one attempt counts against, as keyed hashes: neither the account nor the address is written down."""

    own: str  # the known device, or the account from this address
    shared: tuple[tuple[str, Hourly], ...]  # none for a known device

    @property
    def keys(self) -> tuple[str, ...]:
        """Every row this attempt may write."""
        return (self.own, *(key for key, _ in self.shared))


def attempt_of(ring: KeyRing, nir: str, ip: str, now: datetime, device: str = "") -> Attempt:
    """An attempt on this account; `device` names one that has already signed in on it."""
    account = _account(ring, nir)
    if device:
        return Attempt(account + _key(ring, device, "tentative appareil"), ())
    home, hour = _home(ip), f"{now.astimezone(UTC):%Y-%m-%d %H}"
    return Attempt(
        account + _key(ring, f"{nir} {home}", "tentative ici"),
        (
            (account + _key(ring, f"{nir} {hour}", "tentative compte"), ACCOUNT),
            (_key(ring, f"{home} {hour}", "tentative adresse"), IP),
        ),
    )


def count_attempt(db: Session, attempt: Attempt, now: datetime) -> datetime | int:
    """
    Count an attempt before its password is checked. The caller holds the transaction.

    Returns when it may be tried again if it may not now, else how many are left, this one included.
    """
    rows = lock_counts(db, attempt.keys, now)
    own = _fresh(rows[attempt.own], now)
    if own.bloque_jusqu_a and own.bloque_jusqu_a > now:
        return own.bloque_jusqu_a
    shared = [(_fresh(rows[key], now), hourly) for key, hourly in attempt.shared]
    if any(row.echecs >= hourly.most for row, hourly in shared):
        return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    busy = any(row.echecs >= hourly.busy for row, hourly in shared)
    if busy and not own.echecs and not own.bloque_jusqu_a:
        own.bloque_jusqu_a = now + NEW_IP_WAITS
        own.dernier_le = now
        db.add(own)
        db.flush()
        return own.bloque_jusqu_a
    for row in (own, *(row for row, _ in shared)):
        row.echecs += 1
        row.dernier_le = now
        db.add(row)
    free, longest = (1, LONGEST_BUSY_PAUSE) if busy else (FREE, LONGEST_PAUSE)
    if own.echecs >= free:
        own.bloque_jusqu_a = now + min(FIRST_PAUSE * 2 ** min(own.echecs - free, 10), longest)
    db.flush()
    return max(0, free - own.echecs) + 1


def forget_attempt(db: Session, attempt: Attempt) -> None:
    """The password was right: this device starts again, and what it took of the hours is given back. The caller holds the transaction."""
    for row in _locked(db, attempt.keys):
        if row.cle == attempt.own:
            db.delete(row)
        else:
            row.echecs = max(0, row.echecs - 1)
            db.add(row)
    db.flush()


def paused_until(db: Session, attempt: Attempt, now: datetime) -> datetime | None:
    """When the next attempt may be made, if this one has begun a pause."""
    row = db.get(TentativeConnexion, attempt.own, populate_existing=True)
    end = _fresh(row, now).bloque_jusqu_a if row else None
    return end if end and end > now else None


def count_return(db: Session, ring: KeyRing, ip: str, now: datetime) -> bool:
    """Count a return from the issuer to this address, unless the hour has had too many. The caller holds the transaction."""
    key = _return_key(ring, ip, now)
    row = lock_counts(db, [key], now)[key]
    if row.echecs >= IP.most:
        return False
    row.echecs += 1
    row.dernier_le = now
    db.add(row)
    db.flush()
    return True


def forget_return(db: Session, ring: KeyRing, ip: str, now: datetime) -> None:
    """The return has opened an account: it is given back. The caller holds the transaction."""
    for row in _locked(db, [_return_key(ring, ip, now)]):
        row.echecs = max(0, row.echecs - 1)
        db.add(row)
    db.flush()


def lift_pauses(db: Session, ring: KeyRing, nir: str) -> None:
    """Forget every attempt on this account, from any device and any address. The caller holds the transaction."""
    _forget(db, col(TentativeConnexion.cle).startswith(_account(ring, nir)))


def forget_old_failures(db: Session, now: datetime, *, trial: bool = False) -> int:
    """
    Forget the counts that no longer matter, of sign-ins and of what accounts send; a trial only counts them.

    The caller holds the transaction.
    """
    old = col(TentativeConnexion.dernier_le) < now - FORGOTTEN_AFTER
    if trial:
        return db.exec(select(func.count()).select_from(TentativeConnexion).where(old)).one()
    return _forget(db, old)


def lock_counts(db: Session, keys: Sequence[str], now: datetime) -> dict[str, TentativeConnexion]:
    """The counts of these keys, begun if need be, which nobody else changes until the end of the transaction."""
    begun = [{"cle": key, "echecs": 0, "dernier_le": now} for key in sorted(keys)]
    while True:  # again if another service has just forgotten some of them
        insert_missing(db, TentativeConnexion, begun)
        rows = {row.cle: row for row in _locked(db, keys)}
        if len(rows) == len(begun):
            return rows


def _locked(db: Session, keys: Sequence[str]) -> Sequence[TentativeConnexion]:
    """Always in the same order: two attempts that share some never wait for each other."""
    rows = select(TentativeConnexion).where(col(TentativeConnexion.cle).in_(keys))
    ordered = rows.order_by(col(TentativeConnexion.cle)).with_for_update()
    return db.exec(ordered.execution_options(populate_existing=True)).all()


def _forget(db: Session, which: sa.ColumnElement[bool]) -> int:
    """Delete some counts, once they are locked in the order of all; how many."""
    key = col(TentativeConnexion.cle)
    db.exec(select(key).where(which).order_by(key).with_for_update()).all()
    return db.exec(delete(TentativeConnexion).where(which)).rowcount


def _fresh(row: TentativeConnexion, now: datetime) -> TentativeConnexion:
    """A count starts again when its last failure is forgotten."""
    if now - row.dernier_le > FORGOTTEN_AFTER:
        row.echecs, row.bloque_jusqu_a = 0, None
    return row


def _return_key(ring: KeyRing, ip: str, now: datetime) -> str:
    return _key(ring, f"{_home(ip)} {now.astimezone(UTC):%Y-%m-%d %H}", "tentative franceconnect")


def _account(ring: KeyRing, nir: str) -> str:
    """What every count of an account begins with."""
    return _key(ring, nir, "tentative") + "."


def _key(ring: KeyRing, value: str, purpose: str) -> str:
    return ring.blind_index(value, purpose)[0].hex()


def _home(ip: str) -> str:
    """An address, or the network of one subscriber for IPv6."""
    try:
        parsed = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, IPV6_HOME), strict=False))
    return ip
