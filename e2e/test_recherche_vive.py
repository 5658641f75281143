"""Étape 3 with scripts: the list changes as the user types, and the fields keep what they are given."""

from playwright.sync_api import expect

from e2e.conftest import WITH_SCRIPTS
from e2e.ears import Ears
from e2e.pages.organisme import Organisme
from e2e.window import Window

SHOWN = "La recherche s'affiche."
HIDDEN = "La recherche n'est plus affichée."

pytestmark = WITH_SCRIPTS


def test_the_fields_follow_the_search_and_keep_the_focus(window: Window) -> None:
    window.page.goto("/etats/organisme-cas-1-et-2")
    page = Organisme(window)
    ears = Ears(window.page)
    page.ouvrir()
    page.choisir_la_caisse()
    page.ouvrir()
    assert ears.said() == [SHOWN, HIDDEN, SHOWN], "RGAA 7.5"
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
    expect(page.link("Voir les résultats")).to_be_in_viewport()
    page.button("Suivant").click()
    expect(page.main.locator("#erreurs")).to_be_visible()
    page.says("5 organismes trouvés")
    expect(departement).to_have_value("Ain")


def test_an_answer_takes_nothing_back_from_the_field_one_is_writing_in(window: Window) -> None:
    """The answer to an older request arrives while the user goes on typing."""
    window.page.goto("/etats/organisme-cas-1-et-2")
    page = Organisme(window)
    page.ouvrir()
    ville, held = page.champ("ville"), []
    window.page.route("**/demande/organisme?*", lambda route: held.append((route, route.fetch())))
    ville.press_sequentially("Mar")
    window.caught(held)
    ville.press_sequentially("seille", delay=20)
    (route, answer) = held[0]
    route.fulfill(response=answer)
    window.page.unroute("**/demande/organisme?*")
    page.resultats()
    expect(ville).to_have_value("Marseille")
    expect(ville).to_be_focused()


def test_what_is_ticked_stays_so_once_rechercher_is_pressed(window: Window) -> None:
    """The page is drawn again: neither answer was in the form of the search."""
    window.page.goto("/etats/organisme-cas-1-et-2")
    page = Organisme(window)
    page.rechercher(ville="Paris")
    code = page.choisir_le_premier()
    page.rechercher(ville="Lyon")
    expect(page.main.locator("[name=gestionnaire]:checked")).to_have_value("organisme")
    expect(page.main.locator("[name=choix_organisme]:checked")).to_have_value(code)
