"""The sweep: sessions that are over, and files that no row knows, are not left behind."""

from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, delete, select

from app.files.shelf import EVERY_NAME, Shelf, part_of_names
from app.store.belonging import check, unknown_among
from app.store.database import Turn, forget_deleted_of, in_turn, writing
from app.store.tables import PieceEnAttente, SessionOuverte

SPARED = 3600  # seconds: a file comes before its row
KEPT_ASIDE = 86_400  # seconds: time to see that the database was the wrong one
# More strays than FEW, and than one file in SHARE, are no strays: the database is the wrong one.
FEW, SHARE = 20, 4
ENOUGH = 1000  # names: a part of the shelf that has fewer cannot tell the share


class Swept(NamedTuple):
    """
    How many sessions were over, and their waiting files, gone with them.

    `strays`: the files that no row knows, set aside. `refused`: those that were too many to be.
    """

    sessions: int
    files: int
    strays: int = 0
    refused: int = 0

    @property
    def why_refused(self) -> str:
        """What to say of the strays that stay; empty if there are none."""
        if not self.refused:
            return ""
        return (
            f"La base ne connaît pas {self.refused} fichiers du dossier, plus d'un quart : ils restent où ils sont. "
            "Restaurez la base et le dossier de la même sauvegarde. "
            "Si cette base est bien la bonne, lancez : c2s purge --tous-les-fichiers"
        )


def sweep(
    db: Session,
    shelf: Shelf,
    now: datetime,
    *,
    part: int | None = None,
    trial: bool = False,
    all_strays: bool = False,
    patient: bool = True,
) -> Swept:
    """
    Forget every expired session and its files; set aside every file that no row knows, and erase it a day later.

    `part`: which one of a large shelf to look for them in, rather than the whole. A trial only counts them. `patient`:
    while another sweeps, wait rather than leave it to that one. Raises OtherShelf: nothing was touched.
    """
    with in_turn(db.get_bind().engine, Turn.SWEEP, patient=patient) as mine:
        if not mine:
            return Swept(0, 0)
        check(db, shelf)
        seen, strays = _strays(db, shelf, part)
        with writing(db):
            over = select(SessionOuverte.id).where(SessionOuverte.expire_le <= now)
            # Those that another holds, several perhaps, in an order of its own: the next sweep has what it leaves.
            expired = list(db.exec(over.with_for_update(skip_locked=True)))
            theirs = col(PieceEnAttente.session_id).in_(expired)
            waiting = list(db.exec(select(PieceEnAttente.id).where(theirs)))
            if not trial:
                db.exec(delete(PieceEnAttente).where(theirs))
                db.exec(delete(SessionOuverte).where(col(SessionOuverte.id).in_(expired)))
        refused = not all_strays and len(strays) > max(FEW, seen // SHARE)
        try:
            if not trial:
                for name in waiting:
                    shelf.remove(name)
                for name in () if refused else strays:
                    shelf.set_aside(name)
                _settle_aside(db, shelf)
        finally:
            forget_deleted_of(db)
        return Swept(len(expired), len(waiting), *(0, len(strays)) if refused else (len(strays), 0))


def _strays(db: Session, shelf: Shelf, part: int | None) -> tuple[int, list[str]]:
    """How many names were looked at, and those that no row knows, but for what has just come."""
    seen, unknown = 0, list[str]()
    if part is not None:
        seen, unknown = unknown_among(db, shelf.names(part_of_names(part)))
    if seen < ENOUGH:
        seen, unknown = unknown_among(db, shelf.names(EVERY_NAME))
    return seen, [name for name in unknown if shelf.age(name) > SPARED]


def _settle_aside(db: Session, shelf: Shelf) -> None:
    """A row knows the file again, since the database was restored: it comes back. After a day, it goes."""
    aside = shelf.aside()
    unknown = set(unknown_among(db, aside)[1])
    for name, age in aside.items():
        if name not in unknown:
            shelf.bring_back(name)
        elif age > KEPT_ASIDE:
            shelf.erase_aside(name)
