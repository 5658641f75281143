"""Placeholder."""

from app.domain.dossier import Dossier
from app.steps._step import Step


class PlaceholderStep(Step):
    slug = "beneficiaires"
    title = "Les personnes de mon foyer"

    def answered(self, dossier: Dossier) -> bool:
        return False


STEP = PlaceholderStep()
