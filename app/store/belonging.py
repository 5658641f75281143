"""A database and the shelf of its files go together: one identity, drawn once, is written in both."""

import secrets
from collections.abc import Iterable
from itertools import islice

from sqlalchemy import String, bindparam
from sqlmodel import Session, col, select, union_all

from app.files.folder import FolderShelf
from app.files.shelf import HALF, Shelf
from app.settings import Settings
from app.store.database import Turn, writing
from app.store.tables import EchangePdf, Installation, Piece, PieceEnAttente

AT_A_TIME = 1000  # names asked of the database in one question
_ROWS = (PieceEnAttente, Piece, EchangePdf)
_NAMED = bindparam("names", type_=String(), expanding=True)
_KNOWN = union_all(*(select(table.id).where(col(table.id).in_(_NAMED)) for table in _ROWS))


def open_shelf(settings: Settings) -> Shelf:
    """Where the files of these settings lie."""
    if not settings.files_url:
        return FolderShelf(settings.files)
    from app.files.objects import ObjectShelf  # a driver that a folder does without

    return ObjectShelf(settings.files_url)


def file_names(db: Session) -> set[str]:
    """The names that a row knows."""
    return {name for table in _ROWS for name in db.exec(select(table.id))}


def unknown_among(db: Session, names: Iterable[str]) -> tuple[int, list[str]]:
    """
    How many names there are, and those that no row knows.

    Few are held at a time. The tables are read at one moment, after the names: a deposit moves a row between them.
    """
    seen, unknown, rest = 0, list[str](), iter(names)
    while some := list(islice(rest, AT_A_TIME)):
        known = set(db.scalars(_KNOWN, {"names": some}))
        seen += len(some)
        unknown += [name for name in some if name not in known]
    return seen, unknown


def join(db: Session, shelf: Shelf, *, anyway: bool = False) -> None:
    """
    Check that the shelf goes with the database, and write the identity where it is not yet.

    `anyway`: the caisse has said that they go together; of a copy that was cut short it cannot know. Raises OtherShelf.
    """
    if anyway or _identity(db) is None or shelf.signature is None:
        # Services that start together: the second finds what the first has written.
        with writing(db, Turn.IDENTITY):
            known, signed = _identity(db), shelf.signature
            is_half = (signed or "").startswith(HALF)
            if (anyway and not is_half) or may_join(db, shelf):
                identity = known or signed or secrets.token_hex(16)
                if known is None:
                    db.add(Installation(identite=identity))
                    db.flush()
                if signed != identity:
                    shelf.sign(identity)
    check(db, shelf)


def check(db: Session, shelf: Shelf) -> None:
    """Go on only if the shelf goes with the database. Raises OtherShelf."""
    shelf.require(_identity(db) or "")


def _identity(db: Session) -> str | None:
    return db.exec(select(Installation.identite)).first()


def may_join(db: Session, shelf: Shelf) -> bool:
    """
    Either has no identity yet, and they agree.

    Names are drawn at random: one name in common is proof, and neither has anything to lose when both are empty.
    """
    if _identity(db) is not None and shelf.signature is not None:
        return False
    known, there = file_names(db), {*shelf.names(), *shelf.aside()}
    return bool(known & there) or not (known or there)
