"""In by FranceConnect and out of both, in a browser: the policy of our pages lets it go and come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import FALLING
from e2e.service import Service, serving
from e2e.w3m import W3m, in_text
from tests.conftest import TODAY
from tests.support.fournisseur import people, providing, settings_for, why_not
from tests.support.ports import free_port

pytestmark = pytest.mark.xdist_group("fournisseur")


@pytest.fixture
def service(filled_folder: Path, tmp_path: Path) -> Iterator[Service]:
    """A server that a provider on this machine knows."""
    if why := why_not():
        pytest.skip(why)
    port = free_port()
    with (
        serving(filled_folder, tmp_path / "donnees", **settings_for(port, "{url}")) as served,
        providing(port, served.url, people(TODAY)),
    ):
        yield served


@FALLING
def test_in_by_franceconnect_and_out_of_both(page: Page, service: Service) -> None:
    page.goto("/connexion?suite=/informations")
    page.get_by_role("link", name="Se connecter avec FranceConnect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fournisseur d'essai")
    assert not page.url.startswith(service.url)
    page.get_by_role("button", name="Nadia", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes informations")
    assert page.url == f"{service.url}/informations"
    if (menu := page.get_by_text("Menu", exact=True)).is_visible():
        menu.click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("button", name="Me déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous avez quitté votre compte")
    assert page.url.startswith(f"{service.url}/deconnexion?state=")


@FALLING
def test_who_has_no_account_here_leaves_franceconnect(page: Page, service: Service) -> None:
    page.goto("/connexion")
    page.get_by_role("link", name="Se connecter avec FranceConnect").click()
    page.get_by_role("button", name="Sacha").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Me connecter à mon compte")
    page.get_by_role("button", name="Me déconnecter de FranceConnect").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fournisseur d'essai")
    page.get_by_role("button", name="Me déconnecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vous avez quitté FranceConnect")


@in_text
def test_in_and_out_in_a_browser_of_text(service: Service, tmp_path: Path) -> None:
    """It follows no `Refresh`: the link of the page is the way out."""
    with W3m(service.url, tmp_path) as w3m:
        w3m.arrives("Me connecter à mon compte")
        w3m.press("Se connecter avec FranceConnect", "Fournisseur d'essai")
        w3m.press("Nadia", "Mes démarches")
        w3m.press("Se déconnecter", "Vous avez quitté votre compte")
        w3m.press("Quitter FranceConnect", "Fournisseur d'essai")
        w3m.press("Me déconnecter", "Vous avez quitté votre compte")
        assert "Quitter FranceConnect" not in w3m.text
