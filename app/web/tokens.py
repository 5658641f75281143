"""Where a POST comes from: the same site, and a form of ours drawn for this browser."""

import hmac
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request

from app.settings import Settings

FIELD = "jeton"
_NONCE_BYTES = 6


def form_token(settings: Settings, token: str) -> str:
    """The hidden field of a form. It differs each time, so that compression tells nothing of it."""
    nonce = secrets.token_hex(_NONCE_BYTES)
    return nonce + _mark(settings.secret_keys[0], token, nonce)


def is_our_form(settings: Settings, token: str, sent: str) -> bool:
    """The form was drawn for this browser, with any of our keys."""
    nonce, mark = sent[: 2 * _NONCE_BYTES], sent[2 * _NONCE_BYTES :]
    return bool(token) and any(
        hmac.compare_digest(_mark(key, token, nonce).encode(), mark.encode()) for key in settings.secret_keys
    )


def is_same_origin(request: Request, settings: Settings) -> bool:
    """
    The browser says the POST comes from this site, or says nothing.

    `Sec-Fetch-Site` is believed first, then `Origin`; text browsers send neither, and the form token decides.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    own = settings.public_url or f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    try:
        return urlsplit(origin)[:2] == urlsplit(own)[:2]
    except ValueError:  # not an address at all
        return False


def _mark(key: str, token: str, nonce: str) -> str:
    return hmac.digest(key.encode(), f"formulaire {nonce} {token}".encode(), "sha256").hex()[:32]
