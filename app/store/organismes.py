"""The organismes that manage the C2S, and how one finds them."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from app.store.tables import OrganismeGestionnaire


def add_organismes(db: Session, rows: Iterable[Mapping[str, str]]) -> None:
    """Placeholder."""
    for row in rows:
        db.add(OrganismeGestionnaire(**row, commune_cherchee=row["commune"]))
