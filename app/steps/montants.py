"""Placeholder."""

from app.domain.dossier import Dossier
from app.steps._step import Step


class PlaceholderStep(Step):
    slug = "montants"
    title = "Montant de mes autres ressources"

    def answered(self, dossier: Dossier) -> bool:
        return False


STEP = PlaceholderStep()
