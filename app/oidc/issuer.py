"""The OpenID Connect issuer: where it is, its keys, and the sign-in from the first address to the verified identity."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet

from app.oidc.failure import Failed, FailureReason, failure_of, signed_in_there
from app.oidc.tokens import Claims, check_common, check_sign_in, read_jwt
from app.oidc.wire import Wire

DISCOVERY = "/.well-known/openid-configuration"
SCOPES = "openid given_name family_name birthdate gender birthplace birthcountry"
ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "end_session_endpoint",
)
KEPT = 3600  # seconds: what discovery said is asked again afterwards
KEYS_AGAIN = 60  # seconds between two readings of the keys
DOWN = 10  # seconds during which an issuer that did not answer is not asked where it is, nor for its keys
STATE_BYTES = 32  # 43 characters: FranceConnect asks for 32 of state, 22 of nonce


@dataclass(frozen=True)
class Client:
    """What this service is to the issuer. `pkce`: FranceConnect refuses what it does not know (Y000400), PKCE included."""

    id: str
    secret: str
    redirect_uri: str
    pkce: bool = False


@dataclass(frozen=True)
class Departure:
    """What the browser keeps until it comes back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def draw(cls) -> "Departure":
        """A new sign-in."""
        return cls(*(secrets.token_urlsafe(STATE_BYTES) for _ in range(3)))


@dataclass(frozen=True)
class Arrival:
    """A verified identity."""

    sub: str
    claims: Claims
    id_token: str


class Issuer:
    """Shared by all threads. `clock`: the time, in seconds."""

    def __init__(
        self,
        url: str,
        client: Client,
        transport: httpx2.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.url = url
        self._client = client
        self._wire = Wire(transport)
        self._clock = clock
        self._lock = threading.Lock()
        self._metadata: dict[str, str] = {}
        self._read_at = self._down_at = self._keys_at = self._no_keys_at = float("-inf")
        self._keys: dict[str, Key] = {}

    def leave_for(self, departure: Departure) -> str:
        """The address that the person leaves for. Raises Failed."""
        asked = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": self._client.redirect_uri,
            "scope": SCOPES,
            "acr_values": "eidas1",
            "state": departure.state,
            "nonce": departure.nonce,
        }
        if self._client.pkce:
            digest = hashlib.sha256(departure.verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        return _with_query(self._endpoint("authorization_endpoint"), asked)

    def welcome(self, returned: dict[str, str], departure: Departure) -> Arrival:
        """Who comes back, from what the return says. Raises Failed."""
        if not secrets.compare_digest(returned.get("state", "").encode(), departure.state.encode()):
            raise Failed(FailureReason.REFUS, "state")
        if returned.get("iss", self.url) != self.url:
            raise Failed(FailureReason.REFUS, "iss")
        if "error" in returned:
            raise failure_of(returned["error"])
        if not returned.get("code"):
            raise Failed(FailureReason.REFUS, "code")
        tokens = self._exchange(returned["code"], departure)
        identity = self._verified(tokens["id_token"])
        check_sign_in(identity, departure.nonce)
        with signed_in_there(tokens["id_token"]):
            signed = self._wire.get_jwt(self._endpoint("userinfo_endpoint"), tokens["access_token"])
            person = self._verified(signed)
            if person["sub"] != identity["sub"]:
                raise Failed(FailureReason.REFUS, "sub")
        return Arrival(identity["sub"], person, tokens["id_token"])

    def leave(self, id_token: str, back: str, state: str) -> str:
        """The address that ends the session at the issuer. Raises Failed."""
        asked = {"id_token_hint": id_token, "post_logout_redirect_uri": back, "state": state}
        return _with_query(self._endpoint("end_session_endpoint"), asked)

    def _exchange(self, code: str, departure: Departure) -> dict[str, Any]:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._client.redirect_uri,
            "client_id": self._client.id,
            "client_secret": self._client.secret,
        }
        if self._client.pkce:
            sent["code_verifier"] = departure.verifier
        tokens = self._wire.post_form(self._endpoint("token_endpoint"), sent)
        if not all(isinstance(tokens.get(name), str) for name in ("id_token", "access_token")):
            raise Failed(FailureReason.PANNE, "réponse illisible")
        return tokens

    def _verified(self, text: str) -> Claims:
        claims = read_jwt(text, self._key)
        check_common(claims, self.url, self._client.id, self._clock())
        return claims

    def _endpoint(self, name: str) -> str:
        """Where the issuer answers; known for an hour, and afterwards too while it does not say otherwise."""
        with self._lock:
            now = self._clock()
            if now - self._read_at > KEPT:
                if now - self._down_at < DOWN:
                    raise Failed(FailureReason.PANNE, "injoignable")
                try:
                    self._metadata = self._discovered()
                    self._read_at = now
                except Failed:
                    self._down_at = self._clock()
                    if not self._metadata:
                        raise
                    self._read_at = now - KEPT + DOWN
            return self._metadata[name]

    def _discovered(self) -> dict[str, str]:
        said = self._wire.get_json(self.url + DISCOVERY)
        if said.get("issuer") != self.url:
            raise Failed(FailureReason.PANNE, "iss")
        scheme = urlsplit(self.url).scheme
        found = {name: said.get(name) for name in ENDPOINTS}
        if not all(_is_url(url, scheme) for url in found.values()):
            raise Failed(FailureReason.PANNE, "réponse illisible")
        return {name: str(url) for name, url in found.items()}

    def _key(self, kid: str) -> Key:
        """The key of this name; the issuer is asked again for a name it has not given, at most once a minute."""
        jwks_uri = self._endpoint("jwks_uri")
        with self._lock:
            if kid not in self._keys and self._clock() - self._keys_at >= KEYS_AGAIN:
                if self._clock() - self._no_keys_at < DOWN:
                    raise Failed(FailureReason.PANNE, "injoignable")
                try:
                    self._keys = self._read_keys(jwks_uri)
                except Failed:  # all wait here for this answer: each would ask again in turn
                    self._no_keys_at = self._clock()
                    raise
                self._keys_at = self._clock()
            if kid not in self._keys:
                raise Failed(FailureReason.REFUS, "kid")
            return self._keys[kid]

    def _read_keys(self, url: str) -> dict[str, Key]:
        try:
            keys = KeySet.import_key_set(self._wire.get_json(url)).keys  # type: ignore[arg-type]
            return {key.kid: key for key in keys if key.kid}
        except (JoseError, ValueError, TypeError, KeyError):
            raise Failed(FailureReason.PANNE, "réponse illisible") from None


def _is_url(url: object, scheme: str) -> bool:
    """It can be asked, or written in a header: else the fault would look like ours."""
    try:
        return isinstance(url, str) and url.isascii() and urlsplit(url).scheme == scheme
    except ValueError:  # not an address at all
        return False


def _with_query(url: str, asked: dict[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(asked)}"
