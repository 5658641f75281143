"""Le numéro de sécurité sociale : forme, clé, Corse, numéros provisoires."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.nir import (
    DefautNir,
    cle_correspond,
    cle_du_nir,
    contredit_la_naissance,
    defaut_du_nir,
    est_provisoire,
    naissance_du_nir,
    normalise_nir,
    signe_inattendu,
)

VECTEURS = json.loads((Path(__file__).parent / "vecteurs.json").read_text("utf-8"))["nir"]
NIRS = st.from_regex(
    r"[123478][0-9]{4}([0-9]{2}|2[AB])[0-9]{6}", fullmatch=True, alphabet=st.characters(codec="ascii")
)


@pytest.mark.parametrize(
    "vecteur", [pytest.param(vecteur, id=f"numéro {vecteur['nir13']}") for vecteur in VECTEURS]
)
def test_la_cle_est_celle_du_numero(vecteur: dict[str, str]) -> None:
    assert defaut_du_nir(vecteur["nir13"]) is None
    assert cle_du_nir(vecteur["nir13"]) == vecteur["cle"]
    assert cle_correspond(vecteur["nir13"], vecteur["cle"])


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        pytest.param("2 91 04 75 111 234", "2910475111234", id="espaces"),
        pytest.param(
            "2\u00a091\u202f04\u200975 111\u2007234", "2910475111234", id="espaces insécables et fines"
        ),
        pytest.param("\ufeff2910475\u200b111234", "2910475111234", id="espaces de largeur nulle"),
        pytest.param("2.91.04.75.111.234", "2910475111234", id="points"),
        pytest.param("2-91-04\u201375\u2014111\u2212234", "2910475111234", id="tirets"),
        pytest.param("253072a073004", "253072A073004", id="minuscule de Corse"),
        pytest.param("2 91 04 75 111 234 / 04", "291047511123404", id="barre devant la clé"),
        pytest.param("٢٩١٠٤٧٥１１１２３４", "2910475111234", id="chiffres d'autres écritures"),
        pytest.param(" ", "", id="rien"),
    ],
)
def test_la_facon_de_l_ecrire_ne_compte_pas(texte: str, attendu: str) -> None:
    assert normalise_nir(texte) == attendu


@pytest.mark.parametrize(
    ("nir", "attendu"),
    [
        pytest.param("2910475111234", None, id="juste"),
        pytest.param("3910475111234", None, id="ancien numéro en 3"),
        pytest.param("4910475111234", None, id="ancien numéro en 4"),
        pytest.param("253072A073004", None, id="Corse-du-Sud"),
        pytest.param("253072B073004", None, id="Haute-Corse"),
        pytest.param("2913075111234", None, id="mois inconnu"),
        pytest.param("", DefautNir.LONGUEUR, id="vide"),
        pytest.param("291047511123", DefautNir.LONGUEUR, id="douze caractères"),
        pytest.param("291047511123404", DefautNir.LONGUEUR, id="clé collée"),
        pytest.param("29104751112O4", DefautNir.CARACTERES, id="lettre O pour un zéro"),
        pytest.param("253072C073004", DefautNir.CARACTERES, id="2C n'existe pas"),
        pytest.param("253071A073004", DefautNir.CARACTERES, id="A après un 1"),
        pytest.param("25307A2073004", DefautNir.CARACTERES, id="A à une autre place"),
        pytest.param("2910475111²34", DefautNir.CARACTERES, id="exposant"),
        pytest.param("٢910475111234", DefautNir.CARACTERES, id="chiffre d'une autre écriture"),
        pytest.param("A910475111234", DefautNir.CARACTERES, id="lettre au début"),
        pytest.param("5910475111234", DefautNir.DEBUT, id="début en 5"),
        pytest.param("0910475111234", DefautNir.DEBUT, id="début en 0"),
    ],
)
def test_le_defaut_dit_ce_qui_ne_va_pas(nir: str, attendu: DefautNir | None) -> None:
    assert defaut_du_nir(nir) == attendu


@pytest.mark.parametrize(
    ("nir", "attendu"),
    [
        pytest.param("2910475111234", "", id="aucun"),
        pytest.param("253072B073004", "", id="Corse"),
        pytest.param("29104751112O4", "O", id="lettre O"),
        pytest.param("29/04/1991", "/", id="une date"),
        pytest.param("25307A2073004", "A", id="A à une autre place"),
        pytest.param("", "", id="vide"),
    ],
)
def test_le_premier_signe_inattendu_est_montre(nir: str, attendu: str) -> None:
    assert signe_inattendu(nir) == attendu


@pytest.mark.parametrize("cle", ["9", "90", "10", "", "O9", "٠٩", " 09"])
def test_une_autre_cle_ne_va_pas(cle: str) -> None:
    assert not cle_correspond("1900175056087", cle)


@pytest.mark.parametrize("nir", ["", "123", "5910475111234", "29104751112O4"])
def test_un_numero_mal_forme_n_a_pas_de_cle(nir: str) -> None:
    assert not cle_correspond(nir, "04")
    with pytest.raises(ValueError, match="mal formé"):
        cle_du_nir(nir)
    with pytest.raises(ValueError, match="mal formé"):
        naissance_du_nir(nir)


@pytest.mark.parametrize(
    ("nir", "attendu"),
    [
        pytest.param("7850799350001", True, id="commence par 7"),
        pytest.param("8910499352002", True, id="commence par 8"),
        pytest.param("1850799350001", False, id="commence par 1"),
        pytest.param("", False, id="vide"),
    ],
)
def test_un_numero_provisoire_commence_par_7_ou_8(nir: str, attendu: bool) -> None:
    assert est_provisoire(nir) is attendu


@pytest.mark.parametrize(
    ("nir", "attendu"),
    [
        pytest.param("2910475111234", (4, 91), id="avril 91"),
        pytest.param("2051275111234", (12, 5), id="décembre 05"),
        pytest.param("2910075111234", (None, 91), id="mois 00"),
        pytest.param("2911375111234", (None, 91), id="mois 13"),
        pytest.param("2912075111234", (None, 91), id="mois 20"),
        pytest.param("2914275111234", (None, 91), id="mois 42"),
        pytest.param("2919975111234", (None, 91), id="mois 99"),
    ],
)
def test_le_numero_donne_le_mois_et_l_annee(nir: str, attendu: tuple[int | None, int]) -> None:
    assert naissance_du_nir(nir) == attendu


@pytest.mark.parametrize(
    ("nir", "naissance", "attendu"),
    [
        pytest.param("2910475111234", date(1991, 4, 18), False, id="même mois, même année"),
        pytest.param("2910475111234", date(1991, 5, 18), True, id="autre mois"),
        pytest.param("2910475111234", date(1992, 4, 18), True, id="autre année"),
        pytest.param("2162575111234", date(2016, 3, 12), False, id="mois inconnu, même année"),
        pytest.param("2162575111234", date(2017, 3, 12), True, id="mois inconnu, autre année"),
        pytest.param("7850799350001", date(1985, 1, 1), False, id="provisoire, autre mois"),
        pytest.param("7850799350001", date(1986, 7, 1), True, id="provisoire, autre année"),
        pytest.param("2160375111234", date(1916, 3, 12), False, id="le siècle n'est pas dans le numéro"),
    ],
)
def test_une_contradiction_avec_la_date_est_signalee(nir: str, naissance: date, attendu: bool) -> None:
    assert contredit_la_naissance(nir, naissance) is attendu


@given(NIRS)
def test_toute_cle_calculee_correspond_et_elle_seule(nir: str) -> None:
    cle = cle_du_nir(nir)
    assert [f"{rang:02}" for rang in range(100) if cle_correspond(nir, f"{rang:02}")] == [cle]
    assert 1 <= int(cle) <= 97


@given(NIRS)
def test_un_numero_bien_forme_se_relit_avec_ses_espaces(nir: str) -> None:
    morceaux = (nir[0], nir[1:3], nir[3:5], nir[5:7], nir[7:10], nir[10:])
    assert normalise_nir("\u202f".join(morceaux)) == nir
    assert defaut_du_nir(nir) is None


@given(st.text())
def test_aucun_texte_ne_fait_tomber_la_lecture(texte: str) -> None:
    nir = normalise_nir(texte)
    assert normalise_nir(nir) == nir
    if defaut_du_nir(nir) is DefautNir.CARACTERES:
        assert signe_inattendu(nir) in set(nir)
    assert cle_correspond(nir, "04") in {True, False}
