"""When something is wrong: a real page, with what is kept and what to do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.forms.typography import heure
from app.settings import Settings
from app.web.draft import DRAFT, draft_cookie
from app.web.error_words import ERROR_WORDS, HOME, RESUME, SIGN_IN, ErrorWords
from app.web.house import house_of
from app.web.hypermedia import PRIVATE
from app.web.session import Standing, read_ticket


async def http_error(request: Request, error: Exception) -> Response:
    """A refusal with a status of its own."""
    if not isinstance(error, HTTPException):
        return error_page(request, 500)
    if error.status_code == 404 and request.method in ("GET", "HEAD") and (url := _without_slash(request)):
        return RedirectResponse(url, 308, PRIVATE)
    status = error.status_code if (error.status_code, "") in ERROR_WORDS else 400
    return error_page(request, status, detail=error.detail, headers=error.headers)


def _without_slash(request: Request) -> str:
    """The address without the slash at its end, on this exact site; empty if it has none."""
    path, query = request.scope["path"], request.url.query
    if not path.endswith("/") or not path.strip("/"):
        return ""
    return quote("/" + path.strip("/")) + (f"?{query}" if query else "")


def error_page(
    request: Request,
    status: int,
    *,
    detail: str = "",
    incident: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The page of a status; it needs neither database nor session, so that it can always be drawn."""
    house = house_of(request)
    if (status, request.method) == (413, "POST") and not _sends_files(request):
        detail = "texte"
    words = ERROR_WORDS.get((status, detail), ERROR_WORDS[status, ""])
    wait = _wait(headers or {}, house.settings)
    words = replace(words, texte=words.texte.format(**wait), faire=words.faire.format(**wait))
    context = {
        "titre": words.titre,
        "page": _for(request, words),
        "statut": status,
        "incident": incident,
        "chemin": request.url.path,
        "etape": 0,
        "erreur": True,
        "connecte": False,
        "non_lus": 0,
    }
    body = house.env.get_template("erreur.html").render(context)
    return HTMLResponse(body, status, PRIVATE | dict(headers or {}))


def _for(request: Request, words: ErrorWords) -> ErrorWords:
    """
    The page without what this browser has not, as its cookies tell: a session, answers under way.

    The draft's cookie is only sent to the pages of the démarche: elsewhere, who is signed in may have one.
    """
    settings = house_of(request).settings
    signed_in = read_ticket(request, settings).standing is Standing.SIGNED_IN
    on_the_way = request.url.path.startswith(DRAFT.path)
    answers = signed_in and (not on_the_way or bool(draft_cookie(request, settings)))
    links = tuple(SIGN_IN if link == HOME and not signed_in else link for link in words.liens)
    if answers:
        return replace(words, liens=links)
    return replace(words, garde="", liens=tuple(link for link in links if link != RESUME))


def _sends_files(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/")


def _wait(headers: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """How long to wait, from `Retry-After` in seconds; rounded up, and vague if it is not given."""
    seconds = headers.get("Retry-After", "")
    if not seconds.isdecimal():
        return {"pause": "", "jusque": "quelques minutes", "duree": "quelques minutes"}
    minutes = max(1, -(-int(seconds) // 60))
    duree = "1 minute" if minutes == 1 else f"{minutes} minutes"
    end = settings.shown(settings.clock() + timedelta(seconds=int(seconds), minutes=1))
    return {"pause": f" de {duree}", "jusque": f"jusqu'à {heure(end)}", "duree": duree}
