"""The dashboard."""

from e2e.pages._page import PageObject
from e2e.pages.demande import Demande


class Demarches(PageObject):
    """Everything the user can do."""

    heading = "Mes démarches"

    def demander(self) -> Demande:
        """The entry of the source."""
        return self.follow("Faire une demande de Complémentaire santé solidaire", Demande)

    def reprendre(self) -> Demande:
        """The demande that is under way."""
        return self.follow("Reprendre ma demande", Demande)
