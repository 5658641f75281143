"""Which data key seals what: told before a key goes; and everything sealed again under the newest."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, func, select

from app.files.sealing import KEY_ID_BYTES, KeyMissing, KeyRing, SealBroken
from app.store.accuses import PDF_CONTEXT
from app.store.comptes import read_assure, write_assure
from app.store.database import writing
from app.store.demandes import BODY_CONTEXT, PIECE_CONTEXT, SNAPSHOT_CONTEXT
from app.store.sessions import forget_deleted_of
from app.store.tables import Compte, DemandeDeposee, Echange, EchangePdf, Piece

ROWS_AT_ONCE = 100  # the service waits while they are sealed again


@dataclass(frozen=True)
class Sealed:
    """A column sealed under the data keys, and how one of its rows is sealed again."""

    nom: str  # of one row
    table: type[SQLModel]
    column: str
    again: Callable[[KeyRing, Any], None]

    @property
    def mark(self) -> sa.ColumnElement[bytes]:
        """The id of the key, which every seal begins with."""
        return func.substr(getattr(self.table, self.column), 1, KEY_ID_BYTES, type_=sa.LargeBinary())

    @property
    def key(self) -> sa.Column[Any]:
        """The primary key."""
        found: sa.Column[Any] = self.table.__table__.primary_key.columns[0]  # type: ignore[attr-defined]
        return found


def _compte(ring: KeyRing, row: Compte) -> None:
    write_assure(ring, row, read_assure(ring, row))


def _demande(ring: KeyRing, row: DemandeDeposee) -> None:
    row.instantane = _again(ring, row.instantane, SNAPSHOT_CONTEXT + row.reference.encode())


def _echange(ring: KeyRing, row: Echange) -> None:
    row.corps = _again(ring, row.corps, BODY_CONTEXT)


def _piece(ring: KeyRing, row: Piece) -> None:
    row.cle = _again(ring, row.cle, PIECE_CONTEXT + row.id.encode())


def _pdf(ring: KeyRing, row: EchangePdf) -> None:
    row.cle = _again(ring, row.cle, PDF_CONTEXT + row.id.encode())


def _again(ring: KeyRing, sealed: bytes, context: bytes) -> bytes:
    return ring.seal(ring.unseal(sealed, context), context)


SEALED = (
    Sealed("demande", DemandeDeposee, "instantane", _demande),
    Sealed("compte", Compte, "fiche", _compte),
    Sealed("échange", Echange, "corps", _echange),
    Sealed("pièce", Piece, "cle", _piece),
    Sealed("lettre", EchangePdf, "cle", _pdf),
)
Usage = Mapping[bytes, Counter[str]]


def key_usage(db: Session) -> Usage:
    """For each key, by its id, how many rows of each kind need it. A seal cut short has a shorter id."""
    usage: dict[bytes, Counter[str]] = {}
    for sealed in SEALED:
        counted = select(sealed.mark, func.count()).select_from(sealed.table).group_by(sealed.mark)
        for key_id, count in db.exec(counted):
            usage.setdefault(key_id, Counter())[sealed.nom] = count
    return usage


def needed_and_missing(usage: Usage, ring: KeyRing) -> Counter[str]:
    """What can be read by no key of the ring."""
    missing: Counter[str] = Counter()
    for key_id, rows in usage.items():
        if len(key_id) == KEY_ID_BYTES and key_id not in ring.ids:
            missing += rows
    return missing


def old_seals(usage: Usage, ring: KeyRing) -> int:
    """How many rows are not under the newest key."""
    return sum(rows.total() for key_id, rows in usage.items() if key_id != ring.ids[0])


def reseal(db: Session, ring: KeyRing) -> Iterator[bool]:
    """
    Seal everything again under the newest key, a few rows a transaction; says of each whether it could be.

    Stopped half way, it goes on from there the next time. A row that cannot be opened stays as it is.
    """
    for sealed in SEALED:
        old = select(sealed.table).where(sealed.mark != ring.ids[0]).order_by(sealed.key).limit(ROWS_AT_ONCE)
        rows = _batch(db, ring, sealed, old)
        while rows:
            yield from rows.values()
            rows = _batch(db, ring, sealed, old.where(sealed.key > max(rows)))
    forget_deleted_of(db)


def _batch(db: Session, ring: KeyRing, sealed: Sealed, some: Any) -> dict[Any, bool]:
    """Seal some rows again: for each primary key, whether it could be."""
    done = {}
    with writing(db):
        for row in db.exec(some.execution_options(populate_existing=True)).all():
            identity = getattr(row, sealed.key.name)
            done[identity] = False
            with suppress(KeyMissing, SealBroken):
                sealed.again(ring, row)
                db.add(row)
                done[identity] = True
    db.expunge_all()
    return done
