"""A demande as an instruction system takes it: a folder with its JSON, its documents and its accusé."""

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from app.domain.export import (
    DemandeExportee,
    EchangeExporte,
    EchangePerdu,
    EvenementExporte,
    PieceExportee,
    PiecePerdue,
)
from app.domain.format import FORMAT
from app.files.sealing import KeyRing, SealBroken
from app.files.shelf import Shelf
from app.store import seals
from app.store.demandes import read_instantane
from app.store.file_keys import open_filed
from app.store.inventory import Harm, PieceLost, read_piece
from app.store.suivi import BODIES, evenements_of, read_body
from app.store.tables import DemandeDeposee, Echange, Piece

ACCUSE_PDF = "accuse.pdf"
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_ECHANGE: TypeAdapter[EchangeExporte] = TypeAdapter(EchangeExporte)


class FolderTaken(Exception):
    """There is something in this folder already."""


@dataclass(frozen=True)
class Exported:
    """The folder that was written, and its `demande.json`, which names what is not there."""

    folder: Path
    said: DemandeExportee


def export_demande(
    db: Session,
    shelf: Shelf,
    ring: KeyRing,
    demande: DemandeDeposee,
    accuse: bytes | None,
    parent: Path,
    now: datetime,
) -> Exported:
    """
    Write a demande in a folder named after its reference, which only its owner can read.

    A document whose file is lost, or a message that does not open, is named instead; any other trouble, and nothing is
    written. `accuse`: the PDF of its accusé de réception, unless it can be made no more. Raises FolderTaken, or OSError.
    """
    folder = parent / demande.reference
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = parent / f".{demande.reference}-{secrets.token_hex(4)}"
    partial.mkdir(mode=0o700)
    try:
        pieces = list(_write_pieces(db, shelf, ring, demande, partial))
        if accuse is not None:
            _write(partial / ACCUSE_PDF, accuse)
        echanges, closed = exported_echanges(db, ring, demande)
        exported = DemandeExportee(
            version=FORMAT,
            reference=demande.reference,
            caisse=demande.caisse,
            deposee_le=demande.deposee_le,
            exportee_le=now,
            etat=demande.etat,
            ouverte=demande.ouverte,
            complete=demande.complete,
            date_limite=demande.date_limite,
            empreinte=demande.empreinte,
            accuse=None if accuse is None else ACCUSE_PDF,
            demande=read_instantane(ring, demande),
            pieces=tuple(piece for piece in pieces if not isinstance(piece, PiecePerdue)),
            pieces_perdues=tuple(piece for piece in pieces if isinstance(piece, PiecePerdue)),
            echanges=echanges,
            echanges_perdus=closed,
            evenements=tuple(
                EvenementExporte(le=evenement.le, qui=evenement.qui, quoi=evenement.quoi)
                for evenement in evenements_of(db, demande)
            ),
        )
        _write(partial / "demande.json", exported.model_dump_json(indent=2).encode())
        partial.replace(folder)
    except BaseException:
        shutil.rmtree(partial)
        raise
    return Exported(folder, exported)


def pieces_of(db: Session, demande: DemandeDeposee) -> Sequence[Piece]:
    """The documents of a demande, in the order they came."""
    its = select(Piece).where(Piece.demande_id == demande.id).order_by(col(Piece.rang), col(Piece.id))
    return db.exec(its).all()


def _write_pieces(
    db: Session, shelf: Shelf, ring: KeyRing, demande: DemandeDeposee, folder: Path
) -> Iterator[PieceExportee | PiecePerdue]:
    for rank, piece in enumerate(pieces_of(db, demande), 1):
        name = f"{rank:02d}-{piece.document}.{ENDINGS[piece.media]}"
        said = piece.model_dump(include=set(PieceExportee.model_fields)) | {"fichier": name, "nom": ""}
        try:
            said["nom"], key = open_filed(ring, piece)
            content = read_piece(shelf, piece, key)
        except (PieceLost, SealBroken) as lost:
            harm = lost.harm if isinstance(lost, PieceLost) else Harm.ALTERED
            yield PiecePerdue.model_validate({**said, "motif": harm})
        else:
            _write(folder / name, content)
            yield PieceExportee.model_validate(said)


def exported_echanges(
    db: Session, ring: KeyRing, demande: DemandeDeposee
) -> tuple[tuple[EchangeExporte, ...], tuple[EchangePerdu, ...]]:
    """The messages about a demande, opened, and those that do not open; the oldest first."""
    its = select(Echange).where(Echange.demande_id == demande.id).order_by(col(Echange.le), col(Echange.id))
    opened, closed = [], []
    for echange in db.exec(its):
        said = {name: getattr(echange, name) for name in EchangePerdu.model_fields}
        body = seals.unless_broken(read_body, ring, echange, BODIES[echange.genre])
        if body is None:
            closed.append(EchangePerdu.model_validate(said))
        else:
            opened.append(_ECHANGE.validate_python({**said, "genre": str(echange.genre), "contenu": body}))
    return tuple(opened), tuple(closed)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
