"""The PDF of a message of the caisse: made and kept when the message is written, else made when it is asked for."""

from dataclasses import dataclass
from functools import cache

import structlog
from jinja2 import Environment
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.files.sealing import KeyRing, SealBroken
from app.files.shelf import Shelf
from app.store.accuses import find_pdf, keep_pdf, read_pdf
from app.store.seals import unless_broken
from app.store.suivi import ACCUSE, find_echange
from app.store.tables import DemandeDeposee, Echange
from app.web.ask import Ask
from app.web.hypermedia import go_to
from app.web.letter import Letter, NotMade, typeset
from app.web.messages import message_context, open_message
from app.web.piece import HEADERS
from app.web.templates import make_environment

_log = structlog.get_logger("c2s.pdf")


@dataclass(frozen=True)
class Offered:
    """What the page of a message says of its PDF."""

    url: str
    size: int  # bytes


def accuse_pdf(db: Session, shelf: Shelf, ring: KeyRing, echange: Echange) -> bytes:
    """
    The PDF of a message: the one that is kept, else one made now, of the same words.

    A GET asks for it, and so keeps nothing. Raises NotMade, SealBroken.
    """
    return read_pdf(db, shelf, ring, echange.id) or _make(db, ring, echange)


def keep_accuse_pdf(db: Session, shelf: Shelf, ring: KeyRing, reference: str) -> None:
    """Keep the PDF of the accusé of a demande that has just been filed."""
    its = select(Echange.id).join(DemandeDeposee, col(DemandeDeposee.id) == Echange.demande_id)
    accuse = its.where(DemandeDeposee.reference == reference, Echange.genre == ACCUSE)
    keep_message_pdf(db, shelf, ring, db.exec(accuse).one())


def keep_message_pdf(db: Session, shelf: Shelf, ring: KeyRing, echange_id: str) -> None:
    """
    Make the PDF of a message that has just been written, and keep it; once made it stays.

    Never raises: the message is written, and a PDF that cannot be made now is made when it is asked for.
    """
    try:
        if find_pdf(db, echange_id) is None:
            keep_pdf(db, shelf, ring, echange_id, _make(db, ring, db.get_one(Echange, echange_id)))
    except (OSError, SQLAlchemyError, NotMade) as problem:
        _log.error("pdf_not_kept", genre=type(problem).__name__)


def offered(ask: Ask, echange: Echange, *, opens: bool = True) -> Offered | None:
    """
    The PDF of a message, if there is one: what the person writes has none.

    `opens`: the message does, and its PDF can be made again if it is lost; else what is kept is read first.
    """
    if not echange.de_la_caisse:
        return None
    kept = find_pdf(ask.db, echange.id) if opens else None
    try:
        size = kept.taille if kept else len(accuse_pdf(ask.db, ask.house.shelf, ask.house.ring, echange))
    except (NotMade, SealBroken) as problem:
        _log.error("pdf_not_made", genre=type(problem).__name__)
        return None
    return Offered(f"/echanges/{echange.id}/{_name(echange)}.pdf", size)


def message_pdf(ask: Ask) -> Response:
    """Download the PDF of the user's own message, under a file name without personal data."""
    found = find_echange(ask.db, ask.open_session.compte_id, ask.request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    echange, demande = found
    if not echange.de_la_caisse or ask.request.path_params["nom"] != _name(echange):
        raise HTTPException(404)
    pdf = unless_broken(accuse_pdf, ask.db, ask.house.shelf, ask.house.ring, echange)
    if pdf is None:
        return go_to(f"/echanges/{echange.id}")  # its page says so
    name = f"{_name(echange)}-{demande.reference}.pdf"
    headers = HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _name(echange: Echange) -> str:
    return echange.genre.replace("_", "-")


def _make(db: Session, ring: KeyRing, echange: Echange) -> bytes:
    """Set the message exactly as its page shows it."""
    message = open_message(ring, echange)
    demande = db.get_one(DemandeDeposee, echange.demande_id)
    html = _environment().get_template(message.template)
    context = message_context(message, demande) | {"titre": message.title, "papier": True}
    return typeset(Letter(message.title, echange.le, demande.reference, html.render(context)))


@cache
def _environment() -> Environment:
    """The templates, for a page without a browser: a command makes letters too."""
    return make_environment(DEMO=False, COMPTES_DEMO=(), asset=str)
