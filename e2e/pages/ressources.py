"""Étape 5: what the caisse knows, and what is left to declare."""

from e2e.pages._page import PageObject


class Ressources(PageObject):
    """A page to read."""

    heading = "Les autres ressources de mon foyer"
    etape = 5
    forward = "Je déclare les autres ressources de mon foyer"
