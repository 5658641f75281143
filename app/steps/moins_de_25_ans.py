"""Placeholder."""

from app.domain.dossier import Dossier
from app.steps._step import Step


class PlaceholderStep(Step):
    slug = "moins-de-25-ans"
    title = "Vous avez moins de 25 ans"

    def answered(self, dossier: Dossier) -> bool:
        return False


STEP = PlaceholderStep()
