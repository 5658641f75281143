"""Who is asking: the session cookie, and what it says even when its row is gone."""

import secrets
from dataclasses import dataclass, replace
from enum import StrEnum

from itsdangerous import BadSignature, SignatureExpired
from starlette.requests import Request
from starlette.responses import Response

from app.settings import SESSION_LIFETIME, Settings
from app.web.cookies import Cookie
from app.web.draft import DRAFT
from app.web.signer import signer

COOKIE = "c2s_session"
SESSION = Cookie(COOKIE, "/")
_SALT = "c2s session v1"
_PREFIXED_SALT = "c2s session v2"  # under a prefixed name: worth nothing under its former name
_VISITOR = "v."  # before sign-in: ties the form token to this browser


class Standing(StrEnum):
    """What the cookie alone tells."""

    NONE = "none"  # no cookie, or not one of ours
    VISITOR = "visitor"
    SIGNED_IN = "signed_in"  # dated within its lifetime: the row decides
    EXPIRED = "expired"


@dataclass(frozen=True)
class Ticket:
    """
    The cookie of this browser. `token` is empty without a valid cookie.

    `carried`: the browser sent it under its old name, without the prefix; the answer sets it again under the new name.
    """

    standing: Standing
    token: str
    carried: bool = False


def read_ticket(request: Request, settings: Settings) -> Ticket:
    """Read the session cookie; its date tells expiry without the database."""
    if value := SESSION.read(request, settings):
        return _ticket(value, settings, _salt(settings))
    if SESSION.is_prefixed(settings) and (value := SESSION.read_bare(request)):
        # Nothing is signed with the old salt any more: twenty hours after the first start, this opens nothing.
        return replace(_ticket(value, settings, _SALT), carried=True)
    return Ticket(Standing.NONE, "")


def _ticket(value: str, settings: Settings, salt: str) -> Ticket:
    try:
        token = signer(settings, salt).unsign(value, max_age=int(SESSION_LIFETIME.total_seconds())).decode()
    except SignatureExpired as expired:
        token = (expired.payload or b"").decode()
        return Ticket(Standing.NONE if token.startswith(_VISITOR) else Standing.EXPIRED, "")
    except (BadSignature, UnicodeDecodeError):
        return Ticket(Standing.NONE, "")
    return Ticket(Standing.VISITOR if token.startswith(_VISITOR) else Standing.SIGNED_IN, token)


def _salt(settings: Settings) -> str:
    return _PREFIXED_SALT if SESSION.is_prefixed(settings) else _SALT


def visitor_token() -> str:
    """A token for a browser that has not signed in."""
    return _VISITOR + secrets.token_urlsafe(16)


def set_session(response: Response, settings: Settings, token: str) -> None:
    """Hand the token to the browser, until it closes."""
    SESSION.set(response, settings, signer(settings, _salt(settings)).sign(token).decode())


def carry_session(ticket: Ticket, response: Response, settings: Settings) -> None:
    """Set a token that came under its old name again under the new name, unless the answer sets or drops it."""
    if not ticket.carried:
        return
    new = f"{SESSION.named(settings)}=".encode()
    handed = any(name == b"set-cookie" and value.startswith(new) for name, value in response.raw_headers)
    if ticket.token and not handed:
        SESSION.drop(response, settings)
        set_session(response, settings, ticket.token)


def set_draft(response: Response, settings: Settings, value: str) -> None:
    """Hand the draft to the browser, for the pages of the démarche only."""
    DRAFT.set(response, settings, value)


def drop_draft(response: Response, settings: Settings) -> None:
    """Take the draft away from the browser."""
    DRAFT.drop(response, settings)


def drop_session(response: Response, settings: Settings) -> None:
    """Take both cookies away."""
    SESSION.drop(response, settings)
    drop_draft(response, settings)
