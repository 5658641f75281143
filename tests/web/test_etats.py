"""The catalogue of states: one address opens each, the same each time."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.demo.states import STATES
from app.main import create_app
from tests.support.browser import Browser
from tests.support.office import Office


def test_the_catalogue_and_its_twin_list_every_state(client: Browser) -> None:
    page = client.get("/etats")
    assert page.h1 == "Catalogue des états"
    assert [link for link in page.links().values() if link.startswith("/etats/")] == [
        f"/etats/{n}" for n in STATES
    ]
    listed = client.client.get("/etats.json").json()
    assert [entry["nom"] for entry in listed] == list(STATES)
    assert set(listed[0]) == {"nom", "page", "url", "statut", "source"}


def test_an_unknown_state_is_a_404(client: Browser) -> None:
    assert client.get("/etats/introuvable").status == 404


def test_a_state_is_the_same_each_time_and_leaves_one_in_it(client: Browser) -> None:
    for _ in range(2):
        page = client.get("/etats/foyer-retire")
        assert "Sami ne fait plus partie de votre foyer" in page.main
    assert client.get("/demande/foyer").h1 == "Composition du foyer"
    assert client.get("/etats/terminee-incomplete").h1 == "Votre demande est maintenant terminée !"
    assert client.get("/etats/foyer").h1 == "Composition du foyer", "the account was put back as it was"


def test_a_lost_file_is_named_where_it_is_to_be_sent_again(client: Browser) -> None:
    page = client.get("/etats/pieces-perdu")
    assert "Le fichier avis.pdf n'est plus disponible. Envoyez-le à nouveau" in page.main
    assert "Fichier à envoyer à nouveau" in page.main
    assert "reçu" not in page.main
    assert page.tree.css_first("#fait .alerte") is not None
    assert page.tree.css_first("#fait .succes") is None, "a loss is not told as a success"


def test_an_account_open_elsewhere_is_asked_before_it_loses_a_demande_there(client: Browser) -> None:
    for _ in range(2):
        page = client.get("/etats/donnees-fermer-une-demande")
        assert [
            name for name in page.buttons() if name.startswith("Fermer et tout effacer")
        ] == page.buttons()[-1:]
    assert not any(name.startswith("Fermer") for name in client.get("/etats/donnees").buttons())


def test_a_message_is_found_whatever_has_been_filed_before(client: Browser) -> None:
    for nom in ("terminee-incomplete", "blocage-3-fatou", "accuse-incomplet"):
        page = client.get(f"/etats/{nom}")
    assert page.h1.startswith("Accusé de réception")


def test_opening_a_state_ends_the_session_before(client: Browser, service: Starlette) -> None:
    client.sign_in("marc")
    copy = Browser(TestClient(service))
    copy.client.cookies.set(
        "c2s_session", client.client.cookies["c2s_session"], domain="testserver.local", path="/"
    )
    client.get("/etats/situation-vide")
    assert copy.get("/demarches").path == "/session-expiree"


def test_there_is_no_catalogue_outside_the_demonstration(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.done("init")
    client = TestClient(create_app(office.settings), base_url=office.settings.public_url)
    assert client.get("/etats").status_code == 404
    assert client.get("/etats/situation-vide").status_code == 404
    assert "Comptes de démonstration" not in client.get("/connexion").text


def test_a_complete_demande_is_shown_with_its_files(client: Browser) -> None:
    for _ in range(2):
        page = client.get("/etats/terminee")
        assert page.h1 == "Votre demande est maintenant terminée !"
        assert "Vous n'avez plus à effectuer de démarche" in page.main
    assert "avis.pdf" in client.get("/etats/accuse").main
