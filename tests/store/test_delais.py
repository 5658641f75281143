"""Which decisions count for the pace of a caisse, and from which day each is counted."""

from datetime import datetime, timedelta

import pytest
from starlette.applications import Starlette

from app.domain.suivi import Etat
from app.settings import PARIS
from app.store import delais
from app.store.database import reading
from app.store.delais import decided_since
from tests.support.filed import file
from tests.support.household import compte_de

FILED = datetime(2026, 9, 1, 10, 0, tzinfo=PARIS)
LONG_AGO = FILED - timedelta(days=400)


def decide(service: Starlette, *events: tuple[str, int], cle: str = "nadia", filed: datetime = FILED) -> None:
    file(service, cle, etat=Etat.REFUS, events=events, deposee_le=filed, ouverte=False)


def days(service: Starlette, caisse: str = "931", since: datetime = LONG_AGO) -> list[int]:
    """The days each counted demande took."""
    with reading(service.state.house.engine) as db:
        return sorted((answered - whole).days for whole, answered in decided_since(db, caisse, since))


def test_the_days_run_from_the_deposit_to_the_decision(service: Starlette) -> None:
    decide(service, ("instruction", 3), ("refus", 17))
    decide(service, ("accord_gratuit", 20))
    decide(service, ("accord_participation", 31))
    assert days(service) == [17, 20, 31]


def test_the_days_run_from_the_last_document_that_came_before_the_decision(service: Starlette) -> None:
    decide(service, ("complete", 5), ("piece_demandee", 6), ("complete", 15), ("refus", 25))
    decide(service, ("refus", 12), ("complete", 30))
    assert days(service) == [10, 12]


def test_an_open_demande_does_not_count(service: Starlette) -> None:
    file(service, events=[("instruction", 2), ("complete", 4)])
    assert days(service) == []


def test_another_caisse_does_not_count(service: Starlette) -> None:
    decide(service, ("refus", 10), cle="benoit")
    assert days(service) == []
    assert days(service, compte_de(service, "benoit").caisse) == [10]


def test_a_decision_before_the_period_does_not_count(service: Starlette) -> None:
    decide(service, ("refus", 10))
    answered = FILED + timedelta(days=10)
    assert days(service, since=answered) == [10]
    assert days(service, since=answered + timedelta(seconds=1)) == []


def test_of_a_large_caisse_one_demande_in_so_many_is_read(
    service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answered in range(1, 8):
        decide(service, ("refus", answered))
    assert days(service) == [1, 2, 3, 4, 5, 6, 7]
    monkeypatch.setattr(delais, "MOST_READ", 4)
    assert days(service) in ([1, 3, 5, 7], [2, 4, 6])
