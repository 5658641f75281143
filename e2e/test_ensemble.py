"""Several things at once on one page: each of them holds."""

import pytest
from playwright.sync_api import Route, expect

from e2e.conftest import WITH_SCRIPTS
from e2e.pages.consentement import Consentement
from e2e.pages.foyer import Foyer
from e2e.pages.organisme import UN_ORGANISME, Organisme
from e2e.pages.organismes_du_foyer import OrganismesDuFoyer
from e2e.twin import Twin
from e2e.window import Window

pytestmark = WITH_SCRIPTS


@pytest.mark.parametrize(("compte", "enfants"), [("nadia", 2), ("awa", 10)])
def test_removals_pressed_at_once_all_hold(window: Window, twin: Twin, compte: str, enfants: int) -> None:
    twin.give(window, compte)
    foyer = window.open("/demande/foyer", Foyer)
    window.page.evaluate("document.querySelectorAll('[name=retirer]').forEach((button) => button.click())")
    expect(foyer.title_of("Mon foyer : 1 personne")).to_be_visible()
    expect(foyer.button("Remettre")).to_have_count(enfants)
    expect(foyer.main.get_by_role("heading", level=3).last).to_be_focused()
    assert len(twin.demande(window).foyer.retires) == enfants


def test_removing_somebody_while_a_search_is_under_way_loses_nothing(window: Window, twin: Twin) -> None:
    """The results were drawn before the removal, in the other tab, and arrive after it."""
    twin.give(window)
    held: list[Route] = []
    organisme = window.open("/demande/organisme", Organisme)
    window.page.route("**/demande/organisme?*", lambda route: held.append(route), times=1)
    organisme.ouvrir()
    organisme.champ("ville").press_sequentially("lyon")
    window.caught(held)
    window.another().open("/demande/foyer", Foyer).retirer("Sami", restent=2)
    held[0].continue_()
    organisme.resultats()
    expect(organisme.main.get_by_role("radio", name=UN_ORGANISME)).to_be_checked()
    code = organisme.choisir_le_premier()
    organisme.suivant(OrganismesDuFoyer).silent_on("Sami").suivant(Consentement)
    demande = twin.demande(window)
    assert (demande.foyer.retires, demande.organisme and demande.organisme.code) == (("k7qd",), code)


def test_a_letter_more_stops_the_search_before_it_without_a_word(window: Window, twin: Twin) -> None:
    twin.give(window)
    held: list[Route] = []
    organisme = window.open("/demande/organisme", Organisme)
    window.page.route("**/demande/organisme?*", lambda route: held.append(route), times=1)
    organisme.ouvrir()
    organisme.champ("ville").press_sequentially("lyo")
    window.caught(held)
    organisme.champ("ville").press_sequentially("n")
    organisme.resultats()
    organisme.says("7 organismes trouvés, 5 affichés.")
    held[0].abort()
    expect(window.page.locator("#panne")).to_have_count(0)
