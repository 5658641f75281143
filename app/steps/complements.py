"""Placeholder."""

from app.domain.dossier import Dossier
from app.steps._step import Step


class PlaceholderStep(Step):
    slug = "complements"
    title = "Informations complémentaires sur les ressources de votre foyer"

    def answered(self, dossier: Dossier) -> bool:
        return False


STEP = PlaceholderStep()
