"""Signing in, as a person of the demonstration or with a number and a password."""

from typing import Self

from e2e.pages._page import PageObject
from e2e.pages.demarches import Demarches
from e2e.window import Window


class Connexion(PageObject):
    """The first page of the service."""

    heading = "Me connecter à mon compte"

    @classmethod
    def open(cls, window: Window) -> Self:
        """The first page of the service."""
        window.page.goto("/")
        return cls(window)

    def en_tant_que(self, prenom: str) -> Demarches:
        """The button of a demonstration account."""
        return self.press(f"Se connecter en tant que {prenom}", Demarches)
