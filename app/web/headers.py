"""Headers of every answer, and the log line, which identifies no one."""

import time
from collections.abc import Mapping

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.assets import PREFIX
from app.web.hypermedia import POLICY

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    f"require-trusted-types-for 'script'; trusted-types {POLICY}"
)
FOR_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOR_PAGES = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
FOR_THE_REST = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
HSTS = "max-age=31536000; includeSubDomains"

_log = structlog.get_logger("c2s.requetes")


class SecurityHeaders:
    """Set what a response did not set itself."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.for_all = FOR_ALL | ({"Strict-Transport-Security": HSTS} if secure else {})
        self.for_pages = self.for_all | FOR_PAGES
        self.for_the_rest = self.for_all | FOR_THE_REST

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._expected(scope["path"], headers).items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        finally:
            route = scope.get("route")
            _log.info(
                "requete",
                methode=scope["method"],
                page=getattr(route, "path", "inconnue"),  # the pattern, never the address
                statut=status,
                ms=round((time.perf_counter() - start) * 1000),
            )

    def _expected(self, path: str, headers: MutableHeaders) -> Mapping[str, str]:
        if headers.get("content-type", "").startswith("text/html"):
            return self.for_pages
        return self.for_all if path.startswith(PREFIX) else self.for_the_rest  # our files, the same for all
