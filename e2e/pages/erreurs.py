"""Where the user ends when a page does not exist, or no longer does."""

from e2e.pages._page import PageObject
from e2e.pages.connexion import Connexion
from e2e.pages.demarches import Demarches


class Introuvable(PageObject):
    """404."""

    heading = "Cette page n'existe pas"
    is_error = True

    def revenir(self) -> Demarches:
        """The way back."""
        return self.follow("Revenir à « Mes démarches »", Demarches)


class SessionExpiree(PageObject):
    """What was lost, why, and how to begin again."""

    heading = "Votre session est terminée"

    def se_reconnecter(self) -> Connexion:
        """The way in."""
        return self.follow("Me connecter à nouveau", Connexion)
