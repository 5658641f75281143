"""
The replay of htmx that the tests of the pages use (`tests/support/swaps.py`) does what htmx does in Chromium.

The same control, the same answer of the service: what leaves is the same, and so is the page afterwards.
"""

from difflib import unified_diff
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, Request, expect
from selectolax.lexbor import LexborHTMLParser

from e2e.conftest import WITH_SCRIPTS
from e2e.fragments import FRAGMENTS, Fragment, write
from e2e.twin import Twin
from e2e.window import Window
from tests.support.replay import lines
from tests.support.swaps import LivePage, Sending

pytestmark = WITH_SCRIPTS

TOWN = "lyo"
# The replay writes what is ticked, chosen or typed in the attributes; so does this, in a copy of the page.
WRITTEN = """() => {
    const copy = document.documentElement.cloneNode(true), own = document.querySelectorAll('input, option');
    copy.querySelectorAll('input, option').forEach((field, rank) => {
        if (/radio|checkbox/.test(field.type)) { field.toggleAttribute('checked', own[rank].checked); }
        else if (/text|search/.test(field.type) && own[rank].value) { field.setAttribute('value', own[rank].value); }
        else if (field.tagName === 'OPTION' && field.value) { field.toggleAttribute('selected', own[rank].selected); }
    });
    copy.querySelectorAll('[data-htmx-powered]').forEach(part => part.removeAttribute('data-htmx-powered'));
    return '<!DOCTYPE html>' + copy.outerHTML;
}"""


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=str)
def test_the_replay_sends_and_shows_what_chromium_does(
    window: Window, twin: Twin, fragment: Fragment
) -> None:
    tab = window.page
    twin.give(window, **fragment.before)
    tab.goto(fragment.url)
    for selector, value in fragment.answered.items():
        tab.locator(selector).select_option(value) if value else tab.locator(selector).check()
    live = LivePage(tab.evaluate(WRITTEN))
    pressed = tab.locator(fragment.pressed)
    with tab.expect_response(lambda answer: "hx-request" in answer.request.headers) as found:
        if fragment.press is write:
            pressed.fill(TOWN)  # at once, so that one search leaves
        else:
            fragment.press(pressed)
    expect(tab.locator(fragment.done).first).to_be_visible()
    if fragment.press is write:
        live.type(fragment.pressed, TOWN)
    elif live.one(fragment.pressed).attributes.get("type") == "checkbox":
        live.tick(fragment.pressed)
    sending = live.sending(fragment.pressed)
    assert _told(sending, live) == _heard(found.value.request)
    live.receive(sending, Answer(found.value.status, found.value.headers, found.value.text()))
    if difference := _difference(live, tab):
        pytest.fail(difference)


class Answer:
    """What the service said, as the replay reads it."""

    def __init__(self, status: int, headers: dict[str, str], text: str) -> None:
        self.status_code, self.headers, self.text = status, headers, text


Told = tuple[str, str, list[tuple[str, str]], str]


def _told(sending: Sending, live: LivePage) -> Told:
    """What the replay sends: method, path, fields in their order, target."""
    path, fields = sending.url.partition("?")[0], list(sending.fields)
    if not sending.post:
        names = {name for name, _ in fields}
        fields = [part for part in parse_qsl(sending.url.partition("?")[2]) if part[0] not in names] + fields
    method = "POST" if sending.post else "GET"
    return method, path, sorted(fields), live.headers(sending.target)["HX-Target"]


def _heard(request: Request) -> Told:
    """What Chromium sent."""
    where = urlsplit(request.url)
    sent = request.post_data if request.method == "POST" else where.query
    fields = parse_qsl(sent or "", keep_blank_values=True)
    return request.method, where.path, sorted(fields), request.headers["hx-target"]


def _difference(live: LivePage, tab: Page) -> str:
    shown, replayed = (
        list(lines(page.css_first("body"))) for page in (LexborHTMLParser(tab.evaluate(WRITTEN)), live.tree)
    )
    return "\n".join(unified_diff(replayed, shown, "replay", "Chromium", lineterm="", n=2))
