"""Étape 5: how much, for each kind and each person."""

from playwright.sync_api import Locator

from e2e.pages._page import PageObject, named


class Montants(PageObject):
    """A total for each kind and each person."""

    heading = "Montant de mes autres ressources"
    etape = 5

    def champ(self, sorte: str, prenom: str) -> Locator:
        """Where this total is typed."""
        return self.group(sorte).get_by_role("textbox", name=named(f"{prenom} : total en euros"))

    def total(self, sorte: str, prenom: str, euros: str) -> None:
        """Type a total."""
        self.hands.type(self.champ(sorte, prenom), euros)

    def preciser(self, libelle: str) -> None:
        """What « Autres » are."""
        self.hands.type(self.text("De quoi s'agit-il ?"), libelle)
