"""The plain pages: anyone may read them, and what they promise is true."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from app.journey import JOURNEY
from app.web.plain import PAGES, without_names
from tests.support.browser import Browser, Page, plain

SECTIONS = (
    "Notre engagement",
    "État de conformité",
    "Résultats des tests",
    "Non-conformités",
    "Dérogations pour charge disproportionnée",
    "Contenus hors obligation",
    "Établissement de cette déclaration",
    "Technologies",
    "Environnement de test",
    "Outils",
    "Pages vérifiées",
    "Un contenu ne marche pas pour vous ?",
    "Vous n'obtenez pas de réponse ?",
)
WORDS = ("C2S", "foyer", "gestionnaire", "allocataire", "ASDIR", "RSA", "Pacs", "concubinage")
MORE_WORDS = (
    "garde alternée",
    "patrimoine",
    "taxe foncière",
    "taxe d'habitation",
    "sécurité sociale et la clé",
)
NOT_IN_THE_PLAN = {
    "/.well-known/security.txt",
    "/",
    "/sante",
    "/accessibilite/resultats.csv",
    "/session-expiree",
    "/deconnexion",
    "/informations/franceconnect",  # leads to « Mes informations »
    "/demande/terminee",
    "/etats",  # the demonstration only
    "/etats.json",
}


def addresses(service: Starlette) -> set[str]:
    """Every address that answers a GET, without the names of its parameters."""
    return {
        without_names(route.path)
        for route in service.routes
        if isinstance(route, Route)
        and "GET" in (route.methods or ())
        and not route.path.startswith("/static")
    }


def local_links(page: Page) -> set[str]:
    return {
        (link.attributes["href"] or "").split("#")[0]
        for link in page.tree.css('main a[href^="/"], footer a[href^="/"]')
    }


@pytest.mark.parametrize("url", PAGES)
def test_une_page_simple_se_lit_sans_compte(client: Browser, service: Starlette, url: str) -> None:
    page = client.get(url)
    assert (page.status, page.path, page.h1) == (200, url, PAGES[url][1])
    assert local_links(page) <= addresses(service)


def test_les_donnees_nommees_sont_aussi_celles_d_avant_25_ans_et_la_garde_alternee(client: Browser) -> None:
    """They are filed: the RSA, family ties, a child on the way."""
    page = client.get("/donnees-personnelles").main
    assert "Avant 25 ans : ce qui vous permet de demander pour vous-même" in page
    assert "la garde alternée d'un enfant" in page


def test_l_aide_repond_a_qui_a_l_aspa_pas_d_adresse_ou_pas_d_e_mail(client: Browser) -> None:
    page = client.get("/aide").main
    assert "L'Aspa vous ouvre la C2S avec participation, ou gratuite selon vos ressources." in page
    assert "Donnez l'adresse de l'association ou de la mairie qui reçoit votre courrier." in page
    assert "Sans e-mail, un téléphone suffit." in page


@pytest.mark.parametrize("url", PAGES)
def test_une_page_simple_garde_l_entete_du_compte(client: Browser, url: str) -> None:
    client.sign_in("nadia")
    assert "Nadia" in client.get(url).tree.css_first(".marge").text()


@pytest.mark.parametrize("url", PAGES)
def test_lire_une_page_simple_n_ecrit_pas_de_cookie(client: Browser, url: str) -> None:
    client.start("nadia")
    assert "set-cookie" not in client.get(url).response.headers


@pytest.mark.parametrize("url", PAGES)
def test_un_lien_vers_un_autre_site_le_dit(client: Browser, url: str) -> None:
    page = client.get(url)
    for link in page.tree.css('main a[href^="http"]'):
        assert "(autre site)" in (link.text() + (link.next.text() if link.next else ""))


def test_le_plan_nomme_chaque_page(client: Browser, service: Starlette) -> None:
    linked = local_links(client.get("/plan"))
    whole = {url for url in addresses(service) if "{}" not in url}
    assert whole - linked == NOT_IN_THE_PLAN & whole


def test_le_plan_suit_l_ordre_de_la_demande(client: Browser) -> None:
    page = client.get("/plan")
    order = [link.attributes["href"] for link in page.tree.css('main a[href^="/demande/"]')]
    assert [url for url in order if url != "/demande/beneficiaires/ajouter"] == [
        row.step.url for row in JOURNEY.rows
    ]


def test_le_plan_ne_lie_pas_une_page_qui_a_besoin_d_une_autre(client: Browser) -> None:
    page = client.get("/plan")
    assert "« Votre demande est maintenant terminée ! », depuis « Validation de ma demande »" in page.main
    assert not [link for link in local_links(page) if "{" in link or link == "/demande/terminee"]


def test_aucun_intitule_du_plan_ne_sert_deux_fois(client: Browser) -> None:
    names = [plain(link.text()) for link in client.get("/plan").tree.css("main a")]
    assert len(names) == len(set(names))


def test_la_declaration_a_ses_rubriques_et_rien_de_trop(client: Browser, service: Starlette) -> None:
    page = client.get("/accessibilite")
    titles = [plain(node.text()) for node in page.tree.css("main h2, main h3")]
    assert set(SECTIONS) <= set(titles)
    assert "Accessibilité : non conforme" in page.main
    assert "Libre réponse 71120" in page.main
    assert page.links()["formulaire du Défenseur des droits"] == "https://formulaire.defenseurdesdroits.fr/"
    assert not re.search(r"%|NVDA|VoiceOver|JAWS", page.main)
    scripts = [name for name in service.state.house.assets.names() if name.endswith(".js")]
    technologies = page.main.split("Technologies")[1].split("Environnement")[0]
    assert ("JavaScript" in technologies) == bool(scripts)


def test_le_schema_pluriannuel_est_lie_s_il_est_publie(
    client: Browser, make_service: Callable[..., Starlette]
) -> None:
    assert "ils ne sont pas encore publiés" in client.get("/accessibilite").main
    url = "https://www.exemple.fr/schema-pluriannuel"
    page = Browser(TestClient(make_service(schema_pluriannuel_url=url))).get("/accessibilite")
    assert page.links()["Schéma pluriannuel et plan d'actions"] == url
    assert "Schéma pluriannuel et plan d'actions (autre site)." in page.main
    assert "encore publiés" not in page.main


def test_la_page_des_donnees_nomme_la_caisse_de_la_personne(client: Browser) -> None:
    assert "Votre caisse d'Assurance Maladie est responsable" in client.get("/donnees-personnelles").main
    client.sign_in("nadia")
    page = client.get("/donnees-personnelles")
    assert "CPAM de la Seine-Saint-Denis" in page.main
    assert "est responsable des données de votre demande" in page.main
    assert "dpo-931@exemple.invalid" in page.main


def test_ce_que_l_exploitant_a_regle_est_ecrit(make_service: Callable[..., Starlette]) -> None:
    operator: dict[str, Any] = {
        "operateur_nom": "Les Amis d'Exemple",
        "operateur_adresse": "2 place de l'Essai, 00200 Essai",
        "operateur_courriel": "amis@exemple.invalid",
        "operateur_telephone": "01 99 00 00 00",
        "directeur_publication": "Ada L'Exemple",
        "hebergeur": "Hébergeur d'Exemple, 3 rue du Nuage, 00300 Nuage. Téléphone : 01 99 00 00 01",
        "public_url": "https://c2s.exemple.invalid",
    }
    client = Browser(TestClient(make_service(**operator)))
    notice = client.get("/mentions").main
    for key in operator.keys() - {"public_url"}:
        assert operator[key] in notice
    declaration = client.get("/accessibilite").main
    for key in ("operateur_nom", "operateur_courriel", "operateur_telephone", "public_url"):
        assert operator[key] in declaration
    assert operator["operateur_nom"] in client.get("/donnees-personnelles").main


def test_une_mention_vide_est_celle_de_la_demonstration(
    client: Browser, make_service: Callable[..., Starlette]
) -> None:
    left = Browser(TestClient(make_service(operateur_nom="", operateur_courriel="", hebergeur=" ")))
    assert left.get("/mentions").main == client.get("/mentions").main
    assert "L'équipe de démonstration" in left.get("/mentions").main


def test_la_demonstration_se_dit(client: Browser) -> None:
    assert "Aucune demande n'arrive à une caisse" in client.get("/mentions").main


def test_chaque_mot_de_la_demande_ouvre_sa_definition(client: Browser) -> None:
    page = client.get("/aide")
    words = plain(" ".join(node.text() for node in page.tree.css("details summary")))
    for word in WORDS + MORE_WORDS:
        assert word in words
    assert len(page.tree.css("main h3")) == 13


def test_la_participation_est_celle_de_la_caisse(client: Browser) -> None:
    assert "de 8 € à 30 €" in client.get("/aide").main


def test_le_guide_nomme_les_boutons_de_toutes_les_pages(client: Browser) -> None:
    """Where scripts run, a file leaves once chosen: no button sends it."""
    assert "Envoyer ce fichier" not in client.get("/aide/reduire-un-document").main


def test_le_guide_ramene_d_ou_l_on_vient(client: Browser) -> None:
    assert client.get("/aide/reduire-un-document").links()["Revenir à l'aide"] == "/aide"
    client.start("nadia")
    page = client.get("/aide/reduire-un-document")
    assert page.links()["Revenir à mes pièces justificatives"] == "/demande/pieces"
