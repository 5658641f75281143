"""L'âge : la veille, le jour et le lendemain d'un anniversaire."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.age import AGE_AVIS_PROPRE, AGE_FIN_DE_CHARGE, AGE_GARDE_ALTERNEE, AGE_MAXIMAL, age


@pytest.mark.parametrize(
    ("naissance", "le", "attendu"),
    [
        pytest.param(date(2000, 5, 20), date(2025, 5, 19), 24, id="veille des 25 ans"),
        pytest.param(date(2000, 5, 20), date(2025, 5, 20), 25, id="25 ans aujourd'hui"),
        pytest.param(date(2000, 5, 20), date(2025, 5, 21), 25, id="lendemain des 25 ans"),
        pytest.param(date(2009, 6, 2), date(2025, 6, 1), 15, id="seize ans demain"),
        pytest.param(date(2009, 6, 1), date(2025, 6, 1), 16, id="seize ans aujourd'hui"),
        pytest.param(date(2000, 2, 29), date(2025, 2, 28), 24, id="né un 29 février, le 28"),
        pytest.param(date(2000, 2, 29), date(2025, 3, 1), 25, id="né un 29 février, le 1er mars"),
        pytest.param(date(2000, 2, 29), date(2024, 2, 29), 24, id="né un 29 février, le 29"),
        pytest.param(date(2000, 2, 29), date(2024, 2, 28), 23, id="né un 29 février, veille du 29"),
        pytest.param(date(2025, 5, 20), date(2025, 5, 20), 0, id="né aujourd'hui"),
        pytest.param(date(2025, 5, 21), date(2025, 5, 20), -1, id="né demain"),
    ],
)
def test_on_compte_les_annees_revolues(naissance: date, le: date, attendu: int) -> None:
    assert age(naissance, le) == attendu


def test_les_ages_qui_changent_un_droit_sont_ceux_de_la_loi_et_de_la_source() -> None:
    assert (AGE_AVIS_PROPRE, AGE_GARDE_ALTERNEE, AGE_FIN_DE_CHARGE, AGE_MAXIMAL) == (16, 18, 25, 120)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 130))
def test_le_31_decembre_tous_les_anniversaires_de_l_annee_sont_passes(naissance: date, annees: int) -> None:
    assert age(naissance, date(naissance.year + annees, 12, 31)) == annees


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 130))
def test_le_1er_janvier_seul_un_anniversaire_ce_jour_la_a_compte(naissance: date, annees: int) -> None:
    nouvel_an = date(naissance.year + annees, 1, 1)
    attendu = annees if (naissance.month, naissance.day) == (1, 1) else annees - 1
    assert age(naissance, nouvel_an) == attendu
