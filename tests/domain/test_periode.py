"""Les périodes et les délais, comparés aux vecteurs calculés à part."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.periode import (
    Periode,
    acceptation_implicite,
    ajoute_mois,
    douze_mois_avant,
    periode_reference,
    quatre_trimestres,
)

VECTEURS = json.loads((Path(__file__).parent / "vecteurs.json").read_text("utf-8"))["periode"]
UN_VECTEUR = pytest.mark.parametrize(
    "vecteur", [pytest.param(vecteur, id=f"demande du {vecteur['demande']}") for vecteur in VECTEURS]
)
JOURS = st.dates(date(1900, 1, 1), date(2999, 12, 31))


def le_jour(iso: str) -> date:
    return date.fromisoformat(iso)


@UN_VECTEUR
def test_la_periode_de_reference_va_de_m_13_a_m_2(vecteur: dict[str, str]) -> None:
    attendue = Periode(le_jour(vecteur["ressources_du"]), le_jour(vecteur["ressources_au"]))
    assert periode_reference(le_jour(vecteur["demande"])) == attendue


@UN_VECTEUR
def test_un_independant_compte_les_quatre_trimestres_civils_precedents(vecteur: dict[str, str]) -> None:
    attendue = Periode(le_jour(vecteur["tns_ca_du"]), le_jour(vecteur["tns_ca_au"]))
    assert quatre_trimestres(le_jour(vecteur["demande"])) == attendue


@UN_VECTEUR
def test_le_silence_vaut_acceptation_apres_deux_mois(vecteur: dict[str, str]) -> None:
    attendue = le_jour(vecteur["acceptation_implicite_si_complet"])
    assert acceptation_implicite(le_jour(vecteur["demande"])) == attendue


@pytest.mark.parametrize(
    ("le", "nombre", "attendu"),
    [
        pytest.param(date(2025, 12, 31), 2, date(2026, 2, 28), id="fin février"),
        pytest.param(date(2023, 12, 31), 2, date(2024, 2, 29), id="fin février bissextile"),
        pytest.param(date(2025, 3, 31), 1, date(2025, 4, 30), id="mois de trente jours"),
        pytest.param(date(2025, 1, 15), -1, date(2024, 12, 15), id="un mois plus tôt"),
        pytest.param(date(2025, 5, 20), 0, date(2025, 5, 20), id="aucun mois"),
        pytest.param(date(2025, 5, 20), 24, date(2027, 5, 20), id="deux ans"),
    ],
)
def test_ajouter_des_mois_garde_le_quantieme_ou_la_fin_du_mois(le: date, nombre: int, attendu: date) -> None:
    assert ajoute_mois(le, nombre) == attendu


@pytest.mark.parametrize(
    ("le", "attendu"),
    [
        pytest.param(date(2024, 2, 29), date(2023, 2, 28), id="29 février"),
        pytest.param(date(2025, 2, 28), date(2024, 2, 28), id="28 février d'après"),
        pytest.param(date(2025, 5, 31), date(2024, 5, 31), id="jour ordinaire"),
    ],
)
def test_douze_mois_avant_est_le_meme_jour_un_an_plus_tot(le: date, attendu: date) -> None:
    assert douze_mois_avant(le) == attendu


def test_une_periode_contient_ses_deux_bornes_et_rien_autour() -> None:
    periode = periode_reference(date(2025, 5, 15))
    assert date(2024, 3, 31) not in periode
    assert date(2024, 4, 1) in periode
    assert date(2025, 3, 31) in periode
    assert date(2025, 4, 1) not in periode


@given(JOURS)
def test_une_periode_fait_toujours_douze_mois_entiers(le: date) -> None:
    for periode in (periode_reference(le), quatre_trimestres(le)):
        lendemain = periode.fin + timedelta(days=1)
        assert periode.debut.day == lendemain.day == 1
        assert lendemain == ajoute_mois(periode.debut, 12)
        assert periode.fin < le


@given(JOURS)
def test_tout_un_mois_partage_la_meme_periode(le: date) -> None:
    assert periode_reference(le) == periode_reference(le.replace(day=1))


@given(JOURS)
def test_le_delai_de_deux_mois_ne_sort_jamais_du_deuxieme_mois(le: date) -> None:
    acceptation = acceptation_implicite(le)
    assert (acceptation.year * 12 + acceptation.month) - (le.year * 12 + le.month) == 2
    assert acceptation.day <= le.day
