"""The summary of a refused page, with scripts: what is settled on the spot leaves it, what is left leads somewhere."""

from playwright.sync_api import expect

from e2e.conftest import WITH_SCRIPTS
from e2e.pages._page import PageObject, words
from e2e.pages.organisme import Organisme
from e2e.pages.pieces import Pieces
from e2e.pages.situation import Situation
from e2e.window import Window
from tests.support import samples

pytestmark = WITH_SCRIPTS

CHANGEMENT = "Choisissez votre situation familiale d'aujourd'hui"
QUESTION = "field => ((field.closest('fieldset') || field.parentNode).querySelector('legend, label') || field).getBoundingClientRect().bottom"
BIEN = "Répondez à la question sur le bien"
ETRANGER = "Répondez à la question sur votre séjour"
NADIA, LINA = "Joignez votre avis d'impôt", "Joignez l'avis d'impôt pour Lina"


def is_left(page: PageObject, *messages: str) -> None:
    """These lines alone, their number told, and each brings to something on screen."""
    summary = page.tab.locator("#erreurs")
    links = summary.get_by_role("link")
    expect(links).to_have_text([words(message) for message in messages])
    number = f"{len(messages)} réponse{'s' if len(messages) > 1 else ''} à compléter ou à corriger"
    expect(summary.get_by_role("heading")).to_have_text(words(number, whole=True))
    for link in links.all():
        link.click()
        found = page.tab.locator(link.get_attribute("href") or "none")
        expect(found).to_be_focused()
        expect(found).to_be_in_viewport()
        assert found.evaluate(QUESTION) > 20, "a line at least of what is asked is on screen too"


def test_a_line_goes_with_the_field_that_its_box_hides(window: Window) -> None:
    page = window.open("/etats/situation-vide", Situation)
    page.tick(page.changement)
    page.refuse(CHANGEMENT, *page.required)
    page.tick(page.changement, False)
    is_left(page, *page.required)


def test_a_line_about_the_whole_page_stays(window: Window) -> None:
    """No field answers it; the number to call that it may give is no field either."""
    page = window.open("/etats/situation-vide", Situation)
    page.tick(page.changement)
    page.refuse(CHANGEMENT, *page.required)
    page.tab.evaluate(
        """() => {
            const line = document.querySelector('#erreurs li').cloneNode(true), link = line.querySelector('a');
            link.href = 'tel:3646';
            link.textContent = 'Appelez le 36 46';
            document.querySelector('#erreurs ul').append(line);
        }"""
    )
    page.tick(page.changement, False)
    expect(page.tab.locator("#erreurs li")).to_have_text([*map(words, page.required), "Appelez le 36 46"])


def test_with_its_last_line_the_summary_goes_and_the_title_tells_no_error(window: Window) -> None:
    page = window.open("/etats/situation-remplie", Situation)
    page.pick(page.precision, "Choisir")
    page.refuse(CHANGEMENT)
    page.tick(page.changement, False)
    expect(page.tab.locator("#erreurs")).to_have_count(0)
    page.check()


def test_a_line_goes_with_the_document_that_is_joined_or_asked_no_more(window: Window) -> None:
    page = window.open("/etats/pieces", Pieces)
    page.refuse(BIEN, ETRANGER, NADIA, LINA)
    page.figure_sur_mon_avis("Lina")
    is_left(page, BIEN, ETRANGER, NADIA)
    page.choisir("Nadia (vous)", "avis.pdf", samples.pdf(pages=2))
    page.recu("Nadia (vous)", "avis.pdf")
    is_left(page, BIEN, ETRANGER)


def test_a_line_about_the_list_stays_when_a_search_empties_it(window: Window) -> None:
    page = window.open("/etats/recherche-plusieurs", Organisme)
    page.repondre("Je choisis un organisme complémentaire")
    message = "Vous choisissez un organisme complémentaire."
    page.refuse(message)
    page.ouvrir()
    page.champ("ville").fill("Atlantide")
    page.says("Aucun organisme trouvé")
    is_left(page, message)
