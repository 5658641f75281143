"""What a POST carries: its fields, and its files once they have been inspected, in memory only."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from app.files import limits
from app.files.inspection import Accepted, Refused, inspect
from app.forms.form import Sent
from app.web.house import House
from app.web.tokens import FIELD

LARGEST_FORM = 1_048_576  # bytes of a form without files
MULTIPART_MARGIN = 65_536  # bytes of headers and fields beside the files of one request
LARGEST_UPLOAD = limits.MAX_REQUEST_BYTES + MULTIPART_MARGIN
FILE_PREFIX = "fichier_"
MOST_FIELDS = 500
MOST_FILES = limits.FILES_PER_DEMANDE
LONGEST_UPLOAD = 300  # seconds: 2 Mo at 64 kbit/s, and the inspection; then the place goes to another
LAST_CONTROL = "\x9f"
TO_THE_LETTER = "motdepasse"  # a field that is compared, and never shown again

MultiPartParser.spool_max_size = LARGEST_UPLOAD  # never rolls over to the disk


async def read_submission(request: Request, house: House, *, files: bool) -> tuple[Sent, str]:
    """The fields and files sent, and the form token. Raises HTTPException 400 or 413."""
    if not files:
        return await _read(request, most_files=0)
    async with house.uploads:
        try:
            async with asyncio.timeout(LONGEST_UPLOAD):
                return await _read(request, most_files=MOST_FILES)
        except TimeoutError:
            raise HTTPException(503) from None


async def _read(request: Request, *, most_files: int) -> tuple[Sent, str]:
    fields: dict[str, list[str]] = {}
    arrived: list[Accepted | Refused] = []
    try:
        form = await _form(request, most_files)
    except (ClientDisconnect, MultiPartException, UnicodeError):  # the last: a charset that decodes nothing
        raise HTTPException(400) from None
    try:
        if sum(len(value) for _, value in form.multi_items() if isinstance(value, str)) > LARGEST_FORM:
            raise HTTPException(413, "texte")
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if name.startswith(FILE_PREFIX) and (value.filename or value.size):
                    arrived.append(await _inspected(name, value))
            else:
                text = value.encode(errors="ignore").decode() if name == TO_THE_LETTER else _clean(value)
                fields.setdefault(name, []).append(text)
    finally:
        await form.close()
    token = _first(fields.pop(FIELD, ()))
    return Sent(fields, arrived), token


class _Whole(MultiPartParser):
    """Tells when the last boundary has come: Starlette takes a form cut short for a whole one."""

    ended = False

    def on_end(self) -> None:
        self.ended = True


async def _form(request: Request, most_files: int) -> FormData:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return await request.form(max_fields=MOST_FIELDS)

    async def to_the_end() -> AsyncGenerator[bytes, None]:
        async for chunk in request.stream():
            yield chunk
        if not parser.ended:
            raise ClientDisconnect

    async with aclosing(to_the_end()) as stream:
        parser = _Whole(
            request.headers,
            stream,
            max_files=most_files,
            max_fields=MOST_FIELDS,
            max_part_size=LARGEST_FORM,
        )
        return await parser.parse()


async def _inspected(name: str, upload: UploadFile) -> Accepted | Refused:
    content = await upload.read()
    filename = _clean(upload.filename or "").replace("\\", "/").rsplit("/", 1)[-1].strip()[-100:]
    verdict = await run_in_threadpool(inspect, filename, content)
    named = filename or f"fichier-{secrets.token_hex(2)}"
    return replace(verdict, name=named, emplacement=name.removeprefix(FILE_PREFIX))


def _clean(text: str) -> str:
    """Without the characters that are not text: controls, and direction overrides that disguise a name."""
    return "".join(
        sign
        for sign in text
        if sign in "\r\n\t" or sign.isprintable() or (sign.isspace() and sign > LAST_CONTROL)
    )


def _first(values: Sequence[str]) -> str:
    return values[0] if values else ""
