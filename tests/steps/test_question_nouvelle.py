"""Une question déclarée dans une table est sur sa page, sans une ligne dans le gabarit."""

import pytest
from starlette.applications import Starlette

from app.forms.asked import Asked
from app.forms.kinds import PerPerson, YesNo
from tests.support.browser import Browser
from tests.support.drafts import arrive_at
from tests.support.questions import TABLES

PAGES = {
    "situation": "/demande/situation",
    "beneficiaire": "/demande/beneficiaires/ajouter",
    "complements": "/demande/complements",
    "pieces": "/demande/pieces",
}


@pytest.mark.parametrize("table", PAGES)
def test_une_question_de_plus_est_sur_sa_page(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    arrive_at(client, service, "pieces")
    monkeypatch.setattr(TABLES[table].answers, "essai", None, raising=False)
    asked = Asked(YesNo(), "Est-ce un essai ?", optional=True)
    monkeypatch.setitem(TABLES[table].asked, "essai", asked)
    page = client.get(PAGES[table])
    assert "Est-ce un essai ? (facultatif)" in page.main
    assert [node.attributes["value"] for node in page.tree.css("[name=essai]")] == ["oui", "non"]


def test_une_question_par_personne_est_posee_a_chacune(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive_at(client, service, "pieces")
    table = TABLES["complements"]
    monkeypatch.setattr(table.answers, "essai", {}, raising=False)
    of = table.asked["stage"].kind.of  # type: ignore[attr-defined]
    monkeypatch.setitem(table.asked, "essai", Asked(PerPerson(YesNo(), of), "Est-ce un essai ?"))
    page = client.get(PAGES["complements"])
    assert {node.attributes["name"] for node in page.tree.css("[name^=essai_]")} == {
        "essai_moi",
        "essai_m3xw",
    }
