"""What is sent after the deposit: a message and its files, filed together or not at all."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, func, select

from app.domain.accuse import FichierEnvoye, MessageEnvoye
from app.domain.pieces import Document
from app.files.inspection import Accepted
from app.files.sealing import KeyRing
from app.files.shelf import Shelf
from app.store.database import writing
from app.store.file_keys import FileKey, seal_file
from app.store.suivi import COMPLEMENT, seal_body
from app.store.tables import DemandeDeposee, Echange, Evenement, Piece


class DemandeClosed(Exception):
    """The caisse has answered: nothing can be added to this demande."""


Arrival = tuple[str, Accepted]  # a file that passed inspection, after the name it had on its owner's device


def count_files_sent(db: Session, demande: DemandeDeposee) -> int:
    """How many files were added to a demande since its deposit."""
    added = select(func.count()).select_from(Piece)
    return db.exec(added.where(Piece.demande_id == demande.id, Piece.document == Document.COMPLEMENT)).one()


def message_id(envoi: str, demande: DemandeDeposee, message: str, arrivals: Sequence[Arrival]) -> str:
    """
    The id of a message: the same form sent twice with the same content is the same message.

    The content counts too, so that a page brought back by « précédent » and filled anew is another message.
    """
    parts = [envoi, str(demande.id), message]
    parts += [f"{name} {_digest(file.content)}" for name, file in arrivals]
    return _digest("\0".join(parts).encode())[:32]


def add_envoi(
    db: Session,
    ring: KeyRing,
    shelf: Shelf,
    demande: DemandeDeposee,
    *,
    envoi: str,
    message: str,
    arrivals: Sequence[Arrival],
    now: datetime,
) -> None:
    """File a message and its files, once. Raises DemandeClosed, or OSError when the disk takes no more."""
    identity = message_id(envoi, demande, message, arrivals)
    if db.get(Echange, identity) is not None:
        return
    assert demande.id is not None
    pieces = [_piece(ring, demande.id, name, file) for name, file in arrivals]
    with shelf.putting({piece.id: sealed for piece, sealed in pieces}) as committed:
        with writing(db):
            current = db.get_one(DemandeDeposee, demande.id, populate_existing=True)
            is_new = db.get(Echange, identity) is None
            if is_new:
                _add(db, ring, current, identity, message, arrivals, now)
                _add_pieces(db, current, [piece for piece, _ in pieces])
        if is_new:
            committed.update(piece.id for piece, _ in pieces)


def _add(
    db: Session,
    ring: KeyRing,
    demande: DemandeDeposee,
    identity: str,
    message: str,
    arrivals: Sequence[Arrival],
    now: datetime,
) -> None:
    if not demande.ouverte:
        raise DemandeClosed
    assert demande.id is not None
    sent = tuple(
        FichierEnvoye(nom=name, taille=len(file.content), pages=file.pages) for name, file in arrivals
    )
    db.add(
        Echange(
            id=identity,
            compte_id=demande.compte_id,
            demande_id=demande.id,
            le=now,
            genre=COMPLEMENT,
            de_la_caisse=False,
            corps=seal_body(ring, identity, MessageEnvoye(message=message, fichiers=sent)),
        )
    )
    db.add(Evenement(demande_id=demande.id, le=now, qui="assuré", quoi=COMPLEMENT))


def _add_pieces(db: Session, demande: DemandeDeposee, pieces: Sequence[Piece]) -> None:
    """Add them after the last of their demande."""
    last = select(func.coalesce(func.max(Piece.rang), 0)).where(Piece.demande_id == demande.id)
    for rank, piece in enumerate(pieces, db.exec(last).one() + 1):
        piece.rang = rank
        db.add(piece)


def _piece(ring: KeyRing, demande_id: int, name: str, file: Accepted) -> tuple[Piece, bytes]:
    identity, key = secrets.token_hex(12), FileKey.draw(name, file)
    piece = Piece(
        id=identity,
        demande_id=demande_id,
        rang=0,  # given by the transaction
        document=Document.COMPLEMENT,
        personne="",
        taille=len(file.content),
        pages=file.pages,
        media=file.media_type,
        empreinte=key.empreinte,
        cle=key.wrap_filed(ring, identity),
    )
    return piece, seal_file(key.key, identity, file.content)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
