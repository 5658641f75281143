"""What no handler has foreseen still becomes a page: a fault of ours, headers or a body that are too large."""

import secrets
import traceback
from pathlib import Path

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.files.sealing import KeyMissing, SealBroken
from app.store.faults import Fault, fault_of
from app.web.errors import error_page
from app.web.house import house_of
from app.web.session import drop_session

LARGEST_HEADERS = 16_384  # bytes: two cookies of ours, and what a browser says of itself
OF_FAULT = {  # what goes wrong with the disk or the database → which page of 503
    Fault.LOCKED: "occupe",
    Fault.FULL: "panne",
    Fault.READ_ONLY: "panne",
    Fault.DAMAGED: "partie",
    Fault.GONE: "partie",
}
_RETRY = {"Retry-After": "60"}  # seconds
_log = structlog.get_logger("c2s.erreurs")


class FaultPage:
    """
    A fault of ours becomes a page with a number to find it by in the logs; nothing typed is in them.

    The body limit of Starlette answers with two English words, even in the place of a page: it becomes ours.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if sum(len(name) + len(value) for name, value in scope.get("headers", ())) > LARGEST_HEADERS:
            await error_page(Request(scope), 431)(scope, receive, send)
            return
        started = too_large = False

        async def watching(message: Message) -> None:
            nonlocal started, too_large
            if message["type"] == "http.response.start" and not started:
                too_large = message["status"] == 413 and not _is_html(message)
                started = not too_large
            if not too_large:
                await send(message)

        try:
            await self.app(scope, receive, watching)
            if too_large:
                await error_page(Request(scope), 413)(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http":
                raise
            response = _fault_page(Request(scope), error)
            if not started:
                await response(scope, receive, send)


def _fault_page(request: Request, error: Exception) -> Response:
    """A fault that has a name is said by it; of any other, the log keeps where it happened."""
    fault, incident = fault_of(error), ""
    if fault:
        _log.error("panne", base=str(fault))
    else:
        incident = secrets.token_hex(4)
        _log.error("incident", incident=incident, genre=type(error).__name__, lieu=_places(error))
    if request.method == "POST" and request.url.path == "/deconnexion":
        response = error_page(request, 503, detail="deconnexion", incident=incident, headers=_RETRY)
        drop_session(response, house_of(request).settings)
        return response
    if fault:
        return error_page(request, 503, detail=OF_FAULT[fault], headers=_RETRY)
    damaged = isinstance(error, KeyMissing | SealBroken)
    return error_page(request, 500, detail="abime" if damaged else "", incident=incident)


def _is_html(start: Message) -> bool:
    return Headers(raw=list(start.get("headers", []))).get("content-type", "").startswith("text/html")


def _places(error: BaseException) -> list[str]:
    """Where it happened, innermost last: file and line only, since a message may quote what was typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-6:]]
