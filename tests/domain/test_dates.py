"""Une date saisie en trois cases."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import DefautDate, lit_date


@pytest.mark.parametrize(
    ("cases", "attendue"),
    [
        pytest.param(("12", "03", "2016"), date(2016, 3, 12), id="deux chiffres"),
        pytest.param(("1", "3", "2016"), date(2016, 3, 1), id="un chiffre"),
        pytest.param((" 12 ", "\u00a003", "2016 "), date(2016, 3, 12), id="espaces autour"),
        pytest.param(("1er", "3", "2016"), date(2016, 3, 1), id="premier du mois"),
        pytest.param(("1 ER", "mars", "2016"), date(2016, 3, 1), id="premier du mois, en capitales"),
        pytest.param(("29", "2", "2024"), date(2024, 2, 29), id="29 février bissextile"),
        pytest.param(("12", "mars", "2016"), date(2016, 3, 12), id="mois en lettres"),
        pytest.param(("12", "Février", "2016"), date(2016, 2, 12), id="majuscule et accent"),
        pytest.param(("12", "fevrier", "2016"), date(2016, 2, 12), id="sans accent"),
        pytest.param(("12", "fév.", "2016"), date(2016, 2, 12), id="abrégé, accent et point"),
        pytest.param(("12", "fev", "2016"), date(2016, 2, 12), id="abrégé"),
        pytest.param(("12", "févr.", "2016"), date(2016, 2, 12), id="abrégé à quatre lettres"),
        pytest.param(("12", "AOÛT", "2016"), date(2016, 8, 12), id="capitales"),
        pytest.param(("12", "aou\u0302t", "2016"), date(2016, 8, 12), id="accent séparé"),
        pytest.param(("12", "juil.", "2016"), date(2016, 7, 12), id="juillet abrégé"),
        pytest.param(("12", "juin", "2016"), date(2016, 6, 12), id="juin"),
        pytest.param(("12", "déc.", "2016"), date(2016, 12, 12), id="décembre abrégé"),
    ],
)
def test_une_date_se_lit_en_chiffres_ou_avec_le_nom_du_mois(
    cases: tuple[str, str, str], attendue: date
) -> None:
    assert lit_date(*cases) == attendue


@pytest.mark.parametrize(
    ("cases", "defaut"),
    [
        pytest.param(("", " ", ""), DefautDate.VIDE, id="tout est vide"),
        pytest.param(("", "03", "2016"), DefautDate.JOUR, id="jour vide"),
        pytest.param(("12", "", "2016"), DefautDate.MOIS, id="mois vide"),
        pytest.param(("12", "03", ""), DefautDate.ANNEE, id="année vide"),
        pytest.param(("", "", "2016"), DefautDate.JOUR, id="jour et mois vides"),
        pytest.param(("12", "", ""), DefautDate.MOIS, id="mois et année vides"),
        pytest.param(("12", "03", "16"), DefautDate.ANNEE_COURTE, id="année à deux chiffres"),
        pytest.param(("12", "03", "20166"), DefautDate.ANNEE_COURTE, id="année à cinq chiffres"),
        pytest.param(("un", "03", "2016"), DefautDate.LETTRES, id="jour en lettres"),
        pytest.param(("12", "brumaire", "2016"), DefautDate.LETTRES, id="mois inconnu"),
        pytest.param(("12", "jui", "2016"), DefautDate.LETTRES, id="juin ou juillet"),
        pytest.param(("12", "ma", "2016"), DefautDate.LETTRES, id="mars ou mai"),
        pytest.param(("12", "f", "2016"), DefautDate.LETTRES, id="une lettre"),
        pytest.param(("12", ".", "2016"), DefautDate.LETTRES, id="un point"),
        pytest.param(("12", "03", "20l6"), DefautDate.LETTRES, id="l pour un 1"),
        pytest.param(("2er", "03", "2016"), DefautDate.LETTRES, id="deuxième du mois"),
        pytest.param(("-1", "03", "2016"), DefautDate.LETTRES, id="signe moins"),
        pytest.param(("١٢", "03", "2016"), DefautDate.LETTRES, id="chiffres arabes"),
        pytest.param(("un", "03", "16"), DefautDate.LETTRES, id="lettres et année courte"),
        pytest.param(("29", "2", "2025"), DefautDate.INEXISTANTE, id="29 février ordinaire"),
        pytest.param(("31", "4", "2016"), DefautDate.INEXISTANTE, id="31 avril"),
        pytest.param(("12", "13", "2016"), DefautDate.INEXISTANTE, id="mois 13"),
        pytest.param(("0", "3", "2016"), DefautDate.INEXISTANTE, id="jour zéro"),
        pytest.param(("12", "3", "0000"), DefautDate.INEXISTANTE, id="année zéro"),
        pytest.param(("9" * 30, "3", "2016"), DefautDate.INEXISTANTE, id="jour de trente chiffres"),
        pytest.param(("9" * 5000, "3", "2016"), DefautDate.INEXISTANTE, id="jour de cinq mille chiffres"),
    ],
)
def test_une_date_incomplete_ou_fausse_dit_pourquoi(cases: tuple[str, str, str], defaut: DefautDate) -> None:
    assert lit_date(*cases) is defaut


@given(st.text(), st.text(), st.text())
def test_aucun_texte_ne_fait_tomber_la_lecture(jour: str, mois: str, annee: str) -> None:
    assert isinstance(lit_date(jour, mois, annee), date | DefautDate)


@given(st.text("0123456789 "), st.text("0123456789 "), st.text("0123456789 "))
def test_aucun_chiffre_ne_fait_tomber_la_lecture(jour: str, mois: str, annee: str) -> None:
    assert isinstance(lit_date(jour, mois, annee), date | DefautDate)


@given(st.dates())
def test_une_date_ecrite_se_relit(le: date) -> None:
    assert lit_date(str(le.day), f"{le.month:02}", f"{le.year:04}") == le
