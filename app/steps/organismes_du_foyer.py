"""Placeholder."""

from app.domain.dossier import Dossier
from app.steps._step import Step


class PlaceholderStep(Step):
    slug = "organismes-du-foyer"
    title = "Organisme de chaque personne"

    def answered(self, dossier: Dossier) -> bool:
        return False


STEP = PlaceholderStep()
