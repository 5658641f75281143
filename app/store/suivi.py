"""The demandes that a person has filed, as they read them: never those of another person."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from pydantic import BaseModel
from sqlmodel import Session, col, select

from app.domain.accuse import Accuse, MessageEnvoye
from app.domain.messages import (
    AccordAvecParticipation,
    AccordGratuit,
    EnInstruction,
    PiecesDemandees,
    Refus,
)
from app.domain.suivi import DECISIONS, Etat
from app.files.sealing import KeyRing
from app.store import seals
from app.store.database import writing
from app.store.sessions import hold_account
from app.store.tables import Consultation, DemandeDeposee, Echange, Evenement

ACCUSE = "accuse"  # the kinds of message (`Echange.genre`)
COMPLEMENT = "complement"
ASSURE = "assuré"  # who acts: the person (`Evenement.qui`)
OUVERTE, EXPORTEE = "ouverte", "exportee"  # what the caisse does with a demande (`Consultation.quoi`)
BODIES: Mapping[str, type[BaseModel]] = {  # what each says; a change of state has the name of that state
    ACCUSE: Accuse,
    COMPLEMENT: MessageEnvoye,
    Etat.INSTRUCTION: EnInstruction,
    Etat.PIECE_DEMANDEE: PiecesDemandees,
    Etat.ACCORD_GRATUIT: AccordGratuit,
    Etat.ACCORD_PARTICIPATION: AccordAvecParticipation,
    Etat.REFUS: Refus,
}

Body = TypeVar("Body", bound=BaseModel)


def demandes_of(db: Session, compte_id: int) -> Sequence[DemandeDeposee]:
    """Everything this account has filed, the newest first."""
    mine = select(DemandeDeposee).where(DemandeDeposee.compte_id == compte_id)
    return db.exec(mine.order_by(col(DemandeDeposee.deposee_le).desc())).all()


def find_demande(db: Session, compte_id: int, reference: str) -> DemandeDeposee | None:
    """The demande of this reference, if this account filed it."""
    mine = select(DemandeDeposee).where(DemandeDeposee.compte_id == compte_id)
    return db.exec(mine.where(DemandeDeposee.reference == reference)).first()


def evenements_of(db: Session, demande: DemandeDeposee) -> Sequence[Evenement]:
    """What happened to a demande, the oldest first."""
    its = select(Evenement).where(Evenement.demande_id == demande.id)
    return db.exec(its.order_by(col(Evenement.le), col(Evenement.id))).all()


def consultations_of(db: Session, demande: DemandeDeposee) -> Sequence[Consultation]:
    """When the caisse read a demande or took a copy of it, the oldest first."""
    its = select(Consultation).where(Consultation.demande_id == demande.id)
    return db.exec(its.order_by(col(Consultation.le), col(Consultation.id))).all()


@contextmanager
def consulting(db: Session, demande: DemandeDeposee, quoi: str, now: datetime) -> Iterator[None]:
    """
    Note that the caisse reads a demande, or takes a copy of it; the note of what fails is taken back.

    It is noted first: what the person is sending meanwhile comes after, and is still to be read (`add_envoi` locks the
    same row).
    """
    assert demande.id is not None
    consultation = Consultation(demande_id=demande.id, le=now, quoi=quoi)
    with writing(db):
        db.get(DemandeDeposee, demande.id, with_for_update=True)
        db.add(consultation)
    try:
        yield
    except BaseException:
        with suppress(sa.exc.DBAPIError), writing(db):  # the first fault is the one to tell
            db.delete(consultation)
        raise


def echanges_of(db: Session, compte_id: int) -> Sequence[Echange]:
    """The messages of this account, the newest first."""
    mine = select(Echange).where(Echange.compte_id == compte_id)
    return db.exec(mine.order_by(col(Echange.le).desc(), col(Echange.id))).all()


def find_echange(db: Session, compte_id: int, echange_id: str) -> tuple[Echange, DemandeDeposee] | None:
    """A message of this account, with the demande it is about."""
    row = db.exec(
        select(Echange, DemandeDeposee)
        .join(DemandeDeposee, col(DemandeDeposee.id) == Echange.demande_id)
        .where(Echange.id == echange_id, Echange.compte_id == compte_id)
    ).first()
    return (row[0], row[1]) if row else None


def mark_read(db: Session, compte_id: int, echange_id: str, now: datetime) -> bool:
    """
    Note that a message of this account has been read; the first time is the one kept.

    False if it has gone with its demande since it was found. Raises SessionOver.
    """
    with writing(db):
        hold_account(db, compte_id)
        echange = db.get(Echange, echange_id, populate_existing=True, with_for_update=True)
        if echange is None or echange.compte_id != compte_id:
            return False
        echange.lu_le = echange.lu_le or now
        db.add(echange)
        return True


def seal_body(ring: KeyRing, echange_id: str, body: BaseModel) -> bytes:
    """What the database keeps of a message."""
    return seals.ECHANGE.close(ring, echange_id, body.model_dump_json().encode())


def read_body(ring: KeyRing, echange: Echange, kind: type[Body]) -> Body:
    """What a message says."""
    return kind.model_validate_json(seals.ECHANGE.open(ring, echange.id, echange.corps))


def find_accuse(db: Session, demande: DemandeDeposee) -> Echange | None:
    """The accusé de réception of a demande, sealed: written by the deposit, gone with the demande."""
    its = select(Echange).where(Echange.demande_id == demande.id, Echange.genre == ACCUSE)
    return db.exec(its.order_by(col(Echange.le))).first()


def accuse_of(db: Session, ring: KeyRing, demande: DemandeDeposee) -> tuple[Echange, Accuse] | None:
    """The same, opened."""
    echange = find_accuse(db, demande)
    return (echange, read_body(ring, echange, Accuse)) if echange else None


def decision_of(
    db: Session, ring: KeyRing, demande: DemandeDeposee
) -> AccordGratuit | AccordAvecParticipation | Refus | None:
    """What the caisse decided, as it wrote it."""
    its = select(Echange).where(Echange.demande_id == demande.id, col(Echange.genre).in_(DECISIONS))
    echange = db.exec(its).first()
    if echange is None:
        return None
    body = read_body(ring, echange, BODIES[echange.genre])
    assert isinstance(body, AccordGratuit | AccordAvecParticipation | Refus)
    return body


def awaited_documents(db: Session, ring: KeyRing, demande: DemandeDeposee) -> Sequence[str]:
    """The documents the caisse waits for: those it last asked for, else those that the deposit lacked."""
    if demande.complete:
        return ()
    asked = select(Echange).where(Echange.demande_id == demande.id, Echange.genre == Etat.PIECE_DEMANDEE)
    last = db.exec(asked.order_by(col(Echange.le).desc())).first()
    if last is not None:
        return [piece.document for piece in read_body(ring, last, PiecesDemandees).pieces]
    accuse = accuse_of(db, ring, demande)
    return accuse[1].manquants if accuse else ()
