"""A tab of a browser that keeps what the browser complains of."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from playwright.sync_api import ConsoleMessage, Error, Page

from e2e.hands import Hands

Then = TypeVar("Then")
REFUSED = "status of 422"  # Chromium reports the document of a refusal as a resource that failed
CUT = (
    "Failed to load resource: net::",
    "Failed to fetch",
    "htmx:error: timeout",
)  # the message when the network fails


class Window:
    """A tab. Every page object looks at one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.hands = Hands()
        self.complaints: list[str] = []
        self._expected: tuple[str, ...] = (REFUSED,)
        page.on("console", self._heard)
        page.on("pageerror", self._failed)

    def expect(self, *expected: int | str) -> None:
        """From now on, documents with these statuses, or complaints with these words, are no surprise."""
        self._expected += tuple(f"status of {said}" if isinstance(said, int) else said for said in expected)

    def open(self, address: str, then: Callable[["Window"], Then]) -> Then:
        """Type this address, and arrive there."""
        self.page.goto(address)
        return then(self)

    def caught(self, held: Sequence[object]) -> None:
        """Wait until a route holds something; what is shown may be ahead of what the network has."""
        for _ in range(1_000):
            if held:
                return
            self.page.evaluate("new Promise(requestAnimationFrame)")
        raise AssertionError("nothing left the page")

    def another(self) -> "Window":
        """One more tab of the same browser."""
        tab = Window(self.page.context.new_page())
        tab.complaints, tab._expected = self.complaints, self._expected
        return tab

    def _heard(self, message: ConsoleMessage) -> None:
        """CSP reports are errors of the console too."""
        if message.type == "error" and not any(said in message.text for said in self._expected):
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def _failed(self, error: Error) -> None:
        self.complaints.append(str(error))
