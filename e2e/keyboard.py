"""Hands that have a keyboard and nothing else."""

from playwright.sync_api import FilePayload, Locator, Page, expect

from e2e.hands import Hands

MOST_STOPS = 80  # a page that needs more has lost the user
LETTERS = 3  # enough to find an option
HERE = "element => element === document.activeElement"
IN_THE_GROUP = "element => element.name === document.activeElement.name && element.type === 'radio'"
BEHIND = (
    "element => element.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING"
)


class Keyboard(Hands):
    """Goes from control to control with Tab, and answers with Space, Enter, arrows and letters."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        self._keys = tab.keyboard
        tab.on("filechooser", lambda _: None)  # from now on, the window of the system opens in our hands

    def arrive(self, tab: Page) -> None:
        """The first stop of a page is the skip link; it shows, and it works. A link to a question leads there at once."""
        if not tab.evaluate("document.activeElement === document.body"):
            return
        self._keys.press("Tab")
        skip = self.tab.get_by_role("link", name="Aller au contenu")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        self._keys.press("Enter")
        expect(self.tab.get_by_role("main")).to_be_focused()

    def press(self, control: Locator) -> None:
        self._go_to(control)
        self._keys.press("Enter")

    def type(self, field: Locator, text: str) -> None:
        self._go_to(field)
        self._keys.press("ControlOrMeta+A")
        self._keys.type(text)
        expect(field).to_have_value(text)

    def tick(self, box: Locator, ticked: bool = True) -> None:
        if box.is_checked() is not ticked:
            self._go_to(box)
            self._keys.press("Space")
        expect(box).to_be_checked(checked=ticked)

    def choose(self, option: Locator) -> None:
        """Tab stops at a group of radios once; arrows go on from there."""
        self._go_to(option, there=IN_THE_GROUP)
        self._keys.press("Space")
        for _ in range(MOST_STOPS):
            if option.is_checked():
                break
            self._keys.press("ArrowDown")
        expect(option).to_be_checked()

    def pick(self, list_: Locator, label: str, value: str) -> None:
        """The first letters of an option choose it."""
        self._go_to(list_)
        self._keys.type(label[:LETTERS])
        expect(list_).to_have_value(value)

    def attach(self, field: Locator, files: list[FilePayload]) -> None:
        """Space opens the window of the system, where keys are not ours."""
        self._go_to(field)
        with self.tab.expect_file_chooser() as chooser:
            self._keys.press("Space")
        chooser.value.set_files(files)

    def _go_to(self, control: Locator, there: str = HERE) -> None:
        """Tab until this has the focus, where the user can see it."""
        expect(control).to_be_visible()
        key = "Shift+Tab" if control.evaluate(BEHIND) else "Tab"
        for _ in range(MOST_STOPS):
            if control.evaluate(there):
                expect(self.tab.locator(":focus")).to_be_in_viewport()
                return
            self._keys.press(key)
        raise AssertionError(f"no way to {control} with {key}")
