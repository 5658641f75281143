"""Ce qui est tapé ou collé se lit de la même façon partout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.saisie import en_clair


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        pytest.param("٠١٢٣٤٥٦٧٨٩", "0123456789", id="chiffres arabes"),
        pytest.param("۰۱۲۳۴۵۶۷۸۹", "0123456789", id="chiffres persans"),
        pytest.param("०१२३", "0123", id="devanagari"),
        pytest.param("\U0001d7ce\U0001d7cf", "01", id="chiffres gras"),
        pytest.param("０１２，５ Ａｂ", "012,5 Ab", id="pleine largeur"),
        pytest.param("1\u202f200\u00a0€\u3000\u2009\u2028x", "1 200 €   x", id="espaces de toute largeur"),
        pytest.param("\ufeff1\u200b2\u200e\u202e\u2066\u00ad3\u2060", "123", id="signes invisibles"),
        pytest.param("1\ufe0f\u20e3", "1", id="touche d'émoji"),
        pytest.param("12²½", "12²½", id="un exposant n'est pas un chiffre"),
        pytest.param("Zoé D’Almeida ﬁ ´", "Zoé D’Almeida ﬁ ´", id="un nom reste tel quel"),
    ],
)
def test_un_texte_en_clair(texte: str, attendu: str) -> None:
    assert en_clair(texte) == attendu


@given(st.text())
def test_une_fois_en_clair_rien_ne_change_plus(texte: str) -> None:
    assert en_clair(en_clair(texte)) == en_clair(texte)
