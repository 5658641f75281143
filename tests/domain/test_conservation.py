"""Une demande est gardée trois ans au plus après la fin du droit."""

from datetime import date

import pytest

from app.domain.conservation import gardee_jusqu_au


@pytest.mark.parametrize(
    ("debut", "dernier"),
    [
        (date(2026, 1, 1), date(2029, 12, 31)),
        (date(2026, 3, 1), date(2030, 2, 28)),
        (date(2027, 3, 1), date(2031, 2, 28)),  # le droit finit un 29 février
    ],
)
def test_trois_ans_apres_la_fin_du_droit(debut: date, dernier: date) -> None:
    depot, decision = date(2025, 10, 2), date(2025, 11, 20)
    assert gardee_jusqu_au(depot, decision=decision, debut_du_droit=debut) == dernier


def test_trois_ans_apres_un_refus() -> None:
    gardee = gardee_jusqu_au(date(2026, 1, 5), decision=date(2026, 2, 17), debut_du_droit=None)
    assert gardee == date(2029, 2, 17)


def test_trois_ans_apres_le_depot_d_une_demande_que_personne_ne_decide() -> None:
    assert gardee_jusqu_au(date(2024, 2, 29), decision=None, debut_du_droit=None) == date(2027, 2, 28)
