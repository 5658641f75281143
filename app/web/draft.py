"""The draft: one cookie, signed, dated, compressed and encrypted, that dies with its session."""

import base64
import secrets
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

import brotli
from itsdangerous import BadSignature
from pydantic import ValidationError
from starlette.requests import Request

from app.domain.demande import Demande
from app.files.sealing import KEY_BYTES, SealBroken, derive, new_key, seal, unseal
from app.settings import SESSION_LIFETIME, Settings
from app.web.cookies import Cookie
from app.web.signer import signer

COOKIE = "c2s_brouillon"
PATH = "/demande"
DRAFT = Cookie(COOKIE, PATH)
SHAPE = "c2s brouillon v1"
"""
The shape of `Demande` in the cookie, which says when a draft under way can still be read.

A field added with a default keeps it: the draft comes back, and the page asks what it lacks; so does a draft with a
field that this version does not know, written by the next one while both run (an update). Any other change
(a field renamed, gone, required, or whose values mean something else) is another shape: give it its number, and
drafts of the one before are not read.
"""
# Levels of brotli: the first costs 0.05 ms; the second 2 ms, and 20 people fit where zlib's best does not.
FAST, BEST = 5, 10
WINDOW = 16  # 64 KiB, as a power of two: no draft is longer, and a larger one takes memory from the system each time
SHORT = 2_000  # bytes of answers: they fit, however they are compressed
LARGEST = 4_096  # bytes, name included: what every browser keeps


class DraftTooLarge(Exception):
    """The answers do not fit in a cookie: the previous draft stays."""


@dataclass(frozen=True)
class Draft:
    """The answers of a demande not yet filed, and the key of its files."""

    demande: Demande
    file_key: bytes

    @classmethod
    def start(cls, le: date) -> Self:
        """A new draft, begun on this day."""
        return cls(Demande(id=secrets.token_urlsafe(9), ouverte_le=le), new_key())

    def answered(self, demande: Demande) -> Self:
        """The same draft with other answers."""
        return replace(self, demande=demande)


def seal_draft(settings: Settings, draft: Draft, token: str, secret: bytes) -> str:
    """
    The value of the cookie, readable only with this session's row and token.

    Raises DraftTooLarge.
    """
    answers = draft.demande.model_dump_json(exclude_defaults=True).encode()
    clear = draft.file_key + brotli.compress(
        answers, quality=FAST if len(answers) < SHORT else BEST, lgwin=WINDOW
    )
    sealed = seal(_key(token, secret), clear, SHAPE.encode())
    value = signer(settings, SHAPE).sign(base64.urlsafe_b64encode(sealed).rstrip(b"=")).decode()
    if len(DRAFT.named(settings)) + 1 + len(value) > LARGEST:
        raise DraftTooLarge
    return value


def draft_cookie(request: Request, settings: Settings) -> str:
    """The draft cookie of this browser: under its present name, else under the old name without the prefix."""
    return DRAFT.read(request, settings) or DRAFT.read_bare(request)


def open_draft(settings: Settings, value: str, token: str, secret: bytes) -> Draft | None:
    """The draft in this cookie; none if it is another session's, altered, or of another version."""
    try:
        encoded = signer(settings, SHAPE).unsign(value, max_age=int(SESSION_LIFETIME.total_seconds()))
        sealed = base64.urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4))
        clear = unseal(_key(token, secret), sealed, SHAPE.encode())
        answers = brotli.decompress(clear[KEY_BYTES:])
        return Draft(Demande.model_validate_json(answers, extra="ignore"), clear[:KEY_BYTES])
    except (BadSignature, SealBroken, ValueError, brotli.error, ValidationError):
        return None


def _key(token: str, secret: bytes) -> bytes:
    return derive(secret, token.encode(), SHAPE.encode())
