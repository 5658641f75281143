"""Reach étape 6 with everything answered before it, and send files there."""

from typing import Any

from sqlmodel import select
from starlette.applications import Starlette

from app.domain.demande import Complements, Pieces
from app.domain.dossier import Dossier
from app.domain.instantane import empreinte_des_reponses
from app.domain.pieces import Fichier
from app.files.shelf import Shelf
from app.steps.recapitulatif import MARK
from app.store.database import reading
from app.store.pieces import waiting_files
from app.store.sessions import hash_token
from app.store.tables import EchangePdf
from app.web.session import _SALT, COOKIE
from app.web.signer import signer
from tests.conftest import TODAY
from tests.support.browser import Browser, Page
from tests.support.drafts import current, seed
from tests.support.etape_5 import CONSENT, HOUSEHOLD
from tests.support.household import compte_de

PIECES = "/demande/pieces"
LINA = "m3xw"  # 16 years old, on Nadia's account
TOUT_NON = {"bien": "non", "etranger": "non"}

Sent = tuple[str, tuple[str, bytes, str]]


def ready(client: Browser, service: Starlette, compte: str = "nadia", **answers: Any) -> Page:
    """On étape 6, everything before it answered; `answers` are fields of `Demande`."""
    client.start(compte)
    demande = current(client, service).demande.model_copy(
        update={
            **HOUSEHOLD,
            **CONSENT,
            "autres_ressources": (),
            **answers,
        }
    )
    dossier = Dossier(demande, compte_de(service, compte), TODAY)
    said = {membre.cle: False for membre in dossier.membres_de_16_ans}
    complements = Complements(stage=said, logement=False, arret=said)
    dossier = dossier.avec(demande.model_copy(update={"complements": complements}))
    confirmed = empreinte_des_reponses(dossier)[:MARK]
    seed(client, service, **dict(dossier.demande.model_copy(update={"recapitulatif": confirmed})))
    return client.get(PIECES)


def sent(code: str, name: str, content: bytes) -> Sent:
    """A file chosen for a document."""
    return f"fichier_{code}", (name, content, "application/octet-stream")


def send(client: Browser, code: str, *files: tuple[str, bytes], **fields: Any) -> Page:
    """Choose these files for a document, then « Envoyer ce fichier »."""
    chosen = [sent(code, name, content) for name, content in files]
    return client.press("Envoyer ce fichier", fields, value=code, files=chosen)


def waiting(client: Browser, service: Starlette) -> list[Fichier]:
    """The files this browser's session has sent."""
    with reading(service.state.house.engine) as db:
        return waiting_files(db, session_id(client, service), current(client, service).file_key)


def session_id(client: Browser, service: Starlette) -> str:
    settings = service.state.house.settings
    return hash_token(signer(settings, _SALT).unsign(client.client.cookies[COOKIE]).decode())


def answers(client: Browser, service: Starlette) -> Pieces:
    """What the draft of this browser says of étape 6."""
    return current(client, service).demande.pieces


def shelf(service: Starlette) -> Shelf:
    found: Shelf = service.state.house.shelf
    return found


def sent_files(service: Starlette) -> set[str]:
    """The names on the shelf, the PDFs of messages apart."""
    with reading(service.state.house.engine) as db:
        return set(shelf(service).names()) - set(db.exec(select(EchangePdf.id)).all())
