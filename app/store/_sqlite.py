"""SQLite: one file, one service. Deleted bytes are overwritten, and commits are on the disk."""

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import create_engine

CONNECTIONS = 45  # one for each worker thread (40), and a few for the sweep
HELD = 0.5  # seconds: longer than a page reads, shorter than a writer waits


def open_file(url: sa.URL, patience: float, *, alone: bool = False) -> sa.Engine:
    """
    `patience`: how many seconds a writer waits for another. `alone`: no other process has the file open, or the first
    connection fails; there is but one.

    The file is made here if there is none, and never later: deleted while it is in use, it is missed, and found again
    once it is back.
    """
    path = Path(url.database or "")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)

    def connect() -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?mode=rw"
        return sqlite3.connect(uri, timeout=patience, check_same_thread=False, uri=True)

    size = 1 if alone else CONNECTIONS
    engine = create_engine(
        url,
        hide_parameters=True,  # an error may be written down
        creator=connect,
        pool_size=size,
        max_overflow=0,
    )

    @sa.event.listens_for(engine, "checkout")
    def _is_the_file(_: Any, record: Any, __: Any) -> None:
        if record.info["file"] != _file_at(path):
            raise sa.exc.InvalidatePoolError  # every connection is opened again, on what is there now

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: Any, record: Any) -> None:
        record.info["file"] = _file_at(path)
        connection.isolation_level = None  # we begin ourselves, so that a writer waits at BEGIN
        mode = "EXCLUSIVE" if alone else "NORMAL"  # first: what follows opens the file
        for pragma in (
            f"locking_mode={mode}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def forget_deleted(engine: sa.Engine) -> bool:
    """
    Empty the journal into the file, where what is deleted is overwritten; false if another reader holds it back.

    SQLite waits for readers with the lock of writers in hand, so that those who come next do not hold it back too. For
    a long one it is asked again, and the writers have their turn in between.
    """
    with engine.connect() as connection:
        patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        until = time.monotonic() + patience / 1000
        connection.exec_driver_sql(f"PRAGMA busy_timeout={min(patience, HELD * 1000):.0f}")
        try:
            while held := connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one():
                if time.monotonic() >= until:
                    break
                time.sleep(HELD)
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
        return not held


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file lies there: its device and its inode; none if it is gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
