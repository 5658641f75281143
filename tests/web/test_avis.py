"""« Donnez votre avis ! » : une note, et rien qui mène à la personne."""

import pytest
from starlette.applications import Starlette

from app.store.tables import Satisfaction
from tests.conftest import TODAY
from tests.support.browser import Browser
from tests.support.filed import rows


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
