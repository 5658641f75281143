"""Étape 5 — « Les autres ressources de mon foyer » : ce que la caisse connaît, ce qui reste à déclarer."""

from collections.abc import Mapping

from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.forms.form import Sent
from app.steps._step import Step, Visit

FAMILLES = {
    "activite": "Revenus d'activité",
    "remplacement": "Revenus de remplacement",
    "pensions": "Pensions, rentes et retraites",
    "prestations": "Prestations sociales",
}


class RessourcesStep(Step):
    slug = "ressources"
    title = "Les autres ressources de mon foyer"
    forward = "Je déclare les autres ressources de mon foyer"

    def read(self, visit: Visit, sent: Sent) -> Demande:
        return visit.dossier.demande.model_copy(update={"ressources": True})

    def answered(self, dossier: Dossier) -> bool:
        return dossier.demande.ressources

    def context(self, visit: Visit) -> Mapping[str, object]:
        collectees = visit.dossier.assure.familles_collectees
        return {
            "collectees": [nom for code, nom in FAMILLES.items() if code in collectees],
            "a_collecter": [nom for code, nom in FAMILLES.items() if code not in collectees],
            "periode": visit.dossier.periode,
        }


STEP = RessourcesStep()
