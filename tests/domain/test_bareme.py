"""Les barèmes : vecteurs, bornes de dates, bornes d'âge."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.domain.bareme import (
    forfait_logement,
    participation_bornes,
    participation_mensuelle,
    seuil_des_dons,
)

VECTEURS = json.loads((Path(__file__).parent / "vecteurs.json").read_text("utf-8"), parse_float=Decimal)


@pytest.mark.parametrize(
    "vecteur",
    [
        pytest.param(vecteur, id=f"né le {vecteur['naissance']}, en {vecteur['annee_attribution']}")
        for vecteur in VECTEURS["participation"]
    ],
)
def test_la_participation_suit_l_age_au_1er_janvier(vecteur: dict[str, Any]) -> None:
    naissance = date.fromisoformat(vecteur["naissance"])
    assert participation_mensuelle(naissance, vecteur["annee_attribution"]) == vecteur["mensuel"]


@pytest.mark.parametrize(
    ("ans", "general", "regime_local"),
    [
        pytest.param(29, "8", "2.80", id="29 ans"),
        pytest.param(30, "14", "4.90", id="30 ans"),
        pytest.param(49, "14", "4.90", id="49 ans"),
        pytest.param(50, "21", "7.30", id="50 ans"),
        pytest.param(59, "21", "7.30", id="59 ans"),
        pytest.param(60, "25", "8.70", id="60 ans"),
        pytest.param(69, "25", "8.70", id="69 ans"),
        pytest.param(70, "30", "10.50", id="70 ans"),
        pytest.param(110, "30", "10.50", id="110 ans"),
        pytest.param(-1, "8", "2.80", id="né dans l'année"),
    ],
)
def test_chaque_tranche_a_son_montant(ans: int, general: str, regime_local: str) -> None:
    naissance = date(2026 - ans, 1, 1)
    assert participation_mensuelle(naissance, 2026) == Decimal(general)
    assert participation_mensuelle(naissance, 2026, regime_local=True) == Decimal(regime_local)


def test_la_participation_va_de_8_a_30_euros_et_moins_en_alsace_moselle() -> None:
    assert participation_bornes(regime_local=False) == (Decimal(8), Decimal(30))
    assert participation_bornes(regime_local=True) == (Decimal("2.80"), Decimal("10.50"))


@pytest.mark.parametrize(
    ("personnes", "le", "attendu"),
    [
        pytest.param(1, date(2023, 4, 1), "72.93", id="premier jour connu"),
        pytest.param(1, date(2025, 3, 31), "76.29", id="veille du barème 2025"),
        pytest.param(1, date(2025, 4, 1), "77.58", id="jour du barème 2025"),
        pytest.param(2, date(2025, 5, 20), "135.77", id="deux personnes"),
        pytest.param(3, date(2025, 5, 20), "162.92", id="trois personnes"),
        pytest.param(20, date(2025, 5, 20), "162.92", id="vingt personnes"),
        pytest.param(3, date(2026, 11, 24), "164.23", id="barème 2026"),
        pytest.param(1, date(2030, 1, 1), "78.20", id="après le dernier barème"),
    ],
)
def test_le_forfait_logement_est_celui_du_jour_et_du_foyer(personnes: int, le: date, attendu: str) -> None:
    assert forfait_logement(personnes, le) == Decimal(attendu)


def test_un_forfait_logement_demande_quelqu_un_et_un_bareme() -> None:
    with pytest.raises(ValueError, match="au moins une personne"):
        forfait_logement(0, date(2025, 5, 20))
    with pytest.raises(ValueError, match="empty"):
        forfait_logement(1, date(2023, 3, 31))


@pytest.mark.parametrize(
    ("le", "attendu"),
    [
        pytest.param(date(2025, 3, 31), "711.62", id="veille du plafond 2025"),
        pytest.param(date(2025, 4, 1), "723.73", id="jour du plafond 2025"),
        pytest.param(date(2025, 6, 30), "723.73", id="dernier jour d'effet"),
    ],
)
def test_le_seuil_des_dons_est_7_pour_cent_du_plafond_d_une_personne(le: date, attendu: str) -> None:
    assert seuil_des_dons(le) == Decimal(attendu)
    assert str(seuil_des_dons(le)) == attendu
