"""w3m, a browser of text, driven through a terminal as its users do: search words, go to the control, Enter, type."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pexpect
import pyte

ROWS, COLUMNS = 200, 160  # w3m draws no more rows; most pages show whole
SECONDS = 20
ENTER, TAB, DOWN = "\r", "\t", "\x1b[B"
OPTIONS = ("accept_cookie=1", "color=0", "confirm_qq=0")
PROMPTS = ("TEXT:", "Password:", "Filename:")
PLAIN = str.maketrans({"’": "'", "\u00a0": " "})
BOX, RADIO = "[ ]", "( )"


class W3m:
    """A terminal where w3m runs. Every wait is for something that shows."""

    def __init__(self, url: str, home: Path) -> None:
        options = [part for option in OPTIONS for part in ("-o", option)]
        self._process = pexpect.spawn(
            "w3m",
            ["-cookie", *options, url],
            env={"HOME": str(home), "LC_ALL": "C.UTF-8", "TERM": "linux", "PATH": os.environ["PATH"]},
            dimensions=(ROWS, COLUMNS),
        )
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.close(force=True)

    @property
    def text(self) -> str:
        """All that shows, with plain spaces and apostrophes."""
        lines = "\n".join(line.rstrip() for line in self._screen.display if line.strip())
        return lines.translate(PLAIN)

    def arrives(self, title: str) -> None:
        """The page of this title shows."""
        self._until(lambda: f"Viewing <{title}" in self.text, f"the page « {title} »")

    def find(self, label: str) -> None:
        """Search these words from the cursor on; it is on them then."""
        pattern = "".join(rf"\{sign}" if sign in "[]()*.?" else sign for sign in label)
        pattern = pattern.replace(" ", ".").replace("'", ".")  # whichever space, whichever apostrophe
        self._process.send(f"/{pattern}{ENTER}")
        self._until(lambda: self._here().startswith(label), f"« {label} »")

    def press(self, label: str, then: str) -> None:
        """A button or a link, and the title of where it leads."""
        self.find(label)
        self._process.send(ENTER)
        self.arrives(then)

    def tick(self, label: str, mark: str = BOX) -> None:
        """The next box before these words."""
        self.find(mark + label)
        self._process.send(TAB)
        self._until(lambda: self._here().startswith(mark[1:] + label), f"the control of « {label} »")
        self._process.send(ENTER)
        ticked = "*" + mark[2:] + label
        self._until(lambda: self._here().startswith(ticked), f"« {label} » ticked")

    def choose(self, question: str, option: str) -> None:
        """The radio of this option, after a question."""
        self.find(question)
        self.tick(option, RADIO)

    def type(self, label: str, typed: str) -> None:
        """The next field of text, or of a password, after these words."""
        self._answer(label, typed)
        self._until(lambda: self._here().startswith(("*" * len(typed), typed)), f"« {typed} » typed")

    def choose_file(self, label: str, path: Path, then: str) -> None:
        """The next field of a file: w3m sends the form at once, because the field says what it accepts."""
        self._answer(label, str(path))
        self._until(lambda: then in self.text, f"« {then} »")

    def pick(self, label: str, option: str) -> None:
        """The next list after these words."""
        self._enter_after(label)
        self._until(lambda: f"│{option}" in self.text, f"the list after « {label} »")
        self._process.send(DOWN)
        self._until(lambda: self._here().startswith(option), f"« {option} » in the list")
        self._process.send(ENTER)
        self._until(lambda: f"[{option}" in self.text, f"« {option} » chosen")

    def _answer(self, label: str, typed: str) -> None:
        """w3m asks what to write at the foot of the screen."""
        self._enter_after(label)
        self._until(lambda: self._screen.display[-1].startswith(PROMPTS), f"the question after « {label} »")
        self._process.send(typed + ENTER)

    def _enter_after(self, label: str) -> None:
        self.find(label)
        self._process.send(TAB + ENTER)

    def _here(self) -> str:
        """The line from the cursor on."""
        cursor = self._screen.cursor
        return self._screen.display[cursor.y][cursor.x :].translate(PLAIN)

    def _until(self, shows: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + SECONDS
        while not shows():
            left = end - time.monotonic()
            assert left > 0, f"{what} does not show:\n{self.text}"
            try:
                self._stream.feed(self._process.read_nonblocking(65_536, timeout=left))
            except pexpect.TIMEOUT:
                continue
