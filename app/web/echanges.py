"""
« Mon espace d'échanges »: the messages about the demandes of this person.

A GET never writes, and a browser may fetch a page nobody reads: opening a message does not mark it as read.
Its page carries a button « Marquer comme lu » (POST to the same address), which counts it out of the menu.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.domain.accuse import Accuse, MessageEnvoye
from app.files.sealing import KeyRing
from app.steps.typography import jour
from app.store.suivi import ACCUSE, COMPLEMENT, echanges_of, find_echange, mark_read, read_body
from app.store.tables import Echange
from app.web.ask import Ask
from app.web.hypermedia import go_to
from app.web.milestones import local_day


@dataclass(frozen=True)
class Kind:
    """A kind of message: what its body is, and the words of its title."""

    body: type[BaseModel]
    title: Callable[[Echange, BaseModel], str]


def _accuse_title(_: Echange, body: BaseModel) -> str:
    if isinstance(body, Accuse) and body.manquants:
        return "Accusé de réception : des documents manquent à votre demande"
    return "Accusé de réception de votre demande de Complémentaire santé solidaire"


def _complement_title(echange: Echange, _: BaseModel) -> str:
    return f"Correction ou complément envoyé le {jour(local_day(echange.le))}"


# Echange.genre → its kind; the template is `templates/echanges/{genre}.html`
KINDS = {ACCUSE: Kind(Accuse, _accuse_title), COMPLEMENT: Kind(MessageEnvoye, _complement_title)}


@dataclass(frozen=True)
class Message:
    """A message, opened."""

    echange: Echange
    body: BaseModel
    title: str

    @property
    def unread(self) -> bool:
        """The caisse sent it and the person has not said it is read."""
        return self.echange.de_la_caisse and self.echange.lu_le is None


def open_message(ring: KeyRing, echange: Echange) -> Message:
    """Read a message."""
    kind = KINDS[echange.genre]
    body = read_body(ring, echange, kind.body)
    return Message(echange, body, kind.title(echange, body))


def echanges(ask: Ask) -> Response:
    """Every message, the newest first."""
    messages = [
        open_message(ask.house.ring, echange) for echange in echanges_of(ask.db, ask.open_session.compte_id)
    ]
    return ask.page("echanges.html", "Mon espace d'échanges", messages=messages)


def echange(ask: Ask) -> Response:
    """One message (GET); note that it is read (POST)."""
    found = find_echange(ask.db, ask.open_session.compte_id, ask.request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    row, demande = found
    if ask.request.method == "POST":
        if row.de_la_caisse:
            mark_read(ask.db, row.id, ask.now)
        return go_to(f"/echanges/{row.id}?fait=lu")
    message = open_message(ask.house.ring, row)
    return ask.page(
        f"echanges/{row.genre}.html",
        message.title,
        message=message,
        corps=message.body,
        demande=demande,
        lu=ask.query.get("fait") == "lu" and not message.unread,
        par_document=_by_document(message.body),
    )


def _by_document(body: BaseModel) -> list[tuple[str, list[object]]]:
    """The files of an accusé, under the document they are of."""
    if not isinstance(body, Accuse):
        return []
    return [
        (document, list(files)) for document, files in groupby(body.pieces, key=lambda piece: piece.document)
    ]
