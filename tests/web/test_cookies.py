"""Outside the demonstration: names that a neighbouring domain cannot plant, and one host to answer under."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings, WrongSetting
from app.store.database import reading, writing
from app.store.tables import SessionOuverte
from app.web import draft, session
from app.web.signer import signer
from tests.support.browser import Browser, Page
from tests.support.household import ETAPE_1
from tests.support.office import NADIA, NIR, PASSWORD, Office

SESSION, DRAFT, DEVICE = "__Host-c2s_session", "__Secure-c2s_brouillon", "__Secure-c2s_appareil"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """An installation that has an account."""
    office = Office(tmp_path_factory.mktemp("bureau")).open()
    office.done("assures", "import", office.people(NADIA))
    return office


@pytest.fixture(scope="module")
def running(installed: Office) -> Iterator[Starlette]:
    app = create_app(installed.settings)
    yield app
    app.state.house.engine.dispose()


@pytest.fixture
def client(running: Starlette) -> Browser:
    """A browser on the public address."""
    return Browser(TestClient(running, base_url=running.state.house.settings.public_url))


def sign_in(client: Browser) -> None:
    client.get("/connexion")
    assert client.press("Se connecter", {"nir": NIR, "motdepasse": PASSWORD}).h1 == "Mes démarches"


def start(client: Browser) -> None:
    sign_in(client)
    client.get("/demande")
    client.press("Je démarre ma demande")


def test_every_cookie_has_a_name_that_a_neighbour_cannot_plant(client: Browser) -> None:
    start(client)
    assert set(client.client.cookies) == {SESSION, DRAFT, DEVICE}
    client.sign_out()
    assert set(client.client.cookies) == {DEVICE}, "what a sign-out leaves"


def test_what_a_prefix_asks_is_given_and_no_script_reads_a_cookie(client: Browser) -> None:
    """A browser refuses the others in silence: TLS only, and for `__Host-` the path / and no domain."""
    set_by: list[str] = []
    client.client.event_hooks = {
        "response": [lambda answer: set_by.extend(answer.headers.get_list("set-cookie"))]
    }
    start(client)
    cookies = SimpleCookie()
    for written in set_by:
        if "c2s" in written and "Max-Age=0" not in written:
            cookies.load(written)
    assert set(cookies) == {SESSION, DRAFT, DEVICE}
    for name, cookie in cookies.items():
        given = (cookie["domain"], cookie["secure"], cookie["httponly"], cookie["samesite"])
        assert given == ("", True, True, "lax"), name
    assert cookies[SESSION]["path"] == "/"


def old_names(client: Browser, settings: Settings) -> None:
    """Give a browser the cookies it would hold from before the prefixes."""
    jar = client.client.cookies
    token = signer(settings, session._PREFIXED_SALT).unsign(jar[SESSION])
    old = signer(settings, session._SALT).sign(token).decode()
    held = jar[DRAFT]
    jar.clear()
    host = "c2s.caisse-931.fr"
    jar.set(session.COOKIE, old, domain=host, path="/")
    jar.set(draft.COOKIE, held, domain=host, path=draft.PATH)


def test_a_session_of_before_the_prefixes_is_carried_over_once(client: Browser, running: Starlette) -> None:
    start(client)
    client.press("Suivant", ETAPE_1 | {"nationalite": "ue"})
    old_names(client, running.state.house.settings)
    page = client.get("/demande/situation")
    assert page.value("nationalite") == "ue", "nothing is lost"
    assert SESSION in client.client.cookies
    assert session.COOKIE not in client.client.cookies
    assert client.press("Suivant", nationalite="fr").h1 == "Composition du foyer"
    assert DRAFT in client.client.cookies


def test_what_is_signed_under_the_new_name_is_worth_nothing_under_the_old_one(
    client: Browser, running: Starlette
) -> None:
    """A neighbouring domain can still plant the old name: with a session of its own, it would make people fill that in."""
    sign_in(client)
    victim = Browser(TestClient(running, base_url="https://c2s.caisse-931.fr"))
    victim.client.cookies.set(
        session.COOKIE, client.client.cookies[SESSION], domain="c2s.caisse-931.fr", path="/"
    )
    assert victim.get("/demarches").path.endswith("/connexion")


def test_the_old_name_gives_way_to_the_new_one(client: Browser, running: Starlette) -> None:
    sign_in(client)
    client.client.cookies.set(session.COOKIE, "plantee", domain="c2s.caisse-931.fr", path="/")
    assert client.get("/demarches").h1 == "Mes démarches"


def test_signing_out_of_a_session_that_was_carried_ends_it(client: Browser, running: Starlette) -> None:
    start(client)
    token = client.token
    old_names(client, running.state.house.settings)
    client.client.post("/deconnexion", data={"jeton": token, "quitter": "oui"}, follow_redirects=False)
    assert SESSION not in client.client.cookies
    assert session.COOKIE not in client.client.cookies


# Hosts


@pytest.mark.parametrize("host", ["autre.exemple.fr", "c2s.caisse-931.fr.exemple.fr", "[", "", "127.0.0.1"])
def test_another_host_is_refused_and_its_name_is_nowhere(running: Starlette, host: str) -> None:
    client = TestClient(running, base_url="https://c2s.caisse-931.fr", headers={"host": host})
    for url in ("/connexion", "/demande/", "/nulle-part"):
        answer = client.get(url, follow_redirects=False)
        assert answer.status_code == 400, url
        assert "Ce service ne répond pas à cette adresse" in answer.text
        assert not host or host not in answer.text
    style = Page(answer).tree.css_first('link[rel="stylesheet"]').attributes["href"]
    assert client.get(style or "").status_code == 200, "the page that refuses has its style"
    assert client.get("/sante").status_code == 200, "a load balancer asks an address"


def test_its_own_host_has_any_port_and_any_case(running: Starlette) -> None:
    client = TestClient(running, headers={"host": "C2S.Caisse-931.fr:8443"})
    assert client.get("/connexion").status_code == 200


def test_without_a_name_the_service_does_not_start(tmp_path: Path) -> None:
    office = Office(tmp_path, C2S_PUBLIC_URL="")
    office.done("init")
    with pytest.raises(WrongSetting, match=r"^C2S_PUBLIC_URL n'a pas de valeur"):
        create_app(office.settings)


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("/connexion/", "/connexion"),
        ("/delais/?caisse=931", "/delais?caisse=931"),
        ("//autre.exemple.fr/", "/autre.exemple.fr"),
        ("/%5Cautre.exemple.fr/", "/%5Cautre.exemple.fr"),
    ],
)
def test_a_slash_too_many_leads_to_a_page_of_this_site(service: Starlette, asked: str, sent: str) -> None:
    client = TestClient(service, headers={"host": "hote-hostile.test"})
    answer = client.get(f"http://testserver{asked}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, sent)


def test_a_session_that_is_over_is_not_carried(client: Browser, running: Starlette) -> None:
    start(client)
    old_names(client, running.state.house.settings)
    with reading(running.state.house.engine) as db, writing(db):
        for row in db.exec(select(SessionOuverte)):
            db.delete(row)
    assert client.get("/demarches").path.endswith("/session-expiree")
