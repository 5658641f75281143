"""Étape 4 — « Mon autorisation » : les données que la caisse va chercher, et l'accord de la personne."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.forms.asked import Asked
from app.forms.form import Form, Question, Sent, Value
from app.forms.kinds import Box
from app.steps._said import Said
from app.steps._step import Done, Step, Visit

ACCORD = Asked(
    Box(),
    "J'autorise l'Assurance Maladie à récupérer les données sur les revenus de mon foyer.",
    missing="Cochez « J'autorise l'Assurance Maladie… » pour continuer. Vous refusez ? La demande s'arrête ici.",
)


class ConsentementSaid(Said):
    """The authorisation has been taken back."""

    RETIREE = "retiree"


class ConsentementStep(Step):
    slug = "consentement"
    title = "Mon autorisation"
    alerts = {ConsentementSaid.RETIREE: "Votre autorisation est retirée."}

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        return ACCORD.kind.questions("accord", ACCORD, visit.dossier)

    def values(self, visit: Visit) -> Mapping[str, Value]:
        return ACCORD.kind.shown("accord", bool(visit.dossier.demande.consentement))

    def read(self, visit: Visit, sent: Sent) -> Demande:
        demande = visit.dossier.demande
        if demande.consentement and not sent.box("accord"):
            # A 422 would leave in the draft an authorisation that was taken back.
            return demande.model_copy(update={"consentement": None})
        if not ACCORD.kind.read("accord", ACCORD, visit.dossier, sent):
            return demande
        donnee = demande.consentement or visit.now.isoformat(timespec="seconds")
        return demande.model_copy(update={"consentement": donnee})

    def answered(self, dossier: Dossier) -> bool:
        return bool(dossier.demande.consentement)

    def done(self, visit: Visit, demande: Demande, onward: str) -> Done:
        if demande.consentement:
            return Done(demande, url=onward)
        return Done(demande, fait=ConsentementSaid.RETIREE)

    def refusal(self, form: Form) -> str:
        return "Cochez la case pour continuer"

    def context(self, visit: Visit) -> Mapping[str, object]:
        consentement = visit.dossier.demande.consentement
        return {
            "periode": visit.dossier.periode,
            "donnee_le": datetime.fromisoformat(consentement) if consentement else None,
            "retiree": "" if consentement else self.alerts.get(visit.query.get("fait", ""), ""),
        }


STEP = ConsentementStep()
