"""Hands that have a keyboard and nothing else."""

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 80  # a page that needs more has lost somebody


class Keyboard:
    """Goes from control to control with Tab, and answers with Space, Enter, arrows and letters."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        self._keys = tab.keyboard
        tab.on("filechooser", lambda _: None)  # from now on, the window of the system opens in our hands

    def skip_to_content(self) -> None:
        """The first stop of a page is the skip link; it shows, and it works."""
        self._keys.press("Tab")
        skip = self.tab.get_by_role("link", name="Aller au contenu")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        self._keys.press("Enter")
        expect(self.tab.get_by_role("main")).to_be_focused()

    def go_to(self, control: Locator) -> None:
        """Tab until this has the focus, where one can see it."""
        for _ in range(MOST_STOPS):
            if control.evaluate("element => element === document.activeElement"):
                expect(control).to_be_in_viewport()
                return
            self._keys.press("Tab")
        raise AssertionError(f"no way to {control} with Tab")

    def press(self, control: Locator, key: str = "Enter") -> None:
        """A button or a link."""
        self.go_to(control)
        self._keys.press(key)

    def tick(self, box: Locator) -> None:
        """A box."""
        self.press(box, "Space")
        expect(box).to_be_checked()

    def choose(self, group: Locator, option: Locator) -> None:
        """Tab stops at a group of radios once; arrows go on from there."""
        radios = group.get_by_role("radio")
        self.go_to(radios.first)
        self._keys.press("Space")
        for _ in range(radios.count()):
            if option.is_checked():
                break
            self._keys.press("ArrowDown")
        expect(option).to_be_checked()

    def pick(self, list_: Locator, letters: str, value: str) -> None:
        """The first letters of an option choose it."""
        self.go_to(list_)
        self._keys.type(letters)
        expect(list_).to_have_value(value)

    def choose_file(self, field: Locator, name: str, content: bytes) -> None:
        """Space opens the window of the system, where keys are not ours."""
        self.go_to(field)
        with self.tab.expect_file_chooser() as chooser:
            self._keys.press("Space")
        chooser.value.set_files({"name": name, "mimeType": "application/pdf", "buffer": content})
