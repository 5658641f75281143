"""Étape 2, les enfants du compte : retirer, remettre, compter."""

from datetime import date

import pytest
from starlette.applications import Starlette

from app.demo.reponses import answers_before
from app.domain.demande import Beneficiaires, Foyer
from app.domain.dossier import Dossier
from app.domain.instantane import _empreinte, empreinte_des_reponses, reponses
from app.domain.nir import cle_du_nir
from tests.conftest import TODAY
from tests.support.browser import Browser, Page, plain
from tests.support.drafts import current, seed
from tests.support.household import SITUATION, ajoute, compte_de, une_personne

FOYER = "/demande/foyer"
SAMI, LINA = "k7qd", "m3xw"


def arrive(client: Browser, service: Starlette, compte: str = "nadia", **reponses: object) -> Page:
    client.start(compte)
    seed(client, service, situation=SITUATION, **reponses)
    return client.get(FOYER)


def retires(client: Browser, service: Starlette) -> tuple[str, ...]:
    return current(client, service).demande.foyer.retires


def test_le_foyer_du_compte(client: Browser, service: Starlette) -> None:
    page = arrive(client, service)
    assert "Mon foyer : 3 personnes" in page.main
    assert "12 mars 2017" in page.main
    assert "(vous)" in page.main
    assert page.links()["Retour"] == "/demande/situation"
    assert client.press("Suivant").h1 == "Les personnes de mon foyer"
    assert current(client, service).demande.foyer.vu


def test_le_foyer_est_celui_que_la_loi_dit(client: Browser, service: Starlette) -> None:
    """R861-2."""
    page = arrive(client, service)
    for fact in (
        "vos enfants de moins de 25 ans, ou ceux de votre conjoint(e), qui vivent avec vous",
        "Une pension fixée par un juge ne compte pas.",
    ):
        assert fact in page.main


def test_un_enfant_retire_peut_etre_remis(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = client.press("Retirer Sami du foyer")
    assert "Sami ne fait plus partie de votre foyer. Nombre de personnes : 2." in page.main
    assert "Mon foyer : 2 personnes" in page.main
    assert page.url.endswith(f"?fait=retiree&qui={SAMI}#p_{SAMI}")
    assert "autofocus" in page.tree.css_first(f"#p_{SAMI}").attributes
    page = client.press("Remettre Sami dans le foyer")
    assert "Sami fait à nouveau partie de votre foyer. Nombre de personnes : 3." in page.main
    assert "Mon foyer : 3 personnes" in page.main


def test_la_garde_alternee_d_un_enfant_du_compte_est_dite_ou_ne_l_est_pas(
    client: Browser, service: Starlette
) -> None:
    """R861-3 counts this child by half: the caisse read a « no » of a child nobody had asked about."""
    page = arrive(client, service)
    assert "Un enfant est en garde alternée ?" in page.main
    assert alternes(client, service) == {SAMI: None, LINA: None}
    for bouton, fait, dit in (
        ("Dire que Sami est en garde alternée", "alternee", True),
        ("Dire que Sami n'est pas en garde alternée", "pas_alternee", False),
        ("Dire que Sami est en garde alternée", "alternee", True),
    ):
        page = client.press(bouton)
        phrase = bouton.removeprefix("Dire que ")
        assert f"C'est noté : {phrase}." in page.main
        assert page.url.endswith(f"?fait={fait}&qui={SAMI}#p_{SAMI}")
        assert alternes(client, service) == {SAMI: dit, LINA: None}
        assert bouton not in page.buttons(), "it is said"
        carte = page.tree.css_first(f"#p_{SAMI}").parent
        assert carte is not None
        assert ("En garde alternée" if dit else "Pas en garde alternée") in plain(carte.text())
    assert {f"Dire que Lina {dit} en garde alternée" for dit in ("est", "n'est pas")} <= {*page.buttons()}


def test_un_non_change_ce_qui_est_confirme_un_silence_non(service: Starlette) -> None:
    """The version before counts a silence as false: what it has confirmed holds while services are replaced."""
    nadia = compte_de(service, "nadia")
    silence, non, oui = (
        Dossier(answers_before("", "", nadia, TODAY, foyer=foyer), nadia, TODAY)
        for foyer in (
            Foyer(vu=True),
            Foyer(vu=True, pas_en_garde_alternee=(SAMI,)),
            Foyer(vu=True, en_garde_alternee=(SAMI,)),
        )
    )
    avant = reponses(silence).model_dump(mode="json", exclude={"motif_avant_25_ans"})
    for personne in avant["foyer"]:
        assert personne["garde_alternee"] is None
        personne["garde_alternee"] = False
    assert empreinte_des_reponses(silence) == _empreinte(avant)
    assert len({empreinte_des_reponses(dossier) for dossier in (silence, non, oui)}) == 3


def test_l_aide_sur_la_garde_alternee_reste_ouverte(client: Browser, service: Starlette) -> None:
    """Without JavaScript each press draws the page again: a second child is said without opening it again."""
    page = arrive(client, service)
    assert not garde_ouverte(page)
    assert garde_ouverte(client.press("Dire que Sami est en garde alternée"))
    client.press("Suivant")
    assert garde_ouverte(client.get(FOYER))
    assert garde_ouverte(client.press("Dire que Lina n'est pas en garde alternée"))
    assert garde_ouverte(client.press("Retirer Sami du foyer")), "Lina's is answered"


def garde_ouverte(page: Page) -> bool:
    [aide] = [node for node in page.tree.css("details") if "garde alternée" in plain(node.text())]
    return "open" in aide.attributes


def test_la_garde_alternee_suit_un_enfant_mineur_du_foyer(client: Browser, service: Starlette) -> None:
    arrive(client, service, foyer=Foyer(en_garde_alternee=(SAMI, LINA), retires=(SAMI,)))
    assert alternes(client, service) == {LINA: True}
    majeure = date(2028, 9, 27)  # Lina is 18 that day
    assert alternes(client, service, majeure) == {LINA: None}
    page = client.press("Remettre Sami dans le foyer")
    assert page.main.count("En garde alternée") == 2


def test_sans_enfant_mineur_la_garde_alternee_n_est_pas_dite(client: Browser, service: Starlette) -> None:
    assert "garde alternée" not in arrive(client, service, "benoit").main


def alternes(client: Browser, service: Starlette, le: date = TODAY) -> dict[str, bool | None]:
    """Child → what is filed of them."""
    nadia, foyer = compte_de(service, "nadia"), current(client, service).demande.foyer
    dossier = Dossier(answers_before("", "", nadia, le, foyer=foyer), nadia, le)
    return {personne.cle: personne.garde_alternee for personne in reponses(dossier).foyer if personne.lien}


def test_deux_retraits_rapides_comptent_tous_les_deux(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    client.press("Retirer Sami du foyer")
    page = client.press("Retirer Lina du foyer")
    assert "Mon foyer : 1 personne" in page.main
    assert "Mon foyer : 1 personnes" not in page.main


def test_un_double_appui_ne_change_rien_de_plus(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    for bouton, phrase, restent in (
        ("retirer", "ne fait plus partie de votre foyer", (SAMI,)),
        ("remettre", "fait à nouveau partie de votre foyer", ()),
    ):
        for _ in range(2):
            page = client.post(FOYER, {bouton: SAMI})
            assert f"Sami {phrase}." in page.main
            assert retires(client, service) == restent


@pytest.mark.parametrize("bouton", ["retirer", "remettre", "alternee", "pas_alternee"])
@pytest.mark.parametrize("cle", ["zzzz", "", "moi", "<b>"])
def test_une_cle_inconnue_redonne_la_page(client: Browser, service: Starlette, bouton: str, cle: str) -> None:
    arrive(client, service)
    page = client.post(FOYER, {bouton: cle})
    assert page.status == 200
    assert "Ce que vous vouliez changer n'est plus là." in page.main
    assert retires(client, service) == ()
    foyer = current(client, service).demande.foyer
    assert (foyer.en_garde_alternee, foyer.pas_en_garde_alternee) == ((), ())


def test_un_enfant_de_plus_de_25_ans_ne_compte_pas(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "benoit")
    assert "Mon foyer : 1 personne" in page.main
    assert page.main.count("25 ans ou plus : en dehors de votre foyer") == 2
    assert "Emilie a 35 ans." in page.main
    assert page.buttons() == ["Suivant"]
    page = client.post(FOYER, {"remettre": "p9tz"})
    assert "n'est plus là" in page.main
    assert "Mon foyer : 1 personne" in page.main


def test_un_compte_sans_enfant(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "marc")
    assert "Aucun enfant n'est enregistré sur votre compte." in page.main
    assert page.buttons() == ["Suivant"]


def test_les_dix_enfants_d_awa(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "awa")
    assert "Mon foyer : 11 personnes" in page.main
    assert sum(bouton.startswith("Retirer") for bouton in page.buttons()) == 10
    assert "Mon foyer : 10 personnes" in client.press("Retirer Bilal du foyer").main


def test_une_21e_personne_ne_revient_pas(client: Browser, service: Starlette) -> None:
    gens = tuple(une_personne(f"p{rang:03}") for rang in range(18))
    arrive(
        client, service, foyer=Foyer(vu=True, retires=(SAMI,)), beneficiaires=Beneficiaires(personnes=gens)
    )
    page = client.press("Remettre Sami dans le foyer")
    assert page.status == 422
    assert page.error_fields() == [f"p_{SAMI}"]
    assert "Vous ne pouvez pas ajouter une 21e personne ici." in page.errors[0]
    assert f"À corriger : {page.errors[0]}" in page.main
    assert retires(client, service) == (SAMI,)


def test_un_enfant_ajoute_a_la_main_ne_compte_pas_deux_fois(client: Browser, service: Starlette) -> None:
    sami = compte_de(service, "nadia").enfants[0]
    arrive(client, service, foyer=Foyer(vu=True, retires=(SAMI,)))
    ajoute(client, prenom="Samy", nir=sami.nir, cle=cle_du_nir(sami.nir), nir_confirme="oui")
    client.get(FOYER)
    page = client.press("Remettre Sami dans le foyer")
    assert page.status == 422
    assert "Sami et Samy ont le même numéro de sécurité sociale." in page.errors[0]
