"""Waiting files: sealed each with its own key, itself sealed by the draft's, gone with the session."""

from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from enum import StrEnum

import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, delete, select

from app.domain.pieces import Fichier, nom_distinct
from app.files.limits import FILES_PER_DEMANDE, FILES_PER_EMPLACEMENT
from app.files.sealing import SealBroken, new_key
from app.files.shelf import Shelf
from app.store.database import writing
from app.store.faults import is_no_room
from app.store.file_keys import open_waiting, read_sealed_file, seal_file, wrap_waiting
from app.store.sessions import still_open
from app.store.tables import PieceEnAttente

_log = structlog.get_logger()


class Full(StrEnum):
    """Why a good file is not kept."""

    EMPLACEMENT = "trop_emplacement"
    DEMANDE = "trop_demande"
    DISK = "disque"


def waiting_files(db: Session, session_id: str, file_key: bytes) -> list[Fichier]:
    """The files of this session that this key opens, in the order they came."""
    return [fichier for fichier, _ in _open_all(db, session_id, file_key)]


def keep_file(
    db: Session, shelf: Shelf, session_id: str, file_key: bytes, fichier: Fichier
) -> Fichier | Full:
    """Keep a file until the deposit; the same content sent again to the same slot is the file already there."""
    key = new_key()
    row = PieceEnAttente(
        **fichier.model_dump(include={"id", "taille", "pages", "media"}),
        emplacement=fichier.emplacement,
        rang=0,
        session_id=session_id,
        cle=b"",  # given by the transaction, with its rank and the name it is told by
    )
    kept: Fichier | Full = Full.DISK
    twins = _twins(db, session_id, file_key, fichier)
    lost = {twin.id for twin, key in twins if _bytes(shelf, twin, key) is None}  # before anything is locked
    try:
        with shelf.putting({row.id: seal_file(key, row.id, fichier.contenu)}) as committed:
            with writing(db):
                found = _twin_or_refusal(db, session_id, file_key, fichier, lost)
                if found is None:
                    others = [other.nom for other in waiting_files(db, session_id, file_key)]
                    named = {"nom": nom_distinct(fichier.nom, others), "contenu": b""}
                    fichier = fichier.model_copy(update=named)
                    row.cle = wrap_waiting(file_key, fichier, key)
                    row.rang = 1 + max((other.rang for other in _rows(db, session_id)), default=0)
                    db.add(row)
            if found is None:
                committed.add(row.id)
            kept = found or fichier
    except (OSError, OperationalError) as problem:
        if not is_no_room(problem):
            raise
        _log.error("file_not_kept", problem=type(problem).__name__)
    return kept


def _twins(db: Session, session_id: str, file_key: bytes, fichier: Fichier) -> list[tuple[Fichier, bytes]]:
    """The files of the same content in the same slot, each with its key."""
    mine = (fichier.emplacement, fichier.empreinte)
    return [
        (twin, key)
        for twin, key in _open_all(db, session_id, file_key)
        if (twin.emplacement, twin.empreinte) == mine
    ]


def _twin_or_refusal(
    db: Session, session_id: str, file_key: bytes, fichier: Fichier, lost: Container[str]
) -> Fichier | Full | None:
    """
    Why no row is to be added: the file is there already, or there is no place.

    `lost`: the names whose bytes are gone. A twin that came since has put its own. The caller holds the transaction.
    """
    still_open(db, session_id)
    for twin, _ in _twins(db, session_id, file_key, fichier):
        if twin.id not in lost:
            return twin
        db.exec(delete(PieceEnAttente).where(col(PieceEnAttente.id) == twin.id))
    waiting = _rows(db, session_id)
    if sum(other.emplacement == fichier.emplacement for other in waiting) >= FILES_PER_EMPLACEMENT:
        return Full.EMPLACEMENT
    return Full.DEMANDE if len(waiting) >= FILES_PER_DEMANDE else None


def remove_file(db: Session, shelf: Shelf, session_id: str, identity: str) -> bool:
    """Forget a file of this session; says whether it was there."""
    with writing(db):
        still_open(db, session_id)  # not while this draft is filed: its file would be there no more
        mine = (PieceEnAttente.id == identity, PieceEnAttente.session_id == session_id)
        was_there = db.exec(delete(PieceEnAttente).where(*mine)).rowcount > 0  # type: ignore[arg-type]
    if was_there:
        shelf.discard([identity])
    return was_there


def read_file(db: Session, shelf: Shelf, session_id: str, file_key: bytes, identity: str) -> Fichier | None:
    """A file of this session with its bytes; none if either is gone, or is not this session's."""
    for fichier, key in _open_all(db, session_id, file_key):
        if fichier.id == identity and (content := _bytes(shelf, fichier, key)) is not None:
            return fichier.model_copy(update={"contenu": content})
    return None


def _rows(db: Session, session_id: str) -> Sequence[PieceEnAttente]:
    mine = select(PieceEnAttente).where(PieceEnAttente.session_id == session_id)
    return db.exec(mine.order_by(col(PieceEnAttente.rang))).all()


def _open_all(db: Session, session_id: str, file_key: bytes) -> Iterator[tuple[Fichier, bytes]]:
    """Each file with its key; a row that another draft sealed is none of ours."""
    for row in _rows(db, session_id):
        with suppress(SealBroken):
            yield open_waiting(file_key, row)


def _bytes(shelf: Shelf, fichier: Fichier, key: bytes) -> bytes | None:
    try:
        return read_sealed_file(shelf, key, fichier.id)
    except (OSError, SealBroken) as problem:
        _log.error("file_lost", problem=type(problem).__name__)
        return None
