"""Étape 2, la page d'une personne : ajouter, corriger, revenir."""

import re

import pytest
from starlette.applications import Starlette

from app.domain.nir import cle_du_nir
from tests.support.browser import Browser
from tests.support.drafts import current
from tests.support.household import (
    AJOUTER,
    BEBE,
    CONJOINT,
    JULES,
    LISTE,
    NIR,
    ajoute,
    ajoutees,
    arrive,
    une_personne,
)


def test_une_personne_ajoutee_fait_partie_du_foyer(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    client.get(client.page.links()["Ajouter une personne"])
    assert client.page.h1 == "Les personnes de mon foyer"
    assert client.page.tree.css_first("h2").text() == "Ajouter une personne"
    page = client.press(
        "Enregistrer cette personne",
        JULES | {"caf": " 012 34 56", "garde": "oui", "rsa": "oui", "c2s": "oui"},
    )
    assert page.path == LISTE
    assert "Jules fait maintenant partie de votre foyer. Nombre de personnes : 4." in page.main
    assert "14 mai 2013, enfant" in page.main
    assert "En garde alternée" in page.main
    (jules,) = ajoutees(client, service)
    assert (jules.nom, jules.nir, jules.numero_caf) == ("D'Almeida", NIR, "0123456")
    assert (jules.garde_alternee, jules.rsa_en_cours, jules.c2s_en_cours) == (True, True, True)
    assert jules.cle in page.url
    assert re.fullmatch("[bcdfghjkmnpqrstvwxz2-9]{4,6}", jules.cle)


def test_la_personne_se_corrige_et_garde_sa_cle(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9", nir=NIR, garde_alternee=True))
    page = client.get(client.page.links()["Modifier : Jules"])
    assert page.path == f"{LISTE}/m4q9"
    assert "Modifier les informations : Jules" in page.main
    for champ, valeur in {**JULES, "garde": "oui"}.items():
        assert page.value(champ) == valeur, champ
    page = client.press("Enregistrer cette personne", prenom="Jules-Henri", garde=None)
    assert "Les informations au sujet d'une personne sont à jour : Jules-Henri." in page.main
    (jules,) = ajoutees(client, service)
    assert (jules.cle, jules.prenom, jules.garde_alternee) == ("m4q9", "Jules-Henri", False)


@pytest.mark.parametrize("envoyee", [False, True], ids=["ouverte", "refusée"])
def test_sans_numero_les_deux_champs_se_laissent_vides(
    client: Browser, service: Starlette, envoyee: bool
) -> None:
    arrive(client, service, une_personne("m4q9", nir=None))
    page = client.get(f"{LISTE}/m4q9")
    if envoyee:
        page = client.press("Enregistrer cette personne", prenom="", pas_de_numero="oui")
        assert page.status == 422
    for champ in ("nir", "cle"):
        assert "aria-required" not in page.tree.css_first(f"#{champ}").attributes
        assert (
            "Laissez vide tant que la case est cochée." in page.tree.css_first(f"label[for={champ}]").text()
        )
    page = client.press("Enregistrer cette personne", prenom="", pas_de_numero=None)
    assert page.tree.css_first("#nir").attributes["aria-required"] == "true"
    assert "Laissez alors vides le numéro et la clé." in page.main


def test_retour_mene_a_la_liste_sans_rien_enregistrer(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = client.get(AJOUTER)
    assert page.links()["Retour"] == LISTE
    page = client.get(f"{AJOUTER}?retour=recapitulatif")
    assert page.links()["Retour"] == f"{LISTE}?retour=recapitulatif"


def test_envoyee_deux_fois_la_personne_n_est_ajoutee_qu_une(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    for formulaire in (JULES, BEBE):
        ajoute(client, **formulaire)
        page = ajoute(client, **formulaire)
        assert page.status == 200
        assert "fait maintenant partie de votre foyer" in page.main
    assert [personne.prenom for personne in ajoutees(client, service)] == ["Jules", "Lou"]


def test_deux_onglets_ajoutent_deux_personnes(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    client.get(AJOUTER)
    for prenom in ("Lou", "Camille"):  # the same page, sent again with another name
        client.post(AJOUTER, {**BEBE, "prenom": prenom, "action": "suivant"})
    assert [personne.prenom for personne in ajoutees(client, service)] == ["Lou", "Camille"]


def test_ajouter_a_nouveau_une_personne_retiree_la_remet(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    ajoute(client)
    client.press("Retirer Jules du foyer")
    page = ajoute(client)
    assert "Jules fait maintenant partie de votre foyer. Nombre de personnes : 4." in page.main
    assert len(ajoutees(client, service)) == 1
    assert current(client, service).demande.beneficiaires.retires == ()


def test_une_personne_disparue_ramene_a_la_liste(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9"))
    for url in (f"{LISTE}/zzzz", f"{LISTE}/moi", f"{LISTE}/k7qd", f"{LISTE}/%3Cb%3E"):
        page = client.get(url)
        assert (page.status, page.path) == (200, LISTE)
        assert "Ce que vous vouliez changer n'est plus là." in page.main
    client.press("Retirer Jules du foyer")
    page = client.post(f"{LISTE}/m4q9?retour=recapitulatif", {**JULES, "action": "suivant"})
    assert page.url == f"{LISTE}?retour=recapitulatif&fait=disparu"
    assert ajoutees(client, service)[0].nir is None


def test_la_page_vient_apres_le_foyer(client: Browser) -> None:
    client.start("nadia")
    assert client.get(AJOUTER).h1 == "Ma situation actuelle"
    assert client.get(f"{LISTE}/zzzz").h1 == "Ma situation actuelle"
    assert client.post(AJOUTER, JULES).h1 == "Ma situation actuelle"


@pytest.mark.parametrize(
    ("fields", "nir"),
    [
        pytest.param({"nir": f"1 13 05 99.999-999 {cle_du_nir(NIR)}", "cle": ""}, NIR, id="quinze collés"),
        pytest.param({"nir": NIR + cle_du_nir(NIR)}, NIR, id="quinze collés et la clé"),
        pytest.param({"nir": "1 13 05 99 999 999", "cle": f" {cle_du_nir(NIR)} "}, NIR, id="espaces"),
        pytest.param(
            {"nir": "113072a073004", "cle": cle_du_nir("113072A073004"), "naissance_mois": "juil."},
            "113072A073004",
            id="Corse en minuscules, mois en lettres",
        ),
        pytest.param(
            {"nir": "7139999999999", "cle": cle_du_nir("7139999999999")}, "7139999999999", id="provisoire"
        ),
    ],
)
def test_un_numero_bien_lu_est_pris(
    client: Browser, service: Starlette, fields: dict[str, str], nir: str
) -> None:
    arrive(client, service)
    page = ajoute(client, **fields)
    assert page.path == LISTE, page.errors
    assert ajoutees(client, service)[0].nir == nir


def test_quinze_caracteres_colles_remplissent_la_cle(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = ajoute(client, nir=f"1 13 05 99 999 999 {cle_du_nir(NIR)}", cle="", prenom="")
    assert page.error_fields() == ["prenom"]
    assert (page.value("nir"), page.value("cle")) == (NIR, cle_du_nir(NIR))
    assert "La clé est remplie avec les 2 derniers chiffres collés." in page.main


def test_sans_numero_pour_un_bebe(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = client.get(f"{LISTE}/ajouter")
    assert "Votre caisse demande ensuite un document, comme" in page.main, "no text says which"
    page = ajoute(client, **BEBE)
    assert "Lou fait maintenant partie de votre foyer." in page.main
    assert "Pas encore de numéro de sécurité sociale" in page.main
    (lou,) = ajoutees(client, service)
    assert lou.nir is None
    page = client.get(f"{LISTE}/{lou.cle}")
    assert (page.value("pas_de_numero"), page.value("nir"), page.value("cle")) == ("oui", "", "")


def test_une_autre_naissance_est_signalee_une_fois(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = ajoute(client, naissance_annee="2014")
    assert page.status == 422
    assert page.error_fields() == ["nir_confirme"]
    assert page.tree.css("#nir_confirme[aria-describedby=nir_confirme_err]")
    assert "donne comme naissance : mai 2013. La date saisie est : 14 mai 2014." in page.errors[0]
    page = client.press("Enregistrer cette personne", nir_confirme="oui")
    assert page.path == LISTE
    (jules,) = ajoutees(client, service)
    client.get(f"{LISTE}/{jules.cle}")
    page = client.press("Enregistrer cette personne", prenom="Jules-Henri")
    assert page.path == LISTE
    client.get(f"{LISTE}/{jules.cle}")
    assert client.press("Enregistrer cette personne", naissance_annee="2015").error_fields() == [
        "nir_confirme"
    ]


def test_une_confirmation_ne_vaut_que_pour_ce_qui_est_a_confirmer(
    client: Browser, service: Starlette
) -> None:
    arrive(client, service)
    page = ajoute(client, prenom="", nir_confirme="oui")
    assert page.error_fields() == ["prenom"]
    assert page.tree.css_first("#nir_confirme") is None
    page = ajoute(client, naissance_annee="", nir_confirme="oui")
    assert page.tree.css_first("#nir_confirme") is None
    page = ajoute(client, prenom="", naissance_annee="2014", nir_confirme="oui")
    assert page.value("nir_confirme") == "oui"


def test_d_un_numero_provisoire_seule_l_annee_est_comparee(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = ajoute(client, nir="7120199999999", cle=cle_du_nir("7120199999999"))
    assert "donne comme naissance : 2012. La date" in page.errors[0]


def test_le_conjoint_n_a_pas_de_limite_d_age(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = ajoute(client, **{**CONJOINT, "naissance_jour": "24", "naissance_mois": "11", "naissance_annee": "1906"}, nir_confirme="oui")  # fmt: skip
    assert "Zoé fait maintenant partie de votre foyer." in page.main
    assert "24 novembre 1906, conjoint(e), concubin(e) ou partenaire de Pacs" in page.main


def test_a_24_ans_on_est_encore_a_charge(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = ajoute(
        client, naissance_jour="25", naissance_mois="11", naissance_annee="2001", nir_confirme="oui"
    )
    assert page.path == LISTE


def test_le_numero_d_une_personne_retiree_peut_servir(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9", nir=NIR))
    client.press("Retirer Jules du foyer")
    assert ajoute(client, prenom="Lou").path == LISTE
