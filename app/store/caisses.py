"""The caisses: added and updated, never taken away, since demandes name theirs."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, select

from app.store.organismes import Changes
from app.store.tables import Caisse


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
