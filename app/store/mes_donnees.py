"""All that the service knows of one person, for that person: GDPR articles 15 (access) and 20 (portability)."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime

from pydantic import BaseModel
from sqlmodel import Session, col, select

from app.domain.assure import Assure
from app.domain.export import EchangeExporte, EchangePerdu, EvenementExporte
from app.domain.format import FormatInconnu
from app.domain.instantane import Instantane
from app.domain.pieces import DescriptionDeFichier
from app.domain.suivi import Etat
from app.files.sealing import KeyRing, SealBroken
from app.store.abonnements import abonnement_of, read_abonne
from app.store.conservation import kept_until
from app.store.decisions import QUI
from app.store.demandes import read_instantane
from app.store.export import exported_echanges, pieces_of
from app.store.file_keys import open_filed
from app.store.liens import read_sub
from app.store.seals import unless_broken
from app.store.sessions import open_sessions
from app.store.suivi import consultations_of, demandes_of, evenements_of
from app.store.tables import Consultation, DemandeDeposee, Evenement, LienFournisseur, Nouvelle

FORMAT = 2  # of the JSON file


class MaDemande(BaseModel):
    """A demande, with all that came of it; the documents are described, and their bytes are the caisse's to give."""

    reference: str
    caisse: str
    deposee_le: datetime
    etat: Etat
    complete: bool
    date_limite: date | None
    gardee_jusqu_au: date | None
    demande: Instantane | None
    pieces: tuple[DescriptionDeFichier, ...]
    echanges: tuple[EchangeExporte, ...]
    echanges_perdus: tuple[EchangePerdu, ...]
    evenements: tuple[EvenementExporte, ...]


class MaSession(BaseModel):
    """A device where the account is open."""

    ouverte_le: datetime
    expire_le: datetime


class MonFournisseur(BaseModel):
    """The identity provider that opens the account too: what it calls the person, and since when."""

    identifiant: str
    lie_le: datetime


class MesNouvelles(BaseModel):
    """Where the person chose to be written to, and the e-mails written since."""

    courriel: str
    choisi_le: datetime
    e_mails: tuple[datetime, ...]


class MesDonnees(BaseModel):
    """
    What is kept of a person. A draft is not: it is in the browser alone. Nor is a note, which is tied to nobody.

    What does not open any more is none, or an empty text; so are answers that a newer version of this service wrote.
    """

    format: int = FORMAT
    le: datetime
    compte: Assure
    fournisseur: MonFournisseur | None
    nouvelles: MesNouvelles | None
    sessions: tuple[MaSession, ...]
    demandes: tuple[MaDemande, ...]


def gather(
    db: Session, ring: KeyRing, compte_id: int, assure: Assure, now: datetime, clock: datetime
) -> MesDonnees:
    """Everything about this account, and no other."""
    return MesDonnees(
        le=now,
        compte=assure,
        fournisseur=_fournisseur(db, ring, compte_id),
        nouvelles=_nouvelles(db, ring, compte_id),
        sessions=tuple(
            MaSession(ouverte_le=row.ouverte_le, expire_le=row.expire_le)
            for row in open_sessions(db, compte_id, clock)
        ),
        demandes=tuple(_demande(db, ring, demande) for demande in demandes_of(db, compte_id)),
    )


def journal_of(db: Session, demande: DemandeDeposee) -> list[Evenement | Consultation]:
    """All that was done with a demande, and when: by its person, and by the caisse; the oldest first."""
    done: list[Evenement | Consultation] = [*evenements_of(db, demande), *consultations_of(db, demande)]
    return sorted(done, key=lambda line: line.le)


def _fournisseur(db: Session, ring: KeyRing, compte_id: int) -> MonFournisseur | None:
    lien = db.get(LienFournisseur, compte_id, populate_existing=True)
    if lien is None:
        return None
    return MonFournisseur(identifiant=unless_broken(read_sub, ring, lien) or "", lie_le=lien.lie_le)


def _nouvelles(db: Session, ring: KeyRing, compte_id: int) -> MesNouvelles | None:
    abonnement = abonnement_of(db, compte_id)
    if abonnement is None:
        return None
    abonne = unless_broken(read_abonne, ring, abonnement)
    mine = select(Nouvelle.le).where(Nouvelle.compte_id == compte_id).order_by(col(Nouvelle.le))
    return MesNouvelles(
        courriel=abonne.courriel if abonne else "",
        choisi_le=abonnement.choisi_le,
        e_mails=tuple(db.exec(mine)),
    )


def _demande(db: Session, ring: KeyRing, demande: DemandeDeposee) -> MaDemande:
    echanges, closed = exported_echanges(db, ring, demande)
    return MaDemande(
        reference=demande.reference,
        caisse=demande.caisse,
        deposee_le=demande.deposee_le,
        etat=Etat(demande.etat),
        complete=demande.complete,
        date_limite=demande.date_limite,
        gardee_jusqu_au=unless_broken(kept_until, db, ring, demande),
        demande=_filed(ring, demande),
        pieces=tuple(_pieces(db, ring, demande)),
        echanges=echanges,
        echanges_perdus=closed,
        evenements=tuple(
            EvenementExporte(le=line.le, qui=getattr(line, "qui", QUI), quoi=line.quoi)
            for line in journal_of(db, demande)
        ),
    )


def _filed(ring: KeyRing, demande: DemandeDeposee) -> Instantane | None:
    with suppress(SealBroken, FormatInconnu):
        return read_instantane(ring, demande)
    return None


def _pieces(db: Session, ring: KeyRing, demande: DemandeDeposee) -> Iterator[DescriptionDeFichier]:
    for piece in pieces_of(db, demande):
        said = piece.model_dump(include=set(DescriptionDeFichier.model_fields))
        nom, _ = unless_broken(open_filed, ring, piece) or ("", b"")
        yield DescriptionDeFichier.model_validate({**said, "nom": nom})
