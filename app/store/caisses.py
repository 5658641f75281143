"""The caisses: added and updated, never taken away, since demandes name theirs."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from app.store.organismes import Changes
from app.store.tables import Caisse

_ONE = sa.select(*sa.inspect(Caisse).columns).where(sa.inspect(Caisse).columns.code == sa.bindparam("code"))


def read_caisse(connection: sa.Connection, code: str) -> Caisse:
    """
    A caisse, to be read and not written: an object that nobody watches costs a quarter.

    Raises NoResultFound.
    """
    row = connection.execute(_ONE, {"code": code}).one()
    return Caisse.model_construct(**row._mapping)


def put_caisses(db: Session, rows: Sequence[Mapping[str, Any]]) -> Changes:
    """Add the caisses of this list, or say of them what it says; the caller holds the transaction."""
    before = {caisse.code: caisse for caisse in db.exec(select(Caisse))}
    added = changed = 0
    for row in rows:
        caisse = before.get(row["code"])
        if caisse is None:
            db.add(Caisse(**row))
            added += 1
        elif any(getattr(caisse, name) != value for name, value in row.items()):
            caisse.sqlmodel_update(dict(row))
            db.add(caisse)
            changed += 1
    return Changes(added, changed, len(before.keys() - {row["code"] for row in rows}))
