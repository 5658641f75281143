"""Les montants : ce qu'on lit, et la question que pose ce qu'on ne lit pas."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.montant import MONTANT_MAXIMAL, DefautMontant, lit_montant


@pytest.mark.parametrize(
    ("texte", "euros"),
    [
        pytest.param("0", "0", id="zéro"),
        pytest.param("0,00", "0", id="zéro et ses centimes"),
        pytest.param("1200", "1200", id="chiffres seuls"),
        pytest.param("1 200", "1200", id="espace"),
        pytest.param("1\u00a0200", "1200", id="espace insécable"),
        pytest.param("1\u202f200,50\u00a0€", "1200.50", id="espace fine insécable et euro"),
        pytest.param("1\u2009200", "1200", id="espace fine"),
        pytest.param("  1 200,50 €  ", "1200.50", id="espaces autour"),
        pytest.param("1200€", "1200", id="euro collé"),
        pytest.param("€1200", "1200", id="euro devant"),
        pytest.param("€ 1 200,50", "1200.50", id="euro devant et espaces"),
        pytest.param("1'200", "1200", id="apostrophe entre les milliers"),
        pytest.param("1\u2019200\u2019000,50", "1200000.50", id="deux apostrophes courbes"),
        pytest.param("1\u066c200\u066b5", "1200.50", id="signes arabes des milliers et des centimes"),
        pytest.param("1200,5", "1200.50", id="un chiffre après la virgule"),
        pytest.param("1200.50", "1200.50", id="point"),
        pytest.param("1200 , 50", "1200.50", id="espaces autour de la virgule"),
        pytest.param("1.200,50", "1200.50", id="points entre les milliers"),
        pytest.param("1,200.50", "1200.50", id="virgule entre les milliers"),
        pytest.param("1.200.000,5", "1200000.50", id="deux points et une virgule"),
        pytest.param("0,5", "0.50", id="moins d'un euro"),
        pytest.param("007", "7", id="zéros au début"),
        pytest.param("9 999 999", "9999999", id="le plus grand"),
        pytest.param("9999999,00", "9999999", id="le plus grand, avec ses centimes"),
    ],
)
def test_un_montant_s_ecrit_a_la_francaise_ou_sans_appret(texte: str, euros: str) -> None:
    assert lit_montant(texte) == Decimal(euros)


@pytest.mark.parametrize(
    ("texte", "defaut"),
    [
        pytest.param("", DefautMontant.VIDE, id="rien"),
        pytest.param(" \u00a0 ", DefautMontant.VIDE, id="des espaces"),
        pytest.param("€", DefautMontant.VIDE, id="l'euro seul"),
        pytest.param("abc", DefautMontant.NOMBRE, id="des lettres"),
        pytest.param("12OO", DefautMontant.NOMBRE, id="des O pour des zéros"),
        pytest.param("1200 euros", DefautMontant.NOMBRE, id="euros en lettres"),
        pytest.param("1e5", DefautMontant.NOMBRE, id="notation scientifique"),
        pytest.param("NaN", DefautMontant.NOMBRE, id="NaN"),
        pytest.param("inf", DefautMontant.NOMBRE, id="infini"),
        pytest.param("-inf", DefautMontant.NOMBRE, id="moins l'infini"),
        pytest.param("1_000", DefautMontant.NOMBRE, id="souligné"),
        pytest.param("١٢٠٠", DefautMontant.NOMBRE, id="chiffres arabes"),
        pytest.param("１２", DefautMontant.NOMBRE, id="chiffres pleine largeur"),
        pytest.param("12²", DefautMontant.NOMBRE, id="exposant"),
        pytest.param("1'20", DefautMontant.NOMBRE, id="apostrophe devant deux chiffres"),
        pytest.param("1'2000", DefautMontant.NOMBRE, id="apostrophe devant quatre chiffres"),
        pytest.param("1234'567", DefautMontant.AMBIGU, id="apostrophe mal placée"),
        pytest.param("+5", DefautMontant.NOMBRE, id="signe plus"),
        pytest.param("5-", DefautMontant.NOMBRE, id="moins à la fin"),
        pytest.param("-", DefautMontant.NOMBRE, id="moins seul"),
        pytest.param(",5", DefautMontant.NOMBRE, id="virgule au début"),
        pytest.param("1200,", DefautMontant.NOMBRE, id="virgule à la fin"),
        pytest.param("€5 €", DefautMontant.NOMBRE, id="euro devant et derrière"),
        pytest.param("5 €€", DefautMontant.NOMBRE, id="deux euros"),
        pytest.param("-5", DefautMontant.NEGATIF, id="trait d'union"),
        pytest.param("\u22125", DefautMontant.NEGATIF, id="signe moins"),
        pytest.param("\u20135 €", DefautMontant.NEGATIF, id="tiret"),
        pytest.param("- 1 200,50", DefautMontant.NEGATIF, id="moins et espace"),
        pytest.param("-0", DefautMontant.NEGATIF, id="moins zéro"),
        pytest.param("9999999,01", DefautMontant.GRAND, id="un centime de trop"),
        pytest.param("10 000 000", DefautMontant.GRAND, id="dix millions"),
        pytest.param("9" * 5000, DefautMontant.GRAND, id="cinq mille chiffres"),
        pytest.param("1200,555", DefautMontant.CENTIMES, id="trois chiffres après quatre"),
        pytest.param("1 200,555", DefautMontant.CENTIMES, id="trois chiffres, milliers séparés"),
        pytest.param("1.200,555", DefautMontant.CENTIMES, id="trois chiffres, milliers pointés"),
        pytest.param("12,5555", DefautMontant.CENTIMES, id="quatre chiffres"),
        pytest.param("0,555", DefautMontant.CENTIMES, id="zéro ne commence pas un millier"),
        pytest.param("1.200", DefautMontant.AMBIGU, id="un point, trois chiffres"),
        pytest.param("1,200", DefautMontant.AMBIGU, id="une virgule, trois chiffres"),
        pytest.param("123.456 €", DefautMontant.AMBIGU, id="trois chiffres, un point, trois chiffres"),
        pytest.param("1.200.000", DefautMontant.AMBIGU, id="deux points sans centimes"),
        pytest.param("1,200,000", DefautMontant.AMBIGU, id="deux virgules sans centimes"),
        pytest.param("1.200.50", DefautMontant.AMBIGU, id="le même signe deux fois"),
        pytest.param("12,34.56", DefautMontant.AMBIGU, id="groupes de travers"),
        pytest.param("12 50", DefautMontant.AMBIGU, id="espace pour une virgule"),
        pytest.param("1 2 0 0", DefautMontant.AMBIGU, id="espaces partout"),
    ],
)
def test_un_montant_qu_on_ne_lit_pas_pose_sa_question(texte: str, defaut: DefautMontant) -> None:
    assert lit_montant(texte) is defaut


def test_un_montant_est_garde_au_centime() -> None:
    assert str(lit_montant("5")) == "5.00"


@given(st.text() | st.text(alphabet="0123456789., -−€\u202f"))
def test_aucun_texte_ne_fait_tomber_la_lecture(texte: str) -> None:
    lu = lit_montant(texte)
    if isinstance(lu, Decimal):
        assert 0 <= lu <= MONTANT_MAXIMAL
        assert lu.as_tuple().exponent == -2


@given(st.decimals(0, MONTANT_MAXIMAL, places=2))
def test_un_montant_ecrit_a_la_francaise_se_relit(montant: Decimal) -> None:
    francais = f"{montant:,.2f} €".replace(",", "\u202f").replace(".", ",")
    assert lit_montant(francais) == montant
    assert lit_montant(f"{montant:.2f}") == montant
