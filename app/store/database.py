"""The database, on either of its engines: opened once, checked against the migrations, swept without a trace."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path
from typing import Any
from weakref import WeakSet

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from app.store import _postgres, _sqlite

SQLITE = "sqlite"

_left_to_forget: WeakSet[sa.Engine] = WeakSet()


class Turn(IntEnum):
    """What two services must not do at the same time; the numbers are known to PostgreSQL alone."""

    MIGRATION = 1
    IDENTITY = 2
    DEMONSTRATION = 3
    IMPORT = 4
    SWEEP = 5


def open_database(url: str, patience: float = 20) -> sa.Engine:
    """
    An engine whose commits are on the disk, and which forgets what it deletes.

    `patience`: how many seconds a writer waits for another.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == SQLITE:
        return _sqlite.open_file(parsed, patience)
    return _postgres.open_server(parsed, patience)


def hold_file(path: Path) -> sa.Engine:
    """A database of SQLite that no service has open, nor can open meanwhile. Its first use raises OperationalError."""
    return _sqlite.open_file(sa.URL.create(SQLITE, database=str(path)), 2, alone=True)


class InUse(Exception):
    """A service, or another command, has the database open."""


def hold_database(url: str) -> sa.Engine:
    """
    A database that no service has open. Raises InUse; on SQLite the first use may raise OperationalError.

    None can open a file meanwhile; a server lets them.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == SQLITE:
        return hold_file(Path(parsed.database or ""))
    engine = open_database(url)
    with engine.connect() as connection:
        shared = is_shared(connection)
    if shared:
        engine.dispose()
        raise InUse
    return engine


def is_shared(only: sa.Connection) -> bool:
    """
    On a server, a service or another command has this database open too; a file that is held has nobody else.

    `only`: the one connection that this process has.
    """
    return only.dialect.name != SQLITE and _postgres.is_shared(only)


def threads_of(engine: sa.Engine) -> int:
    """How many threads a service needs for the connections it has; 0 for as many as it likes. A sweep has two."""
    return 0 if engine.dialect.name == SQLITE else _postgres.CONNECTIONS - 1


def reading(bind: sa.Engine | sa.Connection) -> Session:
    """A session that writes only when `writing` is entered on it."""
    return Session(bind, expire_on_commit=False, autoflush=False)


@contextmanager
def writing(db: Session, turn: Turn | None = None) -> Iterator[None]:
    """
    One transaction: all of it is kept, durably, or nothing.

    SQLite has one writer at a time. PostgreSQL has many: they lock the rows they read in order to write
    (`with_for_update`, which SQLite does without), an account before its session, either before a demande, counts
    last; or they take a `turn`, which no other service has until the end.
    """
    connection = db.connection()
    is_sqlite = connection.dialect.name == SQLITE
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
    try:
        if turn and not is_sqlite:
            _postgres.wait_for(connection, turn)
        yield
        db.flush()
        db.connection().exec_driver_sql("COMMIT")
    except BaseException:
        # Rolled back already: on a full disk, with the connection, or by a flush that failed.
        with suppress(sa.exc.DBAPIError, sa.exc.PendingRollbackError):
            db.connection().exec_driver_sql("ROLLBACK")
        db.rollback()
        raise
    db.commit()


@contextmanager
def in_turn(engine: sa.Engine, turn: Turn, *, patient: bool) -> Iterator[bool]:
    """
    Over several transactions, and whatever is done between them, no other service has this turn; False if another has.

    `patient`: wait for it. A file of SQLite belongs to one service, which takes its turns in order.
    """
    if engine.dialect.name == SQLITE:
        yield True
        return
    with engine.connect() as connection, _postgres.in_turn(connection, turn, patient=patient) as mine:
        yield mine


def insert_missing(db: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the rows whose key is not there yet, also when another service adds them now. The caller holds the transaction."""
    connection = db.connection()
    insert = sqlite.insert if connection.dialect.name == SQLITE else postgresql.insert
    connection.execute(insert(table).on_conflict_do_nothing(), rows)


def next_number(db: Session, column: Any) -> int:
    """The next number of a table, which no other service gets. The caller holds the transaction."""
    if db.connection().dialect.name == SQLITE:
        return (db.execute(sa.select(sa.func.max(column))).scalar() or 0) + 1
    sequence = sa.func.pg_get_serial_sequence(column.table.name, column.name)
    return int(db.execute(sa.select(sa.func.nextval(sequence))).scalar_one())


def forget_deleted(engine: sa.Engine) -> None:
    """
    Leave nothing of what was deleted on the disk.

    SQLite does it now, unless another still reads what was there before: a backup. PostgreSQL has to lock whole tables.
    `forget_for_good` does what is left for all the deletions of a minute.
    """
    if engine.dialect.name != SQLITE or not _sqlite.forget_deleted(engine):
        _left_to_forget.add(engine)


def forget_deleted_of(db: Session) -> None:
    """Leave nothing of what was deleted in the journal of this database."""
    forget_deleted(db.get_bind().engine)


def forget_for_good(engine: sa.Engine) -> None:
    """Do what `forget_deleted` has left to do."""
    if engine in _left_to_forget:
        _left_to_forget.discard(engine)
        try:
            if engine.dialect.name == SQLITE:
                forget_deleted(engine)
            else:
                _postgres.rewrite_forgotten(engine)
        except sa.exc.DBAPIError:
            _left_to_forget.add(engine)
            raise
