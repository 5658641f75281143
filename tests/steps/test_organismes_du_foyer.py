"""Étape 3, personne par personne."""

from typing import Any

import pytest
from sqlmodel import select
from starlette.applications import Starlette

from app.domain.demande import (
    CAISSE,
    Beneficiaires,
    ChoixOrganisme,
    Foyer,
    ModeDeGestion,
    OrganismesDuFoyer,
)
from app.store.database import reading, writing
from app.store.tables import OrganismeGestionnaire
from tests.support.browser import Browser, Page
from tests.support.drafts import current, seed
from tests.support.household import SITUATION, une_personne

PAGE = "/demande/organismes-du-foyer"
SAMI, LINA = "k7qd", "m3xw"
PARIS = "DEMO-7501"
NEXT = "Mon autorisation"
BEFORE: dict[str, Any] = {
    "situation": SITUATION,
    "foyer": Foyer(vu=True),
    "beneficiaires": Beneficiaires(vu=True),
    "organisme": ChoixOrganisme(mode=ModeDeGestion.ORGANISME, code=PARIS),
}


def arrive(client: Browser, service: Starlette, url: str = PAGE, **answers: Any) -> Page:
    client.start("nadia")
    seed(client, service, **{**BEFORE, **answers})
    return client.get(url)


def kept(client: Browser, service: Starlette) -> OrganismesDuFoyer | None:
    return current(client, service).demande.organismes_du_foyer


def managers(page: Page) -> list[str]:
    return [node.text() for node in page.tree.css(".personne p b")]


def people_are_shown(page: Page) -> bool:
    """The list of the people is open."""
    return page.tree.css_first("main details:has(.personne)[open]") is not None


def test_chaque_personne_a_d_abord_l_organisme_du_demandeur(client: Browser, service: Starlette) -> None:
    page = arrive(client, service)
    assert page.h1 == "Organisme de chaque personne"
    assert len(set(managers(page))) == 1
    assert len(managers(page)) == 3
    assert page.value("meme") == "oui", "so it is, until somebody chooses another"
    assert not people_are_shown(page), "ten children would fill four screens with the same organisme"
    assert "Sami" in page.main
    assert [text for text in page.links() if text.startswith("Modifier")] == [
        "Modifier : organisme gestionnaire, Sami",
        "Modifier : organisme gestionnaire, Lina",
    ]


@pytest.mark.parametrize(("box", "same"), [("oui", True), (None, False)])
def test_le_meme_pour_tous_ou_non(client: Browser, service: Starlette, box: str | None, same: bool) -> None:
    arrive(client, service)
    assert client.press("Suivant", meme=box).h1 == NEXT
    assert kept(client, service) == OrganismesDuFoyer(meme=same, vu=True)
    page = client.get(PAGE)
    assert page.value("meme") == ("oui" if same else "")
    assert people_are_shown(page) is not same


def test_une_personne_seule_ne_voit_pas_la_page(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, foyer=Foyer(vu=True, retires=(SAMI, LINA)))
    assert page.h1 == NEXT


def test_la_caisse_pour_une_personne(client: Browser, service: Starlette) -> None:
    page = arrive(client, service)
    url = page.links()["Modifier : organisme gestionnaire, Sami"]
    assert url == f"{PAGE}?personne={SAMI}#choix"
    page = client.get(url.split("#")[0])
    assert page.h1 == "Organisme de chaque personne"
    assert "Quel organisme gestionnaire pour Sami ?" in page.main
    assert not page.tree.css("input[checked]")
    page = client.press("Enregistrer", gestionnaire="caisse")
    assert page.path == PAGE
    assert "personne=" not in page.url
    assert "Organisme choisi pour Sami : ma caisse d'Assurance Maladie." in page.main
    assert managers(page)[1] == "Ma caisse d’Assurance Maladie"
    assert kept(client, service) == OrganismesDuFoyer(meme=False, choix={SAMI: CAISSE})
    assert client.press("Suivant").h1 == NEXT
    assert client.get(f"{PAGE}?personne={SAMI}").value("gestionnaire") == "caisse"


def test_un_autre_organisme_pour_une_personne_avec_la_meme_recherche(
    client: Browser, service: Starlette
) -> None:
    arrive(client, service, f"{PAGE}?personne={LINA}&retour=recapitulatif")
    page = client.press("Rechercher", departement="ain")
    assert f"personne={LINA}" in page.url
    assert "5 organismes trouvés" in page.main
    page = client.press("Enregistrer", choix_organisme="DEMO-0101")
    assert page.url == f"{PAGE}?retour=recapitulatif&fait=choisi&qui={LINA}#p_{LINA}"
    assert "Organisme choisi pour Lina : Mutuelle Factice des Volcans." in page.main
    page = client.get(f"{PAGE}?personne={LINA}&ville=Paris")
    assert (page.value("gestionnaire"), page.value("choix_organisme")) == ("organisme", "DEMO-0101")


def test_un_navigateur_en_mode_texte_cherche_pour_une_personne(client: Browser, service: Starlette) -> None:
    arrive(client, service, f"{PAGE}?personne={LINA}")
    fields = {"rechercher": "oui", "enregistrer": LINA, "ville": "Lyon"}
    page = client.post(f"{PAGE}?personne={LINA}", fields)
    assert page.url == f"{PAGE}?personne={LINA}&ville=Lyon#resultats"
    assert kept(client, service) is None


def test_le_meme_que_moi_efface_le_choix_d_une_personne(client: Browser, service: Starlette) -> None:
    choix = OrganismesDuFoyer(meme=False, choix={SAMI: CAISSE, LINA: "DEMO-0101"}, vu=True)
    arrive(client, service, f"{PAGE}?personne={SAMI}", organismes_du_foyer=choix)
    client.press("Enregistrer", gestionnaire="meme")
    assert kept(client, service) == OrganismesDuFoyer(meme=False, choix={LINA: "DEMO-0101"}, vu=True)


def test_la_caisse_du_demandeur_n_est_pas_proposee_deux_fois(client: Browser, service: Starlette) -> None:
    page = arrive(
        client, service, f"{PAGE}?personne={SAMI}", organisme=ChoixOrganisme(mode=ModeDeGestion.CAISSE)
    )
    assert [node.attributes["value"] for node in page.tree.css("input[name=gestionnaire]")] == [
        "meme",
        "organisme",
    ]
    assert "Le même organisme que moi : ma caisse d'Assurance Maladie." in page.main


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({}, "gestionnaire_meme", "Choisissez l'organisme gestionnaire pour Sami"),
        ({"gestionnaire": "garder"}, "gestionnaire_meme", "un organisme complémentaire ou votre caisse"),
        ({"gestionnaire": "organisme"}, "organisme", "Cherchez-le, puis choisissez-le dans la liste"),
        ({"choix_organisme": "inconnu"}, "organisme", "n'est plus dans la liste"),
        (
            {"gestionnaire": "caisse", "choix_organisme": PARIS},
            "gestionnaire_meme",
            "Deux réponses sont cochées",
        ),
    ],
)
def test_un_refus_dit_quoi_faire_pour_cette_personne(
    client: Browser, service: Starlette, fields: dict[str, str], field: str, message: str
) -> None:
    arrive(client, service, f"{PAGE}?personne={SAMI}")
    page = client.press("Enregistrer", fields)
    assert page.status == 422
    assert "Quel organisme gestionnaire pour Sami ?" in page.main
    assert page.error_fields() == [field]
    assert message in page.errors[0]
    assert kept(client, service) is None


def test_le_meme_pour_tous_contredit_un_autre_choix(client: Browser, service: Starlette) -> None:
    choix = OrganismesDuFoyer(meme=False, choix={LINA: CAISSE}, vu=True)
    arrive(client, service, organismes_du_foyer=choix)
    page = client.press("Suivant", meme="oui")
    assert page.status == 422
    assert page.error_fields() == ["meme"]
    assert "choisi un autre organisme pour Lina" in page.errors[0]
    assert page.value("meme") == "oui"
    assert kept(client, service) == choix
    assert client.press("Suivant", meme=None).h1 == NEXT


def test_un_choix_oublie_ne_revient_pas_sans_etre_vu(client: Browser, service: Starlette) -> None:
    """Lina was away when « le même » was ticked: her older choice is not shown, so it no longer counts."""
    choix = OrganismesDuFoyer(meme=True, choix={LINA: CAISSE}, vu=True)
    page = arrive(client, service, organismes_du_foyer=choix)
    assert len(set(managers(page))) == 1
    client.press("Suivant", meme=None)
    assert kept(client, service) == OrganismesDuFoyer(meme=False, choix={}, vu=True)


def test_le_choix_d_une_personne_partie_est_garde(client: Browser, service: Starlette) -> None:
    choix = OrganismesDuFoyer(meme=False, choix={LINA: CAISSE}, vu=True)
    arrive(client, service, organismes_du_foyer=choix, foyer=Foyer(vu=True, retires=(LINA,)))
    assert client.press("Suivant", meme="oui").h1 == NEXT
    assert kept(client, service) == OrganismesDuFoyer(meme=True, choix={LINA: CAISSE}, vu=True)


@pytest.mark.parametrize("cle", ["moi", "zzzz", "", "<b>"])
def test_une_personne_inconnue_ou_partie(client: Browser, service: Starlette, cle: str) -> None:
    page = arrive(client, service, f"{PAGE}?personne={cle}")
    assert page.status == 200
    assert "n'est plus là" in page.main
    assert len(managers(page)) == 3
    page = client.post(f"{PAGE}?personne={cle}", {"enregistrer": cle, "gestionnaire": "caisse"})
    assert page.status == 200
    assert "n'est plus là" in page.main
    assert kept(client, service) is None


def test_un_organisme_disparu_pour_une_personne(client: Browser, service: Starlette) -> None:
    choix = OrganismesDuFoyer(meme=False, choix={LINA: "DEMO-0101"}, vu=True)
    arrive(client, service, organismes_du_foyer=choix)
    with reading(service.state.house.engine) as db, writing(db):
        db.exec(
            select(OrganismeGestionnaire).where(OrganismeGestionnaire.code == "DEMO-0101")
        ).one().actif = False
    page = client.press("Suivant")
    assert page.status == 422
    assert page.error_fields() == [f"p_{LINA}"]
    assert "Mutuelle Factice des Volcans n'est plus dans la liste" in page.errors[0]


def test_deux_prenoms_pareils_se_distinguent_par_la_date(client: Browser, service: Starlette) -> None:
    autre = une_personne("x9yz", prenom="Sami")
    arrive(client, service, f"{PAGE}?personne=x9yz", beneficiaires=Beneficiaires(personnes=(autre,), vu=True))
    assert "Quel organisme gestionnaire pour Sami (14 mai 2013) ?" in client.page.main
    page = client.press("Enregistrer", gestionnaire="caisse")
    assert "Organisme choisi pour Sami (14 mai 2013) : ma caisse d'Assurance Maladie." in page.main
    assert "Sami (14 mai 2013)" in page.main
