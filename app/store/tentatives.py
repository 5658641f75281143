"""Sign-in attempts: each failure past the fifth makes the next pause longer."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select

from app.files.sealing import KeyRing
from app.store.tables import TentativeConnexion

FREE_ATTEMPTS = 5
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


def attempt_keys(ring: KeyRing, nir: str, address: str) -> tuple[str, str]:
    """The account and the address that try, as keyed hashes: neither is written down."""
    return ring.blind_index(nir, "tentative compte")[0].hex(), ring.blind_index(address, "tentative adresse")[
        0
    ].hex()


def paused_until(db: Session, keys: tuple[str, ...], now: datetime) -> datetime | None:
    """When a sign-in may be tried again, if it may not now."""
    rows = [db.get(TentativeConnexion, key) for key in keys]
    ends = [row.bloque_jusqu_a for row in rows if row and row.bloque_jusqu_a and row.bloque_jusqu_a > now]
    return max(ends, default=None)


def record_failure(db: Session, keys: tuple[str, ...], now: datetime) -> int:
    """Count a failure; returns how many attempts are left before a pause. The caller holds the transaction."""
    worst = 0
    for key in keys:
        row = db.get(TentativeConnexion, key, populate_existing=True) or TentativeConnexion(
            cle=key, dernier_le=now
        )
        if now - row.dernier_le > FORGOTTEN_AFTER:
            row.echecs = 0
        row.echecs += 1
        row.dernier_le = now
        if row.echecs >= FREE_ATTEMPTS:
            pause = FIRST_PAUSE * 2 ** min(row.echecs - FREE_ATTEMPTS, 10)
            row.bloque_jusqu_a = now + min(pause, LONGEST_PAUSE)
        db.add(row)
        worst = max(worst, row.echecs)
    return max(0, FREE_ATTEMPTS - worst)


def forget_failures(db: Session, key: str) -> None:
    """The account signed in: its count starts again. The caller holds the transaction."""
    if row := db.get(TentativeConnexion, key, populate_existing=True):
        db.delete(row)


def forget_old_failures(db: Session, now: datetime, *, trial: bool = False) -> int:
    """Forget the failures that count no more; a trial only counts them. The caller holds the transaction."""
    old = col(TentativeConnexion.dernier_le) < now - FORGOTTEN_AFTER
    if trial:
        return db.exec(select(func.count()).select_from(TentativeConnexion).where(old)).one()
    return db.exec(delete(TentativeConnexion).where(old)).rowcount
