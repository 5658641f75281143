"""When something is wrong: a real page, with what is kept and what to do."""

import secrets
import traceback
from pathlib import Path

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.house import house_of
from app.web.hypermedia import PRIVATE

TITLES = {
    400: "Ce service n'a pas compris l'envoi",
    403: "Cette page ne s'ouvre pas avec ce compte",
    404: "Cette page n'existe pas",
    405: "Cette action n'est pas possible ici",
    409: "Vos réponses ont changé entre-temps",
    413: "L'envoi est trop lourd",
    429: "Trop d'actions en peu de temps",
    431: "Votre navigateur envoie trop d'informations",
    500: "Ce service a un problème",
    503: "Ce service est en pause",
}
_log = structlog.get_logger("c2s.erreurs")


async def http_error(request: Request, error: Exception) -> Response:
    """A refusal with a status of its own."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else ""
    headers = error.headers if isinstance(error, HTTPException) else None
    return error_page(request, status if status in TITLES else 400, detail=detail, headers=headers)


class FaultPage:
    """A fault of ours becomes a page with a number to find it by in the logs; nothing typed is in them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watching(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watching)
        except Exception as error:
            if scope["type"] != "http":
                raise
            incident = secrets.token_hex(4)
            _log.error("incident", incident=incident, genre=type(error).__name__, lieu=_places(error))
            if not started:
                response = error_page(Request(scope), 500, incident=incident)
                await response(scope, receive, send)


def _places(error: BaseException) -> list[str]:
    """Where it happened, innermost last: file and line only, since a message may quote what was typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-6:]]


def error_page(
    request: Request, status: int, *, detail: str = "", incident: str = "", headers: object = None
) -> Response:
    """The page of a status; it needs neither database nor session, so that it can always be drawn."""
    house = house_of(request)
    context = {
        "titre": TITLES[status],
        "statut": status,
        "detail": detail,
        "incident": incident,
        "chemin": request.url.path,
        "etape": 0,
        "erreur": True,
        "connecte": False,
        "non_lus": 0,
    }
    body = house.env.get_template("erreur.html").render(context)
    kept = dict(headers) if isinstance(headers, dict) else {}
    return HTMLResponse(body, status, PRIVATE | kept)
