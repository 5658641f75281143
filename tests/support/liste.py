"""The demonstration's list of organismes in a database of its own, as many times over as a test needs."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.settings import ROOT
from app.store import database
from app.store.database import reading, writing
from app.store.organismes import add_organismes
from app.store.versions import migrate
from tests.support.data import new_base

LISTE = ROOT / "data" / "demo" / "organismes.csv"


def rows() -> list[dict[str, str]]:
    with LISTE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@contextmanager
def filled(folder: Path, copies: int = 1) -> Iterator[sa.Engine]:
    """The first copy has the codes of the list; the base makes the others itself, ten times faster."""
    engine = database.open_database(new_base(folder))
    migrate(engine)
    with reading(engine) as db, writing(db):
        assert add_organismes(db, rows()) == len(rows())
        for table in ("organisme", "organisme_mot"):
            _copy(db.connection(), SQLModel.metadata.tables[table], copies)
    yield engine
    engine.dispose()


def _copy(base: sa.Connection, table: sa.Table, copies: int) -> None:
    """Each row again under the codes `CODE-1`, `CODE-2`…"""
    last = sa.select(sa.literal(1).label("copy")).where(sa.literal(copies > 1)).cte(recursive=True)
    ranks = last.union_all(sa.select(last.c.copy + 1).where(last.c.copy < copies - 1))
    columns = [
        column if column.name != "code" else column + "-" + sa.cast(ranks.c.copy, sa.String)
        for column in table.columns
    ]
    again = sa.select(*columns).select_from(table.join(ranks, sa.true()))
    base.execute(sa.insert(table).from_select(list(table.columns), again))
