"""Placeholder."""

from app.domain.dossier import Dossier
from app.steps._step import Step


class PlaceholderStep(Step):
    slug = "organisme"
    title = "Je choisis ma Complémentaire santé solidaire"

    def answered(self, dossier: Dossier) -> bool:
        return False


STEP = PlaceholderStep()
