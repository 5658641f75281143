"""What a wide screen has and a phone has not: the menu in view, and the étapes that are done as links."""

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import ON_A_COMPUTER
from e2e.service import Service

pytestmark = ON_A_COMPUTER
BETWEEN_FIELDS = 28  # px: 1.75 rem
LINE = 27  # px: 1.5 times 1.125 rem
LINES = "text => new Set([...text.getClientRects()].map(line => Math.round(line.top))).size"
NAME = """etape => {
    const name = document.createRange();
    name.selectNodeContents(etape.nextSibling);
    return name.getClientRects().length;
}"""
AFTER = """help => {
    help.open = true;
    return help.nextElementSibling.getBoundingClientRect().top - help.lastElementChild.getBoundingClientRect().bottom;
}"""
ROWS = """table => [...table.tBodies[0].rows].map(row => {
    const tops = [row.querySelector("a"), row.cells[1]].map(place => {
        const first = document.createRange();
        first.selectNodeContents(place.firstChild);
        return first.getBoundingClientRect().top;
    });
    return [row.cells[0].innerText, Math.abs(tops[0] - tops[1])];
})"""
CUT = """table => [...table.tBodies[0].rows].flatMap(row => [...row.cells[1].childNodes].filter(piece => {
    const text = document.createRange();
    text.selectNodeContents(piece);
    return text.getClientRects().length > 1 && !piece.data.includes("-");
}).map(piece => piece.data))"""


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


@pytest.mark.parametrize("etat", ["adresse", "accuse"])
def test_a_name_is_not_cut_in_two(page: Page, service: Service, etat: str) -> None:
    """The margin said « Compte ouvert : Yves », then « Imaginaire »."""
    page.goto(f"/etats/{etat}")
    assert page.locator(".marge b").evaluate(LINES) == 1


@pytest.mark.parametrize("etat", ["situation-vide", "recapitulatif", "pieces", "validation"])
def test_the_name_of_the_etape_is_not_cut_in_two(page: Page, service: Service, etat: str) -> None:
    """The margin said « Étape 1 sur 7 : Ma », then « situation actuelle »."""
    page.goto(f"/etats/{etat}")
    assert page.locator(".etapes strong").evaluate(NAME) == 1


@pytest.mark.parametrize("etat", ["accuse", "message-refus"])
def test_the_address_that_heads_a_letter_stands_beside_its_name(
    page: Page, service: Service, etat: str
) -> None:
    page.goto(f"/etats/{etat}")
    name, address = (page.locator(".entete .insec", has_text=text).bounding_box() for text in ("e-mail", "@"))
    assert name
    assert address
    assert name["y"] == pytest.approx(address["y"], abs=1)


@pytest.mark.parametrize("etat", ["connexion", "situation-vide", "beneficiaire-vide"])
def test_a_help_once_open_is_as_far_from_what_follows_as_a_field(
    page: Page, service: Service, etat: str
) -> None:
    """Its last line was nearer to the next label than to its own title."""
    page.goto(f"/etats/{etat}")
    helps = page.locator(".champ + .plus:not(:last-child)")
    assert helps.count()
    for one in helps.all():
        assert one.evaluate(AFTER) >= BETWEEN_FIELDS


def test_the_catalogue_is_read_along_its_rows(page: Page, service: Service) -> None:
    """A name hung 12 px under its address, and an address was cut in a word."""
    page.goto("/etats")
    table = page.locator("table")
    assert [name for name, gap in table.evaluate(ROWS) if gap > 1] == []
    assert table.evaluate(CUT) == []


def test_a_link_leaves_the_lines_of_its_sentence_where_they_are(page: Page, service: Service) -> None:
    page.goto("/etats/informations")
    sentence = page.locator("main > p", has=page.get_by_role("link", name="Mon compte, mes données"))
    box = sentence.bounding_box()
    assert box
    assert box["height"] == pytest.approx(2 * LINE, abs=1)
