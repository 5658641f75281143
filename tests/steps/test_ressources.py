"""Étape 5, ce qui est connu et ce qui reste à déclarer."""

from starlette.applications import Starlette

from app.domain.demande import ChoixOrganisme, ModeDeGestion
from tests.support.browser import Browser
from tests.support.drafts import current
from tests.support.etape_5 import arrive

RECUPEREES = "Les données disponibles auprès des organismes payeurs ont bien été récupérées."
FAMILLES = (
    "Revenus d'activité",
    "Revenus de remplacement",
    "Pensions, rentes et retraites",
    "Prestations sociales",
)
KARIM = ChoixOrganisme(actuel="L'Entraide Factice des Calanques", mode=ModeDeGestion.CAISSE)


def test_un_compte_qui_a_des_donnees_le_dit_et_dit_lesquelles(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "ressources", ressources=False)
    assert page.h1 == "Les autres ressources de mon foyer"
    assert "Votre situation familiale a été prise en compte avec succès !" in page.main
    assert RECUPEREES in page.main
    lists = [
        [item.text(strip=True).replace("’", "'") for item in ul.css("li")] for ul in page.tree.css("main ul")
    ]
    assert lists == [[FAMILLES[0], FAMILLES[3]], [FAMILLES[1], FAMILLES[2]]]


def test_un_compte_sans_donnees_ne_pretend_rien(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "ressources", "karim", ressources=False, organisme=KARIM)
    assert "récupérées" not in page.main
    assert "Votre caisse récupère ces données auprès des organismes payeurs après le dépôt" in page.main
    for famille in FAMILLES:
        assert famille in page.main
    assert page.main.count("Vous n'avez pas à déclarer tout cela.") == 1


def test_la_page_dit_ce_qui_vient_de_l_avis_et_la_periode(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "ressources", ressources=False)
    assert (
        "Les revenus de patrimoine et les produits de placement viennent de votre avis d'impôt." in page.main
    )
    assert "Les autres ressources de votre foyer, du 1er octobre 2025 au 30 septembre 2026." in page.main
    assert "Tous les champs sont obligatoires" not in page.main


def test_le_bouton_porte_le_nom_de_la_source_et_avance(client: Browser, service: Starlette) -> None:
    arrive(client, service, "ressources", ressources=False)
    page = client.press("Je déclare les autres ressources de mon foyer")
    assert page.path == "/demande/autres-ressources"
    assert current(client, service).demande.ressources
