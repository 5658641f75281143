"""Étape 5: the kinds of resources."""

from e2e.pages._page import PageObject


class AutresRessources(PageObject):
    """The seven kinds, or none."""

    heading = "Je déclare mes autres ressources perçues entre octobre 2025 et septembre 2026"
    etape = 5
    aucune = "Mon foyer n'a perçu aucune de ces sources de revenu"
    pension = "Pensions alimentaires perçues"
    autres = "Autres"

    def cocher(self, *sortes: str) -> None:
        """Tick these kinds."""
        for sorte in sortes:
            self.tick(sorte)
