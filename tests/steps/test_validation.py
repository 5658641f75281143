"""Étape 7, sur la page : ce qu'elle dit avant, et ce qu'elle demande."""

from starlette.applications import Starlette

from tests.support.browser import Browser
from tests.support.drafts import arrive_at
from tests.support.walk import join

HERE = "/demande/validation"


def test_certifier_est_demande(client: Browser, service: Starlette) -> None:
    arrive_at(client, service, "validation", "benoit")
    page = client.press("Je valide ma demande")
    assert page.status == 422
    assert page.error_fields() == ["certifie"]


def test_les_articles_et_le_droit_a_l_erreur_sont_dits_ensemble(client: Browser, service: Starlette) -> None:
    page = arrive_at(client, service, "validation", "benoit")
    assert page.main.index("Vous avez droit à l'erreur") < page.main.index("Une fausse déclaration")
    for article in ("L123-1", "313-1", "313-3", "433-19", "441-1", "L861-2-1", "R861-15-1", "R861-15-7"):
        assert article in page.main
    assert "amende" in page.main
    assert "prison" in page.main


def test_ce_qui_part_et_ce_qui_manque_est_dit(client: Browser, service: Starlette) -> None:
    page = arrive_at(client, service, "validation")
    assert "les réponses pour 3 personnes et aucun fichier" in page.main
    assert "Avis d'impôt : Lina" in page.main
    assert "dans les 30 jours" in page.main
    assert "Il manque des documents" in page.main


def test_un_seul_document_manque(client: Browser, service: Starlette) -> None:
    assert "Il manque un document" in arrive_at(client, service, "validation", "benoit").main


def test_un_dossier_complet_ne_manque_de_rien(client: Browser, service: Starlette) -> None:
    arrive_at(client, service, "pieces", "benoit")
    join(client, "avis_moi")
    client.press("Suivant", {"bien": "non", "etranger": "non"})
    assert client.page.path == HERE
    assert "vos réponses et 1 fichier" in client.page.main
    assert "Il manque" not in client.page.main


def test_on_ne_valide_pas_avant_d_avoir_tout_repondu(client: Browser) -> None:
    client.start("benoit")
    page = client.get(HERE)
    assert page.path == "/demande/situation"
    assert "La page demandée vient plus tard" in page.main


def test_valider_sans_brouillon_ramene_au_debut(client: Browser) -> None:
    client.sign_in("benoit")
    assert client.get(HERE).path == "/demande"
    assert client.get("/demande/terminee").path == "/demarches"
