"""The page of results: the published rows, in plain words, and never a percentage."""

import csv

from app.web.rgaa import FOUND, RESULTS
from tests.support.browser import Browser, plain


def test_the_page_shows_each_published_row(client: Browser) -> None:
    page = client.get("/accessibilite/resultats")
    with RESULTS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    shown = page.tree.css("tbody tr")
    assert len(shown) == len(rows) == 106
    for line, row in zip(shown, rows, strict=True):
        assert plain(line.css_first("th").text()) == f"{row['critere']} {plain(row['titre'])}"
        assert plain(line.css_first("td b").text()) == FOUND[row["statut"]]
    assert plain(page.tree.css_first("caption").text()) == "Les 106 critères du RGAA 4.1.2"


def test_the_page_claims_nothing(client: Browser) -> None:
    """Without an audit made by a person there is no rate, and the service is « non conforme »."""
    page = client.get("/accessibilite/resultats")
    assert "Accessibilité : non conforme." in page.main
    assert "%" not in page.main.replace("200 %", ""), "the only one is the size of the text"
    assert "Source des critères : DINUM, RGAA 4.1.2, Licence Ouverte 2.0." in page.main


def test_the_statement_leads_to_the_results_and_they_to_the_file(client: Browser) -> None:
    assert client.get("/accessibilite").links()["Résultats critère par critère"] == "/accessibilite/resultats"
    links = client.get("/accessibilite/resultats").links()
    file = client.client.get(links["Télécharger le tableau complet, au format CSV"])
    assert file.content == RESULTS.read_bytes()
    assert file.headers["content-type"] == "text/csv; charset=utf-8"


def test_what_does_not_apply_says_why_and_the_rest_says_who_looked(client: Browser) -> None:
    page = client.get("/accessibilite/resultats")
    said = {
        plain(line.css_first("th b").text()): plain(line.css_first("td").text(separator=" "))
        for line in page.tree.css("tbody tr")
    }
    assert said["2.1"] == "Non applicable Aucun cadre."
    assert said["8.1"] == "Aucun défaut trouvé Contrôle automatique. Outil vnu."
    assert said["5.5"] == "À vérifier Par une personne. Titres à lire."
