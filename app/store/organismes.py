"""The organismes that manage the C2S, and how users find them: by a word of their name, a town, a département."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, func, select

from app.store.communes import AFTER
from app.store.lieux import Lieu, find_lieu
from app.store.tables import MotOrganisme, OrganismeGestionnaire
from app.store.text import indexed_words, searched_words, town_key

MOST_COUNTED = 1_000  # beyond, the page says « plus de 1 000 »: an exact count would not help the user choose
SELECTIVE = 20000  # a word said by fewer organismes is where the search starts
_Org = OrganismeGestionnaire
_COLUMNS = tuple(_Org.__table__.columns)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Found:
    """What a search found: the first `rows` of `total` (MOST_COUNTED + 1 for « more »), and where."""

    total: int
    rows: Sequence[OrganismeGestionnaire]
    lieu: Lieu

    @property
    def many(self) -> bool:
        """There are more than we count."""
        return self.total > MOST_COUNTED


@dataclass(frozen=True)
class Changes:
    """What a list did to the one before: how many rows are new, how many changed, how many are not in it."""

    added: int
    changed: int
    absent: int


def add_organismes(db: Session, rows: Iterable[Mapping[str, str]]) -> int:
    """Fill the list and the words it is searched by; the caller holds the transaction. Returns how many."""
    organismes = [_listed(row) for row in rows]
    _run(db, sa.insert(OrganismeGestionnaire), organismes)
    _run(db, sa.insert(MotOrganisme), _words(organismes))
    return len(organismes)


def replace_organismes(db: Session, rows: Sequence[Mapping[str, str]]) -> Changes:
    """
    Make the list this one; the caller holds the transaction.

    A code keeps its meaning: whatever is not in the list any more stays, inactive, so that those who chose
    it can be told its name.
    """
    before = {row["code"]: row for row in db.connection().execute(sa.select(*_COLUMNS)).mappings()}
    new = [row for row in rows if row["code"] not in before]
    changed = [
        listed
        for listed in map(_listed, rows)
        if (old := before.get(str(listed["code"]))) and any(old[name] != listed[name] for name in listed)
    ]
    still = {row["code"] for row in rows}
    gone = [code for code, old in before.items() if old["actif"] and code not in still]
    add_organismes(db, new)
    this = col(_Org.code) == sa.bindparam("du")
    _run(db, sa.update(_Org).where(this), [{"du": listed["code"], **listed} for listed in changed])
    words = sa.delete(MotOrganisme).where(col(MotOrganisme.code) == sa.bindparam("du"))
    _run(db, words, [{"du": listed["code"]} for listed in changed])
    _run(db, sa.insert(MotOrganisme), _words(changed))
    _run(db, sa.update(_Org).where(this).values(actif=False), [{"du": code} for code in gone])
    return Changes(len(new), len(changed), len(gone))


def _listed(row: Mapping[str, str]) -> dict[str, Any]:
    return {**row, "actif": True, "commune_cherchee": town_key(row["commune"])}


def _words(organismes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"mot": mot, "code": organisme["code"]}
        for organisme in organismes
        for mot in sorted(indexed_words(organisme["nom"]))
    ]


def _run(db: Session, statement: sa.Executable, lines: Sequence[Mapping[str, Any]]) -> None:
    if lines:
        db.connection().execute(statement, lines)


def organisme(db: Session, code: str) -> OrganismeGestionnaire | None:
    """The organisme of this code, if it is still in the list."""
    found = db.get(OrganismeGestionnaire, code)
    return found if found and found.actif else None


def find_organismes(
    db: Session, nom: str = "", ville: str = "", departement: str = "", limit: int = 5
) -> Found:
    """
    Search the list: the fields narrow each other, an empty one narrows nothing.

    Each word of `nom` begins a word of the name. The order is by town then name (by postcode or département
    first, when the user gives one).
    """
    lieu = find_lieu(db, ville, departement)
    words = searched_words(nom)
    if lieu.trouble or (nom.strip() and not words):
        return Found(0, (), lieu)
    conditions: list[ColumnElement[bool]] = [col(_Org.actif).is_(True), *lieu.where, *_say(db, words)]
    counted = select(sa.literal(1)).select_from(_Org).where(*conditions).limit(MOST_COUNTED + 1)
    total = db.exec(select(func.count()).select_from(counted.subquery())).one()
    if not total:
        return Found(0, (), lieu)
    rows = select(_Org).where(*conditions).order_by(*lieu.order).limit(limit)
    return Found(total, db.exec(rows).all(), lieu)


def _say(db: Session, words: Sequence[str]) -> list[ColumnElement[bool]]:
    """
    The name says each of these words.

    The rarest word is looked up in the index of words, unless it is in so many names that reading the list
    in its order meets the first of them sooner; the others are checked organisme by organisme.
    """
    counts = {word: _count(db, word) for word in words}
    rarest = min(words, key=lambda word: counts[word], default="")
    return [
        col(_Org.code).in_(select(MotOrganisme.code).where(*_begins(word)))
        if word == rarest and counts[word] < SELECTIVE
        else sa.exists().where(col(MotOrganisme.code) == col(_Org.code), *_begins(word))
        for word in words
    ]


def _count(db: Session, word: str) -> int:
    some = select(sa.literal(1)).select_from(MotOrganisme).where(*_begins(word)).limit(SELECTIVE)
    return db.exec(select(func.count()).select_from(some.subquery())).one()


def _begins(word: str) -> tuple[ColumnElement[bool], ...]:
    """A range of the index, which LIKE would not use."""
    return col(MotOrganisme.mot) >= word, col(MotOrganisme.mot) < word + AFTER
