"""Which data key seals what: told before a key goes; and everything sealed again under the newest."""

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, func, select

from app.files.sealing import HEAD_BYTES, KEY_ID_BYTES, KeyMissing, KeyRing, SealBroken
from app.store import seals
from app.store.abonnements import read_abonne, write_abonne
from app.store.comptes import read_assure, write_assure
from app.store.database import forget_deleted_of, writing
from app.store.liens import read_sub, write_sub
from app.store.tables import Abonnement, Compte, DemandeDeposee, Echange, EchangePdf, LienFournisseur, Piece

# In words: PostgreSQL takes two parameters for two different expressions, and would not group by this one.
_HEAD: tuple[sa.ColumnElement[Any], ...] = (sa.literal_column("1"), sa.literal_column(str(HEAD_BYTES)))
ROWS_AT_ONCE = 100  # the service waits while they are sealed again


@dataclass(frozen=True)
class Sealed:
    """A column sealed under the data keys. `name`: the column that its seals name the row by."""

    nom: str  # of one row
    table: type[SQLModel]
    column: str
    seal: seals.Seal
    name: str = "id"

    @property
    def mark(self) -> sa.ColumnElement[bytes]:
        """What every seal begins with: the id of its key, and its version."""
        return func.substr(getattr(self.table, self.column), *_HEAD, type_=sa.LargeBinary())

    @property
    def key(self) -> sa.Column[Any]:
        """The primary key."""
        found: sa.Column[Any] = self.table.__table__.primary_key.columns[0]  # type: ignore[attr-defined]
        return found

    def again(self, ring: KeyRing, row: Any) -> None:
        """Seal a row again, under the newest key. Raises KeyMissing, SealBroken."""
        name = getattr(row, self.name)
        clear = self.seal.open(ring, name, getattr(row, self.column))
        setattr(row, self.column, self.seal.close(ring, name, clear))


@dataclass(frozen=True, kw_only=True)
class Indexed(Sealed):
    """A row is found by an index that is keyed too: it changes key with the seal."""

    rewrite: Callable[[KeyRing, Any], None]

    def again(self, ring: KeyRing, row: Any) -> None:
        """Write a row again, as it is."""
        self.rewrite(ring, row)


def _rewrite_compte(ring: KeyRing, row: Compte) -> None:
    clear = seals.COMPTE.open(ring, row.id, row.fiche)
    write_assure(ring, row, read_assure(ring, row))  # its indexes
    row.fiche = seals.COMPTE.close(ring, row.id, clear)  # to the letter: a newer version may have said more


SEALED = (
    Sealed("demande", DemandeDeposee, "instantane", seals.DEMANDE, "reference"),
    Indexed(
        "compte",
        Compte,
        "fiche",
        seals.COMPTE,
        rewrite=_rewrite_compte,
    ),
    Indexed(
        "lien",
        LienFournisseur,
        "sub",
        seals.LIEN,
        "compte_id",
        rewrite=lambda ring, row: write_sub(ring, row, read_sub(ring, row)),
    ),
    Sealed("échange", Echange, "corps", seals.ECHANGE),
    Sealed("pièce", Piece, "cle", seals.PIECE),
    Sealed("lettre", EchangePdf, "cle", seals.PDF),
    Indexed(
        "abonnement",
        Abonnement,
        "fiche",
        seals.ABONNEMENT,
        "compte_id",
        rewrite=lambda ring, row: write_abonne(ring, row, read_abonne(ring, row)),
    ),
)
for _sealed in SEALED:
    sa.Index(f"ix_{_sealed.table.__tablename__}_sceau", _sealed.mark)
Usage = Mapping[bytes, Counter[str]]


def key_usage(db: Session) -> Usage:
    """For each beginning of a seal, how many rows of each kind have it. A seal cut short has a shorter one."""
    usage: dict[bytes, Counter[str]] = {}
    for sealed in SEALED:
        counted = select(sealed.mark, func.count()).select_from(sealed.table).group_by(sealed.mark)
        for head, count in db.exec(counted):
            usage.setdefault(head, Counter())[sealed.nom] = count
    return usage


def needs(usage: Usage, key_id: bytes) -> Counter[str]:
    """What needs this key."""
    return sum((rows for head, rows in usage.items() if head[:KEY_ID_BYTES] == key_id), Counter())


def needed_and_missing(usage: Usage, ring: KeyRing) -> Counter[str]:
    """What can be read by no key of the ring."""
    return sum((rows for head, rows in usage.items() if _is_foreign(head, ring)), Counter())


def sealed_under_another(db: Session, ring: KeyRing) -> Counter[str]:
    """As `needed_and_missing`; what it reads does not grow with the database, unless there is some."""
    found = any(_is_foreign(head, ring) for sealed in SEALED for head in _heads(db, sealed))
    return needed_and_missing(key_usage(db), ring) if found else Counter()


def _heads(db: Session, sealed: Sealed) -> Iterator[bytes]:
    """Each beginning of these seals, once: they are few, and an index leads from one to the next."""
    first = select(sealed.mark).order_by(sealed.mark).limit(1)
    head = db.exec(first).first()
    while head is not None:
        yield head
        head = db.exec(first.where(sealed.mark > head)).first()


def _is_foreign(head: bytes, ring: KeyRing) -> bool:
    return len(head) == HEAD_BYTES and head[:KEY_ID_BYTES] not in ring.ids


def old_seals(usage: Usage, ring: KeyRing) -> int:
    """How many rows are not under the newest key, or have a seal of the first version."""
    return sum(rows.total() for head, rows in usage.items() if head != ring.head)


def reseal(db: Session, ring: KeyRing) -> Generator[bool, None, None]:
    """
    Seal everything again under the newest key, a few rows a transaction; says of each whether it could be.

    Stopped half way, it goes on from there the next time. A row that cannot be opened stays as it is. One that another
    holds is waited for alone: an import has many, in the order of its file, and may want the others.
    """
    for sealed in SEALED:
        old = select(sealed.key).where(sealed.mark != ring.head).order_by(sealed.key).limit(ROWS_AT_ONCE)
        keys = db.exec(old).all()
        while keys:
            done = _batch(db, ring, sealed, keys, waits=False)
            yield from done.values()
            for key in keys:
                if key not in done:
                    yield from _batch(db, ring, sealed, [key], waits=True).values()
            keys = db.exec(old.where(sealed.key > keys[-1])).all()
    forget_deleted_of(db)


def _batch(
    db: Session, ring: KeyRing, sealed: Sealed, keys: Sequence[Any], *, waits: bool
) -> dict[Any, bool]:
    """Seal these rows again: for each primary key, whether it could be. `waits`: for one that another holds."""
    done = {}
    its = select(sealed.table).where(sealed.key.in_(keys), sealed.mark != ring.head)
    held = its.with_for_update(skip_locked=not waits).execution_options(populate_existing=True)
    with writing(db):
        for row in db.exec(held).all():
            identity = getattr(row, sealed.key.name)
            done[identity] = False
            with suppress(KeyMissing, SealBroken):
                sealed.again(ring, row)
                db.add(row)
                done[identity] = True
    db.expunge_all()
    return done
