"""
One demande, named on the command line: found, or the command stops there; and told in words.

In a terminal, the operator sees only the last two characters of a number.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Annotated

import typer
from sqlmodel import Session

from app.commands._console import opened, stop
from app.domain.accuse import MessageEnvoye
from app.domain.format import FormatInconnu
from app.domain.instantane import Instantane, PersonneDeposee
from app.domain.pieces import Document
from app.domain.suivi import Etat
from app.files.sealing import KeyRing, SealBroken
from app.forms.typography import heure, jour, poids
from app.forms.words import DOCUMENTS, LIENS
from app.settings import PARIS, Settings
from app.store.decisions import UnknownDemande, demande_named
from app.store.demandes import read_instantane
from app.store.envois import DemandeClosed
from app.store.export import pieces_of
from app.store.file_keys import open_filed
from app.store.suivi import awaited_documents, decision_of, echanges_of, evenements_of
from app.store.tables import Caisse, DemandeDeposee, Echange
from app.web.messages import open_message
from app.web.milestones import TITLES, accepted_on, history, local_day

Reference = Annotated[
    str, typer.Argument(metavar="RÉFÉRENCE", help="La référence de la demande, par exemple C2S-2026-000421.")
]
_LAST = 2  # characters of a number that are shown: enough to tell two people apart


@contextmanager
def named(reference: str) -> Iterator[tuple[Settings, Session, DemandeDeposee]]:
    """The demande of this reference; what cannot be done with it ends the command with a sentence."""
    with opened() as (settings, db):
        try:
            demande = demande_named(db, reference.strip().upper())
            yield settings, db, demande
        except UnknownDemande:
            stop(
                f"Aucune demande n'a la référence « {reference} ». "
                "Vérifiez-la, par exemple avec : c2s demandes list"
            )
        except DemandeClosed:
            decided = None
            with suppress(SealBroken):
                decided = decision_of(db, settings.data_ring, demande)
            on = f" du {jour(decided.le)}" if decided else ""
            stop(
                f"La demande {demande.reference} a déjà sa décision{on}. Rien n'est changé. "
                f"Pour la relire : c2s demandes show {demande.reference}"
            )
        except FormatInconnu:
            stop(
                f"La demande {demande.reference} est d'un format plus récent que ce service. Rien n'est changé. "
                "Mettez ce service à jour, puis recommencez."
            )
        except SealBroken:
            stop(
                f"Le contenu de la demande {demande.reference} ne se lit plus. "
                "Restaurez la base depuis une sauvegarde, puis recommencez."
            )


def describe(db: Session, ring: KeyRing, demande: DemandeDeposee, damaged: list[str]) -> Iterator[str]:
    """The lines of `c2s demandes show`; what does not open is named there, and put in `damaged`."""
    content = read_instantane(ring, demande)
    caisse = db.get_one(Caisse, demande.caisse)
    yield f"Demande {demande.reference}"
    yield f"Caisse : {caisse.nom} ({caisse.code})"
    yield f"Déposée le {moment(demande.deposee_le)}"
    yield f"État : {state(demande)}"
    if not demande.complete and demande.ouverte:
        yield from _told(
            damaged, "Documents attendus", lambda: ", ".join(awaited_documents(db, ring, demande))
        )
    if acceptation := accepted_on(demande, evenements_of(db, demande)):
        yield f"Sans réponse, acceptée le {jour(acceptation)}"
    yield from _part("Personnes", (_person(personne) for personne in content.reponses.foyer))
    yield from _part("Documents reçus", _documents(db, ring, demande, content, damaged))
    yield from _part("Échanges", _echanges(db, ring, demande, damaged))
    yield from _part("Ce qui s'est passé", history(evenements_of(db, demande)))
    yield ""
    yield f"Toutes les réponses et les fichiers : c2s demandes export {demande.reference} DOSSIER"


def state(demande: DemandeDeposee) -> str:
    """Where a demande is, in a few words."""
    words = TITLES[Etat(demande.etat)]
    if demande.ouverte and not demande.complete:
        words += ", incomplète"
        if demande.date_limite:
            words += f", documents attendus au plus tard le {jour(demande.date_limite)}"
    return words


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield title
    written = [f"- {line}" for line in lines]
    yield from written or ["- Rien"]


def _person(personne: PersonneDeposee) -> str:
    link = f", {LIENS[personne.lien]}" if personne.lien else ""
    number = (
        f"numéro de sécurité sociale finissant par {personne.nir[-_LAST:]}"
        if personne.nir
        else "sans numéro de sécurité sociale"
    )
    return f"{personne.prenom} {personne.nom}".strip() + f"{link}, {jour(personne.naissance)}, {number}"


def _told(damaged: list[str], title: str, read: Callable[[], str]) -> Iterator[str]:
    """A line of what is sealed, or that it does not open."""
    try:
        yield f"{title} : {read()}"
    except SealBroken:
        damaged.append(title)
        yield f"{title} : contenu abîmé"


def _documents(
    db: Session, ring: KeyRing, demande: DemandeDeposee, content: Instantane, damaged: list[str]
) -> Iterator[str]:
    whose = {personne.cle: f" : {personne.prenom or personne.nom}" for personne in content.reponses.foyer}
    for piece in pieces_of(db, demande):
        pages = f", {piece.pages} page{'s' if piece.pages > 1 else ''}" if piece.pages else ", photo"
        owner = whose.get(piece.personne, "")
        title = f"{DOCUMENTS[Document(piece.document)]}{owner}"
        try:
            nom = open_filed(ring, piece)[0]
        except SealBroken:
            damaged.append(title)
            nom = "dont le nom est abîmé"
        yield f"{title}, {nom}, {poids(piece.taille)}{pages}"


def _echanges(db: Session, ring: KeyRing, demande: DemandeDeposee, damaged: list[str]) -> Iterator[str]:
    for echange in echanges_of(db, demande.compte_id):
        if echange.demande_id == demande.id:
            read = "lu" if echange.lu_le else "non lu"
            sender = f"de la caisse ({read})" if echange.de_la_caisse else "de la personne"
            yield from _told(damaged, f"{moment(echange.le)}, {sender}", partial(_said, ring, echange))


def _said(ring: KeyRing, echange: Echange) -> str:
    message = open_message(ring, echange)
    if not isinstance(message.body, MessageEnvoye):
        return message.title
    files = ", ".join(file.nom for file in message.body.fichiers)
    return " ".join(filter(None, (message.body.message, files and f"[{files}]")))


def moment(le: datetime) -> str:
    """« 15 mai 2025 à 14 h 05 », in Paris."""
    return f"{jour(local_day(le))} à {heure(le.astimezone(PARIS))}"
