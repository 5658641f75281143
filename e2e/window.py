"""A tab of a browser that keeps what the browser complains of."""

from playwright.sync_api import ConsoleMessage, Error, Page

REFUSED = "status of 422"  # Chromium reports the document of a refusal as a resource that failed


class Window:
    """A tab. Every page object looks at one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._expected: tuple[str, ...] = (REFUSED,)
        page.on("console", self._heard)
        page.on("pageerror", self._failed)

    def expect(self, *statuses: int) -> None:
        """From now on, documents with these statuses are no surprise."""
        self._expected += tuple(f"status of {status}" for status in statuses)

    def another(self) -> "Window":
        """One more tab of the same browser."""
        return Window(self.page.context.new_page())

    def _heard(self, message: ConsoleMessage) -> None:
        """CSP reports are errors of the console too."""
        if message.type == "error" and not any(status in message.text for status in self._expected):
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def _failed(self, error: Error) -> None:
        self.complaints.append(str(error))
