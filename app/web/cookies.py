"""
The cookies of the service, under names that a neighbouring domain cannot plant.

Outside the demonstration a name begins with `__Host-`, or with `__Secure-` where the path is not / (RFC 6265bis): a
browser takes them over TLS only, and the first from this exact host only.
"""

from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from app.settings import Settings


@dataclass(frozen=True)
class Cookie:
    """A cookie, which lasts until the browser closes if it has no `lifetime`."""

    name: str
    path: str
    lifetime: timedelta | None = None

    def named(self, settings: Settings) -> str:
        """Its whole name."""
        return self._prefix(settings) + self.name

    def is_prefixed(self, settings: Settings) -> bool:
        """Its name can only have been set over TLS."""
        return bool(self._prefix(settings))

    def read(self, request: Request, settings: Settings) -> str:
        """Its value; empty if there is none."""
        return request.cookies.get(self.named(settings), "")

    def read_bare(self, request: Request) -> str:
        """Its value under the name it had before the prefix."""
        return request.cookies.get(self.name, "")

    def set(self, response: Response, settings: Settings, value: str) -> None:
        """Hand it to the browser."""
        response.set_cookie(
            self.named(settings),
            value,
            max_age=int(self.lifetime.total_seconds()) if self.lifetime else None,
            path=self.path,
            httponly=True,
            samesite="lax",
            secure=settings.secure,
        )

    def drop(self, response: Response, settings: Settings) -> None:
        """Take it away from the browser, under either name."""
        for name in {self.named(settings), self.name}:
            response.delete_cookie(
                name, path=self.path, httponly=True, samesite="lax", secure=settings.secure
            )

    def _prefix(self, settings: Settings) -> str:
        if settings.demo or not settings.secure:
            return ""
        return "__Host-" if self.path == "/" else "__Secure-"
