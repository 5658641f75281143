"""Étape 7: it is done."""

from playwright.sync_api import expect

from e2e.pages._page import PageObject, words
from e2e.pages.demarches import Demarches
from e2e.pages.echanges import Accuse


class Terminee(PageObject):
    """The receipt."""

    heading = "Votre demande est maintenant terminée !"

    def reference(self, reference: str) -> None:
        """This is the reference the page gives."""
        expect(self.main.get_by_text(words(reference, whole=True))).to_be_visible()

    def accuse(self) -> Accuse:
        """The accusé, of a complete demande."""
        return self.follow("Voir mon accusé de réception", Accuse)

    def tableau_de_bord(self) -> Demarches:
        """Back to where the user can follow it."""
        return self.follow("Retour au tableau de bord", Demarches)
