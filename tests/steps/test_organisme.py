"""Étape 3, sur la page : le choix, les quatre cas."""

from typing import Any

import pytest
from sqlmodel import select
from starlette.applications import Starlette

from app.domain.demande import Beneficiaires, ChoixOrganisme, Foyer, ModeDeGestion
from app.store.database import reading, writing
from app.store.tables import OrganismeGestionnaire
from tests.support.browser import Browser, Page, plain
from tests.support.drafts import current, seed
from tests.support.household import SITUATION

PAGE = "/demande/organisme"
PARIS = f"{PAGE}?ville=Paris"
BEFORE: dict[str, Any] = {
    "situation": SITUATION,
    "foyer": Foyer(vu=True),
    "beneficiaires": Beneficiaires(vu=True),
}
NADIA = "Organisme de chaque personne"  # the next page for a person who is not alone
NEXT = "Mon autorisation"


def arrive(
    client: Browser, service: Starlette, compte: str = "marc", url: str = PAGE, **answers: Any
) -> Page:
    client.start(compte)
    seed(client, service, **BEFORE, **answers)
    return client.get(url)


def chosen(client: Browser, service: Starlette) -> ChoixOrganisme | None:
    return current(client, service).demande.organisme


def radios(page: Page, name: str) -> list[str]:
    return [node.attributes["value"] or "" for node in page.tree.css(f'input[type=radio][name="{name}"]')]


def of(mode: ModeDeGestion, code: str | None = None) -> ChoixOrganisme:
    return ChoixOrganisme(mode=mode, code=code)


def retire(service: Starlette, code: str) -> None:
    with reading(service.state.house.engine) as db, writing(db):
        db.exec(select(OrganismeGestionnaire).where(OrganismeGestionnaire.code == code)).one().actif = False


# The four cases


@pytest.mark.parametrize(
    ("compte", "said", "options"),
    [
        ("nadia", "Nous n'avons pas de mutuelle enregistrée sur votre compte ameli", ["caisse", "organisme"]),
        ("marc", "ADREA MUTUELLE (ne gère pas la C2S)", ["caisse", "organisme"]),
        ("lucie", "Mutuelle Exemple du Bleuet (gère la C2S)", ["garder", "caisse", "organisme"]),
    ],
)
def test_la_situation_du_compte_ouvre_la_page(
    client: Browser, service: Starlette, compte: str, said: str, options: list[str]
) -> None:
    page = arrive(client, service, compte)
    assert page.h1 == "Je choisis ma Complémentaire santé solidaire"
    assert "Votre organisme complémentaire actuel :" in page.main
    assert said in page.main
    assert radios(page, "gestionnaire") == options
    assert not page.tree.css("input[checked]")
    other = "Je choisis un organisme" if compte == "nadia" else "Je choisis un autre organisme"
    assert f"{other} complémentaire." in page.main


def test_la_caisse_est_un_choix(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    assert client.press("Suivant", gestionnaire="caisse").h1 == NEXT
    assert chosen(client, service) == of(ModeDeGestion.CAISSE)
    assert client.get(PAGE).value("gestionnaire") == "caisse"


def test_garder_son_organisme(client: Browser, service: Starlette) -> None:
    arrive(client, service, "lucie")
    assert client.press("Suivant", gestionnaire="garder").h1 == NEXT
    assert current(client, service).demande.organisme == of(ModeDeGestion.GARDER)
    assert client.get(PAGE).value("gestionnaire") == "garder"


def test_sans_reponse_on_dit_quoi_choisir(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, url=PARIS)
    for sent in (None, "n'importe quoi"):
        page = client.press("Suivant", gestionnaire=sent)
        assert page.status == 422
        assert page.errors[0].startswith("Choisissez l'organisme gestionnaire")
        assert page.error_fields() == ["gestionnaire_caisse"]
        assert "34 organismes trouvés" in page.main
    assert chosen(client, service) is None


def test_on_ne_garde_pas_un_organisme_qui_ne_gere_pas_la_c2s(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = client.press("Suivant", gestionnaire="garder")
    assert page.status == 422
    assert page.errors[0].startswith("ADREA MUTUELLE ne gère pas la C2S.")


def test_un_organisme_se_choisit_dans_la_liste(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = client.press("Suivant", gestionnaire="organisme")
    assert page.status == 422
    assert page.errors[0].startswith("Vous choisissez un organisme complémentaire. Cherchez-le")
    assert page.error_fields() == ["organisme"]
    assert page.value("gestionnaire") == "organisme"
    page = client.get(PARIS)
    page = client.press("Suivant", gestionnaire="organisme")
    assert page.error_fields() == ["o_1"]


# A result


def test_choisir_un_resultat_repond_a_la_question(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, url=PARIS)
    code = radios(page, "choix_organisme")[2]
    assert client.press("Suivant", choix_organisme=code).h1 == NEXT
    assert chosen(client, service) == of(ModeDeGestion.ORGANISME, code)
    page = client.get(PAGE)
    assert page.value("gestionnaire") == "organisme"
    assert page.value("choix_organisme") == code
    assert "Organisme choisi" in page.main
    assert "75" in page.main


def test_le_choix_survit_a_une_autre_recherche(client: Browser, service: Starlette) -> None:
    arrive(client, service, organisme=of(ModeDeGestion.ORGANISME, "DEMO-7501"), url=f"{PAGE}?departement=01")
    page = client.page
    assert radios(page, "choix_organisme")[0] == "DEMO-7501"
    assert page.value("choix_organisme") == "DEMO-7501"
    assert page.tree.css_first("#o_0") is not None
    assert client.press("Suivant").h1 == NEXT
    assert chosen(client, service) == of(ModeDeGestion.ORGANISME, "DEMO-7501")
    page = client.get(PARIS)
    assert radios(page, "choix_organisme").count("DEMO-7501") == 1


def test_un_resultat_nouveau_l_emporte_sur_l_ancienne_reponse(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, organisme=of(ModeDeGestion.CAISSE), url=PARIS)
    code = radios(page, "choix_organisme")[0]
    client.press("Suivant", choix_organisme=code)
    assert chosen(client, service) == of(ModeDeGestion.ORGANISME, code)


def test_la_caisse_nouvelle_l_emporte_sur_l_ancien_organisme(client: Browser, service: Starlette) -> None:
    arrive(client, service, organisme=of(ModeDeGestion.ORGANISME, "DEMO-7501"))
    client.press("Suivant", gestionnaire="caisse")
    assert chosen(client, service) == of(ModeDeGestion.CAISSE)


@pytest.mark.parametrize("answer", ["caisse", "organisme"])
def test_deux_reponses_nouvelles_on_demande_laquelle(
    client: Browser, service: Starlette, answer: str
) -> None:
    page = arrive(client, service, url=PARIS)
    code = radios(page, "choix_organisme")[0]
    page = client.press("Suivant", gestionnaire="caisse", choix_organisme=code)
    assert page.status == 422
    assert page.errors[0].startswith("Deux réponses sont cochées")
    assert (page.value("gestionnaire"), page.value("choix_organisme")) == ("caisse", code)
    assert client.press("Suivant", gestionnaire=answer).h1 == NEXT
    kept = of(ModeDeGestion.CAISSE) if answer == "caisse" else of(ModeDeGestion.ORGANISME, code)
    assert chosen(client, service) == kept


@pytest.mark.parametrize(("url", "field"), [(PAGE, "organisme"), (PARIS, "o_1")])
def test_le_champ_ou_mene_le_refus_dit_quoi_faire(
    client: Browser, service: Starlette, url: str, field: str
) -> None:
    arrive(client, service, url=url)
    page = client.press("Suivant", gestionnaire="organisme")
    assert page.error_fields() == [field]
    described = page.tree.css("[aria-describedby~=choix_organisme_err]")
    assert any(place.id == field or place.css(f"#{field}") for place in described)
    assert len(page.tree.css("#o_1[aria-invalid=true]")) == (field == "o_1")


def test_pressee_deux_fois_la_page_repond_pareil(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    for _ in range(2):
        page = client.post(PAGE, {"gestionnaire": "caisse"})
        assert page.h1 == NEXT
        client.get(PAGE)
    assert chosen(client, service) == of(ModeDeGestion.CAISSE)


@pytest.mark.parametrize(
    ("code", "nom"),
    [("DEMO-7501", "Prévoyance"), ("inconnu", "L'organisme choisi"), ("x" * 3000, "L'organisme")],
)
def test_un_organisme_disparu_est_dit(client: Browser, service: Starlette, code: str, nom: str) -> None:
    arrive(client, service)
    if code == "DEMO-7501":
        retire(service, code)
        with reading(service.state.house.engine) as db:
            nom = plain(db.get_one(OrganismeGestionnaire, code).nom)
    page = client.press("Suivant", gestionnaire="organisme", choix_organisme=code)
    assert page.status == 422
    assert page.errors[0].startswith(nom)
    assert "n'est plus dans la liste des organismes qui gèrent la C2S" in page.errors[0]
    assert chosen(client, service) is None


def test_un_organisme_choisi_puis_retire_de_la_liste(client: Browser, service: Starlette) -> None:
    arrive(client, service, organisme=of(ModeDeGestion.ORGANISME, "DEMO-7501"))
    retire(service, "DEMO-7501")
    page = client.get(PAGE)
    assert "n'est plus dans la liste des organismes qui gèrent la C2S" in page.main
    assert "Organisme choisi" not in page.main
    assert client.press("Suivant").status == 422


def test_un_organisme_garde_puis_retire_de_la_liste(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "lucie", organisme=of(ModeDeGestion.GARDER))
    retire(service, "DEMO-4206")
    page = client.get(PAGE)
    assert radios(page, "gestionnaire") == ["caisse", "organisme"]
    assert "Mutuelle Exemple du Bleuet n'est plus dans la liste" in page.main
    page = client.press("Suivant", gestionnaire="garder")
    assert page.errors[0].startswith("Mutuelle Exemple du Bleuet n'est plus dans la liste")
