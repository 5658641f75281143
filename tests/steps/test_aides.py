"""What a help says to those whom a question does not seem to foresee."""

import pytest
from starlette.applications import Starlette

from app.domain.moins_de_25_ans import MoinsDe25Ans
from tests.support.browser import Browser, Page, plain
from tests.support.drafts import arrive_at

MAJEURE = MoinsDe25Ans(enfant=True)


def aides(page: Page) -> str:
    """The text of the helps that open in place."""
    return " ".join(plain(node.text()) for node in page.tree.css("details.plus"))


@pytest.mark.parametrize(
    ("page", "fact"),
    [
        pytest.param("situation", "Un enfant est né, ou a changé de foyer ?", id="enfant"),
        pytest.param("organisme", "et vous en choisissez un autre ?", id="changer d'organisme"),
        pytest.param(
            "autres-ressources", "Gardez le document qui donne la somme", id="retraite d'un autre pays"
        ),
        pytest.param("autres-ressources", "les retraites de France, l'Aspa (minimum vieillesse)", id="Aspa"),
        pytest.param(
            "complements",
            "Vous n'avez pas de logement ? Vous n'êtes ni propriétaire, ni hébergé(e) gratuitement.",
            id="sans logement",
        ),
        pytest.param("complements", "Un congé de maternité ne compte pas.", id="maternité"),
        pytest.param("pieces", "Vous recevez déjà le RSA ? L'attestation n'est pas demandée.", id="RSA"),
    ],
)
def test_une_aide_repond_a_qui_n_est_pas_prevu(
    client: Browser, service: Starlette, page: str, fact: str
) -> None:
    assert fact in aides(arrive_at(client, service, page))


def test_une_somme_dans_une_autre_monnaie_se_compte_en_euros(client: Browser, service: Starlette) -> None:
    page = arrive_at(client, service, "montants", autres_ressources=("autres",))
    assert "Une somme dans une autre monnaie" in aides(page)


def test_avec_le_rsa_l_attestation_n_est_pas_a_preparer(client: Browser) -> None:
    client.sign_in("nadia")
    assert "Vous recevez déjà le RSA ? Cette attestation n'est pas demandée." in aides(client.get("/demande"))


@pytest.mark.parametrize(("compte", "reponses"), [("leo", {"moins_de_25_ans": MAJEURE}), ("nadia", {})])
def test_avant_25_ans_l_avis_n_est_pas_toujours_a_son_nom(
    client: Browser, service: Starlette, compte: str, reponses: dict[str, MoinsDe25Ans]
) -> None:
    page = arrive_at(client, service, "pieces", compte, **reponses)
    assert ("Vous n'avez pas encore d'avis à votre nom ?" in aides(page)) == (compte == "leo")
