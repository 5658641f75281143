"""
What the caisse decides of a demande: each change is one transaction, with its event and its message.

Each function returns the id of the message, and raises UnknownDemande or DemandeClosed.
"""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from sqlmodel import Session, select

from app.domain import droit
from app.domain._fige import Garde
from app.domain.accuse import ServiceDeLaCaisse
from app.domain.bareme import participation_mensuelle
from app.domain.demande import CAISSE, MOI
from app.domain.instantane import PersonneDeposee
from app.domain.messages import (
    AccordAvecParticipation,
    AccordGratuit,
    ChiffresDuRefus,
    DroitOuvert,
    EnInstruction,
    Gestionnaire,
    PersonneCouverte,
    PieceDemandee,
    PiecesDemandees,
    Refus,
)
from app.domain.periode import acceptation_implicite
from app.domain.suivi import COMPLETE, DECISIONS, Etat
from app.files.sealing import KeyRing
from app.store.database import writing
from app.store.demandes import read_instantane
from app.store.envois import DemandeClosed
from app.store.nouvelles import announce
from app.store.suivi import COMPLEMENT, evenements_of, seal_body
from app.store.tables import Caisse, DemandeDeposee, Echange, Evenement, OrganismeGestionnaire

QUI = "caisse"  # who acts, in the events
NOON = time(12)  # the hour of a document that came by post


class UnknownDemande(Exception):
    """No demande has this reference."""


class NothingToChange(Exception):
    """The demande is in this state already."""


def demande_named(db: Session, reference: str, *, to_write: bool = False) -> DemandeDeposee:
    """The demande of this reference, from any account. Raises UnknownDemande."""
    named = select(DemandeDeposee).where(DemandeDeposee.reference == reference)
    if to_write:
        named = named.with_for_update()
    demande = db.exec(named.execution_options(populate_existing=True)).first()
    if demande is None:
        raise UnknownDemande
    return demande


def start_instruction(
    db: Session, ring: KeyRing, reference: str, now: datetime, *, complete_le: date | None = None
) -> str:
    """
    The caisse studies the demande; `complete_le` is the day its last document came: the two months start there.

    Raises NothingToChange when neither is new.
    """
    with _open(db, reference) as demande:
        if demande.complete if complete_le else demande.etat == Etat.INSTRUCTION:
            raise NothingToChange
        if complete_le:
            db.add(_event(demande, COMPLETE, _arrival(db, demande, complete_le, now)))
            demande.complete, demande.date_limite = True, None
        body = EnInstruction(
            **_letter(db, ring, demande, now),
            complete_le=complete_le,
            acceptation=acceptation_implicite(complete_le) if complete_le else None,
            attendus_avant=demande.date_limite,
        )
        return _record(db, ring, demande, Etat.INSTRUCTION, body, now)


def ask_pieces(
    db: Session, ring: KeyRing, reference: str, now: datetime, pieces: Sequence[PieceDemandee], avant: date
) -> str:
    """Ask the person for documents: these are all that is awaited, and the two months stop (CRPA L114-5)."""
    with _open(db, reference) as demande:
        letter = _letter(db, ring, demande, now)
        body = PiecesDemandees(**letter, pieces=tuple(pieces), date_limite=avant)
        demande.complete, demande.date_limite = False, avant
        return _record(db, ring, demande, Etat.PIECE_DEMANDEE, body, now)


def grant_free(
    db: Session, ring: KeyRing, reference: str, now: datetime, *, debut: date | None = None
) -> str:
    """Grant the C2S with nothing to pay, from the month after the decision or from `debut`."""
    with _open(db, reference) as demande:
        body = AccordGratuit(
            **_decision(db, ring, demande, now),
            personnes=tuple(_covered(db, ring, demande)),
            droit=_right(debut or droit.debut_apres_decision(now.date())),
        )
        return _record(db, ring, demande, Etat.ACCORD_GRATUIT, body, now)


def grant_with_participation(
    db: Session, ring: KeyRing, reference: str, now: datetime, *, debut: date | None = None
) -> str:
    """Grant the C2S with a participation: the right starts once the payment is arranged, or on `debut`."""
    with _open(db, reference) as demande:
        body = AccordAvecParticipation(
            **_decision(db, ring, demande, now),
            personnes=tuple(_covered(db, ring, demande, paying_in=now.year)),
            payer_avant=droit.limite_de_paiement(now.date()),
            droit=_right(debut) if debut else None,
        )
        return _record(db, ring, demande, Etat.ACCORD_PARTICIPATION, body, now)


def refuse(
    db: Session,
    ring: KeyRing,
    reference: str,
    now: datetime,
    *,
    motif: str,
    chiffres: ChiffresDuRefus | None = None,
) -> str:
    """Refuse the C2S, with the reason (CRPA L211-2) and the way to contest (R142-1)."""
    with _open(db, reference) as demande:
        body = Refus(
            **_decision(db, ring, demande, now),
            motif=motif,
            chiffres=chiffres,
        )
        return _record(db, ring, demande, Etat.REFUS, body, now)


@contextmanager
def _open(db: Session, reference: str) -> Iterator[DemandeDeposee]:
    """The demande as it is within the transaction. Raises UnknownDemande or DemandeClosed."""
    with writing(db):
        demande = demande_named(db, reference, to_write=True)
        if not demande.ouverte:
            raise DemandeClosed
        yield demande


def _record(
    db: Session, ring: KeyRing, demande: DemandeDeposee, etat: Etat, body: Garde, now: datetime
) -> str:
    assert demande.id is not None
    demande.etat = etat
    if etat in DECISIONS:  # another demande can be filed from now on
        demande.ouverte, demande.date_limite = False, None
    db.add(demande)
    db.add(_event(demande, etat, now))
    identity = secrets.token_hex(12)
    message = Echange(
        id=identity,
        compte_id=demande.compte_id,
        demande_id=demande.id,
        le=now,
        genre=etat,
        corps=seal_body(ring, identity, body),
    )
    db.add(message)
    announce(db, message)
    return identity


def _event(demande: DemandeDeposee, quoi: str, le: datetime) -> Evenement:
    assert demande.id is not None
    return Evenement(demande_id=demande.id, le=le, qui=QUI, quoi=quoi)


def _arrival(db: Session, demande: DemandeDeposee, day: date, now: datetime) -> datetime:
    """When the last document came that day: with a message of the person, or by post."""
    sent = [e.le for e in evenements_of(db, demande) if e.quoi == COMPLEMENT]
    that_day = [le for le in sent if le.astimezone(now.tzinfo).date() == day]
    if that_day:
        return that_day[-1]
    return now if day == now.date() else datetime.combine(day, NOON, now.tzinfo)


def _letter(db: Session, ring: KeyRing, demande: DemandeDeposee, now: datetime) -> dict[str, Any]:
    """What every message carries: the day, whom it is for, who writes."""
    caisse = db.get_one(Caisse, demande.caisse)
    foyer = read_instantane(ring, demande).reponses.foyer
    person = next(personne for personne in foyer if personne.cle == MOI)
    return {
        "le": now.date(),
        "prenom": person.prenom,
        "nom": person.nom,
        "caisse": caisse.model_dump(include=set(ServiceDeLaCaisse.model_fields)),
    }


def _decision(db: Session, ring: KeyRing, demande: DemandeDeposee, now: datetime) -> dict[str, Any]:
    """What every decision carries besides: where to contest it."""
    recours = db.get_one(Caisse, demande.caisse).recours
    return {**_letter(db, ring, demande, now), "recours": recours}


def _right(debut: date) -> DroitOuvert:
    fin = droit.fin(debut)
    suite = droit.renouvellement(fin)
    return DroitOuvert(debut=debut, fin=fin, renouvellement=(suite.debut, suite.fin))


def _covered(
    db: Session, ring: KeyRing, demande: DemandeDeposee, *, paying_in: int = 0
) -> Iterator[PersonneCouverte]:
    caisse = db.get_one(Caisse, demande.caisse)
    for personne in read_instantane(ring, demande).reponses.foyer:
        yield PersonneCouverte(
            prenom=personne.prenom or personne.nom,
            naissance=personne.naissance,
            gestionnaire=_gestionnaire(db, caisse, personne),
            participation=(
                participation_mensuelle(personne.naissance, paying_in, regime_local=caisse.regime_local)
                if paying_in
                else None
            ),
        )


def _gestionnaire(db: Session, caisse: Caisse, personne: PersonneDeposee) -> Gestionnaire:
    if personne.gestionnaire == CAISSE:
        return Gestionnaire(nom=caisse.nom, adresse=caisse.adresse)
    # One that has left the list keeps its row.
    organisme = db.get_one(OrganismeGestionnaire, personne.gestionnaire)
    return Gestionnaire(nom=organisme.nom, adresse=organisme.adresse_complete)
