"""
What an account may send within a clock hour: more than a person needs, less than a loop would take.

The counts lie beside those of sign-in, under a keyed hash of the account and of the hour: they are forgotten with
them, and tell no more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete

from app.files.sealing import KeyRing
from app.store.tables import TentativeConnexion
from app.store.tentatives import lock_counts


@dataclass(frozen=True)
class Quota:
    """How many of one thing in an hour. `envoi`: what is counted."""

    envoi: str
    most: int


MESSAGES = Quota("messages", 30)
FICHIERS = Quota("fichiers", 300)
AVIS = Quota("avis", 10)
NOUVELLES = Quota("nouvelles", 10)  # the addresses that an account may have written to
QUOTAS = (MESSAGES, FICHIERS, AVIS, NOUVELLES)


def spend(
    db: Session, ring: KeyRing, compte_id: int, quota: Quota, now: datetime, amount: int = 1
) -> datetime | None:
    """
    Count what is sent, or say when it may be sent instead: this hour's count was already full.

    One request is taken whole, so that the last of the hour may go past `most`. The caller holds the transaction.
    """
    key = _key(ring, compte_id, quota, now)
    row = lock_counts(db, [key], now)[key]
    if end := _end_if_full(row, quota, now):
        return end
    row.echecs += amount
    row.dernier_le = now
    db.add(row)
    db.flush()
    return None


def full_until(db: Session, ring: KeyRing, compte_id: int, quota: Quota, now: datetime) -> datetime | None:
    """When the hour ends, if this account has sent all that it may."""
    row = db.get(TentativeConnexion, _key(ring, compte_id, quota, now), populate_existing=True)
    return _end_if_full(row, quota, now) if row else None


def _end_if_full(row: TentativeConnexion, quota: Quota, now: datetime) -> datetime | None:
    if row.echecs < quota.most:
        return None
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def forget_sent(db: Session, ring: KeyRing, compte_id: int, now: datetime) -> None:
    """Forget what this account has sent within the hour. The caller holds the transaction."""
    keys = [_key(ring, compte_id, quota, now) for quota in QUOTAS]
    db.exec(delete(TentativeConnexion).where(col(TentativeConnexion.cle).in_(keys)))


def _key(ring: KeyRing, compte_id: int, quota: Quota, now: datetime) -> str:
    hour = int(now.timestamp() // 3600)
    return ring.blind_index(f"{compte_id} {hour}", f"envois {quota.envoi}")[0].hex()
