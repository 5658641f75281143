"""One browser that opens a state, lets its scripts run, and applies every check to it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Response

from e2e.audit import axe, content, forms, navigation
from e2e.audit.nu import Nu
from e2e.audit.seen import Finding, Seen
from e2e.letters import CHOSEN_BY_THE_READER, WIDE

RULES = [*content.RULES, *navigation.RULES, *forms.RULES]
LAYOUT = Path(__file__).with_name("layout.js").read_text(encoding="utf-8")
NORMAL, DOUBLE = {"standard": 16, "fixed": 13}, {"standard": 32, "fixed": 26}
# Each opening draws other tokens, and other names for what is filed: long numbers, which no check reads.
SEEN_OR_HIDDEN = "[document.body.innerText, document.body.outerHTML.replace(/[0-9a-f]{24,}/g, '')]"


class Auditor:
    """A tab, 320 pixels wide and 256 high: the smallest window of the RGAA (10.11)."""

    def __init__(self, page: Page, nu: Nu) -> None:
        self.page = page
        self.nu = nu
        self.devtools = page.context.new_cdp_session(page)

    def audit(self, address: str) -> tuple[Seen, set[Finding]]:
        """The page as its scripts leave it, and what is wrong with it; without scripts too where that differs."""
        seen = self._open(address)
        shown = self.shown()
        found = self.check(seen)
        if "<script" not in seen.html:
            return seen, found
        with self.without_scripts():
            plain = self._open(address)
            differs = self.shown() != shown
        if differs:
            found |= {Finding(f.critere, f"sans JavaScript : {f.texte}") for f in self.check(plain)}
        return seen, found

    def shown(self) -> list[str]:
        """What the page says, and what it is made of."""
        found: list[str] = self.page.evaluate(SEEN_OR_HIDDEN)
        return found

    def _open(self, address: str) -> Seen:
        answer = self.page.goto(address)
        assert isinstance(answer, Response), address
        return Seen(self.page.content(), answer.status)

    def check(self, seen: Seen) -> set[Finding]:
        """Every check, on the page that is there, help texts opened; what is laid out, in wide letters too."""
        found = {finding for rule in RULES for finding in rule(seen)}
        found.update(self.nu.check(seen.html))
        self.page.evaluate(LAYOUT)
        self.page.evaluate("audit.open()")
        found.update(axe.ask(self.page))
        found.update(_named(self.page.evaluate("audit.laidOut()")))
        found.update(self._tab_through())
        self.devtools.send("Page.setFontSizes", {"fontSizes": DOUBLE})
        found.update(_named(self.page.evaluate("audit.enlarged()")))
        self.devtools.send("Page.setFontSizes", {"fontSizes": NORMAL})
        self.page.evaluate("sheet => audit.wear(sheet)", CHOSEN_BY_THE_READER)
        again = [*axe.ask_again(self.page), *_named(self.page.evaluate("audit.laidOut()"))]
        self.page.evaluate("audit.wear('')")
        return found | {Finding(f.critere, f"en {WIDE} : {f.texte}") for f in again}

    def _tab_through(self) -> Iterable[Finding]:
        """From the top to the last stop, with the Tab key."""
        for rank in range(self.page.evaluate("audit.start()")):
            self.page.keyboard.press("Tab")
            yield from _named(self.page.evaluate("rank => audit.pressed(rank)", rank))

    @contextmanager
    def without_scripts(self) -> Iterator[None]:
        """By the tools of the browser, so that checks can still run afterwards (axe needs timers)."""
        self.devtools.send("Emulation.setScriptExecutionDisabled", {"value": True})
        yield
        self.devtools.send("Emulation.setScriptExecutionDisabled", {"value": False})


def _named(rows: list[list[str]]) -> list[Finding]:
    return [Finding(critere, text) for critere, text in rows]
