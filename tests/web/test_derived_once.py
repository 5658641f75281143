"""A dossier never changes: its digests and its first open page are worked out once a request, wherever they are asked."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette

from app.domain import instantane
from app.journey import Journey
from tests.support.browser import Browser
from tests.support.drafts import arrive_at

WORKED_OUT = (
    (instantane, "_empreinte_des_reponses"),
    (instantane, "_empreinte_de_la_demande"),
    (Journey, "_path"),
    (Journey, "_first_open"),
)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many times each of these was really worked out."""
    counts: Counter[str] = Counter()

    def spy(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def worked_out(*about: Any) -> Any:
            counts[name] += 1
            return real(*about)

        return worked_out

    for where, name in WORKED_OUT:
        monkeypatch.setattr(where, name, spy(name, getattr(where, name)))
    return counts


def test_etape_7_is_worked_out_once(client: Browser, service: Starlette, counted: Counter[str]) -> None:
    arrive_at(client, service, "validation")
    counted.clear()
    client.get("/demande/validation")
    assert counted == dict.fromkeys((name for _, name in WORKED_OUT), 1)


def test_filing_the_demande_works_it_out_once(
    client: Browser, service: Starlette, counted: Counter[str]
) -> None:
    arrive_at(client, service, "validation")
    counted.clear()
    assert client.press("Je valide ma demande", certifie="oui").path == "/demande/terminee"
    assert counted == dict.fromkeys((name for _, name in WORKED_OUT), 1)
