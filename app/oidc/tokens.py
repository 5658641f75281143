"""What the issuer signs: read under its keys, for us, now, and for this sign-in."""

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from app.oidc.failure import Failed, FailureReason

ALGORITHMS = ("ES256", "RS256")  # those of FranceConnect: neither « none » nor a shared secret
LEVELS = ("eidas1", "eidas2", "eidas3")
LEEWAY = 30  # seconds between two clocks
OLDEST = 600  # seconds: a token is made for a sign-in under way
Claims = Mapping[str, Any]
FindKey = Callable[[str], Key]


def read_jwt(text: str, find_key: FindKey) -> Claims:
    """What a token says, once its signature is checked. Raises Failed."""
    try:
        claims = jwt.decode(text, lambda token: _key(token.headers(), find_key), algorithms=ALGORITHMS).claims
        json.dumps(claims, ensure_ascii=False).encode()  # half a character may be signed
    except (JoseError, ValueError, TypeError):
        raise Failed(FailureReason.REFUS, "signature") from None
    return claims


def _key(header: Mapping[str, Any], find_key: FindKey) -> Key:
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise Failed(FailureReason.REFUS, "kid")
    return find_key(kid)


def check_common(claims: Claims, issuer: str, client_id: str, now: float) -> None:
    """By the issuer, for us alone, and of the present. Raises Failed."""
    if claims.get("iss") != issuer:
        raise Failed(FailureReason.REFUS, "iss")
    if claims.get("aud") not in (client_id, [client_id]):
        raise Failed(FailureReason.REFUS, "aud")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise Failed(FailureReason.REFUS, "sub")
    expires, issued = claims.get("exp"), claims.get("iat")
    if not isinstance(expires, int) or not isinstance(issued, int):
        raise Failed(FailureReason.REFUS, "exp")
    if now > expires + LEEWAY or now > issued + OLDEST:
        raise Failed(FailureReason.TARD, "exp")
    if issued > now + LEEWAY:
        raise Failed(FailureReason.REFUS, "iat")


def check_sign_in(claims: Claims, nonce: str) -> None:
    """Of this sign-in, at a level of identity that is verified. Raises Failed."""
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise Failed(FailureReason.REFUS, "nonce")
    if claims.get("acr") not in LEVELS:
        raise Failed(FailureReason.REFUS, "acr")
