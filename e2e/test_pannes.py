"""A request fails in the middle of a fragment: the page says so on the spot, loses nothing, takes a second press."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.conftest import WITH_SCRIPTS
from e2e.ears import Ears
from e2e.fragments import FRAGMENTS, Fragment
from e2e.pages._page import words
from e2e.pages.erreurs import SessionExpiree
from e2e.service import Service, serving
from e2e.twin import Twin, twin_of
from e2e.window import CUT, Window

pytestmark = WITH_SCRIPTS

PAGES = "**/demande/**"
NETWORK = "Le réseau ne répond pas. Ce que vous avez saisi est toujours sur cette page. Attendez un peu, puis appuyez à nouveau."
SESSION = "Votre session est terminée. Les réponses de votre demande sont effacées. Pour recommencer, rechargez la page et connectez-vous."
FAULT = "L'action n'a pas marché. Rien de ce que vous avez saisi n'est perdu. Réessayez."
OTHERS = "(p) => [...document.querySelectorAll('main input, select')].map((f) => f !== p && [f.id, f.value, f.checked])"
SENT = "(pressed) => pressed.type === 'search' ? pressed.value === 'lyo' : pressed.checked ?? true"
BESIDE = "([said, pressed]) => said.previousElementSibling.contains(pressed)"


def cut(tab: Page) -> None:
    tab.route(PAGES, lambda route: route.abort("connectionreset"), times=1)


def broken(tab: Page) -> None:
    page = "<!DOCTYPE html><h1>faute</h1>"
    tab.route(PAGES, lambda route: route.fulfill(status=500, body=page, content_type="text/html"), times=1)


@pytest.fixture(scope="module")
def service(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One for all: nothing is filed here."""
    with serving(filled_folder, tmp_path_factory.mktemp("pannes") / "donnees") as served:
        yield served


@pytest.fixture(scope="module")
def twin(service: Service) -> Iterator[Twin]:
    with twin_of(service) as found:
        yield found


class Standing:
    """A user before a fragment, everything there answered."""

    def __init__(self, window: Window, twin: Twin, fragment: Fragment) -> None:
        self.window, self.tab, self.fragment = window, window.page, fragment
        window.expect(*CUT, 401, 500)
        twin.give(window, **fragment.before)
        self.tab.clock.install()
        self.tab.goto(fragment.url)
        for selector, value in fragment.answered.items():
            self.tab.locator(selector).select_option(value) if value else self.tab.locator(selector).check()
        self.pressed = self.tab.locator(fragment.pressed)
        self.answers = self.pressed.evaluate(OTHERS)
        self.ears = Ears(self.tab)

    def press(self) -> None:
        self.fragment.press(self.pressed)

    def is_told(self, sentence: str) -> None:
        """Once, beside what was pressed, which keeps the focus; every answer is there, and the page is the same."""
        said = self.tab.locator("#panne")
        expect(said).to_have_text(words(sentence, whole=True))
        assert self.ears.said() == [sentence]
        expect(self.pressed).to_be_focused()
        expect(said).to_be_in_viewport()
        assert self.tab.evaluate(BESIDE, [said.element_handle(), self.pressed.element_handle()])
        assert self.pressed.evaluate(SENT)
        assert self.pressed.evaluate(OTHERS) == self.answers
        expect(self.tab.get_by_role("main")).not_to_contain_text("faute")
        expect(self.tab.get_by_role("heading", level=1)).to_have_count(1)

    def has_it(self) -> None:
        expect(self.tab.locator(self.fragment.done).first).to_be_visible()
        expect(self.tab.locator("#panne")).to_have_count(0)
        for selector, value in self.fragment.answered.items():
            if value:
                expect(self.tab.locator(selector)).to_have_value(value)
            else:
                expect(self.tab.locator(selector)).to_be_checked()


@pytest.fixture(params=FRAGMENTS, ids=str)
def standing(request: pytest.FixtureRequest, window: Window, twin: Twin) -> Standing:
    return Standing(window, twin, request.param)


@pytest.mark.parametrize(("fault", "sentence"), [(cut, NETWORK), (broken, FAULT)], ids=["cut", "500"])
def test_after_a_fault_one_presses_again(
    standing: Standing, fault: Callable[[Page], None], sentence: str
) -> None:
    fault(standing.tab)
    standing.press()
    standing.is_told(sentence)
    standing.press()
    standing.has_it()


@pytest.mark.parametrize("standing", FRAGMENTS[:2], ids=str, indirect=True)
def test_what_a_box_shows_is_there_without_the_network(standing: Standing) -> None:
    """The user may answer and go on, as on a page without scripts."""
    cut(standing.tab)
    standing.press()
    standing.is_told(NETWORK)
    expect(standing.tab.locator(standing.fragment.done)).to_be_visible()


def test_after_thirty_seconds_without_an_answer_one_presses_again(standing: Standing) -> None:
    held: list[Route] = []
    standing.tab.route(PAGES, lambda route: held.append(route), times=1)
    standing.press()
    standing.window.caught(held)
    standing.tab.clock.fast_forward(30_000)
    standing.is_told(NETWORK)
    held[0].abort()  # long given up by the page
    standing.press()
    standing.has_it()


def test_signed_out_elsewhere_is_said_until_one_reloads(standing: Standing, service: Service) -> None:
    service.forget_sessions()
    standing.press()
    standing.is_told(SESSION)
    standing.tab.reload()
    SessionExpiree(standing.window)
