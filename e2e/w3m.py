"""w3m, a browser of text, driven through a terminal as its users do: search words, go to the control, Enter, type."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pexpect
import pyte
import pytest

from e2e.pages.situation import answer_plainly

ROWS, COLUMNS = 200, 160  # w3m draws no more rows; most pages show whole
SECONDS = 20
ENTER, TAB, DOWN = "\r", "\t", "\x1b[B"
CLEAR = "\x15"
OPTIONS = ("accept_cookie=1", "color=0", "confirm_qq=0")
PROMPTS = ("TEXT:", "Password:", "Filename:")
PLAIN = str.maketrans({"’": "'", "\u00a0": " "})
BOX, RADIO = "[ ]", "( )"


class Crashed(Exception):
    """w3m has died of a fault of its own, as Debian's 0.5.3 now and then does."""


def in_text(test: Callable[..., None]) -> Callable[..., None]:
    """A test that needs w3m; it is played once more, on a fresh service, if w3m crashes."""
    missing = "w3m is not here, and could not be installed: apt-get install w3m"
    forks = "ignore:.*use of forkpty.*:DeprecationWarning"  # Python 3.12 and later
    pytest.mark.filterwarnings(forks)(test)  # written on the test itself
    pytest.mark.skipif(not shutil.which("w3m"), reason=missing)(test)
    pytest.mark.flaky(reruns=1, only_rerun=[Crashed.__name__])(test)
    return test


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

    @property
    def pid(self) -> int:
        """The process of the browser."""
        return int(self._process.pid)

    def arrives(self, title: str) -> None:
        """The page of this title shows."""
        self._until(lambda: f"Viewing <{title}" in self.text, f"the page « {title} »")

    def go(self, url: str, title: str) -> None:
        """Type this address, and arrive at this title."""
        self._process.send("U")
        self._until(lambda: self._screen.display[-1].startswith("Goto URL:"), "the question of an address")
        self._process.send(CLEAR + url + ENTER)  # it proposes another
        self.arrives(title)

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
            except pexpect.EOF:
                self._process.wait()
                if self._process.signalstatus == signal.SIGSEGV:
                    raise Crashed from None
                raise


def benoit_depose(w3m: W3m, avis: Path) -> None:
    """The whole démarche, from « Mes démarches » to « terminée »."""
    w3m.press("Faire une demande de Complémentaire santé", "Demande de Complémentaire santé solidaire")
    w3m.press("Je démarre ma demande", "Ma situation actuelle – Étape 1 sur 7")
    answer_plainly(w3m)
    w3m.press("Suivant Retour", "Composition du foyer – Étape 2 sur 7")
    assert "Emilie a 35 ans." in w3m.text
    w3m.press("Suivant Retour", "Les personnes de mon foyer – Étape 2 sur 7")
    w3m.press("Suivant Retour", "Je choisis ma Complémentaire santé solidaire – Étape 3 sur 7")
    w3m.tick("Je choisis ma caisse", RADIO)
    w3m.press("Suivant Retour", "Mon autorisation – Étape 4 sur 7")
    w3m.tick("J'autorise l'Assurance Maladie")
    w3m.press("Suivant Retour", "Les autres ressources de mon foyer – Étape 5 sur 7")
    w3m.press("Je déclare les autres ressources", "Je déclare mes autres ressources perçues entre")
    w3m.tick("Mon foyer n'a perçu aucune")
    w3m.press("Suivant Retour", "Informations complémentaires sur les ressources")
    for question in (
        "Êtes-vous sans emploi",
        "Votre foyer est-il propriétaire",
        "Êtes-vous ou avez-vous été",
    ):
        w3m.choose(question, "Non")
    w3m.press("Suivant Retour", "Récapitulatif de ma demande – Étape 5 sur 7")
    w3m.press("Je confirme que tout est bon", "Mes pièces justificatives – Étape 6 sur 7")
    assert "Annuler l'envoi" not in w3m.text, "the words of scripts, in a browser that runs none"
    w3m.choose_file("Choisir un fichier", avis, "Document joint : 1 fichier reçu")
    w3m.choose("Mon foyer dispose d'un bien", "Non")
    w3m.choose("J'ai résidé à l'étranger", "Non")
    w3m.press("Suivant Retour", "Validation de ma demande – Étape 7 sur 7")
    w3m.tick("Je certifie l'exactitude")
    w3m.press("Je valide ma demande", "Votre demande est maintenant terminée")
