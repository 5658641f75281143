"""Étape 0 bis, sur la page : léo a 22 ans."""

from datetime import date

import pytest
from starlette.applications import Starlette

from app.store.comptes import find_demo, read_assure, write_assure
from app.store.database import reading, writing
from tests.support.browser import Browser
from tests.support.drafts import current

NON = dict.fromkeys(("enfant", "couple", "rsa", "crous", "toit", "avis", "pension"), "non")


def test_a_25_ans_on_ne_demande_rien(client: Browser) -> None:
    assert client.start("nadia").h1 == "Ma situation actuelle"


def test_rien_ne_l_empeche_la_demande_continue(client: Browser) -> None:
    assert client.start("leo").h1 == "Vous avez moins de 25 ans"
    page = client.press("Suivant", NON)
    assert page.h1 == "Ma situation actuelle"
    assert "Vous pouvez demander la C2S pour vous-même." in page.main


def test_a_17_ans_le_directeur_de_la_caisse_decidera(client: Browser, service: Starlette) -> None:
    house = service.state.house
    with reading(house.engine) as db, writing(db):
        compte = find_demo(db, "leo")
        assert compte is not None
        assure = read_assure(house.ring, compte)
        write_assure(house.ring, compte, assure.model_copy(update={"naissance": date(2009, 5, 17)}))
        db.add(compte)
    client.start("leo")
    page = client.press("Suivant", liens="oui")
    assert page.h1 == "Ma situation actuelle"
    assert (
        "Ensuite, le directeur de votre caisse décide si vous pouvez avoir la C2S pour vous-même."
        in page.main
    )


@pytest.mark.parametrize("question", ["enfant", "couple", "rsa", "crous"])
def test_une_reponse_qui_suffit_dispense_des_suivantes(client: Browser, question: str) -> None:
    client.start("leo")
    avant = list(NON)[: list(NON).index(question)]
    assert (
        client.press("Suivant", dict.fromkeys(avant, "non") | {question: "oui"}).h1 == "Ma situation actuelle"
    )


@pytest.mark.parametrize(
    ("reponses", "raison"),
    [
        pytest.param({"toit": "oui"}, "Vous habitez avec vos parents", id="même toit"),
        pytest.param({"avis": "oui", "engagement_avis": "non"}, "l'avis d'impôt de vos parents", id="avis"),
        pytest.param(
            {"pension": "oui", "engagement_pension": "non"}, "l'argent qu'ils vous versent", id="pension"
        ),
    ],
)
def test_une_condition_manque_on_dit_laquelle_et_a_qui_parler(
    client: Browser, reponses: dict[str, str], raison: str
) -> None:
    client.start("leo")
    page = client.press("Suivant", NON | reponses)
    assert page.status == 200
    assert "Vous ne pouvez pas faire cette demande à titre individuel" in page.main
    assert raison in page.main
    assert page.links()["Revenir à « Mes démarches »"] == "/demarches?fait=moins-de-25-ans"
    assert client.get("/demande/situation").h1 == "Vous avez moins de 25 ans"


def test_un_engagement_pris_est_garde(client: Browser, service: Starlette) -> None:
    client.start("leo")
    page = client.press("Suivant", NON | {"avis": "oui", "engagement_avis": "oui"})
    assert page.h1 == "Ma situation actuelle"
    reponses = current(client, service).demande.moins_de_25_ans
    assert reponses is not None
    assert reponses.engagement_avis is True


def test_un_engagement_sans_reponse_est_demande(client: Browser) -> None:
    client.start("leo")
    page = client.press("Suivant", NON | {"avis": "oui"})
    assert page.status == 422
    assert page.error_fields() == ["engagement_avis_oui"]
    assert page.value("avis") == "oui"


def test_seules_les_questions_encore_utiles_sont_reclamees(client: Browser) -> None:
    client.start("leo")
    page = client.press("Suivant", {"enfant": "non", "rsa": "oui"})
    assert page.error_fields() == ["couple_oui"]
