"""Decide whether an upload is kept, and what of it.

The upload itself is opened in a process of its own (`nursery`, `child`) that has few rights and little
time: a file made to harm can only make that process fail.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, Literal

import structlog

from app.files import kinds, limits
from app.files.nursery import Kind, Nursery

_log = structlog.get_logger()

_ANNOUNCED = {
    ".pdf": "un PDF",
    ".jpg": "un JPEG",
    ".jpeg": "un JPEG",
    ".png": "un PNG",
}
_MEDIA_TYPES: dict[str | None, Literal["image/jpeg", "image/png"]] = {
    kinds.JPEG: "image/jpeg",
    kinds.PNG: "image/png",
}


class Reason(StrEnum):
    """Why a file is refused; the value ends the key of its sentence, `fichier.erreur.…`."""

    EMPTY = "vide"
    TOO_HEAVY = "trop_lourd"
    PDF_HEAVY = "pdf_lourd"
    TYPE = "type"
    TYPE_NAME = "type_nom"
    TYPE_UNKNOWN = "type_inconnu"
    HEIC = "heic"
    WORD = "word"
    PDF_UNREADABLE = "pdf_illisible"
    PDF_PROTECTED = "pdf_protege"
    PDF_ACTIVE = "pdf_actif"
    PDF_PAGES = "pdf_pages"
    IMAGE_UNREADABLE = "image_illisible"
    IMAGE_HUGE = "image_geante"
    REDUCTION = "reduction"
    DELAY = "delai"


@dataclass(frozen=True, kw_only=True)
class _Arrived:
    """A file that was sent. `name`: the one its owner gave it; `emplacement`: the document it is for."""

    name: str = ""
    emplacement: str = ""


@dataclass(frozen=True)
class Accepted(_Arrived):
    """A file to keep: the PDF as it came, or the image drawn anew."""

    content: bytes
    media_type: Literal["application/pdf", "image/jpeg", "image/png"]
    pages: int | None = None
    """Of a PDF."""
    reduced_from: int | None = None
    """Bytes before, when a photo over 2 Mo was made smaller."""


@dataclass(frozen=True)
class Refused(_Arrived):
    """A file that is not kept, with what its sentence says."""

    reason: Reason
    found: str = ""
    announced: str = ""
    pages: int = 0
    width: int = 0
    height: int = 0
    size: int = 0
    """Bytes, after reduction for `REDUCTION`."""


def inspect(name: str, content: bytes, nursery: Nursery) -> Accepted | Refused:
    """Say whether a file is kept; its content decides, its name only helps to explain. Blocks for up to 15 s."""
    size = len(content)
    if not content:
        return Refused(Reason.EMPTY)
    if size > limits.MAX_READ_BYTES:
        return Refused(Reason.TOO_HEAVY, size=size)
    kind = kinds.recognise(content)
    if kind in _MEDIA_TYPES:
        return _opened("image", content, nursery)
    if kind == kinds.HEIC:
        return _converted(content, nursery)
    if kind != kinds.PDF:
        return _of_another_kind(name, kind, size)
    if size > limits.MAX_KEPT_BYTES:
        return Refused(Reason.PDF_HEAVY, size=size)
    return _opened("pdf", content, nursery)


def _converted(content: bytes, nursery: Nursery) -> Accepted | Refused:
    """A HEIC becomes a JPEG; one that is not read has a remedy of its own."""
    verdict = _opened("image", content, nursery)
    if isinstance(verdict, Refused) and verdict.reason is Reason.IMAGE_UNREADABLE:
        return Refused(Reason.HEIC, found=kinds.HEIC, size=len(content))
    return verdict


def _of_another_kind(name: str, kind: str | None, size: int) -> Refused:
    announced = _ANNOUNCED.get(PurePosixPath(name).suffix.lower(), "")
    if kind is None:
        return Refused(Reason.TYPE_UNKNOWN, announced=announced, size=size)
    if announced:
        reason = Reason.TYPE_NAME
    elif kind in kinds.OFFICE:
        reason = Reason.WORD
    else:
        reason = Reason.TYPE
    return Refused(reason, found=kind, announced=announced, size=size)


def _opened(kind: Kind, content: bytes, nursery: Nursery) -> Accepted | Refused:
    """Have a child open the file. No answer, or one that makes no sense, is a delay of ours."""
    try:
        head, _, kept = nursery.answer(kind, content).partition(b"\n")
        return _verdict(kind, json.loads(head), content, kept)
    except Exception as problem:  # late, killed, or taken over by the file and answering anything
        _log.warning("file_not_opened", kind=kind, size=len(content), problem=type(problem).__name__)
        return Refused(Reason.DELAY, size=len(content))


def _verdict(kind: Kind, answer: dict[str, Any], content: bytes, kept: bytes) -> Accepted | Refused:
    size = len(content)
    if "reason" in answer:
        return Refused(
            Reason(answer["reason"]),
            pages=int(answer.get("pages", 0)),
            width=int(answer.get("width", 0)),
            height=int(answer.get("height", 0)),
            size=int(answer.get("size", size)),
        )
    if kind == "pdf":
        return Accepted(content, "application/pdf", pages=int(answer["pages"]))
    if len(kept) > limits.MAX_KEPT_BYTES:
        raise ValueError("the child answered with an image too heavy to keep")
    heavy = size > limits.MAX_KEPT_BYTES
    return Accepted(kept, _MEDIA_TYPES[kinds.recognise(kept)], reduced_from=size if heavy else None)
