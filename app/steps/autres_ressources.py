"""Placeholder."""

from app.domain.dossier import Dossier
from app.steps._step import Step


class PlaceholderStep(Step):
    slug = "autres-ressources"
    title = "Je déclare"

    def answered(self, dossier: Dossier) -> bool:
        return False


STEP = PlaceholderStep()
