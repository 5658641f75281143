"""The database: opened once, checked against the migrations, swept without a trace."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, create_engine

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = "0006"  # the newest migration, which this code was written for; their numbers follow one another
CONNECTIONS = 45  # one for each worker thread (40), and a few for the sweep


def open_database(url: str, patience: float = 20) -> sa.Engine:
    """
    An engine whose deleted bytes are overwritten, and whose commits are on the disk.

    `patience`: how many seconds a writer waits for another. The file is made here if there is none, and never later:
    deleted while it is in use, it is missed, and found again once it is back.
    """
    path = Path(sa.make_url(url).database or "")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        path.touch(mode=0o600)

    def connect() -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?mode=rw"
        return sqlite3.connect(uri, timeout=patience, check_same_thread=False, uri=True)

    engine = create_engine(url, creator=connect, pool_size=CONNECTIONS, max_overflow=0)

    @sa.event.listens_for(engine, "checkout")
    def _is_the_file(_: Any, record: Any, __: Any) -> None:
        if record.info["file"] != _file_at(path):
            raise sa.exc.InvalidatePoolError  # every connection is opened again, on what is there now

    @sa.event.listens_for(engine, "connect")
    def _settings(connection: Any, record: Any) -> None:
        record.info["file"] = _file_at(path)
        connection.isolation_level = None  # we begin ourselves, so that a writer waits at BEGIN
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def _file_at(path: Path) -> tuple[int, int] | None:
    """Which file lies there: its device and its inode; none if it is gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def reading(engine: sa.Engine) -> Iterator[Session]:
    """A session that writes only when `writing` is entered on it."""
    with Session(engine, expire_on_commit=False, autoflush=False) as db:
        yield db


@contextmanager
def writing(db: Session) -> Iterator[None]:
    """One transaction: all of it is kept, durably, or nothing."""
    db.connection().exec_driver_sql("BEGIN IMMEDIATE")
    try:
        yield
        db.flush()
        db.connection().exec_driver_sql("COMMIT")
    except BaseException:
        with suppress(sa.exc.OperationalError):  # SQLite has already rolled back: on a full disk, say
            db.connection().exec_driver_sql("ROLLBACK")
        db.rollback()
        raise
    db.commit()


def forget_deleted(engine: sa.Engine) -> None:
    """Truncate the journal: what was deleted is nowhere on the disk any more."""
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def migrate(engine: sa.Engine, to: str = VERSION) -> None:
    """Bring the tables to the version of this code, from none at all if need be."""
    from alembic import command  # 10 MiB that a service at its version does without
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config, to)
        connection.exec_driver_sql("COMMIT")


def version(engine: sa.Engine) -> str | None:
    """The migration the database is at; none if it has no tables."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return found


def is_newer(found: str | None) -> bool:
    """A later version of this code made the database."""
    return found is not None and found > VERSION
