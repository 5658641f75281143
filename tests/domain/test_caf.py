"""Le numéro d'allocataire CAF."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.caf import DefautCaf, defaut_du_caf, normalise_caf


@pytest.mark.parametrize("texte", ["0123456", " 0 123 456 ", "0123\u00a0456", "0\u202f123\u202f456"])
def test_les_espaces_sont_pardonnees_et_le_zero_garde(texte: str) -> None:
    assert normalise_caf(texte) == "0123456"


@pytest.mark.parametrize(
    ("numero", "attendu"),
    [
        pytest.param("0123456", None, id="sept chiffres"),
        pytest.param("", DefautCaf.LONGUEUR, id="vide"),
        pytest.param("123456", DefautCaf.LONGUEUR, id="six chiffres"),
        pytest.param("01234567", DefautCaf.LONGUEUR, id="huit chiffres"),
        pytest.param("0123456A", DefautCaf.LETTRE, id="lettre après"),
        pytest.param("0123456z", DefautCaf.LETTRE, id="petite lettre après"),
        pytest.param("A0123456", DefautCaf.LETTRE, id="lettre avant"),
        pytest.param("012345A", DefautCaf.CARACTERES, id="six chiffres et une lettre"),
        pytest.param("012-3456", DefautCaf.CARACTERES, id="tiret"),
        pytest.param("0123456é", DefautCaf.CARACTERES, id="lettre accentuée"),
        pytest.param("٠123456", DefautCaf.CARACTERES, id="chiffre d'une autre écriture"),
        pytest.param("0123456\n", DefautCaf.CARACTERES, id="fin de ligne non normalisée"),
    ],
)
def test_le_defaut_dit_ce_qui_ne_va_pas(numero: str, attendu: DefautCaf | None) -> None:
    assert defaut_du_caf(numero) is attendu


@given(st.from_regex(r"[0-9]{7}", fullmatch=True, alphabet=st.characters(codec="ascii")))
def test_sept_chiffres_passent_toujours(numero: str) -> None:
    assert defaut_du_caf(normalise_caf(numero)) is None
