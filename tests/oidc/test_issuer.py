"""Returns that are forged, replayed, late or mixed up, an issuer that is down, slow or lies: nobody is signed in."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey

from app.domain.assure import Sexe
from app.domain.pivot import Pivot
from app.oidc.failure import ERRORS, Failed, FailureReason
from app.oidc.identity import pivot_of
from app.oidc.issuer import KEPT, Client, Departure
from app.oidc.wire import LARGEST
from tests.support.issuer import CLIENT, NOW, PERSON, SUB, URL, Forge, asked_in, public_key_as_secret, sent_to


@pytest.fixture
def forge() -> Forge:
    return Forge()


def refusal(forge: Forge, **returned: str | None) -> tuple[FailureReason, str]:
    """Why this return signs nobody in."""
    back, departure = forge.come_back(**returned)
    with pytest.raises(Failed) as failed:
        forge.issuer.welcome(back, departure)
    return failed.value.reason, failed.value.cause


def test_a_person_leaves_with_what_franceconnect_asks_for_and_nothing_else(forge: Forge) -> None:
    departure = Departure.draw()
    url = forge.issuer.leave_for(departure)
    assert url.startswith(f"{URL}/authorize?")
    assert asked_in(url) == {
        "response_type": "code",
        "client_id": "c2s",
        "redirect_uri": CLIENT.redirect_uri,
        "scope": "openid given_name family_name birthdate gender birthplace birthcountry",
        "acr_values": "eidas1",
        "state": departure.state,
        "nonce": departure.nonce,
    }
    assert len(departure.state) >= 32
    assert len(departure.nonce) >= 22
    assert len({departure.state, departure.nonce, departure.verifier, Departure.draw().state}) == 4


def test_a_person_comes_back(forge: Forge) -> None:
    back, departure = forge.come_back()
    arrival = forge.issuer.welcome(back, departure)
    assert arrival.sub == SUB
    assert pivot_of(arrival.claims) == Pivot(
        nom="LE GOFF",
        prenoms=("Claire", "Rose"),
        naissance=date(1987, 6, 14),
        sexe=Sexe.FEMININ,
        commune="29019",
        pays="99100",
    )
    (sent,) = (sent_to(request) for request in forge.asked if request.method == "POST")
    assert sent == {
        "grant_type": "authorization_code",
        "code": "un-code",
        "redirect_uri": CLIENT.redirect_uri,
        "client_id": CLIENT.id,
        "client_secret": CLIENT.secret,
    }
    assert forge.asked[-1].headers["authorization"] == "Bearer acces"


def test_pkce_is_sent_only_to_an_issuer_that_takes_it(forge: Forge) -> None:
    issuer = forge.new(Client("c2s", "secret", CLIENT.redirect_uri, pkce=True))
    back, departure = forge.come_back()
    assert asked_in(issuer.leave_for(departure))["code_challenge_method"] == "S256"
    issuer.welcome(back, departure)
    assert [sent_to(r)["code_verifier"] for r in forge.asked if r.method == "POST"] == [departure.verifier]


@pytest.mark.parametrize(
    ("returned", "cause"),
    [
        ({"state": "x" * 43}, "state"),
        ({"state": None}, "state"),
        ({"iss": "https://autre.exemple"}, "iss"),
        ({"code": None}, "code"),
        ({"code": ""}, "code"),
    ],
)
def test_a_return_of_another_sign_in_or_issuer_asks_nothing_of_the_issuer(
    forge: Forge, returned: dict[str, str | None], cause: str
) -> None:
    assert refusal(forge, **returned) == (FailureReason.REFUS, cause)
    assert forge.asked == []


@pytest.mark.parametrize("token", ["id_token", "userinfo"])
@pytest.mark.parametrize(
    ("claims", "reason", "cause"),
    [
        ({"iss": "https://autre.exemple"}, FailureReason.REFUS, "iss"),
        ({"iss": None}, FailureReason.REFUS, "iss"),
        ({"aud": "autre-service"}, FailureReason.REFUS, "aud"),
        ({"aud": ["c2s", "autre-service"]}, FailureReason.REFUS, "aud"),
        ({"sub": ""}, FailureReason.REFUS, "sub"),
        ({"exp": None}, FailureReason.REFUS, "exp"),
        ({"exp": NOW - 31}, FailureReason.TARD, "exp"),
        ({"iat": NOW - 601, "exp": NOW + 60}, FailureReason.TARD, "exp"),
        ({"iat": NOW + 31}, FailureReason.REFUS, "iat"),
        ({"iat": None}, FailureReason.REFUS, "exp"),
    ],
)
def test_a_token_of_another_or_of_another_time_is_refused(
    forge: Forge, token: str, claims: dict[str, Any], reason: FailureReason, cause: str
) -> None:
    setattr(forge, token, claims)
    assert refusal(forge) == (reason, cause)


@pytest.mark.parametrize(
    ("claims", "cause"),
    [
        ({"nonce": "y" * 43}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"acr": "eidas0"}, "acr"),
        ({"acr": None}, "acr"),
    ],
)
def test_a_token_of_another_sign_in_is_refused(forge: Forge, claims: dict[str, Any], cause: str) -> None:
    forge.id_token = claims
    assert refusal(forge) == (FailureReason.REFUS, cause)


@pytest.mark.parametrize("claims", [{"nonce": "\ud800"}, {"sub": "\ud800"}])
def test_a_token_that_cannot_be_written_is_refused(forge: Forge, claims: dict[str, Any]) -> None:
    forge.id_token = claims
    assert refusal(forge) == (FailureReason.REFUS, "signature")


def test_the_identity_of_another_person_is_refused(forge: Forge) -> None:
    forge.userinfo = {"sub": "un-autre"}
    assert refusal(forge) == (FailureReason.REFUS, "sub")


@pytest.mark.parametrize("clock", [-30, 30])
def test_two_clocks_may_differ_by_half_a_minute(forge: Forge, clock: int) -> None:
    forge.id_token = forge.userinfo = {"iat": NOW + clock, "exp": NOW + max(clock, -30)}
    back, departure = forge.come_back()
    assert forge.issuer.welcome(back, departure).sub == SUB


def alg_none(forge: Forge) -> None:
    forge.header["alg"] = "none"


def public_key_as_a_secret(forge: Forge) -> None:
    forge.header["alg"] = "HS256"
    forge.signed_with = public_key_as_secret(forge.key)


def key_of_another(forge: Forge) -> None:
    forge.signed_with = ECKey.generate_key("P-256", {"kid": "un"})


@pytest.mark.parametrize("forgery", [alg_none, public_key_as_a_secret, key_of_another])
def test_a_signature_that_is_not_the_issuer_s_is_refused(
    forge: Forge, forgery: Callable[[Forge], None]
) -> None:
    forgery(forge)
    assert refusal(forge) == (FailureReason.REFUS, "signature")


def test_a_token_that_was_altered_is_refused(forge: Forge) -> None:
    def altered(request: httpx2.Request) -> httpx2.Response:
        head, _, signature = forge._token(request).json()["id_token"].split(".")
        _, payload, _ = forge._userinfo(request).text.split(".")
        return httpx2.Response(200, json={"id_token": f"{head}.{payload}.{signature}", "access_token": "a"})

    forge.answers["token"] = altered
    assert refusal(forge) == (FailureReason.REFUS, "signature")


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "é", "{}"])
def test_a_token_that_is_no_token_is_refused(forge: Forge, text: str) -> None:
    forge.answers["token"] = lambda _: httpx2.Response(200, json={"id_token": text, "access_token": "a"})
    assert refusal(forge) == (FailureReason.REFUS, "signature")


@pytest.mark.parametrize("kid", ["deux", None])
def test_an_unknown_key_is_looked_for_once_a_minute_and_refused(forge: Forge, kid: str | None) -> None:
    forge.header["kid"] = kid
    assert [refusal(forge) for _ in range(3)] == [(FailureReason.REFUS, "kid")] * 3
    assert forge.count("/jwks") == (1 if kid else 0)
    forge.now += 60
    refusal(forge)
    assert forge.count("/jwks") == (2 if kid else 0)


def test_a_new_key_of_the_issuer_is_found(forge: Forge) -> None:
    back, departure = forge.come_back()
    forge.issuer.welcome(back, departure)
    forge.signed_with = ECKey.generate_key("P-256", {"kid": "deux"})
    forge.published.append(forge.signed_with)
    forge.header["kid"] = "deux"
    forge.now += 60
    back, departure = forge.come_back()
    assert forge.issuer.welcome(back, departure).sub == SUB
    assert forge.count("/jwks") == 2


def test_a_key_that_encrypts_signs_nothing(forge: Forge) -> None:
    material = forge.key.as_dict(private=True)
    forge.published = [ECKey.import_key({**material, "use": "enc"})]
    assert refusal(forge) == (FailureReason.REFUS, "signature")


def test_an_identity_that_is_not_signed_is_refused(forge: Forge) -> None:
    forge.answers["userinfo"] = lambda _: httpx2.Response(200, json={"sub": SUB, **PERSON})
    assert refusal(forge) == (FailureReason.REFUS, "userinfo non signé")


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_told_at_the_return_and_at_the_exchange(forge: Forge, error: str) -> None:
    assert refusal(forge, error=error, code=None) == (ERRORS[error], error)
    forge.answers["token"] = lambda _: httpx2.Response(400, json={"error": error})
    assert refusal(forge) == (ERRORS[error], error)


def test_an_error_that_is_not_known_is_not_repeated(forge: Forge) -> None:
    assert refusal(forge, error="<b>Nadia</b>") == (FailureReason.PANNE, "erreur inconnue")
    assert refusal(forge, error="access_denied", state="x") == (FailureReason.REFUS, "state")


def raises(error: type[httpx2.HTTPError]) -> Callable[[httpx2.Request], httpx2.Response]:
    def answer(request: httpx2.Request) -> httpx2.Response:
        raise error("down")

    return answer


AILMENTS: dict[str, tuple[Callable[[httpx2.Request], httpx2.Response], str]] = {
    "refuse": (raises(httpx2.ConnectError), "injoignable"),
    "coupe": (raises(httpx2.RemoteProtocolError), "injoignable"),
    "se tait": (raises(httpx2.ReadTimeout), "pas de réponse"),
    "en panne": (lambda _: httpx2.Response(502), "réponse 502"),
    "détourne": (
        lambda _: httpx2.Response(302, headers={"location": "https://autre.exemple"}),
        "réponse 302",
    ),
    "bavarde": (lambda _: httpx2.Response(200, content=b" " * (LARGEST + 1)), "réponse trop longue"),
    "illisible": (lambda _: httpx2.Response(200, content=b"[" * 30_000), "réponse illisible"),
    "une liste": (lambda _: httpx2.Response(200, json=[]), "réponse illisible"),
}


@pytest.mark.parametrize("address", ["openid-configuration", "jwks", "token"])
@pytest.mark.parametrize("ailment", AILMENTS)
def test_an_issuer_that_is_unwell_is_told_so(forge: Forge, address: str, ailment: str) -> None:
    forge.answers[address], cause = AILMENTS[ailment]
    assert refusal(forge) == (FailureReason.PANNE, cause)


@pytest.mark.parametrize("address", ["openid-configuration", "jwks"])
def test_an_issuer_that_is_down_is_not_asked_by_everybody(forge: Forge, address: str) -> None:
    forge.answers[address] = raises(httpx2.ConnectTimeout)
    for _ in range(5):
        refusal(forge)
    assert forge.count(f"/{address}") == 1
    del forge.answers[address]
    forge.now += 10
    back, departure = forge.come_back()
    assert forge.issuer.welcome(back, departure).sub == SUB


def test_discovery_is_asked_again_each_hour_and_the_last_one_serves_meanwhile(forge: Forge) -> None:
    forge.issuer.leave_for(Departure.draw())
    forge.answers["openid-configuration"] = raises(httpx2.ConnectError)
    forge.now += KEPT + 1
    assert forge.issuer.leave_for(Departure.draw()).startswith(f"{URL}/authorize")
    assert forge.count("/openid-configuration") == 2


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"issuer": "https://autre.exemple"}, "iss"),
        ({"token_endpoint": "http://fc.exemple/token"}, "réponse illisible"),
        ({"jwks_uri": None}, "réponse illisible"),
        ({"jwks_uri": "https://["}, "réponse illisible"),
        ({"authorization_endpoint": "https://fc.exemple/\ud800"}, "réponse illisible"),
    ],
)
def test_a_discovery_that_leads_elsewhere_is_refused(
    forge: Forge, changed: dict[str, Any], cause: str
) -> None:
    said = forge._openid_configuration(httpx2.Request("GET", URL)).json() | changed
    forge.answers["openid-configuration"] = lambda _: httpx2.Response(200, text=json.dumps(said))
    assert refusal(forge) == (FailureReason.PANNE, cause)


def test_the_session_of_the_issuer_ends_with_ours(forge: Forge) -> None:
    url = forge.issuer.leave("le-jeton", "https://c2s.exemple/deconnexion", "etat")
    assert url.startswith(f"{URL}/session/end?")
    assert asked_in(url) == {
        "id_token_hint": "le-jeton",
        "post_logout_redirect_uri": "https://c2s.exemple/deconnexion",
        "state": "etat",
    }


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"birthdate": "1987-00-00"}, {"naissance": date(1987, 1, 1)}),
        ({"birthdate": "1987-06-00"}, {"naissance": date(1987, 6, 1)}),
        ({"birthplace": "", "birthcountry": "99324"}, {"commune": "", "pays": "99324"}),
        ({"birthcountry": ""}, {"pays": "99100"}),
        ({"given_name_array": None}, {"prenoms": ("Claire Rose",)}),
        ({"given_name_array": [], "given_name": ""}, {"prenoms": ()}),
        ({"given_name_array": [7, "Rose"]}, {"prenoms": ("", "Rose")}),
        ({"gender": "male"}, {"sexe": Sexe.MASCULIN}),
    ],
)
def test_an_identity_is_read(claims: dict[str, Any], expected: dict[str, Any]) -> None:
    pivot = pivot_of(PERSON | claims)
    assert {name: getattr(pivot, name) for name in expected} == expected


@pytest.mark.parametrize(
    "claims",
    [
        {"gender": "unspecified"},
        {"gender": []},
        {"birthdate": "1987"},
        {"birthdate": "1987-13-01"},
        {"birthdate": None},
    ],
)
def test_an_identity_with_something_missing_finds_nobody(claims: dict[str, Any]) -> None:
    with pytest.raises(Failed) as failed:
        pivot_of(PERSON | claims)
    assert failed.value.reason is FailureReason.INCONNU
