"""The messages about a filed demande, opened: their titles, and what their templates need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby

from pydantic import BaseModel

from app.domain.accuse import Accuse
from app.domain.messages import PiecesDemandees
from app.domain.suivi import Etat
from app.files.sealing import KeyRing
from app.forms.typography import heure, jour
from app.settings import PARIS
from app.store.seals import unless_broken
from app.store.suivi import ACCUSE, BODIES, COMPLEMENT, read_body
from app.store.tables import DemandeDeposee, Echange
from app.web.milestones import local_day

UNREADABLE = "Un message ne se lit plus"

Title = Callable[[Echange, BaseModel], str]


def _accuse_title(_: Echange, body: BaseModel) -> str:
    if isinstance(body, Accuse) and body.manquants:
        return "Accusé de réception : votre demande est à compléter"
    return "Accusé de réception de votre demande de Complémentaire santé solidaire"


def _complement_title(echange: Echange, _: BaseModel) -> str:
    return f"Correction ou complément envoyé le {jour(local_day(echange.le))}"


def _pieces_title(_: Echange, body: BaseModel) -> str:
    several = isinstance(body, PiecesDemandees) and len(body.pieces) > 1
    return "Votre caisse a besoin de documents" if several else "Votre caisse a besoin d'un document"


# Echange.genre → its title
TITLES: Mapping[str, Title | str] = {
    ACCUSE: _accuse_title,
    COMPLEMENT: _complement_title,
    Etat.INSTRUCTION: "Votre caisse étudie votre demande",
    Etat.PIECE_DEMANDEE: _pieces_title,
    Etat.ACCORD_GRATUIT: "Votre C2S est accordée",
    Etat.ACCORD_PARTICIPATION: "Votre C2S est accordée, avec une participation",
    Etat.REFUS: "Votre demande n'est pas acceptée",
}


class Unreadable(BaseModel):
    """In place of what a message said, when it was altered since it was sealed."""


@dataclass(frozen=True)
class Message:
    """A message, opened."""

    echange: Echange
    body: BaseModel
    title: str

    @property
    def opens(self) -> bool:
        """What it said is there to be read."""
        return not isinstance(self.body, Unreadable)

    @property
    def template(self) -> str:
        return f"echanges/{self.echange.genre}.html" if self.opens else "echanges/illisible.html"

    @property
    def unread(self) -> bool:
        """The caisse sent it and the person has not said it is read."""
        return self.echange.de_la_caisse and self.echange.lu_le is None


def told_apart(message: Message, demande: DemandeDeposee) -> str:
    """What the title of its page adds, for tabs and history: the demande, the day unless it is said, the hour."""
    le = message.echange.le.astimezone(PARIS)
    day = jour(le.date())
    when = heure(le) if day in message.title else f"{day} à {heure(le)}"
    return f"{demande.reference}, {when}"


def open_message(ring: KeyRing, echange: Echange) -> Message:
    """Read a message. Raises SealBroken."""
    body = read_body(ring, echange, BODIES[echange.genre])
    title = TITLES[echange.genre]
    return Message(echange, body, title if isinstance(title, str) else title(echange, body))


def show_message(ring: KeyRing, echange: Echange) -> Message:
    """The same for a page: one that does not open is shown as such, beside the others."""
    return unless_broken(open_message, ring, echange) or Message(echange, Unreadable(), UNREADABLE)


def message_context(message: Message, demande: DemandeDeposee) -> dict[str, object]:
    """What the template of a message needs, on a page or on paper."""
    return {
        "message": message,
        "corps": message.body,
        "demande": demande,
        "par_document": _by_document(message.body),
        "papier": False,
        "lu": False,
    }


def _by_document(body: BaseModel) -> list[tuple[str, list[object]]]:
    """The files of an accusé, under the document they are of."""
    if not isinstance(body, Accuse):
        return []
    return [
        (document, list(files)) for document, files in groupby(body.pieces, key=lambda piece: piece.document)
    ]
