"""Étape 5 — « Récapitulatif de ma demande » : relire, corriger, confirmer."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.domain.instantane import empreinte_des_reponses
from app.forms.form import Sent
from app.steps._lines import make_blocks
from app.steps._said import Said
from app.steps._step import RECAP, Step, Visit

MARK = 16  # characters of the digest kept in the draft: enough to notice any change


class RecapitulatifSaid(Said):
    """What was read is no longer what is answered."""

    CHANGE = "change"


class RecapitulatifStep(Step):
    slug = RECAP
    title = "Récapitulatif de ma demande"
    alerts = {RecapitulatifSaid.CHANGE: "Vos réponses ont changé depuis cette page"}
    forward = "Je confirme que tout est bon"

    def read(self, visit: Visit, sent: Sent) -> Demande:
        confirmed = empreinte_des_reponses(visit.dossier)[:MARK]
        return visit.dossier.demande.model_copy(update={"recapitulatif": confirmed})

    def answered(self, dossier: Dossier) -> bool:
        confirmed = dossier.demande.recapitulatif
        return confirmed is not None and confirmed == empreinte_des_reponses(dossier)[:MARK]

    def context(self, visit: Visit) -> Mapping[str, object]:
        return {
            "blocs": make_blocks(visit.db, visit.caisse, visit.dossier),
            "accord_le": datetime.fromisoformat(visit.dossier.demande.consentement or ""),
            "mois_change": visit.dossier.le_mois_a_change,
            "periode": visit.dossier.periode,
            "reponses_changees": self.alerts.get(visit.query.get("fait", ""), ""),
        }


STEP = RecapitulatifStep()
