"""What every page is: its title, its controls by role and name, and the promises checked on arrival."""

import re
from typing import ClassVar, Self, TypeVar

from playwright.sync_api import Locator, expect

from e2e.window import Window

SERVICE = "Complémentaire santé solidaire"
ERROR = "Erreur : "
OF_A_DEMANDE = r"\s:\sC2S-\d{4}-\d{6}"  # what tells apart the pages about each demande
Then = TypeVar("Then", bound="PageObject")


def words(text: str, *, whole: bool = False) -> re.Pattern[str]:
    """These words, whatever their apostrophes and spaces; `whole`: and nothing else."""
    pattern = r"\s+".join(re.escape(part) for part in text.split())
    pattern = pattern.replace("'", "['’]").replace("/", r"\/")  # Playwright writes it between slashes
    return re.compile(rf"^\s*{pattern}\s*$" if whole else pattern)


def named(text: str) -> re.Pattern[str]:
    """An accessible name that begins with these words: hints and hidden precisions may follow."""
    return re.compile(rf"^{words(text).pattern}(?=$|[\s:(.,])")


class PageObject:
    """The page the user is on. Making one asserts the arrival."""

    heading: ClassVar[str]  # h1
    adds: ClassVar[str] = ""  # what its title adds to an h1 that other pages have
    told_apart: ClassVar[str] = ""  # the same where it differs from one page to the next: a pattern
    etape: ClassVar[int] = 0
    is_error: ClassVar[bool] = False  # its status is not a success, and its title says so
    forward: ClassVar[str] = "Suivant"
    refusal: ClassVar[str] = ""  # the title of its error summary, when it is not a count

    def __init__(self, window: Window) -> None:
        self.window = window
        self.tab = window.page
        self.hands = window.hands
        self.main = self.tab.get_by_role("main")
        self.check()
        self.hands.arrive(self.tab)

    def check(self, *, refused: bool = False) -> Self:
        """The right page, sound: one h1, a title that begins with it, no scroll to the side, no complaint."""
        etape = f" – Étape {self.etape} sur 7" if self.etape else ""
        begins = f"{ERROR if refused or self.is_error else ''}{self.heading}{self.adds}"
        title = f"{words(begins).pattern}{self.told_apart}\\s+{words(f'{etape} – {SERVICE}').pattern}"
        expect(self.tab).to_have_title(re.compile(rf"^\s*{title}\s*$"))
        expect(self.tab.get_by_role("heading", level=1)).to_have_text(words(self.heading, whole=True))
        if self.etape:
            expect(self.button(self.forward)).to_be_visible()
        self.tab.wait_for_load_state("load")
        headings, overflow = self.tab.evaluate(
            "[document.querySelectorAll('h1').length, document.documentElement.scrollWidth - innerWidth]"
        )
        assert headings == 1, f"{self.heading}: {headings} h1"
        assert overflow <= 0, f"{self.heading}: {overflow} px to the side"
        assert self.window.complaints == [], self.window.complaints
        return self

    # Controls

    def text(self, label: str) -> Locator:
        """A field to type in."""
        return self.main.get_by_role("textbox", name=named(label))

    def box(self, label: str) -> Locator:
        """A box to tick."""
        return self.main.get_by_role("checkbox", name=named(label))

    def group(self, legend: str) -> Locator:
        """A question that holds several controls."""
        return self.main.get_by_role("group", name=named(legend))

    def radio(self, legend: str, option: str) -> Locator:
        """One of the answers to a question."""
        return self.group(legend).get_by_role("radio", name=named(option))

    def list(self, label: str) -> Locator:
        """A list to choose from."""
        return self.main.get_by_role("combobox", name=named(label))

    def button(self, name: str) -> Locator:
        """Something to press."""
        return self.main.get_by_role("button", name=named(name))

    def link(self, name: str) -> Locator:
        """Something to follow."""
        return self.main.get_by_role("link", name=named(name))

    def title_of(self, text: str) -> Locator:
        """A heading under the h1."""
        return self.main.get_by_role("heading", name=named(text))

    # Gestures

    def tick(self, label: str, ticked: bool = True) -> None:
        """Tick a box, or untick it."""
        self.hands.tick(self.box(label), ticked)

    def choose(self, legend: str, option: str) -> None:
        """Choose one of the answers to a question."""
        self.hands.choose(self.radio(legend, option))

    def pick(self, label: str, option: str) -> None:
        """Choose in a list."""
        value = self.list(label).get_by_role("option", name=words(option, whole=True)).get_attribute("value")
        self.hands.pick(self.list(label), option, value or "")

    def press(self, name: str, then: type[Then]) -> Then:
        """Press a button, and arrive there."""
        self.hands.press(self.button(name))
        return then(self.window)

    def follow(self, name: str, then: type[Then]) -> Then:
        """Follow a link, and arrive there."""
        self.hands.press(self.link(name))
        return then(self.window)

    def suivant(self, then: type[Then]) -> Then:
        """The forward button of the page."""
        return self.press(self.forward, then)

    def se_deconnecter(self) -> None:
        """« Se déconnecter », in the menu."""
        if not self.tab.get_by_role("button", name="Se déconnecter").is_visible():
            self.tab.get_by_role("banner").get_by_text("Menu", exact=True).click()
        self.tab.get_by_role("button", name="Se déconnecter").click()
        title = self.tab.get_by_role("heading", level=1)
        expect(title).not_to_have_text(words(self.heading, whole=True))
        if "Vous allez perdre" in title.inner_text():
            self.tab.get_by_role("button", name="Quitter et tout effacer").click()

    def quitter(self) -> "Deconnexion":
        """« Se déconnecter », and arrive where the page confirms it."""
        self.se_deconnecter()
        return Deconnexion(self.window)

    # Announcements

    def says(self, *sentences: str) -> Self:
        """These sentences are on the page."""
        for sentence in sentences:
            expect(self.main).to_contain_text(words(sentence))
        return self

    def silent_on(self, *sentences: str) -> Self:
        """These sentences are not."""
        for sentence in sentences:
            expect(self.main).not_to_contain_text(words(sentence))
        return self

    def refused(self, *messages: str) -> Self:
        """The page again: its title says so, the summary has the focus, and these lines alone, each under its field."""
        self.check(refused=True)
        summary = self.tab.locator("#erreurs")
        title = words(self.refusal or _how_many(len(messages)), whole=True)
        expect(summary.get_by_role("heading")).to_have_text(title)
        expect(summary.get_by_role("link")).to_have_text([words(message) for message in messages])
        focused = self.tab.evaluate("document.activeElement.closest('#erreurs') !== null")
        assert focused, f"focus: {self.tab.evaluate('document.activeElement.outerHTML.slice(0, 90)')}"
        return self

    def refuse(self, *messages: str) -> None:
        """The forward button is refused; each line of the summary brings to a field, which it leaves on screen."""
        self.button(self.forward).click()
        self.refused(*messages)
        for line in self.tab.locator("#erreurs").get_by_role("link").all():
            field = self.tab.locator(line.get_attribute("href") or "none")
            line.click()
            expect(field).to_be_focused()
            expect(field).to_be_in_viewport()
            expect(field).to_have_attribute("aria-invalid", "true")


def _how_many(errors: int) -> str:
    return f"{errors} réponse{'s' if errors > 1 else ''} à compléter ou à corriger"


class Deconnexion(PageObject):
    """Signed out, and what is gone with it."""

    heading = "Vous avez quitté votre compte"
