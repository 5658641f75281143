"""La recherche, sur la page : ses phrases, ses adresses, et la même chose dans un navigateur de texte."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.applications import Starlette

from app.domain.demande import Beneficiaires, ChoixOrganisme, Foyer, ModeDeGestion
from app.steps._recherche import BY_PAGE, MOST_SHOWN
from tests.support.browser import Browser, Page, plain
from tests.support.drafts import seed
from tests.support.household import SITUATION

PAGE = "/demande/organisme"
BEFORE: dict[str, Any] = {
    "situation": SITUATION,
    "foyer": Foyer(vu=True),
    "beneficiaires": Beneficiaires(vu=True),
}


@pytest.fixture
def there(client: Browser, service: Starlette) -> Browser:
    """Marc, whose caisse is in the Bas-Rhin (67), on the page of the choice."""
    client.start("marc")
    seed(client, service, **BEFORE)
    client.get(PAGE)
    return client


def codes(page: Page) -> list[str]:
    return [node.attributes["value"] or "" for node in page.tree.css("input[name=choix_organisme]")]


def beside(page: Page) -> str:
    """What was found, as the field that was filled in says it."""
    return plain(page.tree.css_first("a[href='#resultats']").parent.text())


def test_une_recherche_est_une_adresse(there: Browser) -> None:
    page = there.press("Rechercher", ville="Paris")
    assert page.path == PAGE
    assert parse_qs(urlsplit(page.url).query)["ville"] == ["Paris"]
    assert page.value("ville") == "Paris"
    assert page.tree.css_first("h2#resultats") is not None
    assert page.links()["Voir les résultats"] == "#resultats", "beside the field that was filled in"
    assert len(codes(page)) == 5


def test_chercher_un_organisme_coche_un_organisme(there: Browser) -> None:
    """Where nothing was answered: with scripts it was ticked to see the search, and came back unticked."""
    assert there.page.value("gestionnaire") == ""
    page = there.press("Rechercher", ville="Paris")
    assert page.value("gestionnaire") == "organisme"
    assert page.hidden["vu_gestionnaire"] == ""


def test_chercher_ne_change_pas_une_reponse_gardee(there: Browser, service: Starlette) -> None:
    seed(there, service, **BEFORE, organisme=ChoixOrganisme(mode=ModeDeGestion.CAISSE))
    assert there.get(f"{PAGE}?ville=Paris").value("gestionnaire") == "caisse"


def test_ce_qui_est_coche_va_avec_la_recherche(there: Browser, service: Starlette) -> None:
    """With scripts alone: the form of the search does not hold these answers."""
    seed(there, service, **BEFORE, organisme=ChoixOrganisme(mode=ModeDeGestion.CAISSE))
    page = there.get(f"{PAGE}?departement=01&gestionnaire=organisme&choix_organisme=DEMO-7501")
    assert (page.value("gestionnaire"), page.value("choix_organisme")) == ("organisme", "DEMO-7501")
    assert page.hidden["vu_gestionnaire"] == "caisse"
    assert there.get(f"{PAGE}?ville=Paris&gestionnaire=inconnu").value("gestionnaire") == "caisse"


def test_voir_plus_garde_les_premiers_et_mene_au_premier_nouveau(there: Browser) -> None:
    first = there.press("Rechercher", ville="Paris")
    url = first.links()["Voir plus d'organismes, 29 restants"]
    assert url.endswith("page=2#o_6")
    second = there.get(url.split("#")[0])
    assert "10 organismes affichés sur 34." in second.main
    assert codes(second)[:5] == codes(first)
    assert [node.attributes["id"] for node in second.tree.css("input[autofocus]")] == ["o_6"]
    last = there.get(f"{PAGE}?ville=Lyon&page=9")
    assert "Les 7 organismes sont affichés." in last.main
    assert len(codes(last)) == 7
    assert not any(text.startswith("Voir plus") for text in last.links())


@pytest.mark.parametrize(
    ("search", "said"),
    [
        ("ville=Paris", "4 autres organismes ne sont pas affichés. Pour les voir, ajoutez un code postal ou un nom."),
        ("organisme=e", "296 autres organismes ne sont pas affichés. "
         "Pour les voir, ajoutez une ville ou plus de lettres du nom."),
        ("departement=75", "4 autres organismes ne sont pas affichés. Pour les voir, ajoutez une ville ou un nom."),
        ("ville=75", "4 autres organismes ne sont pas affichés. Pour les voir, ajoutez un nom."),
    ],
)  # fmt: skip
def test_une_liste_s_arrete_et_dit_comment_trouver_les_autres(there: Browser, search: str, said: str) -> None:
    before = there.get(f"{PAGE}?{search}&page={MOST_SHOWN // BY_PAGE - 1}")
    assert "ne sont pas affichés" not in before.main
    assert any(text.startswith("Voir plus") for text in before.links())
    for page in (MOST_SHOWN // BY_PAGE, MOST_SHOWN // BY_PAGE + 1, 9999):
        last = there.get(f"{PAGE}?{search}&page={page}")
        assert len(codes(last)) == MOST_SHOWN
        assert said in last.main
        assert not any(text.startswith("Voir plus") for text in last.links())
        assert said in beside(last), "it is heard, too"


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999", "99999999999999999999", "²", "1.5", ""])
def test_un_numero_de_page_convient_toujours(there: Browser, page: str) -> None:
    assert 5 <= len(codes(there.get(f"{PAGE}?ville=Paris&page={page}"))) <= MOST_SHOWN


def test_un_seul_resultat(there: Browser) -> None:
    page = there.press("Rechercher", organisme="lagon")
    assert "1 organisme trouvé." in page.main
    assert len(codes(page)) == 1


def test_rien_de_trouve_propose_le_departement_de_la_personne(there: Browser) -> None:
    page = there.press("Rechercher", organisme="Mutuelle du Zénith", ville="Paris")
    assert page.status == 200
    assert "Aucun organisme trouvé pour « Mutuelle du Zénith, Paris »." in page.main
    assert "Vous pouvez aussi choisir votre caisse." in page.main
    url = page.links()["Chercher dans mon département : Bas-Rhin"]
    page = there.get(url.split("#")[0])
    assert codes(page)
    assert page.value("departement") == "67"


def test_une_ville_sans_organisme_est_dite(there: Browser) -> None:
    page = there.press("Rechercher", ville="ambronay")
    assert (
        "Aucun organisme n'a d'adresse dans la ville « Ambronay ». Voici ceux du département « Ain »."
        in page.main
    )
    assert beside(page).startswith("Aucun organisme n'a d'adresse dans la ville « Ambronay ».")
    page = there.press("Rechercher", ville="01300")
    assert "Aucun organisme n'a d'adresse avec le code postal « 01300 »." in page.main
    page = there.press("Rechercher", ville="Saint-Sauveur")
    assert "Voici ceux de ces départements : Hautes-Alpes, Côte-d'Or" in page.main
    assert "Plusieurs villes ont ce nom." in page.main


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"departement": "Zz"}, "departement", "Ce service ne connaît pas ce département : « Zz »."),
        ({"ville": "Zzyzx"}, "ville", "Ce service ne connaît pas cette ville : « Zzyzx »."),
        ({"ville": "Saint-Sulp"}, "ville", "Plusieurs villes commencent ainsi : « Saint-Sulp »."),
        (
            {"ville": "Lyon", "departement": "Ain"},
            "ville",
            "Cette ville n'est pas dans le département choisi",
        ),
        ({"organisme": "a" * 250}, "organisme", "La recherche compte 250 caractères."),
    ],
)
def test_ce_qui_manque_a_une_recherche_est_dit_sans_refus(
    there: Browser, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = there.press("Rechercher", fields)
    assert page.status == 200
    assert page.tree.css_first(f"#{field}[aria-invalid]") is not None
    assert page.main.count(sentence) == 2  # under the field, and in the results, with a link to it
    for name, value in fields.items():
        assert page.value(name) == value


def test_une_recherche_vide_demande_un_champ_sans_en_accuser_un(there: Browser) -> None:
    """Each field is optional: none of the three is at fault."""
    page = there.press("Rechercher")
    assert page.links()["Remplissez un champ de recherche."] == "#organisme"
    assert not page.tree.css("[aria-invalid]")


def test_un_departement_inconnu_n_est_pas_dit_a_chercher(there: Browser) -> None:
    assert "cherchez par département" not in there.get(f"{PAGE}?departement=Zz").main
    assert "cherchez par département" in there.get(f"{PAGE}?organisme=zzyzx").main


def test_le_lien_vers_les_resultats_est_une_action(there: Browser) -> None:
    page = there.get(f"{PAGE}?ville=Paris")
    assert page.links()["Voir les résultats"] == "#resultats"
    assert not [text for text in page.links() if "trouvé" in text]
    assert "Voir les résultats" not in there.get(f"{PAGE}?organisme=zzyzx").links()


@pytest.mark.parametrize("text", ["<b>", "%00", "%ff", "{{7*7}}"[:1], "’' \"", "%E2%80%AE", "a%0Ab"])
def test_un_texte_hostile_se_montre_tel_quel(there: Browser, text: str) -> None:
    for field in ("organisme", "ville", "departement"):
        assert there.get(f"{PAGE}?{field}={text}&page={text}").status == 200


@pytest.mark.engines("postgresql")
def test_un_octet_nul_dans_un_choix_ne_casse_pas_la_page(there: Browser) -> None:
    """PostgreSQL n'en veut pas dans un texte."""
    assert there.get(f"{PAGE}?organisme=mutuelle&choix_organisme=%00").status == 200


def test_ce_qui_est_saisi_n_est_pas_corrige(there: Browser) -> None:
    there.get(f"{PAGE}?organisme=l%27entraide")
    node = there.page.tree.css_first("#organisme")
    assert node is not None
    assert node.attributes["value"] == "l'entraide"


def test_un_navigateur_en_mode_texte_envoie_la_recherche_avec_le_choix(there: Browser) -> None:
    """It knows no `form` attribute: every field arrives in one POST, and the address has the search and what is ticked."""
    fields = {
        "rechercher": "oui",
        "ville": "Paris",
        "organisme": "",
        "departement": "",
        "gestionnaire": "caisse",
    }
    page = there.post(f"{PAGE}?retour=recapitulatif", fields)
    assert urlsplit(page.url).query == "retour=recapitulatif&ville=Paris&gestionnaire=caisse"
    assert "34 organismes trouvés" in page.main
    assert page.value("gestionnaire") == "caisse"
    assert page.hidden["vu_gestionnaire"] == "", "nothing is answered"
    page = there.post(PAGE, {"rechercher": "oui", "ville": " "})
    assert "Remplissez un champ de recherche" in page.main
    page = there.post(PAGE, {"rechercher": "oui", "ville": "x" * 1900})
    assert "La recherche compte" in page.main


def test_un_navigateur_en_mode_texte_garde_la_recherche_quand_le_choix_est_refuse(there: Browser) -> None:
    page = there.post(
        PAGE, {"action": "suivant", "ville": "Colmar", "choix_organisme": "", "gestionnaire": ""}
    )
    assert page.status == 422
    assert page.value("ville") == "Colmar"


def test_une_recherche_garde_le_chemin_du_retour(there: Browser) -> None:
    there.get(f"{PAGE}?retour=recapitulatif&ville=Paris")
    page = there.press("Rechercher", ville="Lyon")
    assert parse_qs(urlsplit(page.url).query)["retour"] == ["recapitulatif"]
    assert "retour=recapitulatif" in next(
        url for text, url in page.links().items() if text.startswith("Voir plus")
    )


def test_chaque_champ_est_dans_le_formulaire_du_choix(there: Browser) -> None:
    page = there.get(f"{PAGE}?ville=Paris")
    for selector in ("#organisme", "#ville", "#departement", "[name=rechercher]", "[name=choix_organisme]"):
        assert page.tree.css_first(f"form#f_choix {selector}") is not None, selector
    assert page.tree.css_first("form#f_recherche[method=get]") is not None
