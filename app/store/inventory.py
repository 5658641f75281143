"""What the shelf holds, beside what the database says that it holds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session, SQLModel, col, select

from app.files.sealing import SEAL_BYTES, KeyRing, SealBroken
from app.files.shelf import Shelf
from app.store import seals
from app.store.file_keys import open_filed, read_sealed_file
from app.store.tables import DemandeDeposee, Echange, EchangePdf, Piece, PieceEnAttente


class Harm(StrEnum):
    """What has happened to a file of the shelf."""

    ABSENT = "absent"
    ALTERED = "altere"  # other bytes, or bytes that cannot be read


class PieceLost(Exception):
    """The file of a filed document is not the one that was filed."""

    def __init__(self, harm: Harm) -> None:
        super().__init__(harm)
        self.harm = harm


@dataclass(frozen=True)
class Known:
    """A file that a row knows. `taille`: bytes, before the seal. `reference`: its demande; empty until the deposit."""

    table: type[PieceEnAttente] | type[Piece] | type[EchangePdf]
    name: str
    taille: int
    reference: str


def known_files(db: Session) -> Sequence[Known]:
    """Every file that a row knows, the filed documents in the order of the demandes."""
    demande = DemandeDeposee
    pieces = select(Piece.id, Piece.taille, demande.reference).join(demande).order_by(col(demande.id))
    pdfs = (
        select(EchangePdf.id, EchangePdf.taille, demande.reference)
        .join(Echange, col(Echange.id) == EchangePdf.echange_id)
        .join(demande, col(demande.id) == Echange.demande_id)
        .order_by(col(demande.id))
    )
    waiting = select(PieceEnAttente.id, PieceEnAttente.taille)
    return [
        *(Known(Piece, *row) for row in db.exec(pieces)),
        *(Known(EchangePdf, *row) for row in db.exec(pdfs)),
        *(Known(PieceEnAttente, *row, "") for row in db.exec(waiting)),
    ]


def harm_of(db: Session, shelf: Shelf, known: Known, ring: KeyRing | None = None) -> Harm | None:
    """
    What has happened to a file; nothing when it was erased with its row in the meantime.

    `ring`: its bytes are read too, unless it waits for its deposit: the draft has the key of it. Raises KeyMissing.
    """
    size = shelf.size(known.name)
    harm = Harm.ABSENT if size is None else Harm.ALTERED if size != known.taille + SEAL_BYTES else None
    if harm is None and ring is not None:
        harm = _harm_inside(db, shelf, ring, known)
    if (
        harm is not None
        and db.exec(select(known.table.id).where(known.table.id == known.name)).first() is None
    ):
        return None
    return harm


def read_piece(shelf: Shelf, piece: Piece, key: bytes) -> bytes:
    """The bytes of a filed document, which are those that were filed. Raises PieceLost."""
    try:
        content = read_sealed_file(shelf, key, piece.id)
    except FileNotFoundError:
        raise PieceLost(Harm.ABSENT) from None
    except (OSError, SealBroken):
        raise PieceLost(Harm.ALTERED) from None
    if hashlib.sha256(content).hexdigest() != piece.empreinte:
        raise PieceLost(Harm.ALTERED)
    return content


def _harm_inside(db: Session, shelf: Shelf, ring: KeyRing, known: Known) -> Harm | None:
    row: SQLModel | None = db.get(known.table, known.name, populate_existing=True)
    try:
        match row:
            case Piece():
                read_piece(shelf, row, open_filed(ring, row)[1])
            case EchangePdf():
                read_sealed_file(shelf, seals.PDF.open(ring, row.id, row.cle), row.id)
    except PieceLost as lost:
        return lost.harm
    except (OSError, SealBroken):
        return Harm.ALTERED
    finally:
        db.expunge_all()
    return None
