"""A database of SQLite, copied into one of PostgreSQL: until every row is there, no service starts on it."""

import hashlib
from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, SQLModel, select

from app.store._postgres import FORGOTTEN
from app.store.database import Turn, reading, writing
from app.store.tables import Installation, VersionLisible
from app.store.versions import UNFINISHED, VERSION, migrate, versions_of

BATCH = 500  # rows: what a stop makes it do again
READS = 3  # of each row: to copy it, then to compare both sides
_Pair = tuple[sa.Row[Any] | None, sa.Row[Any] | None]


class TargetTaken(Exception):
    """The target has what this source did not bring: nothing was changed."""


class TableDiffers(Exception):
    """A table does not read back as it is in the source; its name."""


def moved() -> list[sa.Table]:
    """The tables that go along, those that others refer to first. What ends with a session stays, and ends."""
    stays = {*FORGOTTEN, VersionLisible.__tablename__}
    return [table for table in SQLModel.metadata.sorted_tables if table.name not in stays]


def count_rows(source: Session) -> int:
    """How many rows go along."""
    return sum(source.scalar(select(sa.func.count()).select_from(table)) or 0 for table in moved())


def claim(source: Session, target: sa.Engine) -> None:
    """
    Give the target its tables and the identity of the source; services refuse it from now on.

    Raises TargetTaken, unless the target is empty or was claimed by this source.
    """
    found = versions_of(target)
    if found.version not in (None, VERSION):
        raise TargetTaken
    identity = source.exec(select(Installation.identite)).one()
    migrate(target)
    with reading(target) as db, writing(db, Turn.IDENTITY):
        if found.readable_since == UNFINISHED:
            if db.exec(select(Installation.identite)).first() != identity:
                raise TargetTaken
        elif any(db.execute(sa.select(table).limit(1)).first() for table in moved()):
            raise TargetTaken
        else:
            db.add(Installation(identite=identity))
            db.execute(sa.update(VersionLisible).values(depuis=UNFINISHED))


def transfer(source: Session, target: sa.Engine) -> Iterator[int]:
    """
    Copy what is not there yet, read all of it again, then let services start; gives 1 for each row, READS times.

    Cut short, it goes on from there the next time. Raises TableDiffers.
    """
    for table in reversed(moved()):
        _remove_extra(source, target, table)
    for table in moved():
        yield from _copy(source, target, table)
    for table in moved():
        ours = yield from _digest(source.connection(), table)
        with target.connect() as connection:
            theirs = yield from _digest(connection, table)
        if ours != theirs:
            raise TableDiffers(table.name)
    with reading(target) as db, writing(db):
        for table in moved():
            _set_sequence(db, table)
        since = source.exec(select(VersionLisible.depuis)).one()
        db.execute(sa.update(VersionLisible).values(depuis=since))


def _digest(connection: sa.Connection, table: sa.Table) -> Generator[int, None, str]:
    """The SHA-256 of all the rows; gives 1 for each."""
    digest = hashlib.sha256()
    for row in _rows(connection, table, table.columns):
        digest.update(repr(tuple(row)).encode())
        yield 1
    return digest.hexdigest()


def _rows(connection: sa.Connection, table: sa.Table, columns: Iterable[Any]) -> Iterator[sa.Row[Any]]:
    """In the order of their keys, byte by byte, a batch in memory at a time."""
    is_postgresql = connection.dialect.name == "postgresql"
    order = [
        key.collate("C") if is_postgresql and isinstance(key.type, sa.String) else key
        for key in table.primary_key
    ]
    if is_postgresql:
        connection.exec_driver_sql("BEGIN")  # a cursor of the server lives in a transaction
    yield from connection.execute(
        sa.select(*columns).order_by(*order), execution_options={"yield_per": BATCH}
    )
    if is_postgresql:
        connection.exec_driver_sql("COMMIT")


def _pairs(source: Session, target: sa.Engine, table: sa.Table, columns: Iterable[Any]) -> Iterator[_Pair]:
    """Each row of either side, beside the one of the same key on the other."""
    keys = [list(columns).index(key) for key in table.primary_key]

    def key(row: sa.Row[Any]) -> tuple[Any, ...]:
        return tuple(row[at] for at in keys)

    with target.connect() as connection:
        ours, theirs = _rows(source.connection(), table, columns), _rows(connection, table, columns)
        mine, other = next(ours, None), next(theirs, None)
        while mine or other:
            if other is None or (mine and key(mine) < key(other)):
                yield mine, None
                mine = next(ours, None)
            elif mine is None or key(other) < key(mine):
                yield None, other
                other = next(theirs, None)
            else:
                yield mine, other
                mine, other = next(ours, None), next(theirs, None)


def _remove_extra(source: Session, target: sa.Engine, table: sa.Table) -> None:
    """What the source has forgotten since the target was begun."""
    keys = list(table.primary_key)
    extra = (other for mine, other in _pairs(source, target, table, keys) if other and not mine)
    while batch := list(islice(extra, BATCH)):
        with reading(target) as db, writing(db):
            db.execute(sa.delete(table).where(sa.tuple_(*keys).in_([tuple(row) for row in batch])))


def _copy(source: Session, target: sa.Engine, table: sa.Table) -> Iterator[int]:
    pairs = _pairs(source, target, table, table.columns)
    while batch := list(islice(pairs, BATCH)):
        if rows := [
            mine._asdict() for mine, other in batch if mine and (not other or tuple(mine) != tuple(other))
        ]:
            put = insert(table)
            put = put.on_conflict_do_update(
                index_elements=list(table.primary_key),
                set_={column.name: put.excluded[column.name] for column in table.columns},
            )
            with reading(target) as db, writing(db):
                db.execute(put, rows)
        yield from (1 for _ in batch)


def _set_sequence(db: Session, table: sa.Table) -> None:
    """The next row has a number that none has had."""
    for key in table.primary_key:
        sequence = db.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, key.name)))
        last = db.scalar(sa.select(sa.func.max(key))) if sequence else None
        if last:
            db.execute(sa.select(sa.func.setval(sequence, last)))
