"""An issuer of nothing but answers: what it signs and says is the test's to choose. The real one is `tests/fournisseur`."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from joserfc import jws
from joserfc.jwk import ECKey, Key, OctKey

from app.oidc.issuer import Client, Departure, Issuer

URL = "https://fc.exemple/api/v2"
CLIENT = Client("c2s", "un secret partagé", "https://c2s.exemple/connexion/franceconnect/retour")
NOW = 1_800_000_000
SUB = "b6048e95bb134ec5b1d1e1fa69f287172e91722b9354d637a1bcf2ebb0fd2ef5v1"
PERSON = {
    "given_name": "Claire Rose",
    "given_name_array": ["Claire", "Rose"],
    "family_name": "LE GOFF",
    "birthdate": "1987-06-14",
    "gender": "female",
    "birthplace": "29019",
    "birthcountry": "99100",
}
Answer = Callable[[httpx2.Request], httpx2.Response]


class Forge:
    """An issuer in this process. `id_token`, `userinfo`: what is changed in them; `answers`: what an address says instead."""

    def __init__(self) -> None:
        self.now = float(NOW)
        self.key: Key = ECKey.generate_key("P-256", {"kid": "un", "use": "sig"})
        self.published: list[Key] = [self.key]
        self.id_token: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.person: Mapping[str, Any] = PERSON
        self.header: dict[str, Any] = {}
        self.signed_with: Key = self.key
        self.answers: dict[str, Answer] = {}
        self.asked: list[httpx2.Request] = []
        self.nonce = ""
        self.issuer = self.new()

    def new(self, client: Client = CLIENT) -> Issuer:
        return Issuer(URL, client, httpx2.MockTransport(self._answer), lambda: self.now)

    def come_back(self, **returned: str | None) -> tuple[dict[str, str], Departure]:
        """The return of a person who has just left."""
        departure = Departure.draw()
        self.nonce = departure.nonce
        said = {"code": "un-code", "state": departure.state, "iss": URL, **returned}
        return {name: value for name, value in said.items() if value is not None}, departure

    def count(self, path: str) -> int:
        """How often this address was asked for."""
        return sum(request.url.path.endswith(path) for request in self.asked)

    def sign(self, claims: Mapping[str, Any]) -> str:
        header = {"alg": "ES256", "kid": "un", **self.header}
        header = {name: value for name, value in header.items() if value is not None}
        if header["alg"] == "none":
            parts = (json.dumps(part).encode() for part in (header, claims))
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        return jws.serialize_compact(header, json.dumps(dict(claims)), self.signed_with, ["ES256", "HS256"])

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        name = request.url.path.rpartition("/")[2]
        own: Answer = getattr(self, f"_{name.replace('-', '_')}")
        answer = self.answers.get(name, own)(request)
        if not answer.is_closed:
            return answer
        stream = httpx2.ByteStream(answer.content)  # as from a network: not read yet
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=stream)

    def _openid_configuration(self, _: httpx2.Request) -> httpx2.Response:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        found = {f"{name}_endpoint": f"{URL}/{end}" for name, end in ends.items()}
        found |= {"jwks_uri": f"{URL}/jwks", "end_session_endpoint": f"{URL}/session/end", "issuer": URL}
        return httpx2.Response(200, json=found)

    def _jwks(self, _: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"keys": [key.as_dict(private=False) for key in self.published]})

    def _token(self, request: httpx2.Request) -> httpx2.Response:
        claims = self._common() | {"nonce": self.nonce, "acr": "eidas1"} | self.id_token
        return httpx2.Response(200, json={"id_token": self._signed(claims), "access_token": "acces"})

    def _userinfo(self, request: httpx2.Request) -> httpx2.Response:
        claims = self._common() | dict(self.person) | self.userinfo
        return httpx2.Response(200, text=self._signed(claims), headers={"content-type": "application/jwt"})

    def _signed(self, claims: dict[str, Any]) -> str:
        return self.sign({name: value for name, value in claims.items() if value is not None})

    def _common(self) -> dict[str, Any]:
        return {"iss": URL, "aud": "c2s", "sub": SUB, "iat": int(self.now), "exp": int(self.now) + 60}


def sent_to(request: httpx2.Request) -> dict[str, str]:
    """The fields of a form that was posted."""
    return {name: values[0] for name, values in parse_qs(request.content.decode()).items()}


def asked_in(url: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def public_key_as_secret(key: Key) -> OctKey:
    """The public key taken for a shared secret: what a verifier that lets the token choose would check against."""
    return OctKey.import_key(json.dumps(key.as_dict(private=False)), {"kid": "un"})
