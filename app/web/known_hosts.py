"""The guard at the door: a request that asks for another host is refused."""

import re

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.errors import error_page

_UNDER_ANY_NAME = ("/sante", "/static/")
_HOST = re.compile(r"(?P<name>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d+)?")


class KnownHosts:
    """
    Answers only under the names of the service. No names: any is right.

    `/sante` is asked under any, and so is the style of the page that refuses.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and self.hosts and not scope["path"].startswith(_UNDER_ANY_NAME)
        if asked and _host(Headers(scope=scope).get("host", "")) not in self.hosts:
            await error_page(Request(scope), 400, detail="nom")(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _host(written: str) -> str:
    """The name in a `Host` header, without its port; empty if it is no name."""
    found = _HOST.fullmatch(written.lower())
    return found["name"].strip("[]").removesuffix(".") if found else ""
