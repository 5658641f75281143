"""Étape 1."""

from typing import Protocol

from app.steps.situation import ASKED
from e2e.pages._page import PageObject
from tests.support.household import SITUATION


class Answers(Protocol):
    """A page where one chooses: of a browser, or of w3m."""

    def choose(self, legend: str, option: str, /) -> None:
        """One of the answers to a question."""

    def pick(self, label: str, option: str, /) -> None:
        """One of the choices of a list."""


def answer_plainly(page: Answers) -> None:
    """What étape 1 requires, whatever it comes to ask, as `SITUATION` answers it."""
    for name, asked in ASKED.asked.items():
        if asked.missing:
            answer = page.pick if asked.kind.drawing == "select" else page.choose
            answer(asked.label, asked.kind.told(getattr(SITUATION, name)))


class Situation(PageObject):
    """CAF number, change of family, nationality."""

    heading = "Ma situation actuelle"
    etape = 1
    caf = "J'ai un numéro d'allocataire CAF"
    numero = "Numéro d'allocataire (7 chiffres)"
    changement = "Ma situation familiale a changé au cours des 12 derniers mois"
    precision = "Précisez ce changement"
    nationalite = "Nationalité"
    required = tuple(
        asked.missing for asked in ASKED.asked.values() if asked.missing
    )  # what an empty page says

    def remplir(self, nationalite: str = "", *, caf: str = "", changement: str = "") -> None:
        """Answer the page; what is not given is answered plainly if it is required, else left alone."""
        if caf:
            self.tick(self.caf)
            self.hands.type(self.text(self.numero), caf)
        if changement:
            self.tick(self.changement)
            self.pick(self.precision, changement)
        answer_plainly(self)
        if nationalite:
            self.pick(self.nationalite, nationalite)
