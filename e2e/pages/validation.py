"""Étape 7."""

from e2e.pages._page import PageObject
from e2e.pages.terminee import Terminee


class Validation(PageObject):
    """Certify, and file."""

    heading = "Validation de ma demande"
    etape = 7
    refusal = "Cochez la case pour valider"
    forward = "Je valide ma demande"
    certifie = "Je certifie l'exactitude des éléments déclarés"

    def valider(self) -> Terminee:
        """Certify, then « Je valide ma demande »."""
        self.tick(self.certifie)
        return self.suivant(Terminee)
