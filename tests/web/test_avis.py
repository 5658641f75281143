"""« Donnez votre avis ! » : une note, et rien qui mène à la personne."""

from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.store.tables import Satisfaction
from tests.conftest import TODAY
from tests.support.browser import Browser
from tests.support.filed import rows
from tests.support.walk import walk_to


def test_une_note_est_gardee_sans_lien_avec_la_personne(client: Browser, service: Starlette) -> None:
    client.sign_in("nadia")
    client.get("/avis")
    page = client.press("Envoyer mon avis", {"note": "4"})
    assert page.url == "/avis?fait=merci"
    assert "Merci. Votre avis est enregistré." in page.main
    assert page.links()["Retour au tableau de bord"] == "/demarches"
    (kept,) = rows(service, Satisfaction)
    assert (kept.note, kept.le) == (4, TODAY)
    assert set(Satisfaction.model_fields) == {"id", "le", "note"}


@pytest.mark.parametrize("note", [None, "", "0", "6", "3.5", "bien"])
def test_sans_note_la_page_le_dit(client: Browser, service: Starlette, note: str | None) -> None:
    client.sign_in("nadia")
    client.get("/avis")
    page = client.press("Envoyer mon avis", {"note": note})
    assert page.status == 422
    assert page.error_fields() == ["note_1"]
    assert "Choisissez une note de satisfaction de 1 à 5" in page.errors[0]
    assert rows(service, Satisfaction) == []


def test_sans_compte_on_se_connecte_d_abord(client: Browser) -> None:
    assert client.get("/avis").path == "/connexion"


def test_le_lien_des_services_publics_s_ajoute_a_notre_question(
    make_service: Callable[..., Starlette],
) -> None:
    adresse = "https://jedonnemonavis.numerique.gouv.fr/Demarches/1234?button=5678"
    client = Browser(TestClient(make_service(jdma_url=adresse)))
    client.sign_in("nadia")
    client.get("/avis")
    assert client.page.links()["Je donne mon avis"] == adresse
    assert "Êtes-vous satisfait de ce service ?" in client.page.main
    client.get("/demande")
    client.press("Je démarre ma demande")
    walk_to(client, "/demande/terminee")
    assert client.page.links()["Je donne mon avis"] == adresse
    assert "Envoyer mon avis" in client.page.buttons()


def test_sans_reglage_aucun_lien_ne_sort(client: Browser) -> None:
    client.sign_in("nadia")
    assert "Je donne mon avis" not in client.get("/avis").links()
