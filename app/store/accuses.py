"""The PDF of a message, made once: sealed with a key of its own, it lies on the shelf like a piece."""

import secrets

import structlog
from sqlmodel import Session, col, delete, select

from app.files.sealing import KeyRing, SealBroken, new_key
from app.files.shelf import Shelf
from app.store import seals
from app.store.database import writing
from app.store.file_keys import read_sealed_file, seal_file
from app.store.tables import Echange, EchangePdf

_log = structlog.get_logger()


def find_pdf(db: Session, echange_id: str) -> EchangePdf | None:
    """The PDF that is kept of a message."""
    return db.exec(select(EchangePdf).where(EchangePdf.echange_id == echange_id)).first()


def read_pdf(db: Session, shelf: Shelf, ring: KeyRing, echange_id: str) -> bytes | None:
    """Its bytes; none if it was never made, or is lost: it can be made again."""
    row = find_pdf(db, echange_id)
    return _bytes(shelf, ring, row) if row else None


def keep_pdf(db: Session, shelf: Shelf, ring: KeyRing, echange_id: str, pdf: bytes) -> None:
    """
    Keep the PDF of a message; the first is the one that stays, unless it is lost.

    Raises OSError when the disk takes no more.
    """
    identity, key = secrets.token_hex(12), new_key()
    row = EchangePdf(
        id=identity,
        echange_id=echange_id,
        taille=len(pdf),
        cle=seals.PDF.close(ring, identity, key),
    )
    before = find_pdf(db, echange_id)
    lost = before.id if before and _bytes(shelf, ring, before) is None else None  # before anything is locked
    with shelf.putting({identity: seal_file(key, identity, pdf)}) as committed:
        with writing(db):
            is_kept = db.get(Echange, echange_id, populate_existing=True, with_for_update=True) is not None
            if is_kept:
                if lost:  # its file is left to the sweep
                    db.exec(delete(EchangePdf).where(col(EchangePdf.id) == lost))
                is_kept = find_pdf(db, echange_id) is None
            if is_kept:
                db.add(row)
        if is_kept:
            committed.add(identity)


def _bytes(shelf: Shelf, ring: KeyRing, row: EchangePdf) -> bytes | None:
    try:
        return read_sealed_file(shelf, seals.PDF.open(ring, row.id, row.cle), row.id)
    except (OSError, SealBroken) as problem:
        _log.error("pdf_lost", problem=type(problem).__name__)
        return None
