"""Decide whether an upload is kept, and what of it.

The upload itself is opened in a process of its own (`nursery`, `child`) that has few rights and little
time: a file made to harm can only make that process fail.
"""

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

import structlog

from app.domain.pieces import Emplacement, Fichier
from app.files import kinds, limits
from app.files.nursery import Kind, Nursery

_log = structlog.get_logger()

_ANNOUNCED = {
    ".pdf": "un PDF",
    ".jpg": "un JPEG",
    ".jpeg": "un JPEG",
    ".png": "un PNG",
}
_MEDIA_TYPES: dict[str | None, str] = {
    kinds.PDF: "application/pdf",
    kinds.JPEG: "image/jpeg",
    kinds.PNG: "image/png",
}
_IMAGES = (kinds.JPEG, kinds.PNG)


class RefusalReason(StrEnum):
    """Why a file is refused; some are answered by the child, in these words."""

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


@dataclass(frozen=True)
class RefusedFile:
    """A file that is not kept, with what its sentence says. `nom`, `emplacement`: as those of a `Fichier`."""

    reason: RefusalReason
    found: str = ""
    announced: str = ""
    pages: int = 0
    width: int = 0
    height: int = 0
    size: int = 0
    """Bytes, after reduction for `REDUCTION`."""
    nom: str = ""
    emplacement: str = ""


_Kept = tuple[bytes, int | None]  # the PDF as it came with its pages, or the image drawn anew


def inspect(nom: str, place: Emplacement, content: bytes, nursery: Nursery) -> Fichier | RefusedFile:
    """Say whether a file is kept; its content decides, its name only helps to explain. Blocks for up to 15 s."""
    verdict = _judged(nom, content, nursery)
    if isinstance(verdict, RefusedFile):
        return replace(verdict, nom=nom, emplacement=place.code)
    kept, pages = verdict
    media = _MEDIA_TYPES[kinds.PDF if pages is not None else kinds.recognise(kept)]
    before = len(content) if len(content) > limits.MAX_KEPT_BYTES else None
    return Fichier.recu(place, kept, nom=nom, media=media, pages=pages, avant=before)


def _judged(name: str, content: bytes, nursery: Nursery) -> _Kept | RefusedFile:
    size = len(content)
    if not content:
        return RefusedFile(RefusalReason.EMPTY)
    if size > limits.MAX_READ_BYTES:
        return RefusedFile(RefusalReason.TOO_HEAVY, size=size)
    kind = kinds.recognise(content)
    if kind in _IMAGES:
        return _opened("image", content, nursery)
    if kind == kinds.HEIC:
        return _converted(content, nursery)
    if kind != kinds.PDF:
        return _of_another_kind(name, kind, size)
    if size > limits.MAX_KEPT_BYTES:
        return RefusedFile(RefusalReason.PDF_HEAVY, size=size)
    return _opened("pdf", content, nursery)


def _converted(content: bytes, nursery: Nursery) -> _Kept | RefusedFile:
    """A HEIC becomes a JPEG; one that is not read has a remedy of its own."""
    verdict = _opened("image", content, nursery)
    if isinstance(verdict, RefusedFile) and verdict.reason is RefusalReason.IMAGE_UNREADABLE:
        return RefusedFile(RefusalReason.HEIC, found=kinds.HEIC, size=len(content))
    return verdict


def _of_another_kind(name: str, kind: str | None, size: int) -> RefusedFile:
    announced = _ANNOUNCED.get(PurePosixPath(name).suffix.lower(), "")
    if kind is None:
        return RefusedFile(RefusalReason.TYPE_UNKNOWN, announced=announced, size=size)
    if announced:
        reason = RefusalReason.TYPE_NAME
    elif kind in kinds.OFFICE:
        reason = RefusalReason.WORD
    else:
        reason = RefusalReason.TYPE
    return RefusedFile(reason, found=kind, announced=announced, size=size)


def _opened(kind: Kind, content: bytes, nursery: Nursery) -> _Kept | RefusedFile:
    """Have a child open the file. No answer, or one that makes no sense, is a delay of ours."""
    try:
        head, _, kept = nursery.answer(kind, content).partition(b"\n")
        return _verdict(kind, json.loads(head), content, kept)
    except Exception as problem:  # late, killed, or taken over by the file and answering anything
        _log.warning("file_not_opened", kind=kind, size=len(content), problem=type(problem).__name__)
        return RefusedFile(RefusalReason.DELAY, size=len(content))


def _verdict(kind: Kind, answer: dict[str, Any], content: bytes, kept: bytes) -> _Kept | RefusedFile:
    size = len(content)
    if "reason" in answer:
        return RefusedFile(
            RefusalReason(answer["reason"]),
            pages=int(answer.get("pages", 0)),
            width=int(answer.get("width", 0)),
            height=int(answer.get("height", 0)),
            size=int(answer.get("size", size)),
        )
    if kind == "pdf":
        return content, int(answer["pages"])
    if len(kept) > limits.MAX_KEPT_BYTES or kinds.recognise(kept) not in _IMAGES:
        raise ValueError("the child answered with no image, or with one too heavy to keep")
    return kept, None
