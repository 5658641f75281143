"""Le droit qu'ouvre une décision : son début, sa fin, sa suite."""

from datetime import date

import pytest

from app.domain.droit import (
    debut_apres_decision,
    debut_en_urgence,
    debut_possible,
    fin,
    limite_de_paiement,
    renouvellement,
)
from app.domain.periode import Periode


@pytest.mark.parametrize(
    ("decision", "debut"),
    [
        (date(2026, 11, 24), date(2026, 12, 1)),
        (date(2026, 11, 1), date(2026, 12, 1)),
        (date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2028, 1, 31), date(2028, 2, 1)),
    ],
)
def test_le_droit_gratuit_commence_le_premier_jour_du_mois_qui_suit(decision: date, debut: date) -> None:
    """L861-5 al. 5."""
    assert debut_apres_decision(decision) == debut


def test_en_urgence_le_droit_commence_le_premier_jour_du_mois_du_depot() -> None:
    """L861-5."""
    assert debut_en_urgence(date(2026, 11, 12)) == date(2026, 11, 1)
    assert debut_en_urgence(date(2026, 11, 1)) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("debut", "possible"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 11, 1), True),
        (date(2026, 11, 2), False),
        (date(2026, 12, 1), True),
        (date(2027, 1, 1), True),
        (date(2027, 2, 1), False),
    ],
)
def test_le_droit_commence_entre_le_depot_et_le_mois_qui_suit_la_decision(
    debut: date, possible: bool
) -> None:
    assert debut_possible(debut, date(2026, 11, 12), date(2026, 12, 24)) is possible


@pytest.mark.parametrize(
    ("debut", "dernier"),
    [
        (date(2026, 12, 1), date(2027, 11, 30)),
        (date(2027, 1, 1), date(2027, 12, 31)),
        (date(2026, 3, 1), date(2027, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_le_droit_dure_un_an(debut: date, dernier: date) -> None:
    assert fin(debut) == dernier


@pytest.mark.parametrize(
    ("dernier", "du", "au"),
    [
        (date(2027, 12, 31), date(2027, 8, 31), date(2027, 10, 31)),
        (date(2027, 11, 30), date(2027, 7, 30), date(2027, 9, 30)),
        (date(2028, 2, 29), date(2027, 10, 29), date(2027, 12, 29)),
        (date(2027, 4, 30), date(2026, 12, 30), date(2027, 2, 28)),
    ],
)
def test_la_suite_se_demande_entre_quatre_et_deux_mois_avant_la_fin(
    dernier: date, du: date, au: date
) -> None:
    """R861-18."""
    assert renouvellement(dernier) == Periode(du, au)


@pytest.mark.parametrize(
    ("decision", "limite"),
    [(date(2026, 11, 24), date(2027, 2, 24)), (date(2026, 11, 30), date(2027, 2, 28))],
)
def test_trois_mois_pour_envoyer_les_informations_de_paiement(decision: date, limite: date) -> None:
    """R861-16-3."""
    assert limite_de_paiement(decision) == limite
