"""The deposit: one transaction, one demande, whatever is pressed and however often."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.domain.dossier import Dossier
from app.domain.format import FORMAT, mets_a_niveau
from app.domain.instantane import Instantane
from app.domain.pieces import DescriptionDeFichier, Fichier
from app.domain.suivi import Etat
from app.files.sealing import SEAL_BYTES, KeyRing
from app.files.shelf import Shelf
from app.store import seals
from app.store.database import forget_deleted_of, next_number, writing
from app.store.file_keys import open_waiting, wrap_filed
from app.store.nouvelles import announce
from app.store.pieces import waiting_files
from app.store.sessions import hold_account, still_open
from app.store.suivi import ASSURE
from app.store.tables import DemandeDeposee, Echange, Evenement, Piece, PieceEnAttente


class AlreadyOpen(Exception):
    """This person has another demande in progress: nothing was filed."""


class Changed(Exception):
    """A file came or went, or the draft was thrown away, since the page was checked: nothing was filed."""


class FileLost(Exception):
    """The bytes of a waiting file are gone, or not all there: nothing was filed."""

    def __init__(self, fichier: Fichier) -> None:
        super().__init__(fichier.id)
        self.fichier = fichier


@dataclass(frozen=True)
class Deposit:
    """What is about to be filed. `body` makes the accusé of a reference; `file_key` opens the waiting files."""

    dossier: Dossier
    instantane: Instantane
    empreinte: str  # SHA-256 of the récapitulatif
    date_limite: date | None
    file_key: bytes
    body: Callable[[str], Mapping[str, Any]]


def open_demande(db: Session, compte_id: int) -> DemandeDeposee | None:
    """The demande this account has in progress."""
    mine = select(DemandeDeposee).where(DemandeDeposee.compte_id == compte_id, DemandeDeposee.ouverte)
    return db.exec(mine).first()


def is_filed(db: Session, draft_id: str) -> bool:
    """This draft has become a demande."""
    return db.exec(select(DemandeDeposee.id).where(DemandeDeposee.brouillon == draft_id)).first() is not None


def deposit(
    db: Session,
    shelf: Shelf,
    ring: KeyRing,
    compte_id: int,
    session_id: str | None,
    filed: Deposit,
    now: datetime,
) -> str:
    """
    File a demande and return its reference; a draft filed twice keeps its first reference.

    `session_id`: the session it comes from, if any. The bytes of its files are there already, which is checked before
    anything is locked, since a store may be slow: only their keys change hands. Raises AlreadyOpen, Changed, FileLost.
    """
    asked = (
        () if session_id is None or is_filed(db, filed.dossier.demande.id) else filed.dossier.fichiers_utiles
    )
    lost = [fichier for fichier in asked if shelf.size(fichier.id) != fichier.taille + SEAL_BYTES]
    with writing(db):
        hold_account(db, compte_id)  # pressed twice, it is filed once
        before = db.exec(
            select(DemandeDeposee).where(DemandeDeposee.brouillon == filed.dossier.demande.id)
        ).first()
        if before is not None:
            return before.reference
        if open_demande(db, compte_id) is not None:
            raise AlreadyOpen
        if session_id is not None and not _is_as_seen(db, filed, session_id):
            raise Changed
        if lost:
            raise FileLost(lost[0])
        number = next_number(db, col(DemandeDeposee.id))
        reference = f"C2S-{now.year}-{number:06d}"
        db.add(_demande(ring, filed, compte_id, number, reference, now))
        db.flush()
        strays = _take_files(db, ring, filed, number, session_id)
        message = _accuse(ring, filed, compte_id, number, reference, now)
        db.add(message)
        announce(db, message)
        db.add(Evenement(demande_id=number, le=now, qui=ASSURE, quoi=Etat.DEPOSEE))
        if session_id is not None:
            row = still_open(db, session_id)
            row.brouillon, row.derniere_reference = None, reference
            db.add(row)
    shelf.discard(strays)  # the demande is filed, whatever the shelf answers
    forget_deleted_of(db)
    return reference


def _demande(
    ring: KeyRing, filed: Deposit, compte_id: int, number: int, reference: str, now: datetime
) -> DemandeDeposee:
    return DemandeDeposee(
        id=number,
        reference=reference,
        compte_id=compte_id,
        caisse=filed.dossier.assure.caisse,
        brouillon=filed.dossier.demande.id,
        deposee_le=now,
        format=FORMAT,
        complete=not filed.instantane.manquants,
        date_limite=filed.date_limite,
        empreinte=filed.empreinte,
        instantane=seals.DEMANDE.close(ring, reference, filed.instantane.model_dump_json().encode()),
    )


def _accuse(
    ring: KeyRing, filed: Deposit, compte_id: int, number: int, reference: str, now: datetime
) -> Echange:
    identity = f"a{number:06d}"
    body = json.dumps(filed.body(reference), ensure_ascii=False).encode()
    return Echange(
        id=identity,
        compte_id=compte_id,
        demande_id=number,
        le=now,
        genre="accuse",
        corps=seals.ECHANGE.close(ring, identity, body),
    )


def _is_as_seen(db: Session, filed: Deposit, session_id: str) -> bool:
    """The session still holds this draft, and just the files that the digest was made of."""
    draft_id = still_open(db, session_id).brouillon  # first: no file comes or goes from here on
    waiting = {fichier.id for fichier in waiting_files(db, session_id, filed.file_key)}
    return draft_id == filed.dossier.demande.id and waiting == {f.id for f in filed.dossier.fichiers}


def _take_files(db: Session, ring: KeyRing, filed: Deposit, number: int, session_id: str | None) -> list[str]:
    """Turn the waiting files that count into pieces; returns those that do not, to be forgotten."""
    if session_id is None:
        return []
    useful = {fichier.id: fichier for fichier in filed.dossier.fichiers_utiles}
    waiting = db.exec(
        select(PieceEnAttente)
        .where(PieceEnAttente.session_id == session_id)
        .order_by(col(PieceEnAttente.rang))
    ).all()
    strays = []
    for row in waiting:
        fichier = useful.get(row.id)
        if fichier is None:
            strays.append(row.id)
        else:
            db.add(
                Piece(
                    id=row.id,
                    demande_id=number,
                    rang=row.rang,
                    **fichier.model_dump(include=set(DescriptionDeFichier.model_fields) - {"nom"}),
                    cle=wrap_filed(ring, *open_waiting(filed.file_key, row)),
                )
            )
        db.delete(row)
    return strays


def read_instantane(ring: KeyRing, demande: DemandeDeposee) -> Instantane:
    """Everything that was filed, in the format of today. Raises FormatInconnu, ValidationError."""
    filed = json.loads(seals.DEMANDE.open(ring, demande.reference, demande.instantane))
    return Instantane.model_validate(mets_a_niveau(filed, demande.format))
