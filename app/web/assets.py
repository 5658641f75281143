"""The few static files: named after their content, compressed once, kept for ever by the browser."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import brotli
import rcssmin
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.web.hypermedia import TOGETHER

STATIC = Path(__file__).resolve().parents[2] / "static"
PREFIX = "/static"
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
NOT_KEPT = {"Cache-Control": "no-store", "Vary": "Accept-Encoding"}
OF_ANY_VERSION = re.compile(r"(?P<stem>.+)\.[0-9a-f]{8}(?P<suffix>\.\w+)")
SERVED = (".css", ".js", ".svg")


class Assets:
    """Every static file, in memory, under an address that changes with its content."""

    def __init__(self, folder: Path = STATIC) -> None:
        self._bodies: dict[str, Mapping[str, bytes]] = {}
        self._names: dict[str, str] = {}
        together = {part for parts in TOGETHER.values() for part in parts}
        for path in sorted(folder.iterdir()):
            if path.suffix in SERVED and path.name not in together:
                self._add(path.name, _light(path))
        for name, parts in TOGETHER.items():
            self._add(name, b";\n".join((folder / part).read_bytes() for part in parts))

    def _add(self, name: str, body: bytes) -> None:
        stem, _, suffix = name.rpartition(".")
        served = f"{stem}.{hashlib.sha256(body).hexdigest()[:8]}.{suffix}"
        self._names[name] = served
        self._bodies[served] = _encoded(body)

    def url(self, name: str) -> str:
        """The address of a file of the static folder."""
        return f"{PREFIX}/{self._names[name]}"

    def names(self) -> Mapping[str, str]:
        """File name → name it is served under."""
        return self._names

    async def serve(self, request: Request) -> Response:
        """
        Send a file in the best encoding the browser reads.

        A page of another version of this service, which runs beside it during an update, gets the file of this one.
        """
        name = request.path_params["name"]
        bodies, kept = self._bodies.get(name), FOREVER
        if bodies is None:
            there = OF_ANY_VERSION.fullmatch(name)
            here = self._names.get(there["stem"] + there["suffix"], "") if there else ""
            bodies, kept = self._bodies.get(here), NOT_KEPT
        if bodies is None:
            raise HTTPException(404)
        accepted = {
            part.split(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")
        }
        encoding = next((known for known in ("br", "gzip") if known in accepted), "")
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = kept | ({"Content-Encoding": encoding} if encoding else {})
        return Response(bodies[encoding], media_type=media_type, headers=headers)


@cache
def _encoded(body: bytes) -> Mapping[str, bytes]:
    """A body in each encoding. One compression a process is enough, however many services it starts."""
    return {"br": brotli.compress(body), "gzip": gzip.compress(body, 9, mtime=0), "": body}


def _light(path: Path) -> bytes:
    """The content of a file; a style sheet goes without its comments and spaces."""
    body = path.read_bytes()
    return rcssmin.cssmin(body.decode()).encode() if path.suffix == ".css" else body
