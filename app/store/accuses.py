"""The PDF of a message, made once: sealed with a key of its own, it lies on the shelf like a piece."""

import secrets

import structlog
from sqlmodel import Session, select

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
    if row is None:
        return None
    try:
        return read_sealed_file(shelf, seals.PDF.open(ring, row.id, row.cle), row.id)
    except (OSError, SealBroken) as problem:
        _log.error("pdf_lost", problem=type(problem).__name__)
        return None


def keep_pdf(db: Session, shelf: Shelf, ring: KeyRing, echange_id: str, pdf: bytes) -> None:
    """Keep the PDF of a message; the first is the one that stays. Raises OSError when the disk takes no more."""
    identity, key = secrets.token_hex(12), new_key()
    row = EchangePdf(
        id=identity,
        echange_id=echange_id,
        taille=len(pdf),
        cle=seals.PDF.close(ring, identity, key),
    )
    with shelf.putting({identity: seal_file(key, identity, pdf)}) as committed:
        with writing(db):
            db.get(Echange, echange_id, with_for_update=True)
            is_first = find_pdf(db, echange_id) is None
            if is_first:
                db.add(row)
        if is_first:
            committed.add(identity)
