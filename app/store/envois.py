"""What is sent after the deposit: a message and its files, filed together or not at all."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlmodel import Session, func, select

from app.domain.accuse import FichierEnvoye, MessageEnvoye
from app.domain.pieces import Document, Fichier, nom_distinct
from app.files.limits import FILES_PER_DEMANDE
from app.files.sealing import KeyMissing, KeyRing, SealBroken, new_key
from app.files.shelf import Shelf
from app.store.database import writing
from app.store.file_keys import open_filed, seal_file, wrap_filed
from app.store.sessions import hold_account
from app.store.suivi import ASSURE, COMPLEMENT, seal_body
from app.store.tables import Consultation, DemandeDeposee, Echange, Evenement, Piece


class DemandeClosed(Exception):
    """The caisse has answered: nothing can be added to this demande."""


class DemandeGone(Exception):
    """It has been erased since it was found."""


class TooManyFiles(Exception):
    """With these, more files than a demande may have would be added to it: nothing was."""


def message_id(envoi: str, demande: DemandeDeposee, message: str, arrivals: Sequence[Fichier]) -> str:
    """
    The id of a message: the same form sent twice with the same content is the same message.

    The content counts too, so that a page brought back by « précédent » and filled anew is another message.
    """
    parts = [envoi, str(demande.id), message]
    parts += [f"{file.nom} {file.empreinte}" for file in arrivals]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def add_envoi(
    db: Session,
    ring: KeyRing,
    shelf: Shelf,
    demande: DemandeDeposee,
    *,
    envoi: str,
    message: str,
    arrivals: Sequence[Fichier],
    now: datetime,
) -> None:
    """
    File a message and its files, once.

    Raises DemandeClosed, DemandeGone, TooManyFiles, or OSError when the disk takes no more.
    """
    identity = message_id(envoi, demande, message, arrivals)
    if db.get(Echange, identity) is not None:
        return
    if not demande.ouverte:  # known before any file is put
        raise DemandeClosed
    assert demande.id is not None
    reference = demande.reference
    arrivals = _named(arrivals, _filed_names(db, ring, demande))
    pieces = [_piece(ring, demande.id, file) for file in arrivals]
    with shelf.putting({piece.id: sealed for piece, sealed in pieces}) as committed:
        with writing(db):
            hold_account(db, demande.compte_id)
            current = db.get(DemandeDeposee, demande.id, populate_existing=True, with_for_update=True)
            if current is None or current.reference != reference:  # SQLite may give its number again
                raise DemandeGone
            is_new = db.get(Echange, identity) is None
            if is_new:
                _add(db, ring, current, identity, message, arrivals, now)
                _add_pieces(db, current, [piece for piece, _ in pieces])
        if is_new:
            committed.update(piece.id for piece, _ in pieces)


def _filed_names(db: Session, ring: KeyRing, demande: DemandeDeposee) -> Iterator[str]:
    """The names of the files of a demande; one that no longer opens has none (`c2s doctor` tells it)."""
    for piece in db.exec(select(Piece).where(Piece.demande_id == demande.id)):
        with suppress(KeyMissing, SealBroken):
            yield open_filed(ring, piece)[0]


def _named(arrivals: Sequence[Fichier], filed: Iterable[str]) -> list[Fichier]:
    """The same files, no two with the same name."""
    taken, named = list(filed), []
    for file in arrivals:
        named.append(file.model_copy(update={"nom": nom_distinct(file.nom, taken)}))
        taken.append(named[-1].nom)
    return named


def _add(
    db: Session,
    ring: KeyRing,
    demande: DemandeDeposee,
    identity: str,
    message: str,
    arrivals: Sequence[Fichier],
    now: datetime,
) -> None:
    if not demande.ouverte:
        raise DemandeClosed
    assert demande.id is not None
    sent = tuple(FichierEnvoye(nom=file.nom, taille=file.taille, pages=file.pages) for file in arrivals)
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
    db.add(Evenement(demande_id=demande.id, le=_after_reading(db, demande, now), qui=ASSURE, quoi=COMPLEMENT))


def _after_reading(db: Session, demande: DemandeDeposee, now: datetime) -> datetime:
    """Now; or just after the caisse last read the demande, if that was while this request was being answered."""
    read = db.exec(select(func.max(Consultation.le)).where(Consultation.demande_id == demande.id)).one()
    return max(now, read + timedelta(microseconds=1)) if read else now


def _add_pieces(db: Session, demande: DemandeDeposee, pieces: Sequence[Piece]) -> None:
    """Add them after the last of their demande, which the caller holds. Raises TooManyFiles."""
    added = select(func.count()).where(Piece.demande_id == demande.id, Piece.document == Document.COMPLEMENT)
    if pieces and db.exec(added).one() + len(pieces) > FILES_PER_DEMANDE:
        raise TooManyFiles
    last = select(func.coalesce(func.max(Piece.rang), 0)).where(Piece.demande_id == demande.id)
    for rank, piece in enumerate(pieces, db.exec(last).one() + 1):
        piece.rang = rank
        db.add(piece)


def _piece(ring: KeyRing, demande_id: int, fichier: Fichier) -> tuple[Piece, bytes]:
    key = new_key()
    piece = Piece(
        **fichier.model_dump(exclude={"nom", "avant"}),
        demande_id=demande_id,
        rang=0,  # given by the transaction
        cle=wrap_filed(ring, fichier, key),
    )
    return piece, seal_file(key, fichier.id, fichier.contenu)
