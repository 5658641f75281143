"""Étape 4."""

from e2e.pages._page import PageObject


class Consentement(PageObject):
    """What will be fetched, and the box that allows it."""

    heading = "Mon autorisation"
    etape = 4
    refusal = "Cochez la case pour continuer"
    accord = "J'autorise l'Assurance Maladie à récupérer les données sur les revenus de mon foyer."

    def autoriser(self) -> None:
        """Tick the box."""
        self.tick(self.accord)
