"""What a screen shows of one place of a page: the audit of every state (`e2e/audit/layout.js`) sees all the others."""

import pytest
from playwright.sync_api import Page

from e2e.audit.auditor import DOUBLE
from e2e.conftest import WITH_SCRIPTS
from e2e.service import Service
from tests.support.soon import eventually

pytestmark = WITH_SCRIPTS
ON_PAPER = "main :is(input:not([type=hidden]), select, textarea, button, .bouton), .pied summary, .ecran"
NEAR_THE_TOP = """answer => {
    scrollTo(0, answer.getBoundingClientRect().top + scrollY - 60);
    return scrollY;
}"""
JOINED = range(4, 13)  # px
UNDER_ITS_ANSWER = """bar => {
    const {top} = bar.getBoundingClientRect(), answers = [...document.querySelectorAll(".choix > label")];
    return Math.round(top - Math.max(...answers.map(one => one.getBoundingClientRect().bottom).filter(bottom => bottom < top)));
}"""
FROM_THE_RING = """link => {
    const words = document.createRange();
    words.selectNodeContents(link);
    const [letters, box] = [words, link].map(one => one.getBoundingClientRect().left);
    return letters - box + parseFloat(getComputedStyle(link).outlineOffset);
}"""
FROM_TOP_TO_BOTTOM = "all => all.map(one => one.getBoundingClientRect())"
TO_BE_PRESSED = """link => [...link.querySelectorAll("svg")].some(drawing => drawing.checkVisibility())
    || getComputedStyle(link).textDecorationLine !== "none"
    || link.matches("summary") && getComputedStyle(link, "::before").display !== "none"
"""
WHOLE = """box => {
    const {top, bottom} = box.nextElementSibling.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
}"""


@pytest.mark.parametrize("nom", ["organisme-cas-3", "autres-ressources"])
def test_tab_shows_an_answer_whole(page: Page, service: Service, nom: str) -> None:
    """The box is scrolled to, and its label is taller than it."""
    page.goto(f"/etats/{nom}")
    met = 0
    for _ in range(20):
        page.keyboard.press("Tab")
        here = page.locator(".choix > :focus")
        if here.count():
            met += 1
            assert here.evaluate(WHOLE), here.get_attribute("id")
    assert met


def test_a_finger_on_an_answer_leaves_the_page_where_it_is(page: Page, service: Service) -> None:
    page.goto("/etats/autres-ressources")
    answer = page.locator(".choix > label").first
    before = answer.evaluate(NEAR_THE_TOP)
    assert before > 100
    box = answer.bounding_box()
    assert box
    page.mouse.click(box["x"] + 90, box["y"] + 20)
    assert page.locator(".choix > :checked").count() == 1
    assert page.evaluate("scrollY") == before


@pytest.mark.parametrize(
    ("nom", "list_"), [("situation-erreurs", "#changement_type"), ("beneficiaire-vide", "#lien")]
)
def test_an_answer_wider_than_its_list_is_read_whole(
    page: Page, service: Service, nom: str, list_: str
) -> None:
    """« Marié(e) / en concubi… » was cut at 320 px."""
    page.goto(f"/etats/{nom}")
    field = page.locator(list_)
    one_line = field.bounding_box()
    field.select_option(index=1)
    several = field.bounding_box()
    assert one_line
    assert several
    assert several["height"] > one_line["height"]


def test_the_way_to_the_content_hides_the_whole_header(page: Page, service: Service) -> None:
    """Half of the name showed beside it."""
    page.goto("/connexion")
    page.keyboard.press("Tab")
    link, name = (page.locator(place).bounding_box() for place in (".passe:focus", ".nom span span"))
    assert link
    assert name
    assert (link["x"], link["y"], link["width"]) == (0, 0, 320)
    assert name["y"] + name["height"] <= link["height"]


def test_an_initial_stays_in_its_circle_when_letters_are_twice_as_big(page: Page, service: Service) -> None:
    page.goto("/etats/foyer")
    before = _sizes(page)
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": DOUBLE})
    eventually(lambda: _sizes(page) > before)
    assert [(width, height) for width, height in _sizes(page) if width != height] == []


def _sizes(page: Page) -> list[tuple[float, float]]:
    """Width and height of each initial, in px."""
    boxes = [circle.bounding_box() for circle in page.locator(".lettrine").all()]
    assert boxes
    return [(box["width"], box["height"]) for box in boxes if box]


@pytest.mark.parametrize("nom", ["terminee-avec-nouvelles", "avis", "message-refus", "recapitulatif-complet"])
def test_paper_shows_nothing_to_press_or_to_fill_in(page: Page, service: Service, nom: str) -> None:
    page.goto(f"/etats/{nom}")
    assert any(one.is_visible() for one in page.locator(ON_PAPER).all()), "on screen"
    page.emulate_media(media="print")
    assert [left.inner_text() for left in page.locator(ON_PAPER).all() if left.is_visible()] == []


@pytest.mark.parametrize("nom", ["suivi", "demarches", "consentement"])
def test_paper_keeps_the_words_of_a_link_alone(page: Page, service: Service, nom: str) -> None:
    """Underlines and arrows were printed."""
    page.goto(f"/etats/{nom}")
    page.emulate_media(media="print")
    links = [one for one in page.locator("main :is(a, summary)").all() if one.is_visible()]
    assert links
    assert [one.inner_text() for one in links if one.evaluate(TO_BE_PRESSED)] == []


def test_the_buttons_of_a_help_leave_each_other_alone(page: Page, service: Service) -> None:
    """Each covered the end of the one before, of another child."""
    page.goto("/etats/foyer-garde-alternee")
    buttons = page.locator("details[open] button").evaluate_all(FROM_TOP_TO_BOTTOM)
    assert len(buttons) == 2
    assert buttons[0]["bottom"] <= buttons[1]["top"]


@pytest.mark.parametrize("nom", ["situation-erreurs", "organisme-choisi", "moins-de-25-ans-engagement-vide"])
def test_a_question_joins_the_answer_that_opens_it(page: Page, service: Service, nom: str) -> None:
    """Its bar stood 36 px under the answer, but on étape 1."""
    page.goto(f"/etats/{nom}")
    gaps = [bar.evaluate(UNDER_ITS_ANSWER) for bar in page.locator(".suite-de").all() if bar.is_visible()]
    assert gaps
    assert [gap for gap in gaps if gap not in JOINED] == []


def test_the_ring_of_a_link_in_a_list_stands_clear_of_its_letters(page: Page, service: Service) -> None:
    page.goto("/etats/suivi")
    for link in page.locator(".liens a").all():
        link.focus()
        assert link.evaluate(FROM_THE_RING) >= 2
