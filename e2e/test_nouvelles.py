"""In by FranceConnect, a demande filed, an e-mail, the document sent: a whole story, on real servers."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.domain.messages import PieceDemandee
from app.store.database import reading
from app.store.decisions import ask_pieces
from e2e.conftest import ON_PHONES
from e2e.pages.beneficiaires import Beneficiaires
from e2e.pages.demarches import Demarches
from e2e.pages.foyer import Foyer
from e2e.pages.organisme import Organisme
from e2e.pages.situation import Situation
from e2e.service import Service, serving
from e2e.twin import twin_of
from e2e.w3m import W3m, benoit_depose, in_text
from e2e.walks import seul
from e2e.window import Window
from tests.conftest import TODAY
from tests.support import samples
from tests.support.fournisseur import people, providing, settings_for, why_not
from tests.support.mailbox import Mailbox, mail_server, trusted_server
from tests.support.ports import free_port

pytestmark = pytest.mark.xdist_group("fournisseur")

PAGE = PieceDemandee(document="Avis d'impôt : Benoit", raison="Il manque la page 2.")


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[Mailbox]:
    """A mail server, whose certificate lies beside the data of the service."""
    with mail_server(trusted_server(tmp_path)[1]) as served:
        yield served


@pytest.fixture
def service(filled_folder: Path, tmp_path: Path, mailbox: Mailbox) -> Iterator[Service]:
    """A server that a provider knows, and that has this mail server."""
    if why := why_not():
        pytest.skip(why)
    port = free_port()
    settings = settings_for(port, "{url}") | {
        "smtp_url": mailbox.url(),
        "smtp_from": "ne-pas-repondre@exemple.fr",
        "SSL_CERT_FILE": str(tmp_path / "certificat.pem"),
    }
    with (
        serving(filled_folder, tmp_path / "donnees", **settings) as served,
        providing(port, served.url, people(TODAY)),
    ):
        yield served


def link_of(message: EmailMessage, part: str) -> str:
    """The address, in the text, whose path has this part."""
    body = message.get_body(("plain",))
    assert body is not None
    (url,) = re.findall(rf"^https?://\S*{part}\S*", body.get_content(), re.MULTILINE)
    return str(url)


def title(page: Page, said: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(said)


def the_caisse_asks(service: Service) -> str:
    """For a page of the avis that was filed; the reference of its demande."""
    reference: str = service.deposited().demande.reference
    with twin_of(service) as twin:
        house = twin.app.state.house
        with reading(house.engine) as db:
            due = TODAY + timedelta(days=30)
            ask_pieces(db, house.ring, reference, house.settings.now(), [PAGE], due)
    return reference


@ON_PHONES
def test_from_the_sign_in_to_the_email_to_the_document(
    window: Window, service: Service, mailbox: Mailbox, browser: Browser
) -> None:
    page = window.page
    page.goto("/connexion?suite=/informations/nouvelles")
    page.get_by_role("link", name="Se connecter avec FranceConnect").click()
    page.get_by_role("button", name="Benoit", exact=True).click()
    title(page, "Recevoir des nouvelles de ma demande")
    page.locator("label[for=recevoir]").click()
    page.get_by_role("button", name="Enregistrer").click()
    title(page, "Mes informations")

    situation = window.open("/demarches", Demarches).demander().demarrer(Situation)
    situation.remplir()
    organisme = situation.suivant(Foyer).suivant(Beneficiaires).suivant(Organisme)
    organisme.choisir_la_caisse()
    seul(organisme, "Benoit")
    (accuse,) = mailbox.wait_for(1)
    page.goto(link_of(accuse, "/echanges"))
    expect(page.get_by_role("link", name="Accusé de réception")).to_be_visible()

    reference = the_caisse_asks(service)
    asked = mailbox.wait_for(2)[1]
    page.goto(link_of(asked, "/echanges"))
    page.get_by_role("link", name="Votre caisse a besoin d’un document").click()
    page.goto(f"/suivi/{reference}/completer")
    page.locator("input[type=file]").set_input_files(
        {"name": "page-2.pdf", "mimeType": "application/pdf", "buffer": samples.pdf()}
    )
    page.get_by_role("button", name="Envoyer à ma caisse").click()
    expect(page.get_by_text("Votre message est envoyé à votre caisse.")).to_be_visible()

    stranger = browser.new_page()
    stranger.goto(link_of(asked, "/nouvelles/arret"))
    stranger.get_by_role("button", name="Ne plus recevoir d").click()
    title(stranger, "Vous ne recevez plus d’e-mail")
    stranger.close()
    page.goto("/informations")
    expect(page.locator("section[aria-labelledby=nouvelles]")).to_contain_text(
        "Vous ne recevez pas d’e-mail."
    )


@in_text
def test_the_same_story_in_a_browser_of_text(service: Service, mailbox: Mailbox, tmp_path: Path) -> None:
    avis, page_2 = tmp_path / "avis.pdf", tmp_path / "page-2.pdf"
    avis.write_bytes(samples.pdf(pages=2))
    page_2.write_bytes(samples.pdf())
    with W3m(f"{service.url}/connexion?suite=/informations/nouvelles", tmp_path) as w3m:
        w3m.arrives("Me connecter à mon compte")
        w3m.press("Se connecter avec FranceConnect", "Fournisseur d'essai")
        w3m.press("Benoit", "Recevoir des nouvelles de ma demande")
        w3m.tick("Je choisis de recevoir un e-mail")
        w3m.press("Enregistrer", "Mes informations")
        w3m.press("Mes démarches", "Mes démarches")
        benoit_depose(w3m, avis)
        (accuse,) = mailbox.wait_for(1)
        w3m.go(link_of(accuse, "/echanges"), "Mon espace d'échanges")
        w3m.find("Accusé de réception")
        reference = the_caisse_asks(service)
        asked = mailbox.wait_for(2)[1]
        w3m.go(link_of(asked, "/echanges"), "Mon espace d'échanges")
        w3m.press("Votre caisse a besoin d'un document", "Votre caisse a besoin d'un document")
        w3m.go(f"{service.url}/suivi/{reference}/completer", "Corriger ou compléter ma demande")
        w3m.choose_file("Choisir un fichier", page_2, "Votre message est envoyé à votre caisse.")
        w3m.go(link_of(asked, "/nouvelles/arret"), "Ne plus recevoir")
        w3m.find("Vous pouvez arrêter")  # past the title
        w3m.press("Ne plus recevoir", "Vous ne recevez plus d'e-mail")
