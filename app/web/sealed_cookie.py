"""What a browser carries for a few minutes without being able to read it: nothing is on the disk, any machine reads it."""

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from app.files.sealing import KeyMissing, SealBroken
from app.settings import Settings
from app.web.cookies import Cookie

LARGEST = 3_900  # bytes of a value: browsers keep 4 096, name and attributes included


@dataclass(frozen=True)
class SealedCookie:
    """A cookie sealed and dated under the signing keys, which is worth nothing after its `lifetime`."""

    cookie: Cookie
    lifetime: timedelta

    def set(self, response: Response, settings: Settings, content: dict[str, Any], holder: str = "") -> None:
        """Hand it to the browser; `holder` is what must come with it. What is too large for a browser is not sent."""
        clear = json.dumps([settings.clock().timestamp(), content]).encode()
        sealed = settings.cookie_ring.seal(clear, self._context(holder))
        value = base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
        if len(value) <= LARGEST:
            self.cookie.set(response, settings, value)

    def read(self, request: Request, settings: Settings, holder: str = "") -> dict[str, Any] | None:
        """What it says; none if it is altered, of another holder, or too old."""
        value = self.cookie.read(request, settings)
        try:
            sealed = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
            made, content = json.loads(settings.cookie_ring.unseal(sealed, self._context(holder)))
        except (ValueError, KeyMissing, SealBroken):
            return None
        fresh = settings.clock().timestamp() - made <= self.lifetime.total_seconds()
        return content if fresh else None

    def drop(self, response: Response, settings: Settings) -> None:
        """Take it away from the browser."""
        self.cookie.drop(response, settings)

    def _context(self, holder: str) -> bytes:
        return f"{self.cookie.name} {holder}".encode()
