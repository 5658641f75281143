"""Étape 5, les sept sortes d'autres ressources."""

from collections.abc import Callable
from datetime import date

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.support.browser import Browser, Page, plain
from tests.support.drafts import current
from tests.support.etape_5 import PENSION, SEVEN, arrive, totals
from tests.support.pas_a_pas import RESSOURCES

AUCUNE = "Mon foyer n'a perçu aucune de ces sources de revenu"
PLUS_A_DECLARER = "Vous n'avez plus à les déclarer depuis le 1er juillet 2025"


def arrive_on(make_service: Callable[..., Starlette], le: date) -> Page:
    service = make_service(today=le)
    try:
        return arrive(Browser(TestClient(service)), service, "autres-ressources")
    finally:
        service.state.house.engine.dispose()


def note(page: Page, code: str) -> str:
    """The text that describes a box, through aria-describedby."""
    described = page.tree.css_first(f"#ressource_{code}").attributes.get("aria-describedby")
    return plain(page.tree.css_first(f"#{described}").text()) if described else ""


def test_les_libelles_sont_ceux_de_la_source(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "autres-ressources")
    assert page.h1 == "Je déclare mes autres ressources perçues entre octobre 2025 et septembre 2026"
    assert "Du 1er octobre 2025 au 30 septembre 2026, pour vous et votre foyer" in page.main
    assert "Travailleurs indépendants, important : déclarez ici vos ressources." in page.main
    assert [plain(label.text()) for label in page.tree.css("main .choix label")] == [*RESSOURCES, AUCUNE]
    defined = [plain(word.text()) for word in page.tree.css("details b")]
    assert defined == RESSOURCES


def test_en_mai_2025_la_page_est_celle_de_la_source(make_service: Callable[..., Starlette]) -> None:
    page = arrive_on(make_service, date(2025, 5, 15))
    assert page.h1 == "Je déclare mes autres ressources perçues entre avril 2024 et mars 2025"
    assert all(note(page, code) == "" for code in SEVEN if code != "autres")
    assert "plus à les déclarer" not in page.main
    assert "Votre caisse compte seulement ce qui dépasse 723,73 € sur la période." in page.main
    assert "Votre caisse compte 3 % de cette somme." in page.main
    assert "bourses d'études" not in page.main
    assert "Depuis le 1er octobre 2025" not in page.main
    assert "chiffre d'affaires hors taxes du 1er avril 2024 au 31 mars 2025" in page.main


@pytest.mark.parametrize(("le", "comptent"), [(date(2025, 6, 30), True), (date(2025, 7, 1), False)])
def test_dons_et_placements_comptent_jusqu_au_30_juin_2025(
    make_service: Callable[..., Starlette], le: date, comptent: bool
) -> None:
    page = arrive_on(make_service, le)
    for code in ("dons_familiaux", "placements_sans_revenu"):
        assert (note(page, code) == "") == comptent
        assert comptent or note(page, code).startswith(PLUS_A_DECLARER)
        assert "disabled" not in page.tree.css_first(f"#ressource_{code}").attributes
    assert note(page, PENSION) == ""
    assert ("bourses d'études" in page.main) != comptent
    assert ("Déclarez le total, même petit." in page.main) == comptent


@pytest.mark.parametrize(("le", "dite"), [(date(2025, 9, 30), False), (date(2025, 10, 1), True)])
def test_la_pension_de_l_avis_est_dite_depuis_octobre_2025(
    make_service: Callable[..., Starlette], le: date, dite: bool
) -> None:
    page = arrive_on(make_service, le)
    assert page.main.count("Déclarez tout de même ici les sommes de la période.") == (2 if dite else 0)
    assert (
        "la retraite ou le salaire d'un autre pays inscrit sur votre dernier avis d'impôt" in page.main
    ) == dite


def test_une_retraite_d_un_autre_pays_a_sa_case(client: Browser, service: Starlette) -> None:
    """No French organisme knows it: « Pensions, rentes et retraites » need not be declared, this one must."""
    page = arrive(client, service, "autres-ressources")
    assert note(page, "autres") == "Y compris une retraite ou un salaire d'un autre pays."


def test_un_jour_d_avant_nos_tables_a_sa_page(make_service: Callable[..., Starlette]) -> None:
    page = arrive_on(make_service, date(2022, 1, 15))
    assert page.h1.endswith("entre décembre 2020 et novembre 2021")
    assert "Votre caisse compte seulement" not in page.main


def test_les_cases_cochees_menent_aux_montants(client: Browser, service: Starlette) -> None:
    arrive(client, service, "autres-ressources")
    page = client.press("Suivant", ressource=["autres", PENSION, PENSION])
    assert page.path == "/demande/montants"
    assert current(client, service).demande.autres_ressources == (PENSION, "autres")
    page = client.get("/demande/autres-ressources")
    checked = [box.attributes["value"] for box in page.tree.css("input[name=ressource][checked]")]
    assert checked == [PENSION, "autres"]


def test_aucune_saute_les_montants_et_reste_cochee(client: Browser, service: Starlette) -> None:
    arrive(client, service, "autres-ressources")
    assert client.press("Suivant", ressource="aucune").path == "/demande/complements"
    assert current(client, service).demande.autres_ressources == ()
    assert client.get("/demande/autres-ressources").value("ressource") == "aucune"


@pytest.mark.parametrize(
    ("cochees", "champ", "message"),
    [
        pytest.param([], f"ressource_{PENSION}", "Cochez au moins une ressource", id="rien"),
        pytest.param(
            ["dons_familiaux", "aucune"],
            "ressource_aucune",
            "Gardez l'une ou l'autre.",
            id="les deux",
        ),
        pytest.param(
            [PENSION, "loterie"], f"ressource_{PENSION}", "Cochez des ressources de la liste", id="inconnue"
        ),
        pytest.param([""], f"ressource_{PENSION}", "Cochez des ressources de la liste", id="vide"),
    ],
)
def test_un_refus_dit_quoi_faire_et_garde_les_cases(
    client: Browser, service: Starlette, cochees: list[str], champ: str, message: str
) -> None:
    arrive(client, service, "autres-ressources")
    page = client.press("Suivant", ressource=cochees)
    assert page.status == 422
    assert page.error_fields() == [champ]
    assert message in page.errors[0]
    checked = [box.attributes["value"] for box in page.tree.css("input[name=ressource][checked]")]
    assert checked == [code for code in cochees if code in (*SEVEN, "aucune")]
    assert current(client, service).demande.autres_ressources is None


def test_decocher_garde_les_montants_deja_donnes(client: Browser, service: Starlette) -> None:
    arrive(client, service, "autres-ressources", autres_ressources=(PENSION,), montants=totals(PENSION))
    client.press("Suivant", ressource="aucune")
    client.get("/demande/autres-ressources")
    client.press("Suivant", ressource=PENSION)
    assert client.get("/demande/montants").value(f"total_{PENSION}_moi") == "1 200,50"


def test_une_case_qui_ne_compte_plus_est_signalee(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "autres-ressources", autres_ressources=("dons_familiaux", "autres"))
    assert "« Dons familiaux » n'est plus à déclarer depuis le 1er juillet 2025." in page.main
    assert "« Autres » n'est plus" not in page.main


def test_un_mois_qui_a_change_demande_de_relire(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "autres-ressources", autres_ressources=(), ouverte_le=date(2026, 10, 31))
    assert "Le mois a changé depuis votre première réponse" in page.main
    assert "La période va maintenant du 1er octobre 2025 au 30 septembre 2026." in page.main
