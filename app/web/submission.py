"""What a POST carries: its fields, and its files once they have been inspected, in memory only."""

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import Protocol
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from app.domain.pieces import Document, Emplacement, Fichier
from app.files import limits
from app.files.inspection import RefusedFile, inspect
from app.forms.form import Sent
from app.web.house import House
from app.web.tokens import FIELD

LARGEST_FORM = 262_144  # bytes of a form without files: the amounts of 20 people are 7 kB
MULTIPART_MARGIN = 65_536  # bytes of headers and fields beside the files of one request
LARGEST_UPLOAD = limits.MAX_REQUEST_BYTES + MULTIPART_MARGIN
FILE_PREFIX = "fichier_"
FILE_FIELD = re.compile(rf"{FILE_PREFIX}(?:{'|'.join(Document)})(?:_|$)")  # one for a document
MOST_FIELDS = 500
MOST_FILES = limits.FILES_PER_DEMANDE
# Seconds: the wait for a place, 2 MB at 64 kbit/s, the inspection; then another has the place.
LONGEST_UPLOAD = 300
# What browsers write forms in. Others take the time they like to read: 40 s for 250 kB of punycode.
CHARSETS = (b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252")
# Of a part: its name, that of its file. Each takes 8 µs to read, and 500 parts may hold 4 000 each.
MOST_PARAMETERS = 50
LAST_CONTROL = "\x9f"
TO_THE_LETTER = "motdepasse"  # a field that is compared, and never shown again


class Guard(Protocol):
    """Lets a request go on, or raises an HTTPException."""

    account: int  # that sends; 0 where nobody is signed in, and then no file is read

    async def form(self, token: str) -> None:
        """The form is one of ours."""

    async def files(self, count: int) -> None:
        """These files may be opened, and are counted. 0: a file is about to be read."""


async def read_submission(request: Request, house: House, guard: Guard, *, files: bool) -> Sent:
    """The fields and files sent. Raises HTTPException 400, 413, 503 when it takes too long, and what `guard` raises."""
    if not files:
        return await _read(request, house, guard, None)
    try:
        async with asyncio.timeout(LONGEST_UPLOAD), AsyncExitStack() as held:
            return await _read(request, house, guard, _Place(house, guard, held))
    except TimeoutError:
        raise HTTPException(503) from None


class _Place:
    """
    One of the few where files are read and opened: taken at the first file of a request, for all its files.

    An account has one at most, so that its own files wait for each other and not those of everybody else.
    """

    def __init__(self, house: House, guard: Guard, held: AsyncExitStack) -> None:
        self._house, self._held = house, held
        self.guard = guard
        self.taken = False

    async def take(self) -> None:
        if not self.taken:
            turn = self._house.turns.setdefault(self.guard.account, asyncio.Lock())
            await self._held.enter_async_context(turn)
            await self._held.enter_async_context(self._house.uploads)
            self.taken = True


async def _read(request: Request, house: House, guard: Guard, place: _Place | None) -> Sent:
    fields: dict[str, list[str]] = {}
    arrived: list[Fichier | RefusedFile] = []
    try:
        form = await _form(request, place)
    except (ClientDisconnect, MultiPartException):
        raise HTTPException(400) from None
    try:
        if sum(len(value) for _, value in form.multi_items() if isinstance(value, str)) > LARGEST_FORM:
            raise HTTPException(413, "texte")
        await guard.form(_token(form))
        if place and (count := sum(_is_to_open(name, value) for name, value in form.multi_items())):
            await guard.files(count)  # before they are opened: what is then cut short has cost as much
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                text = value.encode(errors="ignore").decode() if name == TO_THE_LETTER else _clean(value)
                fields.setdefault(name, []).append(text)
            elif place and _is_to_open(name, value):
                await place.take()  # unless it came while the file was read
                arrived.append(await _inspected(name, value, house))
    finally:
        await form.close()
    fields.pop(FIELD, None)
    return Sent(fields, arrived)


def _is_to_open(name: str, value: str | UploadFile) -> bool:
    return isinstance(value, UploadFile) and _is_chosen(value) and bool(FILE_FIELD.match(name))


def _token(form: FormData) -> str:
    sent = (value for name, value in form.multi_items() if name == FIELD and isinstance(value, str))
    return _clean(next(sent, ""))


def _is_chosen(file: UploadFile | None) -> bool:
    """A browser sends a part for each file field, even when no file was chosen."""
    return file is not None and bool(file.filename or file.size)


class _Parser(MultiPartParser):
    """Tells when the first file comes, and the last boundary: Starlette takes a form cut short for a whole one."""

    spool_max_size = LARGEST_UPLOAD  # a file never rolls over to the disk
    ended = False

    def on_end(self) -> None:
        self.ended = True

    def on_headers_finished(self) -> None:
        if (self._current_part.content_disposition or b"").count(b";") > MOST_PARAMETERS:
            raise MultiPartException("a part with more to say of itself than any browser")
        super().on_headers_finished()

    def has_met_a_file(self) -> bool:
        """Of what has been read so far, something is a file."""
        before = (value for _, value in self.items if isinstance(value, UploadFile))
        return _is_chosen(self._current_part.file) or any(_is_chosen(file) for file in before)


async def _form(request: Request, place: _Place | None) -> FormData:
    kind, said = parse_options_header(request.headers.get("content-type", ""))
    if kind == b"application/x-www-form-urlencoded":
        return await _form_in_a_line(request)
    if kind != b"multipart/form-data":
        return FormData()
    if said.get(b"charset", CHARSETS[0]).lower() not in CHARSETS:
        raise MultiPartException("a charset that no form is written in")

    async def to_the_end() -> AsyncGenerator[bytes, None]:
        async for chunk in request.stream():
            if place and not place.taken and parser.has_met_a_file():
                await place.guard.files(0)
                await place.take()
            yield chunk
        if not parser.ended:
            raise ClientDisconnect

    async with aclosing(to_the_end()) as stream:
        parser = _Parser(
            request.headers,
            stream,
            max_files=MOST_FILES if place else 0,
            max_fields=MOST_FIELDS,
            max_part_size=LARGEST_FORM,
        )
        return await parser.parse()


async def _form_in_a_line(request: Request) -> FormData:
    """What a form without files sends: a line, read whole, which costs a fifth of reading it as it comes."""
    line = bytearray()
    async with aclosing(request.stream()) as stream:
        async for chunk in stream:
            line += chunk
            if len(line) > LARGEST_FORM:  # where files may be sent, the request itself may be longer
                raise HTTPException(413, "texte")
    try:
        fields = parse_qsl(line.decode("latin-1"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise HTTPException(400) from None
    return FormData([*fields])


async def _inspected(name: str, upload: UploadFile, house: House) -> Fichier | RefusedFile:
    filename = _clean(upload.filename or "").replace("\\", "/").rsplit("/", 1)[-1].strip()[-100:]
    nom, place = filename or f"fichier-{secrets.token_hex(2)}", Emplacement.de(name.removeprefix(FILE_PREFIX))
    return await run_in_threadpool(inspect, nom, place, await upload.read(), house.nursery)


def _clean(text: str) -> str:
    """Without the characters that are not text: controls, and direction overrides that disguise a name."""
    if text.isprintable():  # most are, and need not be read sign by sign
        return text
    return "".join(
        sign
        for sign in text
        if sign in "\r\n\t" or sign.isprintable() or (sign.isspace() and sign > LAST_CONTROL)
    )
