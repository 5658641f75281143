"""FranceConnect, from the sign-in page to the way out; the issuer is a forge here, a real one in `tests/test_fournisseur.py`."""

import base64
from collections.abc import Callable, Iterator, MutableMapping
from datetime import timedelta
from itertools import cycle
from typing import Any

import httpx2
import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from app.demo.comptes import account_entry, make_assure
from app.oidc.failure import ERRORS, FailureReason
from app.settings import Settings
from app.store.comptes import read_assure, write_assure
from app.store.database import writing
from app.store.tables import Compte, LienFournisseur
from app.store.tentatives import Hourly
from app.web.lien import SAID
from tests.conftest import TODAY
from tests.support.browser import Browser, Page
from tests.support.disk import on_disk
from tests.support.filed import compte_of, damage, database, ring
from tests.support.issuer import PERSON, SUB, URL, Forge, asked_in
from tests.web.test_account import sign_in

SETTINGS = {
    "public_url": "http://testserver",
    "oidc_issuer": URL,
    "oidc_client_id": "c2s",
    "oidc_client_secret": "un secret partagé",
}
Lines = list[MutableMapping[str, Any]]


@pytest.fixture
def forge() -> Forge:
    return Forge()


@pytest.fixture
def connected(make_service: Callable[..., Starlette], forge: Forge) -> Iterator[Starlette]:
    """A service that people may come to by FranceConnect."""
    app = make_service(**SETTINGS)
    app.state.house.issuer = forge.issuer
    yield app
    app.state.house.engine.dispose()


@pytest.fixture
def client(connected: Starlette) -> Browser:
    return Browser(TestClient(connected))


@pytest.fixture
def journal() -> Iterator[Lines]:
    with capture_logs() as lines:
        yield lines


def certified(cle: str, **other: Any) -> dict[str, Any]:
    """What FranceConnect says of a person of the demonstration."""
    assure = make_assure(account_entry(cle), TODAY)
    return PERSON | {
        "given_name": " ".join(assure.prenoms),
        "given_name_array": list(assure.prenoms),
        "family_name": assure.nom_naissance.upper(),
        "birthdate": assure.naissance.isoformat(),
        "gender": "female" if assure.nir[0] == "2" else "male",
        "birthplace": assure.nir[5:10],
        **other,
    }


def leave(client: Browser, forge: Forge, suite: str = "") -> str:
    """Press the link of the sign-in page; the state that must come back."""
    page = client.get(f"/connexion?suite={suite}" if suite else "/connexion")
    away = client.client.get(page.links()["Se connecter avec FranceConnect"], follow_redirects=False)
    assert away.status_code == 303
    asked = asked_in(away.headers["location"])
    forge.nonce = asked["nonce"]
    return asked["state"]


def come_back(client: Browser, state: str, **returned: str) -> Page:
    return client.get(
        str(httpx2.URL("/connexion/franceconnect/retour", params={"code": "c", "state": state, **returned}))
    )


def travel(client: Browser, forge: Forge, person: dict[str, Any], suite: str = "") -> Page:
    """To FranceConnect and back, as this person."""
    forge.person = person
    return come_back(client, leave(client, forge, suite))


def said(page: Page) -> str:
    """The title of the message on the sign-in page."""
    node = page.tree.css_first("#erreurs_titre")
    return node.text().replace("\u00a0", " ").replace("’", "'") if node else ""


def links(service: Starlette) -> list[int]:
    with database(service) as db:
        return list(db.exec(select(LienFournisseur.compte_id)))


def password_of(cle: str) -> tuple[str, str]:
    return make_assure(account_entry(cle), TODAY).nir, f"demo-{cle}-2026"


def give_password(client: Browser, cle: str) -> Page:
    """Sign in with number and password on the page one is on."""
    nir, password = password_of(cle)
    return client.press("Se connecter", {"nir": nir, "motdepasse": password})


def test_nothing_is_offered_without_settings(make_service: Callable[..., Starlette]) -> None:
    plain = Browser(TestClient(make_service()))
    page = plain.get("/connexion?franceconnect=panne")
    assert "FranceConnect" not in page.main
    assert "FranceConnect" not in plain.get("/donnees-personnelles").main
    for url in ("/connexion/franceconnect", "/connexion/franceconnect/retour", "/deconnexion/franceconnect"):
        assert plain.client.get(url, follow_redirects=False).status_code == 404


def test_it_stands_above_the_number_with_its_explanation(client: Browser) -> None:
    page = client.get("/connexion")
    assert page.links()["Qu'est-ce que FranceConnect ?"] == "https://franceconnect.gouv.fr/"
    assert page.text.index("Se connecter avec FranceConnect") < page.text.index('name="nir"')
    assert "form-action 'self'" in page.response.headers["content-security-policy"]


def test_personal_data_say_what_it_gives_and_what_is_kept_of_it(client: Browser) -> None:
    page = client.get("/donnees-personnelles")
    assert "votre sexe, la date et le lieu de votre naissance" in page.main
    assert "garde seulement le repère que FranceConnect vous donne" in page.main
    assert "il y en a quatre autres" in page.main


def test_a_certified_person_is_signed_in_and_linked(
    client: Browser, forge: Forge, connected: Starlette
) -> None:
    page = travel(client, forge, certified("nadia"))
    assert page.path == "/demarches"
    assert "code=" not in page.url
    assert "Nadia Exemple" in page.tree.css_first(".marge").text()
    assert len(links(connected)) == 1


def test_the_page_that_was_asked_for_is_the_one_that_comes(client: Browser, forge: Forge) -> None:
    assert travel(client, forge, certified("nadia"), "/informations").path == "/informations"
    assert client.get("/connexion/franceconnect?suite=/echanges").path == "/echanges", "already signed in"


def test_a_return_serves_once_and_to_this_browser_only(
    client: Browser, forge: Forge, connected: Starlette
) -> None:
    forge.person = certified("nadia")
    state = leave(client, forge)
    assert said(come_back(Browser(TestClient(connected)), state)) == "La connexion a pris trop de temps"
    assert come_back(client, state).path == "/demarches"
    client.sign_out()
    assert said(come_back(client, state)) == "La connexion a pris trop de temps"


def test_a_departure_planted_in_another_browser_opens_nothing_there(
    client: Browser, connected: Starlette, forge: Forge
) -> None:
    """The holder of a neighbouring host could leave a trip of his own in the browser of another person."""
    forge.person = certified("nadia")
    state = leave(client, forge)
    other = Browser(TestClient(connected))
    other.get("/connexion")
    for cookie in client.client.cookies.jar:
        if "fc_aller" in cookie.name:
            other.client.cookies.set(cookie.name, cookie.value or "", path=cookie.path)
    assert said(come_back(other, state)) == "La connexion a pris trop de temps"
    assert links(connected) == []


def test_a_return_after_ten_minutes_is_late(
    client: Browser, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, clock = leave(client, forge), Settings.clock
    monkeypatch.setattr(Settings, "clock", lambda self: clock(self) + timedelta(minutes=10, seconds=1))
    assert said(come_back(client, state)) == "La connexion a pris trop de temps"


def test_a_forged_return_opens_nothing_and_the_true_one_comes_too_late(client: Browser, forge: Forge) -> None:
    forge.person = certified("nadia")
    state = leave(client, forge)
    assert said(come_back(client, "x" * 43)) == "La réponse de FranceConnect n'est pas vérifiée"
    assert said(come_back(client, state)) == "La connexion a pris trop de temps"


def test_every_error_of_franceconnect_has_its_page(client: Browser, forge: Forge) -> None:
    for error, reason in ERRORS.items():
        page = come_back(client, leave(client, forge), error=error, error_description="User auth aborted")
        assert (page.status, said(page)) == (200, SAID[reason][0]), error
        assert client._button("Se connecter", None), "the number and the password are still there"
        assert "aborted" not in page.text


def test_every_reason_has_its_words(client: Browser) -> None:
    for reason in FailureReason:
        page = client.get(f"/connexion?franceconnect={reason}")
        assert said(page) == SAID[reason][0]
        assert "numéro de sécurité sociale" in page.main


def test_an_issuer_that_is_down_leaves_the_number_and_the_password(client: Browser, forge: Forge) -> None:
    forge.answers["openid-configuration"] = lambda _: httpx2.Response(503)
    page = client.get("/connexion/franceconnect")
    assert said(page) == "FranceConnect ne répond pas"
    assert give_password(client, "nadia").path == "/demarches"


def test_no_account_and_several_are_told_the_same(
    client: Browser, forge: Forge, connected: Starlette
) -> None:
    nobody = travel(client, forge, certified("nadia", family_name="PERSONNE"))
    with database(connected) as db, writing(db):
        other = compte_of(db, "benoit")
        nadia = read_assure(ring(connected), compte_of(db, "nadia"))
        write_assure(ring(connected), other, nadia.model_copy(update={"nir": f"{nadia.nir[:-1]}9"}))
        db.add(other)
    several = travel(Browser(TestClient(connected)), forge, certified("nadia"))
    assert said(nobody) == said(several) == "Connectez-vous une fois avec votre numéro"
    assert (nobody.url, nobody.main, nobody.status) == (several.url, several.main, several.status)
    assert links(connected) == []


def test_one_sign_in_by_number_links_what_franceconnect_certified(
    client: Browser, forge: Forge, connected: Starlette
) -> None:
    married = certified("nadia", family_name="NOM-CHANGÉ")
    travel(client, forge, married)
    assert give_password(client, "nadia").path == "/demarches"
    assert len(links(connected)) == 1
    client.sign_out()
    assert travel(client, forge, married).path == "/demarches"


@pytest.mark.parametrize("linked", [True, False])
def test_an_account_that_does_not_open_is_entered_by_its_number_and_nothing_is_linked(
    client: Browser, forge: Forge, connected: Starlette, linked: bool
) -> None:
    """Its messages are there to be read, and the way out of FranceConnect is kept."""
    if linked:
        travel(client, forge, certified("nadia"))
        client.sign_out()
    with database(connected) as db, writing(db):
        damage(db, Compte, "fiche", Compte.demo == "nadia")
    travel(client, forge, certified("nadia"))
    give_password(client, "nadia")
    assert client.get("/echanges").status == 200
    assert len(links(connected)) == linked


def test_an_identity_that_contradicts_the_account_is_not_linked(
    client: Browser, forge: Forge, connected: Starlette
) -> None:
    """Two people share a browser: the second signs in with his number after the first came back from FranceConnect."""
    travel(client, forge, certified("nadia", family_name="NOM-CHANGÉ"))
    assert give_password(client, "marc").path == "/demarches"
    client.sign_out()
    client.get("/connexion")
    give_password(client, "nadia")
    assert links(connected) == [], "the identity is forgotten with the first sign-in"


def test_an_identity_is_linked_by_its_own_browser_within_ten_minutes_only(
    client: Browser, forge: Forge, connected: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    travel(client, forge, certified("nadia", family_name="NOM-CHANGÉ"))
    other = Browser(TestClient(connected))
    other.get("/connexion")
    other.client.cookies.set("c2s_fc_lien", client.client.cookies["c2s_fc_lien"], path="/connexion")
    assert give_password(other, "nadia").path == "/demarches"
    assert links(connected) == [], "an identity that another browser was given"
    clock = Settings.clock
    monkeypatch.setattr(Settings, "clock", lambda self: clock(self) + timedelta(minutes=10, seconds=1))
    give_password(client, "nadia")
    assert links(connected) == []


def test_a_person_undoes_the_link_and_only_a_number_makes_it_again(
    client: Browser, forge: Forge, connected: Starlette
) -> None:
    travel(client, forge, certified("nadia"))
    page = client.get("/informations")
    assert "FranceConnect ouvre aussi ce compte, depuis le" in page.main
    page = client.press("Ne plus ouvrir ce compte avec FranceConnect")
    assert "FranceConnect n'ouvre plus ce compte." in page.main
    assert "ouvre aussi" not in page.main
    assert links(connected) == []
    client.sign_out()
    assert said(travel(client, forge, certified("nadia"))) == "Connectez-vous une fois avec votre numéro"
    assert give_password(client, "nadia").path == "/demarches"
    client.sign_out()
    assert travel(client, forge, certified("nadia")).path == "/demarches"


def test_signing_out_ends_the_session_of_franceconnect_too(client: Browser, forge: Forge) -> None:
    travel(client, forge, certified("nadia"))
    client.get("/demande")
    client.press("Je démarre ma demande")
    client.press("Se déconnecter")
    page = client.press("Quitter et tout effacer")
    assert page.response.headers["refresh"] == "0; url=/deconnexion/franceconnect?fait=brouillon"
    way_out = client.client.get(page.links()["Quitter FranceConnect"], follow_redirects=False)
    asked = asked_in(way_out.headers["location"])
    assert way_out.headers["location"].startswith(f"{URL}/session/end?")
    assert asked["post_logout_redirect_uri"] == "http://testserver/deconnexion"
    assert asked["id_token_hint"].count(".") == 2
    assert len(asked["state"]) >= 32
    page = client.get(f"/deconnexion?state={asked['state']}")
    assert "Les réponses et les fichiers de la demande non validée sont effacés." in page.main
    assert "refresh" not in page.response.headers
    assert client.get("/deconnexion/franceconnect").path == "/deconnexion", "once only"


def test_a_link_from_elsewhere_does_not_take_away_the_way_out_of_franceconnect(
    client: Browser, forge: Forge
) -> None:
    """Without it the sign-out would not say that FranceConnect is still open, on a device that others use."""
    travel(client, forge, certified("nadia"))
    assert client.get("/deconnexion/franceconnect").path == "/deconnexion"
    client.get("/demarches")
    assert "FranceConnect est encore ouvert sur cet appareil." in client.sign_out().main


def test_signing_out_while_franceconnect_is_down_says_what_may_be_open(
    client: Browser, forge: Forge, connected: Starlette
) -> None:
    travel(client, forge, certified("nadia"))
    forge.answers["openid-configuration"] = lambda _: httpx2.Response(503)
    connected.state.house.issuer = forge.new()
    page = client.sign_out()
    page = client.get("/deconnexion/franceconnect?fait=vide")
    assert "Il est peut-être encore ouvert sur cet appareil" in page.main


OFFER = "Me déconnecter de FranceConnect"


def way_out(client: Browser) -> Page:
    """From the page of ours that leads to the issuer, back to ours; what the issuer is asked is checked."""
    assert client.page.h1 == "Vous quittez FranceConnect"
    here = client.page.links()["Quitter FranceConnect"]
    assert client.page.response.headers["refresh"] == f"0; url={here}"
    away = client.client.get(here, follow_redirects=False).headers["location"]
    asked = asked_in(away)
    assert away.startswith(f"{URL}/session/end?")
    assert set(asked) == {"id_token_hint", "post_logout_redirect_uri", "state"}
    assert asked["id_token_hint"].count(".") == 2
    assert asked["post_logout_redirect_uri"] == "http://testserver/deconnexion"
    return client.get(f"/deconnexion?state={asked['state']}")


def stopped(client: Browser, forge: Forge) -> Page:
    """A person whose account is not found."""
    return travel(client, forge, certified("nadia", family_name="NOM-CHANGÉ"))


def test_who_has_no_account_here_leaves_franceconnect(client: Browser, forge: Forge, journal: Lines) -> None:
    assert OFFER in stopped(client, forge).buttons()
    page = client.press(OFFER)
    assert "eyJ" not in page.url + page.text, "no token is read in our pages"
    page = way_out(client)
    assert page.h1 == "Vous avez quitté FranceConnect"
    assert "Votre compte" not in page.main, "none was open"
    assert not [name for name in client.client.cookies if name.startswith("c2s_fc")]
    assert OFFER not in client.get("/connexion?franceconnect=inconnu").buttons()
    give_password(client, "nadia")
    assert "eyJ" not in repr(journal)


def test_the_identity_of_who_left_is_not_linked_to_the_next_account(
    client: Browser, forge: Forge, connected: Starlette
) -> None:
    stopped(client, forge)
    client.press(OFFER)
    client.get("/connexion")
    assert give_password(client, "nadia").path == "/demarches"
    assert links(connected) == []


def test_the_way_out_stays_on_every_page_of_the_sign_in(client: Browser, forge: Forge) -> None:
    stopped(client, forge)
    assert OFFER in client.get("/connexion").buttons()
    refused = client.press("Se connecter", {"nir": password_of("nadia")[0], "motdepasse": "faux"})
    assert (refused.status, OFFER in refused.buttons()) == (422, True)
    client.press(OFFER)
    assert way_out(client).h1 == "Vous avez quitté FranceConnect"


@pytest.mark.parametrize("fault", ["identity", "userinfo", "sub"])
def test_who_is_stopped_after_signing_in_there_leaves_too(client: Browser, forge: Forge, fault: str) -> None:
    """An identity with something missing, an issuer that falls silent in between, an answer that is not believed."""
    if fault == "userinfo":
        forge.answers["userinfo"] = lambda _: httpx2.Response(503)
    elif fault == "sub":
        forge.userinfo = {"sub": "une autre personne"}
    page = travel(client, forge, certified("nadia", **({"gender": ""} if fault == "identity" else {})))
    assert "peut-être encore ouvert" not in page.main
    client.press(OFFER)
    assert way_out(client).h1 == "Vous avez quitté FranceConnect"


def test_where_nothing_can_end_its_session_the_page_says_what_can(client: Browser, forge: Forge) -> None:
    """FranceConnect ends a session by the token of a sign-in alone: late, given up or unknown here, there is none."""
    for page in (
        come_back(client, leave(client, forge), error="access_denied"),
        come_back(client, "x" * 43),
    ):
        assert OFFER not in page.buttons()
        assert "FranceConnect est peut-être encore ouvert" in page.main
        assert "effacez les cookies du navigateur" in page.main


def test_the_way_out_is_offered_to_who_came_by_franceconnect_only(
    client: Browser, forge: Forge, connected: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    for reason in ("", *FailureReason):
        assert OFFER not in client.get(f"/connexion?franceconnect={reason}").buttons()
    stopped(client, forge)
    other = Browser(TestClient(connected))
    other.get("/connexion")
    other.client.cookies.set("c2s_fc_ouvert", client.client.cookies["c2s_fc_ouvert"], path="/connexion")
    assert OFFER not in other.get("/connexion").buttons(), "the cookie of another browser"
    clock = Settings.clock
    monkeypatch.setattr(Settings, "clock", lambda self: clock(self) + timedelta(minutes=30, seconds=1))
    assert OFFER not in client.get("/connexion").buttons(), "FranceConnect is over by itself"


def test_only_a_form_of_ours_ends_the_session_of_franceconnect(client: Browser, forge: Forge) -> None:
    stopped(client, forge)
    for link in (
        "/deconnexion/franceconnect",
        "/deconnexion?fait=franceconnect",
        "/deconnexion?fait=franceconnect&franceconnect=ferme",
        f"/deconnexion?state={'x' * 43}.franceconnect",
    ):
        assert client.get(link).path == "/connexion"
    assert "refresh" not in client.get("/deconnexion?fait=vide&franceconnect=ouvert").response.headers
    sent = {"jeton": client.get("/connexion").hidden["jeton"]}
    for fields, headers in (
        ({}, {}),
        ({"jeton": "0" * 44}, {}),
        (sent, {"sec-fetch-site": "cross-site"}),
        (sent, {"origin": "https://ailleurs.exemple"}),
    ):
        refused = client.client.post("/deconnexion/franceconnect", data=fields, headers=headers)
        assert refused.status_code == 403
    assert client.get("/deconnexion/franceconnect").path == "/connexion", "still not asked for"
    client.press(OFFER)
    assert way_out(client).h1 == "Vous avez quitté FranceConnect"


def test_the_form_again_once_franceconnect_is_left_asks_it_nothing(client: Browser, forge: Forge) -> None:
    stopped(client, forge)
    kept = client.page
    client.press(OFFER)
    way_out(client)
    client.page = kept
    page = client.press(OFFER)
    assert (page.h1, "refresh" in page.response.headers) == ("Vous avez quitté FranceConnect", False)


def test_who_signs_in_by_number_after_all_leaves_both_by_the_sign_out(client: Browser, forge: Forge) -> None:
    """A link that is refused (another person's account) changes nothing to it."""
    stopped(client, forge)
    assert give_password(client, "marc").path == "/demarches"
    page = client.sign_out()
    assert page.response.headers["refresh"] == "0; url=/deconnexion/franceconnect?fait=vide"
    assert OFFER not in client.get("/connexion").buttons(), "the sign-out has it"


def test_an_issuer_that_is_down_is_not_said_to_be_left(
    client: Browser, forge: Forge, connected: Starlette
) -> None:
    stopped(client, forge)
    forge.answers["openid-configuration"] = lambda _: httpx2.Response(503)
    connected.state.house.issuer = forge.new()
    client.press(OFFER)
    page = client.get(client.page.links()["Quitter FranceConnect"])
    assert page.h1 == "FranceConnect est peut-être encore ouvert"
    assert "pour 30 minutes au plus" in page.main


def test_a_person_leaves_from_one_service_and_comes_back_to_another(
    make_service: Callable[..., Starlette], forge: Forge
) -> None:
    """Each has its own issuer: what is kept of a departure is in the browser."""
    services = [make_service(**SETTINGS), make_service(**SETTINGS)]
    for app in services:
        app.state.house.issuer = forge.new()
    turns = cycle(services)

    async def balanced(scope: Scope, receive: Receive, send: Send) -> None:
        await next(turns)(scope, receive, send)

    client = Browser(TestClient(balanced))
    assert travel(client, forge, certified("nadia")).path == "/demarches"
    client.press("Se déconnecter")
    way_out = client.client.get(client.page.links()["Quitter FranceConnect"], follow_redirects=False)
    page = client.get(f"/deconnexion?state={asked_in(way_out.headers['location'])['state']}")
    assert page.h1 == "Vous avez quitté votre compte"
    assert forge.count("jwks") == 1, "the service that they left from has not read the keys"
    for app in services:
        app.state.house.engine.dispose()


def test_a_sign_out_word_from_outside_is_not_repeated(client: Browser, forge: Forge) -> None:
    travel(client, forge, certified("nadia"))
    client.sign_out()
    page = client.get("/deconnexion?franceconnect=ouvert&fait=x%0d%0aset-cookie:a=b")
    assert page.response.headers["refresh"] == "0; url=/deconnexion/franceconnect?fait=vide"


def test_returns_without_an_account_are_counted_and_the_others_given_back(
    client: Browser, forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.tentatives.IP", Hourly(1, 2))
    for _ in range(3):
        assert travel(client, forge, certified("nadia")).path == "/demarches"
        client.sign_out()
    for _ in range(2):
        travel(client, forge, certified("nadia", birthdate="1970-02-02"))
    asked = len(forge.asked)
    assert said(travel(client, forge, certified("nadia"))) == "La connexion avec FranceConnect est en pause"
    assert len(forge.asked) == asked, "nothing more is asked of the issuer"
    assert give_password(client, "nadia").path == "/demarches"


def test_the_journal_says_what_happened_and_of_nobody(client: Browser, forge: Forge, journal: Lines) -> None:
    come_back(client, leave(client, forge), error="access_denied")
    travel(client, forge, certified("nadia", family_name="NOM-CHANGÉ"))
    give_password(client, "nadia")
    client.get("/informations")
    client.press("Ne plus ouvrir")
    noted = [line for line in journal if line.get("journal") == "securite"]
    assert [line["event"] for line in noted] == [
        "franceconnect_refuse",
        "franceconnect_refuse",
        "connexion",
        "lien_fait",
        "lien_defait",
    ]
    assert (noted[0]["raison"], noted[0]["motif"]) == ("annule", "access_denied")
    assert len({line["compte"] for line in noted[2:]}) == 1
    for secret in ("CHANGÉ", "Nadia", SUB, password_of("nadia")[0], "state=", "code="):
        assert secret not in repr(journal)


def test_nothing_of_an_identity_without_an_account_is_on_the_disk(
    client: Browser, forge: Forge, connected: Starlette
) -> None:
    travel(client, forge, certified("nadia", family_name="CANARI-7731"))
    kept = on_disk(connected.state.house.settings)
    assert b"CANARI" not in kept
    assert SUB.encode() not in kept


def test_no_token_and_no_identity_can_be_read_in_the_browser(client: Browser, forge: Forge) -> None:
    travel(client, forge, certified("nadia", family_name="CANARI-7731"))
    kept = dict(client.client.cookies)
    assert {"c2s_fc_lien", "c2s_fc_sortie", "c2s_fc_ouvert"} <= set(kept)
    for name, value in kept.items():
        sealed = base64.urlsafe_b64decode(value + "==") if name.startswith("c2s_fc") else b""
        clear = value.encode() + sealed
        assert not any(word in clear for word in (b"CANARI", SUB.encode(), b"eyJhbGci", b"nonce"))
    assert all(len(f"{name}={value}") < 4_096 for name, value in kept.items())


def test_a_return_to_a_browser_where_somebody_has_signed_in_since_opens_nothing(
    client: Browser, forge: Forge
) -> None:
    forge.person = certified("nadia")
    state = leave(client, forge)
    sign_in(client, *password_of("marc"))
    come_back(client, state)
    assert "Marc" in client.get("/demarches").tree.css_first(".marge").text()
