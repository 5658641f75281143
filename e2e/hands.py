"""How the user answers: a finger that taps once, unless a test gives other hands."""

from playwright.sync_api import FilePayload, Locator, Page, Route


class Hands:
    """A finger, or a mouse."""

    def arrive(self, tab: Page) -> None:
        """A page has just opened."""

    def press(self, control: Locator) -> None:
        """A button or a link."""
        control.click()

    def type(self, field: Locator, text: str) -> None:
        """In the place of what was typed there."""
        field.fill(text)

    def tick(self, box: Locator, ticked: bool = True) -> None:
        """A box."""
        box.set_checked(ticked)

    def choose(self, option: Locator) -> None:
        """One of the answers to a question."""
        option.check()

    def pick(self, list_: Locator, label: str, value: str) -> None:
        """An option of a list, by its label; `value` is what it is worth."""
        list_.select_option(value=value)

    def attach(self, field: Locator, files: list[FilePayload]) -> None:
        """Files of the device."""
        field.set_input_files(files)


class Twice(Hands):
    """Fingers that have learned to open things with a double click."""

    def press(self, control: Locator) -> None:
        control.dblclick()


class Again(Hands):
    """
    A user who waits in vain, and presses again.

    What is sent the first time reaches the service; its answer is lost on the way, and its cookies with it.
    """

    def press(self, control: Locator) -> None:
        if control.evaluate("element => element.form?.enctype === 'application/x-www-form-urlencoded'"):
            self._in_vain(control)
        control.click()

    def _in_vain(self, control: Locator) -> None:
        context, lost = control.page.context, []

        def lose(route: Route) -> None:
            held = context.cookies()
            status = route.fetch(max_redirects=0).status
            context.add_cookies([{**cookie} for cookie in held])  # type: ignore[typeddict-item]
            for name in {cookie["name"] for cookie in context.cookies()} - {
                cookie["name"] for cookie in held
            }:
                context.clear_cookies(name=name)  # never all of them: a search may be leaving
            route.abort("aborted" if route.request.is_navigation_request() else "connectionreset")
            lost.append(status)

        control.page.route("**/*", lose, times=1)
        control.click()
        while not lost:
            context.cookies()  # lets the browser speak
