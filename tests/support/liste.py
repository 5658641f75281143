"""The demonstration's list of organismes in a database of its own, as many times over as a test needs."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from app.settings import ROOT
from app.store import database
from app.store.database import reading, writing
from app.store.organismes import add_organismes
from app.store.versions import migrate

LISTE = ROOT / "data" / "demo" / "organismes.csv"


def rows() -> list[dict[str, str]]:
    with LISTE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@contextmanager
def filled(folder: Path, copies: int = 1) -> Iterator[sa.Engine]:
    """The first copy has the codes of the list."""
    engine = database.open_database(f"sqlite:///{folder / 'base.sqlite'}")
    migrate(engine)
    many = (
        {**row, "code": row["code"] + (f"-{copy}" if copy else "")}
        for copy in range(copies)
        for row in rows()
    )
    with reading(engine) as db, writing(db):
        assert add_organismes(db, many) == copies * len(rows())
    yield engine
    engine.dispose()
