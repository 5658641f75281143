"""Étape 5, le récapitulatif : tout s'y lit, tout s'y corrige, et l'on y revient."""

from datetime import date
from decimal import Decimal

import pytest
from starlette.applications import Starlette

from app.demo.reponses import answers_before
from app.domain.demande import Montants, Nationalite
from app.domain.dossier import Dossier
from app.domain.instantane import reponses as deposees
from app.steps._lines import make_blocks, plain_lines
from app.store.caisses import read_caisse
from app.store.database import reading
from tests.conftest import TODAY
from tests.support.browser import Browser, Page, plain
from tests.support.drafts import arrive_at, current
from tests.support.etape_5 import PENSION, SEVEN
from tests.support.household import SITUATION, compte_de
from tests.support.walk import walk_to

HERE = "/demande/recapitulatif"
BLOCKS = [
    "Informations personnelles",
    "Composition du foyer",
    "Organisme(s) gestionnaire de la Complémentaire santé solidaire",
    "Autres ressources déclarées",
    "Ressources collectées",
]


def test_les_cinq_blocs_de_la_source_sont_la_dans_l_ordre(client: Browser, service: Starlette) -> None:
    arrive_at(client, service, "recapitulatif")
    assert [
        titre.text(strip=True).replace("\u00a0", " ") for titre in client.page.tree.css("main h2")
    ] == BLOCKS
    assert "Aucune ressource complémentaire pour votre foyer" in client.page.main


def test_chaque_reponse_a_son_lien_modifier_qui_mene_a_la_question_meme(
    client: Browser, service: Starlette
) -> None:
    arrive_at(client, service, "recapitulatif")
    named = client.page.links()
    assert named["Modifier : stage, Lina"].endswith("#stage_m3xw_oui")
    assert named["Modifier : arrêt, Lina"].endswith("#arret_m3xw_oui")
    links = [link.attributes["href"] or "" for link in client.page.tree.css("dd.agir a")]
    assert len(links) == len(client.page.tree.css(".recap dd:not(.agir)")) - 1, "but the applicant's identity"
    assert len(links) == len(set(links))
    for link in links:
        page = client.get(link)
        assert page.path == link.split("?")[0], link
        anchor = link.partition("#")[2]
        assert not anchor or page.tree.css_first(f"#{anchor}") is not None, link


def resources(page: Page) -> dict[str, list[str]]:
    """Label → answers, of « Autres ressources déclarées »."""
    return {
        plain(row.css_first("dt").text()): [plain(dd.text()) for dd in row.css("dd:not(.agir)")]
        for row in page.tree.css(".recap")[3].css("div")
    }


def test_une_personne_est_une_ligne_avec_ses_reponses_et_ses_sommes(
    client: Browser, service: Starlette
) -> None:
    """« Nadia : stage non, arrêt non, pension 1 800 € »; a sum with a period of its own says it, here and on the accusé."""
    montants = Montants(totaux={code: {"moi": Decimal(1800), "k7qd": Decimal(0), "m3xw": Decimal(0)}
                                | ({"k7qd": Decimal(60)} if code == PENSION else {})
                                for code in SEVEN}, libelle_autres="gain à un jeu")  # fmt: skip
    page = arrive_at(client, service, "recapitulatif", autres_ressources=SEVEN, montants=montants)
    assert (
        "Ressources reçues du 1er octobre 2025 au 30 septembre 2026. Une autre période est écrite"
        in page.main
    )
    declared = resources(page)
    assert list(declared) == ["Autres ressources", "Nadia", "Sami", "Lina", "Logement sans loyer"]
    assert declared["Nadia"] == [
        "Stage non",
        "Arrêt non",
        "Pensions alimentaires perçues : 1 800 €",
        "Dons familiaux : 1 800 €",
        "Ressources placées n'ayant pas rapporté de revenus : 1 800 € (somme possédée, et non un revenu)",
        "Indemnités exceptionnelles non imposables : 1 800 €",
        "Travailleur indépendant (hors gérants & associés) : 1 800 € (chiffre d'affaires du 1er octobre 2025 au "
        "30 septembre 2026, ou revenu net du dernier avis d'impôt)",
        "Travailleur indépendant (gérants & associés) : 1 800 € (rémunération ou part de bénéfice du "
        "1er octobre 2025 au 30 septembre 2026, ou revenu net du dernier avis d'impôt)",
        "Autres (gain à un jeu) : 1 800 €",
    ]
    assert declared["Sami"] == ["Pensions alimentaires perçues : 60 €"], "a line of 0 € is left out"
    assert declared["Lina"] == ["Stage non", "Arrêt non"]
    assert page.links()["Modifier : Pensions alimentaires perçues, Sami"].endswith(f"#total_{PENSION}_k7qd")


def test_la_periode_vaut_pour_toutes_les_sommes_quand_aucune_n_a_la_sienne(
    client: Browser, service: Starlette
) -> None:
    arrive_at(client, service, "recapitulatif")
    assert "Ressources reçues du 1er octobre 2025 au 30 septembre 2026 Autres ressources" in client.page.main


def test_l_accuse_dit_une_personne_en_une_phrase(service: Starlette) -> None:
    assure, house = compte_de(service, "nadia"), service.state.house
    dossier = Dossier(answers_before("pieces", "", assure, TODAY), assure, TODAY)
    with reading(house.engine) as db:
        caisse = read_caisse(db.connection(), assure.caisse)
        said = plain(str(plain_lines(make_blocks(db, caisse, dossier))))
    assert "'Nadia : Stage non, arrêt non'" in said
    assert "Organisme gestionnaire : Ma caisse d'Assurance Maladie, le même pour tout le foyer" in said


def test_une_correction_ramene_ici_directement(client: Browser, service: Starlette) -> None:
    arrive_at(client, service, "recapitulatif")
    client.get(f"/demande/situation?retour=recapitulatif#{'nationalite'}")
    page = client.press("Suivant", nationalite="autre")
    assert page.path == HERE
    assert "Votre réponse est modifiée" in page.main
    assert "Autre nationalité" in page.main


def test_retour_depuis_une_correction_revient_ici(client: Browser, service: Starlette) -> None:
    arrive_at(client, service, "recapitulatif")
    page = client.get("/demande/situation?retour=recapitulatif")
    assert page.links()["Retour"] == HERE


def test_une_correction_qui_ouvre_des_questions_les_pose_puis_ramene_ici(
    client: Browser, service: Starlette
) -> None:
    arrive_at(client, service, "recapitulatif")
    client.get("/demande/autres-ressources?retour=recapitulatif")
    page = client.press("Suivant", ressource="pension_alimentaire_percue")
    assert page.path == "/demande/montants"
    assert "ouvre de nouvelles questions" in page.main
    totals = {
        node.attributes["name"] or "": "10"
        for node in page.tree.css("main input")
        if (node.attributes.get("name") or "").startswith("total_")
    }
    assert client.press("Suivant", totals).path == HERE


def test_un_refus_pendant_une_correction_garde_le_chemin_du_retour(
    client: Browser, service: Starlette
) -> None:
    arrive_at(client, service, "recapitulatif")
    client.get("/demande/situation?retour=recapitulatif")
    assert client.press("Suivant", nationalite="").status == 422
    assert client.press("Suivant", nationalite="ue").path == HERE


def test_une_reponse_changee_apres_la_confirmation_demande_de_confirmer_encore(
    client: Browser, service: Starlette
) -> None:
    arrive_at(client, service, "recapitulatif")
    client.press("Je confirme que tout est bon")
    assert client.page.path == "/demande/pieces"
    client.get("/demande/situation?retour=recapitulatif")
    client.press("Suivant", nationalite="ue")
    assert current(client, service).demande.situation == SITUATION.model_copy(
        update={"nationalite": Nationalite.UE}
    )
    assert client.get("/demande/pieces").path == HERE


def test_un_autre_mois_demande_de_relire_la_periode(client: Browser, service: Starlette) -> None:
    arrive_at(client, service, "recapitulatif")
    house = service.state.house
    house.settings = house.settings.model_copy(update={"today": date(2027, 1, 2)})
    page = client.get(HERE)
    assert "Vous avez commencé en novembre 2026" in page.main
    assert "Ressources reçues du 1er décembre 2025 au 30 novembre 2026" in page.main


def test_les_engagements_sont_sous_les_informations_personnelles(client: Browser) -> None:
    client.start("leo")
    non = dict.fromkeys(("enfant", "couple", "rsa", "crous", "toit", "pension"), "non")
    client.press("Suivant", non | {"avis": "oui", "engagement_avis": "oui"})
    page = walk_to(client, HERE)
    personnel = page.main.split("Composition du foyer")[0]
    assert "Je m'engage sur l'honneur à faire ma propre déclaration d'impôt" in personnel


@pytest.mark.parametrize(
    ("reponses", "motif"),
    [
        ({"enfant": "non", "couple": "oui"}, "Je vis en couple"),
        (
            dict.fromkeys(("enfant", "couple", "rsa", "crous", "toit", "avis", "pension"), "non"),
            "Je n'habite pas sous le même toit que mes parents",
        ),
    ],
)
def test_ce_qui_permet_de_demander_avant_25_ans_est_dit_et_depose(
    client: Browser, service: Starlette, reponses: dict[str, str], motif: str
) -> None:
    """The caisse decides on it (L861-1): it was neither on the récapitulatif, nor in what is filed."""
    client.start("leo")
    client.press("Suivant", reponses)
    page = walk_to(client, HERE)
    assert f"Ma demande avant 25 ans {motif}" in page.main.split("Composition du foyer")[0]
    dossier = Dossier(current(client, service).demande, compte_de(service, "leo"), TODAY)
    assert deposees(dossier).motif_avant_25_ans is not None


def test_un_numero_de_securite_sociale_n_y_est_jamais_entier(client: Browser, service: Starlette) -> None:
    arrive_at(client, service, "beneficiaires", "benoit")
    client.get("/demande/beneficiaires/ajouter")
    client.press("Enregistrer cette personne", {
        "prenom": "Zoé", "nom": "Exemple", "lien": "conjoint", "naissance_jour": "3", "naissance_mois": "4",
        "naissance_annee": "1991", "nationalite": "fr", "nir": "2910475111234", "cle": "04",
    })  # fmt: skip
    page = walk_to(client, HERE)
    assert "Numéro de sécurité sociale qui finit par 34" in page.main
    assert "2910475111234" not in page.text
