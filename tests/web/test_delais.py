"""« Consulter les délais de traitement » : une estimation quand elle est possible, le délai de la loi toujours."""

from datetime import timedelta

import pytest
from starlette.applications import Starlette

from app.demo.decisions import CAISSE, decide_demo_demandes
from app.domain.suivi import Etat
from app.store.text import normalise
from tests.support.browser import Browser, Page, plain
from tests.support.filed import FILED, database, file

H1 = "Consulter les délais de traitement de ma Caisse d'Assurance Maladie"
HERE = "/delais"
NADIA = "931"


def search(
    client: Browser, day: str = "24", month: str = "11", year: str = "2026", caisse: str = NADIA
) -> Page:
    client.get(HERE)
    return client.press("Rechercher", caisse=caisse, depot_jour=day, depot_mois=month, depot_annee=year)


def said(page: Page) -> str:
    """The text of the page, as it is read: nothing between a word in bold and what follows it."""
    return plain(page.tree.css_first("main").text())


def decide(service: Starlette, number: int, *, days: int = 10, months_ago: int = 2) -> None:
    """Demandes that Nadia's caisse has answered, each in this many days."""
    filed = FILED - timedelta(days=30 * months_ago + days)
    for _ in range(number):
        file(service, etat=Etat.REFUS, events=[("refus", days)], deposee_le=filed, ouverte=False)


def test_la_page_se_lit_sans_compte_et_ne_choisit_pas_de_caisse(client: Browser) -> None:
    page = client.get(HERE)
    assert (page.status, page.h1, page.path) == (200, H1, HERE)
    assert page.value("caisse") == ""
    assert page.tree.css_first("#resultat") is None
    assert "set-cookie" not in page.response.headers


def test_le_titre_dit_ce_qui_est_trouve(client: Browser) -> None:
    """RGAA 8.6: two caisses looked up in two tabs are told apart."""
    empty = client.get(HERE).title
    found = search(client)
    assert empty.startswith(f"{H1} – ")
    assert found.title.startswith(f"{H1} : délai estimé, CPAM de la Seine-Saint-Denis – ")
    assert search(client, caisse="").title == f"Erreur : {empty}"


def test_avec_un_compte_sa_caisse_est_deja_choisie(client: Browser) -> None:
    client.sign_in("nadia")
    assert client.get(HERE).value("caisse") == NADIA


def test_les_caisses_sont_toutes_la_rangees_par_nom(client: Browser) -> None:
    options = client.get(HERE).tree.css("select#caisse option")
    names = [plain(option.text()) for option in options]
    assert len(names) == 1 + 107
    assert names[0] == "Choisir"
    assert names[1:] == sorted(names[1:], key=normalise)


def test_moins_de_vingt_demandes_decidees_seul_le_delai_de_la_loi_est_donne(
    client: Browser, service: Starlette
) -> None:
    decide(service, 19)
    page = search(client)
    assert page.tree.css_first("h2#resultat").attributes["tabindex"] == "-1"
    assert "Délai estimé : CPAM de la Seine-Saint-Denis" in said(page)
    assert "Il n'y a pas encore d'estimation." in said(page)
    assert "La loi donne 2 mois à la caisse" in said(page)
    assert "Pour une demande complète le 24 novembre 2026, réponse au plus tard le : 24 janvier 2027" in said(
        page
    )
    assert "Sans réponse à cette date, votre demande est acceptée." in said(page)
    assert "Une demande sur deux" not in said(page)
    assert page.tree.css("table, .graphe") == []


def test_a_la_vingtieme_decision_l_estimation_apparait(client: Browser, service: Starlette) -> None:
    decide(service, 19)
    decide(service, 1, days=28)
    page = search(client)
    for sentence in (
        "Une demande sur deux en 10 jours ou moins, neuf sur dix en 10 jours ou moins.",
        "Pour une demande complète le 24 novembre 2026, neuf réponses sur dix arrivent au plus tard le : 4 décembre 2026",
        "Une réponse sur deux arrive au plus tard le 4 décembre 2026.",
        "Ces chiffres viennent de 20 demandes décidées par cette caisse en septembre 2026.",
        "La loi donne à votre caisse jusqu'au 24 janvier 2027. Sans réponse à cette date, votre demande est acceptée.",
    ):
        assert sentence in said(page), sentence


def test_chaque_decision_compte(client: Browser, service: Starlette) -> None:
    decide(service, 20)
    decide(service, 21, days=40)
    page = search(client)
    assert "Une demande sur deux en 40 jours ou moins" in said(page)
    assert "41 demandes décidées" in said(page)


def test_les_decisions_de_plus_d_un_an_ne_disent_plus_rien(client: Browser, service: Starlette) -> None:
    decide(service, 20, months_ago=13)
    assert "pas encore d'estimation" in said(search(client))


def test_le_graphique_et_son_tableau_disent_les_memes_nombres(client: Browser, service: Starlette) -> None:
    house = service.state.house
    with database(service) as db:
        decide_demo_demandes(db, house.settings, house.shelf, 24)
    page = search(client, caisse=CAISSE)
    assert "Une demande sur deux en 26 jours ou moins, neuf sur dix en 47 jours ou moins." in said(page)
    assert "entre janvier 2026 et octobre 2026" in said(page)
    table = page.tree.css_first("table")
    assert plain(table.css_first("caption").text()) == (
        "Nombre de demandes selon le temps de réponse, CPAM de l'Ain"
    )
    headers = [
        (plain(th.text()).replace("\u00ad", ""), th.attributes["scope"]) for th in table.css("thead th")
    ]
    assert headers == [
        ("Temps de réponse", "col"), ("Nombre de demandes", "col"), ("Part des demandes", "col")
    ]  # fmt: skip
    assert {th.attributes["scope"] for th in table.css("tbody th")} == {"row"}
    rows = [[plain(cell.text()) for cell in row.css("th, td")] for row in table.css("tbody tr")]
    assert rows == [
        ["0 à 14 jours", "4", "17 %"],
        ["15 à 28 jours", "10", "42 %"],
        ["29 à 42 jours", "6", "25 %"],
        ["43 à 62 jours", "3", "13 %"],
        ["Plus de 62 jours", "1", "4 %"],
    ]
    assert page.tree.css("figure, figcaption") == [], (
        "bars that repeat words are no captioned image (RGAA 1.9)"
    )
    bars = page.tree.css("ul.graphe li")
    assert [plain(bar.text()) for bar in bars] == [f"{term} : {count}" for term, count, _ in rows]
    assert [bar.css_first("rect:not(.vide)").attributes["width"] for bar in bars] == [
        share.replace(" ", "") for *_, share in rows
    ]
    assert all(bar.css_first("svg").attributes["aria-hidden"] == "true" for bar in bars)


def test_une_tranche_vide_n_a_pas_de_barre(client: Browser, service: Starlette) -> None:
    decide(service, 20)
    bars = search(client).tree.css("ul.graphe li")
    assert [len(bar.css("rect:not(.vide)")) for bar in bars] == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("day", "month", "year", "passed"),
    [("24", "9", "2026", False), ("23", "9", "2026", True)],
    ids=["deux mois aujourd'hui", "deux mois hier"],
)
def test_deux_mois_passes_la_demande_complete_est_acceptee(
    client: Browser, day: str, month: str, year: str, passed: bool
) -> None:
    page = search(client, day, month, year)
    assert ("Les 2 mois sont passés." in said(page)) is passed
    assert ("Appelez votre caisse au 36 46 pour le faire confirmer par écrit." in said(page)) is passed
    assert ("Sans réponse à cette date" in said(page)) is not passed


@pytest.mark.parametrize(
    ("day", "month", "year", "where", "message"),
    [
        ("", "", "", "depot_jour", "Saisissez la date de dépôt de votre demande : jour, mois, année."),
        ("", "11", "2026", "depot_jour", "Complétez la date de dépôt : il manque le jour."),
        ("24", "", "2026", "depot_mois", "Complétez la date de dépôt : il manque le mois."),
        ("24", "11", "", "depot_annee", "Complétez la date de dépôt : il manque l'année."),
        ("31", "2", "2026", "depot_jour", "Cette date de dépôt n'existe pas dans le calendrier."),
        ("24", "13", "2026", "depot_mois", "Cette date de dépôt n'existe pas dans le calendrier."),
        ("24", "11", "26", "depot_annee", "L'année de dépôt compte 4 chiffres."),
        ("x", "11", "2026", "depot_jour", "Saisissez la date de dépôt avec des chiffres"),
        ("25", "11", "2026", "depot_annee", "La date de dépôt est après aujourd'hui."),
        ("23", "11", "2024", "depot_annee", "Cette date de dépôt a plus de 2 ans."),
    ],
)
def test_une_date_qui_ne_convient_pas_dit_quoi_faire(
    client: Browser, day: str, month: str, year: str, where: str, message: str
) -> None:
    page = search(client, day, month, year)
    assert page.status == 422
    assert page.title.startswith("Erreur : ")
    (line,) = page.errors
    assert line.startswith(message)
    assert "2026" in line, "an example that holds today"
    assert page.error_fields() == [where]
    assert f"À corriger : {line}" in said(page)
    assert page.value("caisse") == NADIA
    assert [page.value(f"depot_{part}") for part in ("jour", "mois", "annee")] == [day, month, year]
    assert page.tree.css_first("#resultat") is None


@pytest.mark.parametrize(
    ("day", "month", "year"), [("24", "11", "2026"), ("24", "11", "2024"), ("1", "déc.", "2025")]
)
def test_une_date_d_aujourd_hui_ou_de_deux_ans_convient(
    client: Browser, day: str, month: str, year: str
) -> None:
    assert search(client, day, month, year).status == 200


@pytest.mark.parametrize("caisse", ["", "000", "931'--", "CPAM de l'Ain"])
def test_sans_caisse_connue_la_page_demande_de_choisir(client: Browser, caisse: str) -> None:
    page = search(client, caisse=caisse)
    assert page.status == 422
    assert page.errors == ["Choisissez votre caisse d'Assurance Maladie."]
    assert page.error_fields() == ["caisse"]


def test_les_refus_viennent_dans_l_ordre_de_la_page(client: Browser) -> None:
    assert search(client, "", "", "", caisse="").error_fields() == ["caisse", "depot_jour"]


def test_une_adresse_incomplete_est_une_recherche_a_completer(client: Browser) -> None:
    assert client.get(f"{HERE}?caisse={NADIA}").error_fields() == ["depot_jour"]
    assert client.get(f"{HERE}?autre=1").status == 200


def test_le_tableau_de_bord_et_le_suivi_y_menent(client: Browser, service: Starlette) -> None:
    reference = file(service)
    client.sign_in("nadia")
    assert client.get("/demarches").links()[H1] == HERE
    assert client.get(f"/suivi/{reference}").links()["Consulter les délais de traitement"] == HERE
    client.get(HERE)
    assert client.page.links()["Retour"] == "/demarches"
