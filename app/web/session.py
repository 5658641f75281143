"""Who is asking: the session cookie, and what it says even when its row is gone."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from itsdangerous import BadSignature, SignatureExpired
from starlette.requests import Request
from starlette.responses import Response

from app.settings import SESSION_LIFETIME, Settings
from app.web import draft

COOKIE = "c2s_session"
_SALT = "c2s session v1"
_VISITOR = "v."  # before sign-in: ties the form token to this browser


class Standing(StrEnum):
    """What the cookie alone tells."""

    NONE = "none"  # no cookie, or not one of ours
    VISITOR = "visitor"
    SIGNED_IN = "signed_in"  # dated within its lifetime: the row decides
    EXPIRED = "expired"


@dataclass(frozen=True)
class Ticket:
    """The cookie of this browser. `token` is empty when there is none that holds."""

    standing: Standing
    token: str


def read_ticket(request: Request, settings: Settings) -> Ticket:
    """Read the session cookie; its date tells expiry without the database."""
    value = request.cookies.get(COOKIE, "")
    try:
        token = (
            draft.signer(settings, _SALT)
            .unsign(value, max_age=int(SESSION_LIFETIME.total_seconds()))
            .decode()
        )
    except SignatureExpired as expired:
        token = (expired.payload or b"").decode()
        return Ticket(Standing.NONE if token.startswith(_VISITOR) else Standing.EXPIRED, "")
    except (BadSignature, UnicodeDecodeError):
        return Ticket(Standing.NONE, "")
    return Ticket(Standing.VISITOR if token.startswith(_VISITOR) else Standing.SIGNED_IN, token)


def visitor_token() -> str:
    """A token for a browser that has not signed in."""
    return _VISITOR + secrets.token_urlsafe(16)


def set_session(response: Response, settings: Settings, token: str) -> None:
    """Hand the token to the browser, until it closes."""
    value = draft.signer(settings, _SALT).sign(token).decode()
    response.set_cookie(COOKIE, value, path="/", httponly=True, samesite="lax", secure=settings.secure)


def set_draft(response: Response, settings: Settings, value: str) -> None:
    """Hand the draft to the browser, for the pages of the démarche only."""
    response.set_cookie(
        draft.COOKIE, value, path=draft.PATH, httponly=True, samesite="lax", secure=settings.secure
    )


def drop_draft(response: Response, settings: Settings) -> None:
    """Take the draft away from the browser."""
    response.delete_cookie(
        draft.COOKIE, path=draft.PATH, httponly=True, samesite="lax", secure=settings.secure
    )


def drop_session(response: Response, settings: Settings) -> None:
    """Take both cookies away."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=settings.secure)
    drop_draft(response, settings)
