"""The browser of the tests draws with the letters the tests bring, whatever the machine has."""

import pytest
from playwright.sync_api import Page

from e2e.audit.auditor import LAYOUT
from e2e.conftest import WITH_SCRIPTS
from e2e.letters import CHOSEN_BY_THE_READER, GENERIC, WIDE
from e2e.window import Window
from tests.support.soon import eventually

pytestmark = WITH_SCRIPTS
OF_MACHINES = (
    "DejaVu Sans",
    "Liberation Sans",
    "Arial",
    "Times New Roman",
    "monospace",
    "cursive",
    "system-ui",
)


def families(page: Page, selector: str) -> list[str]:
    """The families the words of this element are drawn in."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    return [
        font["familyName"] for font in devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    ]


@pytest.mark.parametrize(
    ("selector", "family"), [("h1", "Noto Serif"), ("main p", "Roboto"), ("label", "Roboto")]
)
def test_a_page_is_drawn_in_the_letters_of_a_phone(window: Window, selector: str, family: str) -> None:
    page = window.page
    page.goto("/connexion")
    assert families(page, selector) == [family]
    page.evaluate(LAYOUT)
    page.evaluate("sheet => audit.wear(sheet)", CHOSEN_BY_THE_READER)
    eventually(
        lambda: families(page, selector) == [WIDE]
    )  # a busy machine draws the next frame a little later


def test_what_the_machine_has_is_not_found(window: Window) -> None:
    """Whichever it has: a family that a page may name, or the one that a browser keeps for each kind of letters."""
    page = window.page
    page.goto("/connexion")
    for family in OF_MACHINES:
        page.evaluate("family => document.querySelector('h1').style.fontFamily = family", family)
        assert set(families(page, "h1")) <= {*GENERIC.values(), WIDE}, family
