"""
Sign-in attempts, counted before the password is looked at, so that many at once are counted too.

Three counts: this account from this address, this account from anywhere, this address. A library or a telephone
operator shares an address between many people, and a stranger must not be able to shut an account: those two are
wide, the first is narrow.
"""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select

from app.files.sealing import KeyRing
from app.store.tables import TentativeConnexion

FIRST_PAUSE = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(hours=1)
IPV6_HOME = 64  # bits: what one subscriber is given


@dataclass(frozen=True)
class Limit:
    """How many attempts are free, and how long a pause grows past them."""

    free: int
    longest: timedelta


HERE = Limit(5, timedelta(minutes=15))  # this account, from this address
ACCOUNT = Limit(30, timedelta(minutes=2))
ADDRESS = Limit(100, timedelta(minutes=15))

Attempt = tuple[tuple[str, Limit], ...]


def attempt_of(ring: KeyRing, nir: str, address: str) -> Attempt:
    """What one attempt counts against, as keyed hashes: neither the account nor the address is written down."""
    home = _home(address)

    def key(value: str, purpose: str) -> str:
        return ring.blind_index(value, purpose)[0].hex()

    return (
        (key(f"{nir} {home}", "tentative ici"), HERE),
        (key(nir, "tentative compte"), ACCOUNT),
        (key(home, "tentative adresse"), ADDRESS),
    )


def count_attempt(db: Session, attempt: Attempt, now: datetime) -> datetime | int:
    """
    Count an attempt before its password is checked. The caller holds the transaction.

    Returns when it may be tried again if it may not now, else how many are left, this one included.
    """
    rows = [
        (
            db.get(TentativeConnexion, key, populate_existing=True)
            or TentativeConnexion(cle=key, dernier_le=now),
            limit,
        )
        for key, limit in attempt
    ]
    ends = [row.bloque_jusqu_a for row, _ in rows if row.bloque_jusqu_a and row.bloque_jusqu_a > now]
    if ends:
        return max(ends)
    for row, limit in rows:
        if now - row.dernier_le > FORGOTTEN_AFTER:
            row.echecs = 0
        row.echecs += 1
        row.dernier_le = now
        if row.echecs >= limit.free:
            row.bloque_jusqu_a = now + min(FIRST_PAUSE * 2 ** min(row.echecs - limit.free, 10), limit.longest)
        db.add(row)
    return min(max(0, limit.free - row.echecs) for row, limit in rows) + 1


def forget_attempt(db: Session, attempt: Attempt) -> None:
    """The password was right: the account starts again, and the address is not held to it. The caller holds the transaction."""
    for key, limit in attempt:
        row = db.get(TentativeConnexion, key, populate_existing=True)
        if row is None:
            continue
        if limit is ADDRESS:
            row.echecs = max(0, row.echecs - 1)
            row.bloque_jusqu_a = None if row.echecs < limit.free else row.bloque_jusqu_a
            db.add(row)
        else:
            db.delete(row)


def paused_until(db: Session, attempt: Attempt, now: datetime) -> datetime | None:
    """When the next attempt may be made, if it may not now."""
    rows = [db.get(TentativeConnexion, key, populate_existing=True) for key, _ in attempt]
    return max(
        (row.bloque_jusqu_a for row in rows if row and row.bloque_jusqu_a and row.bloque_jusqu_a > now),
        default=None,
    )


def forget_old_failures(db: Session, now: datetime, *, trial: bool = False) -> int:
    """Forget the failures that count no more; a trial only counts them. The caller holds the transaction."""
    old = col(TentativeConnexion.dernier_le) < now - FORGOTTEN_AFTER
    if trial:
        return db.exec(select(func.count()).select_from(TentativeConnexion).where(old)).one()
    return db.exec(delete(TentativeConnexion).where(old)).rowcount


def _home(address: str) -> str:
    """An address, or the network of one subscriber for IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, IPV6_HOME), strict=False)) if parsed.version == 6 else address
