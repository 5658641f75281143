"""Étape 3 with scripts: the list changes as one writes, and the fields keep what they are given."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import World
from e2e.pages.organisme import Organisme
from e2e.window import Window


@pytest.fixture(params=[World(True, 320, 640)], ids=str)
def world(request: pytest.FixtureRequest) -> World:
    found: World = request.param
    return found


def test_the_fields_follow_the_search_and_keep_the_focus(window: Window) -> None:
    window.page.goto("/etats/organisme-cas-1-et-2")
    page = Organisme(window)
    departement = page.champ("departement")
    departement.press_sequentially("Atlantide")
    expect(page.main.locator("#departement_err")).to_contain_text("À corriger")
    expect(departement).to_have_attribute("aria-invalid", "true")
    departement.press("ControlOrMeta+a")
    departement.press_sequentially("Ain")
    page.says("5 organismes trouvés")
    expect(page.main.locator("#departement_err")).to_have_count(0)
    expect(departement).not_to_have_attribute("aria-invalid", "true")
    expect(departement).to_be_focused()
    expect(departement).to_have_value("Ain")
    page.button("Suivant").click()
    expect(page.main.locator("#erreurs")).to_be_visible()
    page.says("5 organismes trouvés")
    expect(departement).to_have_value("Ain")
    assert window.complaints == []
