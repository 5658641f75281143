"""FranceConnect's own engine, on this machine: from the link to the account and back out, without a browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.main import create_app
from app.settings import load_settings
from app.store.database import reading
from tests.conftest import TODAY
from tests.support.browser import Browser, Page
from tests.support.filed import once
from tests.support.fournisseur import (
    HOMONYMS,
    add_homonyms,
    issuer_at,
    people,
    providing,
    settings_for,
    why_not,
)
from tests.support.ports import free_port
from tests.support.services import NO_TRUST
from tests.web.test_account import nir_of
from tests.web.test_franceconnect import give_password, said

pytestmark = pytest.mark.xdist_group("fournisseur")
OURS = "http://testserver"


@pytest.fixture(scope="module")
def provider() -> Iterator[int]:
    """The port of the provider, started once."""
    if why := why_not():
        pytest.skip(why)
    port = free_port()
    with providing(port, OURS, people(TODAY)):
        yield port


@pytest.fixture(scope="module")
def filled_folder(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the demonstration, and two accounts with one civil status."""
    with once(filled_folder, tmp_path_factory.mktemp("homonymes") / "donnees") as (folder, _, service):
        house = service.state.house
        with reading(house.engine) as db:
            add_homonyms(db, house.ring, TODAY)
    return folder


@pytest.fixture
def connected(data_folder: Path, provider: int) -> Iterator[Starlette]:
    app = create_app(
        load_settings(demo=True, data_dir=data_folder, today=TODAY, **settings_for(provider, OURS))
    )
    yield app
    app.state.house.engine.dispose()


@pytest.fixture
def client(connected: Starlette) -> Browser:
    return Browser(TestClient(connected))


@pytest.fixture
def elsewhere() -> Iterator[httpx2.Client]:
    """The same browser, on the pages of the provider."""
    with httpx2.Client(timeout=20, verify=NO_TRUST) as made:
        yield made


def follow(elsewhere: httpx2.Client, url: str, **chosen: str) -> str:
    """Through the pages of the provider, whose only form is sent as `chosen` says, to the address of ours it leads to."""
    for _ in range(12):
        answer = elsewhere.get(url)
        if answer.status_code == 200:
            action = re.search(r'action="([^"]+)"', answer.text)
            hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]+)"', answer.text))
            target = str(answer.url.join(action[1])) if action else str(answer.url)
            answer = elsewhere.post(target, data=hidden | chosen)
        assert answer.has_redirect_location, answer.text
        url = str(answer.url.join(answer.headers["location"]))
        if url.startswith(OURS):
            return url
    raise AssertionError(url)


def away(client: Browser) -> str:
    """The address that the sign-in page leads to."""
    link = client.get("/connexion").links()["Se connecter avec FranceConnect"]
    return client.client.get(link, follow_redirects=False).headers["location"]


def come_in(client: Browser, elsewhere: httpx2.Client, who: str) -> Page:
    return client.get(follow(elsewhere, away(client), qui=who))


def test_a_person_signs_in_and_out_of_both(client: Browser, elsewhere: httpx2.Client, provider: int) -> None:
    assert come_in(client, elsewhere, "nadia").path == "/demarches"
    assert "Nadia Exemple" in client.page.tree.css_first(".marge").text()
    client.sign_out()
    leaving = client.client.get("/deconnexion/franceconnect?fait=vide", follow_redirects=False).headers[
        "location"
    ]
    assert leaving.startswith(issuer_at(provider))
    assert client.get(follow(elsewhere, leaving, logout="yes")).h1 == "Vous avez quitté votre compte"
    assert come_in(client, elsewhere, "").path == "/connexion", "the provider asks again who one is"


def test_who_is_not_found_leaves_the_provider(
    client: Browser, elsewhere: httpx2.Client, provider: int
) -> None:
    come_in(client, elsewhere, "sans-compte")
    client.press("Me déconnecter de FranceConnect")
    link = client.page.links()["Quitter FranceConnect"]
    leaving = client.client.get(link, follow_redirects=False).headers["location"]
    assert leaving.startswith(issuer_at(provider))
    assert client.get(follow(elsewhere, leaving, logout="yes")).h1 == "Vous avez quitté FranceConnect"
    assert come_in(client, elsewhere, "").path == "/connexion", "the provider asks again who one is"
    assert said(client.page) == "La connexion n'est pas terminée"


def test_a_person_born_abroad_is_found(client: Browser, elsewhere: httpx2.Client) -> None:
    assert come_in(client, elsewhere, "awa").path == "/demarches"


def test_a_person_who_gives_up_is_told_so(client: Browser, elsewhere: httpx2.Client) -> None:
    come_in(client, elsewhere, "")
    assert said(client.page) == "La connexion n'est pas terminée"


def test_a_code_serves_once(client: Browser, elsewhere: httpx2.Client) -> None:
    back = follow(elsewhere, away(client), qui="nadia")
    kept = [(cookie.name, cookie.value or "", cookie.path) for cookie in client.client.cookies.jar]
    assert client.get(back).path == "/demarches"
    client.sign_out()
    client.client.cookies.clear()
    for name, value, path in kept:  # as if the browser had kept what it drops
        client.client.cookies.set(name, value, path=path)
    with capture_logs() as lines:
        assert said(client.get(back)) == "La connexion a pris trop de temps"
    assert [line["motif"] for line in lines if line["event"] == "franceconnect_refuse"] == ["invalid_grant"]


@pytest.mark.parametrize("who", ["sans-compte", "deux-comptes", "nom-change", "jour-inconnu"])
def test_who_is_not_found_is_told_the_same(client: Browser, elsewhere: httpx2.Client, who: str) -> None:
    come_in(client, elsewhere, who)
    assert said(client.page) == "Connectez-vous une fois avec votre numéro"


@pytest.mark.parametrize(("who", "cle"), [("nom-change", "fatou"), ("jour-inconnu", "yves")])
def test_one_sign_in_by_number_is_enough_for_ever(
    client: Browser, elsewhere: httpx2.Client, who: str, cle: str
) -> None:
    come_in(client, elsewhere, who)
    assert give_password(client, cle).path == "/demarches"
    client.sign_out()
    elsewhere.cookies.clear()
    assert come_in(client, elsewhere, who).path == "/demarches"


def test_one_of_two_homonyms_is_told_by_the_number(client: Browser, elsewhere: httpx2.Client) -> None:
    come_in(client, elsewhere, "deux-comptes")
    nir = f"{nir_of('nadia')[:-3]}902"
    assert (
        client.press("Se connecter", {"nir": nir, "motdepasse": f"demo-{HOMONYMS[1]}"}).path == "/demarches"
    )
    client.sign_out()
    elsewhere.cookies.clear()
    assert come_in(client, elsewhere, "deux-comptes").path == "/demarches"


def test_the_provider_refuses_what_franceconnect_refuses(client: Browser, elsewhere: httpx2.Client) -> None:
    """What our address has and lacks is thus what FranceConnect takes."""
    url = away(client)
    assert elsewhere.get(url).status_code == 303
    for wrong in (f"{url}&code_challenge=x", f"{url}&login_hint=nadia", url.replace("eidas1", "")):
        assert "Y000400" in elsewhere.get(wrong).text


def test_a_provider_that_stops_leaves_the_number_and_the_password(data_folder: Path) -> None:
    app = create_app(
        load_settings(demo=True, data_dir=data_folder, today=TODAY, **settings_for(free_port(), OURS))
    )
    client = Browser(TestClient(app))
    client.get("/connexion/franceconnect")
    assert said(client.page) == "FranceConnect ne répond pas"
    assert give_password(client, "nadia").path == "/demarches"
    app.state.house.engine.dispose()
