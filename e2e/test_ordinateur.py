"""What a wide screen has and a phone has not: the menu in view, and the étapes that are done as links."""

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import ON_A_COMPUTER
from e2e.service import Service

pytestmark = ON_A_COMPUTER


@pytest.mark.parametrize("etat", ["echanges", "suivi"])
def test_messages_to_read_keep_the_menu_on_one_line(page: Page, service: Service, etat: str) -> None:
    page.goto(f"/etats/{etat}")
    menu = page.get_by_role("navigation", name="Menu principal")
    expect(menu).to_contain_text("non lu")
    heights = {line.bounding_box()["y"] for line in menu.get_by_role("listitem").all()}
    assert len(heights) == 1


def test_the_etapes_that_are_done_lead_back_to_them(page: Page, service: Service) -> None:
    page.goto("/etats/pieces")
    links = page.get_by_role("navigation", name="Étapes de ma demande").get_by_role("link")
    expect(links).to_have_count(5)
    links.nth(0).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ma situation actuelle")
