"""L'identité pivot désigne un compte, ou aucun : chaque règle, puis dix mille personnes au hasard."""

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest

from app.domain.assure import Assure, Sexe
from app.domain.pivot import (
    Pivot,
    cle_de_nom,
    compte_reconnu,
    contredit,
    est_reconnu,
    recherche_du_compte,
    recherche_du_pivot,
)


def un_pivot(**autre: Any) -> Pivot:
    claire = {
        "nom": "LE GOFF",
        "prenoms": ("Claire", "Rose"),
        "naissance": date(1987, 6, 14),
        "sexe": Sexe.FEMININ,
        "commune": "29019",
    }
    return Pivot(**{**claire, **autre})


def un_compte(**autre: Any) -> Assure:
    claire = {
        "prenom": "Claire",
        "nom": "Durand",
        "nom_naissance": "Le Goff",
        "naissance": date(1987, 6, 14),
        "nir": "2870629019042",
        "caisse": "291",
    }
    return Assure(**{**claire, **autre})


@pytest.mark.parametrize(
    ("pivot", "compte", "reconnu"),
    [
        pytest.param({}, {}, True, id="tout concorde"),
        pytest.param({}, {"nom_naissance": ""}, False, id="sans nom de naissance"),
        pytest.param({"nom": "DURAND"}, {}, False, id="le nom d'usage n'est pas le nom de naissance"),
        pytest.param(
            {"nom": "DURAND"}, {"nom_naissance": ""}, False, id="le nom d'usage d'une autre, seul connu"
        ),
        pytest.param({"nom": "LE GALL"}, {}, False, id="nom de naissance changé"),
        pytest.param({"nom": "LEGOFF"}, {}, True, id="particule collée"),
        pytest.param({"nom": "LE-GOFF"}, {}, True, id="trait d'union"),
        pytest.param({"nom": "D’ORÉ"}, {"nom_naissance": "d'Oré"}, True, id="apostrophe et accent"),
        pytest.param({"nom": "COEUR"}, {"nom_naissance": "Cœur"}, True, id="ligature"),
        pytest.param({"nom": "GROSS"}, {"nom_naissance": "Groß"}, True, id="eszett"),
        pytest.param({"nom": "--"}, {"nom_naissance": "'"}, False, id="un nom sans lettre"),
        pytest.param({"prenoms": ("Rose", "Claire")}, {}, False, id="autre premier prénom"),
        pytest.param({"prenoms": ("CLAIRE",)}, {}, True, id="un seul prénom"),
        pytest.param(
            {"prenoms": ("Anne-Marie",)}, {"prenom": "Anne Marie"}, True, id="prénom composé, sans trait"
        ),
        pytest.param({"prenoms": ("Anne",)}, {"prenom": "Anne-Marie"}, False, id="la moitié d'un composé"),
        pytest.param({}, {"prenom": "Clairette", "prenoms": ("Claire", "Rose")}, True, id="prénom usuel"),
        pytest.param({}, {"prenoms": ("Rose", "Claire")}, False, id="la liste passe avant le prénom usuel"),
        pytest.param(
            {"prenoms": ("Claire Rose",)},
            {"prenoms": ("Claire", "Rose")},
            True,
            id="en un texte, tous connus",
        ),
        pytest.param({"prenoms": ("Claire Rose",)}, {}, False, id="en un texte, un seul connu"),
        pytest.param({"prenoms": ()}, {"prenom": ""}, False, id="sans prénom, des deux côtés"),
        pytest.param({"prenoms": ("Élodie",)}, {"prenom": "ELODIE"}, True, id="accent"),
        pytest.param({"naissance": date(1987, 6, 15)}, {}, False, id="née le lendemain"),
        pytest.param({"naissance": date(1987, 6, 1)}, {}, False, id="jour inconnu du fournisseur"),
        pytest.param(
            {"naissance": date(1987, 6, 1)}, {"naissance": date(1987, 6, 1)}, True, id="jour inconnu des deux"
        ),
        pytest.param(
            {"naissance": date(1987, 1, 1)},
            {"naissance": date(1987, 1, 1), "nir": "2873029019042"},
            False,
            id="1er janvier : trop d'homonymes",
        ),
        pytest.param({}, {"nir": "2873129019042"}, True, id="NIR de mois inconnu (31)"),
        pytest.param({}, {"nir": "2875529019042"}, True, id="NIR de mois inconnu (55)"),
        pytest.param({}, {"nir": "2870729019042"}, False, id="NIR d'un autre mois"),
        pytest.param({}, {"nir": "2860629019042"}, False, id="NIR d'une autre année"),
        pytest.param({}, {"nir": "1870629019042"}, False, id="NIR d'un homme, sexe non importé"),
        pytest.param(
            {}, {"nir": "1870629019042", "sexe": Sexe.FEMININ}, False, id="sexe changé, NIR d'avant"
        ),
        pytest.param({"sexe": Sexe.MASCULIN}, {}, False, id="autre sexe"),
        pytest.param({}, {"nir": "4870629019042"}, True, id="ancien numéro qui commence par 4"),
        pytest.param({}, {"nir": "8879929019042"}, False, id="numéro provisoire, lieu inconnu"),
        pytest.param(
            {},
            {"nir": "8871299999042", "lieu_naissance": "29019"},
            True,
            id="numéro provisoire, lieu importé",
        ),
        pytest.param({"commune": "29232"}, {}, False, id="homonyme née ailleurs"),
        pytest.param({}, {"lieu_naissance": "29232"}, False, id="lieu importé, autre"),
        pytest.param(
            {"commune": "99"}, {"nir": "2870699019042"}, False, id="un code trop court ne concorde pas"
        ),
        pytest.param(
            {"commune": "", "pays": "99324"}, {"nir": "2870699324042"}, True, id="née à l'étranger, NIR"
        ),
        pytest.param(
            {"commune": "", "pays": "99324"},
            {"pays_naissance": "99324"},
            True,
            id="née à l'étranger, importé",
        ),
        pytest.param({"commune": "", "pays": "99324"}, {}, False, id="née à l'étranger, NIR en France"),
        pytest.param({"commune": ""}, {}, False, id="lieu que le fournisseur ne dit pas"),
        pytest.param({"commune": "2A004"}, {"nir": "28706 2A004042".replace(" ", "")}, True, id="Corse"),
        pytest.param({"commune": "97411"}, {"nir": "2870697411042"}, True, id="outre-mer"),
    ],
)
def test_un_compte_est_reconnu_si_tout_concorde(
    pivot: dict[str, Any], compte: dict[str, Any], reconnu: bool
) -> None:
    assert est_reconnu(un_pivot(**pivot), un_compte(**compte)) is reconnu


@pytest.mark.parametrize(
    ("pivot", "compte", "dit_autre_chose"),
    [
        pytest.param({}, {}, False, id="tout concorde"),
        pytest.param({"nom": "LE GALL"}, {}, False, id="nom de naissance changé"),
        pytest.param({}, {"nom_naissance": ""}, False, id="sans nom de naissance"),
        pytest.param(
            {}, {"nir": "1870629019042", "sexe": Sexe.FEMININ}, False, id="sexe changé, NIR d'avant"
        ),
        pytest.param({}, {"nir": "1870629019042"}, False, id="sexe changé, non importé"),
        pytest.param({}, {"sexe": Sexe.MASCULIN}, True, id="autre sexe importé"),
        pytest.param({"prenoms": ("Lise",)}, {}, True, id="sa jumelle"),
        pytest.param({"naissance": date(1987, 6, 1)}, {}, False, id="jour inconnu du fournisseur"),
        pytest.param({"naissance": date(1987, 1, 1)}, {}, False, id="jour et mois inconnus du fournisseur"),
        pytest.param({}, {"naissance": date(1987, 6, 1)}, False, id="jour inconnu de la caisse"),
        pytest.param({}, {"naissance": date(1987, 1, 1)}, False, id="jour et mois inconnus de la caisse"),
        pytest.param({"naissance": date(1987, 7, 1)}, {}, True, id="autre mois"),
        pytest.param({"naissance": date(1986, 6, 14)}, {}, True, id="autre année"),
        pytest.param({"naissance": date(1987, 6, 13)}, {}, True, id="la veille"),
        pytest.param({"commune": "75111"}, {}, False, id="commune qui a changé de code"),
    ],
)
def test_un_numero_et_un_mot_de_passe_lient_sauf_si_le_pivot_contredit(
    pivot: dict[str, Any], compte: dict[str, Any], dit_autre_chose: bool
) -> None:
    assert contredit(un_pivot(**pivot), un_compte(**compte)) is dit_autre_chose


def test_ce_qui_est_reconnu_ne_contredit_jamais() -> None:
    assert not contredit(un_pivot(), un_compte())


def test_deux_comptes_d_homonymes_ne_designent_personne() -> None:
    paire = {1: un_compte(), 2: un_compte(nir="2870629019043")}
    assert compte_reconnu(un_pivot(), paire) is None
    assert compte_reconnu(un_pivot(), {1: paire[1]}) == 1
    assert compte_reconnu(un_pivot(), {}) is None


def test_des_jumeaux_se_distinguent_par_leur_premier_prenom() -> None:
    jumelles = {1: un_compte(), 2: un_compte(prenom="Lise", nir="2870629019043")}
    assert compte_reconnu(un_pivot(), jumelles) == 1
    assert compte_reconnu(un_pivot(prenoms=("LISE",)), jumelles) == 2


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [
        ("D'Œuvre-Noël", "doeuvrenoel"),
        ("Ça  va", "cava"),
        ("ŁUKASZ", "lukasz"),
        ("Nguyễn", "nguyen"),
        ("", ""),
    ],
)
def test_un_nom_se_reduit_a_ses_lettres(ecrit: str, lu: str) -> None:
    assert cle_de_nom(ecrit) == lu


def test_un_compte_sans_nom_de_naissance_n_a_pas_de_recherche() -> None:
    assert recherche_du_compte(un_compte(nom_naissance="")) == ""
    assert recherche_du_compte(un_compte()) == recherche_du_pivot(un_pivot()) != ""


# Dix mille personnes : peu de noms, peu de jours, des jumeaux, des homonymes, et la moitié sans compte.

COMBIEN = 10_000
NOMS = ("MARTIN", "DIALLO", "LE GOFF", "D'ALMEIDA", "NGUYEN", "BEN SAÏD", "GARCIA", "ROY")
PRENOMS = {
    Sexe.FEMININ: ("Marie", "Fatou", "Anne-Marie", "Léa"),
    Sexe.MASCULIN: ("Jean", "Mohamed", "Léo", "Paul"),
}
LIEUX = ("75111", "13055", "2A004", "97411", "99324", "99351")


def une_personne(hasard: random.Random) -> Pivot:
    sexe = hasard.choice(list(Sexe))
    lieu = hasard.choice(LIEUX)
    jour = date(1970, 1, 1) + timedelta(days=hasard.randrange(3 * 365))
    return un_pivot(
        nom=hasard.choice(NOMS),
        prenoms=tuple(hasard.sample(PRENOMS[sexe], 2)),
        naissance=jour.replace(month=1, day=1) if hasard.random() < 0.05 else jour,
        sexe=sexe,
        commune="" if lieu.startswith("99") else lieu,
        pays=lieu if lieu.startswith("99") else "99100",
    )


def son_compte(hasard: random.Random, pivot: Pivot, rang: int) -> Assure:
    """Ce que sa caisse sait d'elle : parfois un nom d'usage seul, un numéro provisoire, un mois inconnu, un autre sexe."""
    provisoire, change, mois = hasard.random() < 0.03, hasard.random() < 0.01, pivot.naissance.month
    premier = {Sexe.MASCULIN: "17", Sexe.FEMININ: "28"}[pivot.sexe][provisoire]
    if change:
        premier = {"1": "2", "2": "1"}.get(premier, premier)
    if hasard.random() < 0.03:
        mois = 30
    return Assure(
        prenom=pivot.prenoms[0].title(),
        nom=hasard.choice(NOMS).title(),
        nom_naissance="" if hasard.random() < 0.05 else pivot.nom.title(),
        naissance=pivot.naissance,
        nir=f"{premier}{pivot.naissance:%y}{mois:02}{pivot.lieu}{rang % 1000:03}",
        caisse="931",
    )


def des_gens(hasard: random.Random, combien: int) -> list[Pivot]:
    """Tous différents, parfois d'un seul trait : une personne sur dix a un jumeau, une sur dix un homonyme né ailleurs."""
    gens: dict[str, Pivot] = {}
    while len(gens) < combien:
        une = une_personne(hasard)
        jumeau = une.model_copy(update={"prenoms": tuple(reversed(une.prenoms))})
        ailleurs = une.model_copy(update={"commune": "67482", "pays": "99100"})
        for personne in (
            une,
            *([jumeau] if hasard.random() < 0.1 else []),
            *([ailleurs] if hasard.random() < 0.1 else []),
        ):
            gens[f"{recherche_du_pivot(personne)} {personne.prenoms[0]} {personne.lieu}"] = personne
    return list(gens.values())[:combien]


def test_dix_mille_personnes_au_hasard_n_ouvrent_jamais_le_compte_d_une_autre() -> None:
    hasard = random.Random(2026)  # the same people each time: `docs/mesures.md` publishes how many find none
    gens = des_gens(hasard, 2 * COMBIEN)
    hasard.shuffle(gens)
    ranges: dict[str, dict[int, Assure]] = defaultdict(dict)
    for rang, pivot in enumerate(gens[:COMBIEN]):
        compte = son_compte(hasard, pivot, rang)
        ranges[recherche_du_compte(compte)][rang] = compte
    venus = hasard.sample(range(2 * COMBIEN), COMBIEN)
    designes = {
        rang: compte_reconnu(gens[rang], ranges.get(recherche_du_pivot(gens[rang]), {})) for rang in venus
    }
    assert [rang for rang, designe in designes.items() if designe not in (None, rang)] == []
    inscrits = [rang for rang in venus if rang < COMBIEN]
    sans = sum(designes[rang] is None for rang in inscrits)
    assert (len(inscrits), sans) == (5_097, 568)
