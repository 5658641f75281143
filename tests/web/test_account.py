"""Signing in and out: who may, how often, and what is left afterwards."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.demo.comptes import ACCOUNTS, make_assure
from app.settings import SESSION_LIFETIME, Settings
from app.store.comptes import find_demo
from app.store.database import reading, writing
from app.store.sweep import sweep
from app.store.tables import SessionOuverte
from app.web.plain import PAGES
from tests.conftest import TODAY
from tests.support.browser import Browser, plain
from tests.support.disk import on_disk
from tests.support.household import ETAPE_1

NADIA = "demo-nadia-2026"


def nir_of(cle: str) -> str:
    compte = next(c for c in json.loads(ACCOUNTS.read_text()) if c["cle"] == cle)
    return make_assure(compte, TODAY).nir


def sign_in(client: Browser, nir: str, password: str) -> Any:
    client.get("/connexion")
    return client.press("Se connecter", {"nir": nir, "motdepasse": password})


def test_a_number_and_a_password_open_the_account(client: Browser) -> None:
    nir = nir_of("nadia")
    page = sign_in(client, f" {nir[:1]} {nir[1:5]} {nir[5:]} ", NADIA)
    assert page.path == "/demarches"
    assert "Nadia" in plain(page.tree.body.text())


@pytest.mark.parametrize(
    "password",
    [" autour ", "\U0001f468\u200d\U0001f469\u200d\U0001f467 mixte", "cou\u00adpe\u200bici", "é" * 1_000],
    ids=["spaces", "emoji", "invisible", "long"],
)
def test_a_password_is_compared_to_the_letter(client: Browser, service: Starlette, password: str) -> None:
    with reading(service.state.house.engine) as db, writing(db):
        compte = find_demo(db, "nadia")
        compte.mot_de_passe = PasswordHasher(time_cost=1, memory_cost=8_192).hash(password)
        db.add(compte)
    for near in (password.strip(), password.replace("\u200d", ""), password.upper(), password[:-1]):
        assert near == password or sign_in(client, nir_of("nadia"), near).status == 422
    assert sign_in(client, nir_of("nadia"), password).path == "/demarches"


def test_the_password_is_hidden_and_a_manager_may_fill_it_in(client: Browser) -> None:
    (field,) = client.get("/connexion").tree.css('[name="motdepasse"]')
    assert (field.attributes["type"], field.attributes["autocomplete"]) == ("password", "current-password")
    assert not {"maxlength", "pattern", "readonly"} & set(field.attributes)


def test_every_page_but_the_plain_ones_asks_for_an_account(client: Browser, service: Starlette) -> None:
    filled = {
        "{fichier}": "mes-donnees.json",
        "{cle}": "bcdf",
        "{id}": "a000001",
        "{reference}": "C2S-2026-000001",
        "{nom}": "accuse",
    }
    open_to_all = {"/", "/sante", "/connexion", "/deconnexion", "/session-expiree", "/delais", *PAGES}
    asked = 0
    for route in service.routes:
        path = getattr(route, "path", "")
        if path in open_to_all or path.startswith(("/static", "/.well-known", "/etats", "/accessibilite/")):
            continue
        if path == "/nouvelles/arret/{jeton}":
            continue  # its address is the permission (RFC 8058)
        for parameter, value in filled.items():
            path = path.replace(parameter, value)
        answer = client.client.get(path, follow_redirects=False)
        assert answer.headers.get("location") == f"/connexion?suite={path}", path
        asked += 1
    assert asked > 20


def test_every_page_of_an_account_can_be_left(client: Browser) -> None:
    client.start("nadia")
    for url in (
        "/demarches",
        "/demande/situation",
        "/informations",
        "/echanges",
        "/avis",
        "/delais",
        "/plan",
    ):
        page = client.get(url)
        assert "Se déconnecter" in [plain(button.text()) for button in page.tree.css("header button")], url


def test_one_comes_back_to_the_page_one_wanted(client: Browser) -> None:
    page = client.get("/informations")
    assert page.path == "/connexion"
    assert "Vous y revenez juste après" in page.main
    assert client.press("Se connecter en tant que", compte="nadia").path == "/informations"


@pytest.mark.parametrize(
    "suite", ["https://exemple.fr/", "//exemple.fr", "/\\exemple.fr", "javascript:1", "/connexion"]
)
def test_one_is_never_sent_to_another_site(client: Browser, suite: str) -> None:
    client.get(f"/connexion?suite={suite}")
    assert client.press("Se connecter en tant que", compte="nadia").path == "/demarches"


@pytest.mark.parametrize(
    ("nir", "password", "champ", "message"),
    [
        pytest.param("", NADIA, "nir", "Saisissez votre numéro", id="numéro vide"),
        pytest.param("12", NADIA, "nir", "Vous en avez saisi 2", id="numéro court"),
        pytest.param("1é345678901AB", NADIA, "nir", "avec des chiffres", id="autre signe"),
        pytest.param("2910475111234", "", "motdepasse", "Saisissez le mot de passe", id="mot de passe vide"),
    ],
)
def test_what_is_missing_is_said(client: Browser, nir: str, password: str, champ: str, message: str) -> None:
    page = sign_in(client, nir, password)
    assert page.status == 422
    assert page.error_fields() == [champ]
    assert message in page.errors[0]


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(client: Browser) -> None:
    wrong = sign_in(client, nir_of("nadia"), "une erreur")
    unknown = sign_in(client, "2910475111234", "une erreur")
    assert wrong.status == unknown.status == 422
    assert wrong.errors[0].split("Il reste")[0] == unknown.errors[0].split("Il reste")[0]
    assert "une erreur" not in wrong.text
    assert "Vos autres réponses sont gardées" not in wrong.main, "the password is not"


def test_attempts_are_slowed_for_an_account(client: Browser) -> None:
    for left in (4, 3, 2, 1):
        page = sign_in(client, nir_of("nadia"), "une erreur")
        assert f"Il reste {left} essai" in page.main
        assert page.errors == [
            "Ce numéro de sécurité sociale et ce mot de passe ne vont pas ensemble. Vérifiez les deux."
        ]
    page = sign_in(client, nir_of("nadia"), "une erreur")
    assert page.status == 429
    assert "Trop d'essais" in page.main
    assert "Réessayez dans 1 minute" in page.main
    assert "ne vont pas ensemble" in page.main
    page = sign_in(client, nir_of("nadia"), NADIA)
    assert page.status == 429, "even the right one waits"
    assert "Ce service n'a pas vérifié votre mot de passe. Il est peut-être juste." in page.main
    assert "ne vont pas ensemble" not in page.main
    assert sign_in(client, nir_of("marc"), "demo-marc-2026").path == "/demarches", (
        "an address is shared by many people"
    )


def test_signing_out_says_what_is_lost(client: Browser) -> None:
    client.start("nadia")
    page = client.press("Se déconnecter")
    assert page.h1 == "Vous allez perdre votre demande"
    assert page.links()["Reprendre ma demande"] == "/demande"
    assert client.get("/demande/situation").h1 == "Ma situation actuelle", "nothing is lost before the answer"
    page = client.sign_out()
    assert page.h1 == "Vous avez quitté votre compte"
    assert "Les réponses et les fichiers de la demande non validée sont effacés" in page.main
    assert client.get("/demande/situation").path == "/connexion"


def test_a_copy_of_the_cookies_opens_nothing_after_sign_out(client: Browser, service: Starlette) -> None:
    client.start("nadia")
    thief = Browser(TestClient(service))
    for cookie in client.client.cookies.jar:
        thief.client.cookies.set(cookie.name, cookie.value or "", domain=cookie.domain, path=cookie.path)
    assert thief.get("/demande/situation").h1 == "Ma situation actuelle"
    client.sign_out()
    assert thief.get("/demande/situation").path == "/session-expiree"


def test_signing_in_ends_the_session_of_this_browser_only(make_client: Callable[[], Browser]) -> None:
    here, elsewhere = make_client(), make_client()
    elsewhere.start("nadia")
    here.start("nadia")
    before = dict(here.client.cookies)
    here.client.post("/connexion", data={"jeton": here.token, "compte": "marc"})
    copy = make_client()
    copy.client.cookies.set("c2s_session", before["c2s_session"], domain="testserver.local", path="/")
    assert copy.get("/demarches").path == "/session-expiree"
    assert elsewhere.get("/demande/situation").h1 == "Ma situation actuelle"


def test_after_twenty_hours_the_session_is_over(client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    client.start("nadia")
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + SESSION_LIFETIME.total_seconds() + 60)
    page = client.get("/demande/situation")
    assert page.path == "/session-expiree"
    assert "Ce qui est perdu" in page.main


@pytest.mark.parametrize(
    ("opened", "ends"),
    [
        pytest.param(datetime(2026, 10, 24, 18, tzinfo=UTC), "à 15 h 00", id="heure d'hiver"),
        pytest.param(datetime(2027, 3, 27, 19, tzinfo=UTC), "à 17 h 00", id="heure d'été"),
    ],
)
def test_the_night_when_clocks_change_a_session_lasts_twenty_hours_and_says_when_it_ends(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch, opened: datetime, ends: str
) -> None:
    """Signed in at 20 h: what is not filed by then is lost, which a page must not say an hour too late."""

    class Then(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            return opened.astimezone(tz)

    monkeypatch.setattr("app.settings.model.datetime", Then)
    monkeypatch.setattr(time, "time", opened.timestamp)
    client.start("nadia")
    for url in ("/demarches", "/demande", "/informations/donnees"):
        assert f"25 novembre 2026 {ends}" in plain(client.get(url).main), url
    with reading(service.state.house.engine) as db:
        session = db.exec(select(SessionOuverte)).one()
    assert session.expire_le - session.ouverte_le == SESSION_LIFETIME


def test_the_sweep_forgets_expired_sessions(client: Browser, service: Starlette, settings: Settings) -> None:
    client.start("nadia")
    house = service.state.house
    with reading(house.engine) as db:
        assert sweep(db, house.shelf, settings.clock()).sessions == 0
        assert (
            sweep(db, house.shelf, settings.clock() + SESSION_LIFETIME + timedelta(minutes=1)).sessions == 1
        )
    assert client.get("/demande/situation").path == "/session-expiree"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"sec-fetch-site": "cross-site"}, id="autre site"),
        pytest.param({"sec-fetch-site": "same-site"}, id="site voisin"),
        pytest.param({"origin": "https://exemple.fr"}, id="autre origine"),
    ],
)
def test_a_form_of_another_site_is_refused(client: Browser, headers: dict[str, str]) -> None:
    client.sign_in("nadia")
    answer = client.client.post("/demande", data={"jeton": client.token}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["", "x", "a" * 44])
def test_a_form_without_our_token_is_refused(client: Browser, token: str) -> None:
    client.sign_in("nadia")
    assert client.client.post("/demande", data={"jeton": token}).status_code == 403


def test_the_token_of_another_person_is_refused(make_client: Callable[[], Browser]) -> None:
    nadia, marc = make_client(), make_client()
    nadia.sign_in("nadia")
    marc.sign_in("marc")
    assert marc.client.post("/demande", data={"jeton": nadia.token}).status_code == 403


def test_nothing_of_a_session_is_written_in_clear(client: Browser, service: Starlette, settings: Any) -> None:
    client.start("nadia")
    assert client.press("Suivant", ETAPE_1 | {"caf": "oui", "caf_numero": "7654321"}).path == "/demande/foyer"
    token = client.client.cookies["c2s_session"].split(".")[0].encode()
    written = on_disk(settings)
    for canary in (b"7654321", nir_of("nadia").encode(), b"Nadia", token):
        assert canary not in written


def test_a_browser_that_sends_too_much_is_told_so(client: Browser) -> None:
    client.sign_in("nadia")
    answer = client.client.get("/demarches", headers={"x-inutile": "x" * 20_000})
    assert answer.status_code == 431
    assert "Votre navigateur envoie trop d" in answer.text


def test_a_malformed_origin_is_refused(client: Browser) -> None:
    client.sign_in("nadia")
    answer = client.client.post("/demande", data={"jeton": client.token}, headers={"origin": "http://["})
    assert answer.status_code == 403


def test_starting_again_is_confirmed_then_erases(client: Browser) -> None:
    client.start("nadia")
    assert client.press("Suivant", ETAPE_1 | {"nationalite": "ue"}).path == "/demande/foyer"
    client.get("/demande")
    link = client.page.links()["Tout effacer et recommencer"]
    page = client.get(link)
    assert "Tout effacer ?" in page.main
    page = client.press("Oui, tout effacer et recommencer")
    assert "Vos réponses et vos fichiers sont effacés" in page.main
    client.press("Je démarre ma demande")
    assert client.page.value("nationalite") == ""


def test_an_older_cookie_keeps_working(client: Browser) -> None:
    """A response lost on the network: the browser still holds the draft of before."""
    client.start("nadia")
    before = client.client.cookies["c2s_brouillon"]
    client.press("Suivant", ETAPE_1 | {"nationalite": "ue"})
    client.client.cookies.delete("c2s_brouillon")
    client.client.cookies.set("c2s_brouillon", before, domain="testserver.local", path="/demande")
    assert client.get("/demande/situation").h1 == "Ma situation actuelle"
    assert client.press("Suivant", ETAPE_1).h1 == "Composition du foyer"


@pytest.mark.parametrize("value", ["n'importe quoi", "a.b.c"])
def test_a_draft_that_cannot_be_read_is_said(client: Browser, value: str) -> None:
    client.start("nadia")
    client.client.cookies.delete("c2s_brouillon")
    client.client.cookies.set("c2s_brouillon", value, domain="testserver.local", path="/demande")
    page = client.get("/demande/foyer")
    assert page.path == "/demande"
    assert "Vos réponses ne peuvent plus être lues" in page.main
    assert client.press("Je démarre ma demande").h1 == "Ma situation actuelle"


def test_the_draft_of_somebody_else_is_refused(make_client: Callable[[], Browser]) -> None:
    nadia, marc = make_client(), make_client()
    nadia.start("nadia")
    marc.start("marc")
    marc.client.cookies.delete("c2s_brouillon")
    marc.client.cookies.set(
        "c2s_brouillon", nadia.client.cookies["c2s_brouillon"], domain="testserver.local", path="/demande"
    )
    assert "Vos réponses ne peuvent plus être lues" in marc.get("/demande/situation").main
