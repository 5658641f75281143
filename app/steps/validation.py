"""Étape 7 — « Validation de ma demande » : certifier, puis déposer."""

from collections.abc import Mapping

from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.domain.instantane import empreinte_de_la_demande
from app.forms.form import Form, Question, Sent
from app.forms.words import document
from app.steps._step import Step, Visit

QUESTIONS = {
    "certifie": Question(
        "Je certifie l'exactitude des éléments déclarés",
        "Certifier veut dire : dire que c'est vrai.",
        kind="box",
    ),
}
DIGEST = "empreinte"  # the hidden field: the digest of what this page was drawn for


class ValidationStep(Step):
    slug = "validation"
    title = "Validation de ma demande"
    forward = "Je valide ma demande"

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        return QUESTIONS

    def read(self, visit: Visit, sent: Sent) -> Demande:
        if not sent.box("certifie"):
            sent.refuse(
                "certifie",
                "Cochez « Je certifie l'exactitude des éléments déclarés » pour valider. "
                "Un doute ? Relisez d'abord vos réponses.",
            )
        return visit.dossier.demande

    def answered(self, dossier: Dossier) -> bool:
        return False  # once it is, there is no draft any more

    def refusal(self, form: Form) -> str:
        return "Cochez la case pour valider"

    def context(self, visit: Visit) -> Mapping[str, object]:
        dossier = visit.dossier
        return {
            "empreinte": empreinte_de_la_demande(dossier),
            "manquants": [document(dossier, emplacement) for emplacement in dossier.manquants],
            "fichiers": len(dossier.fichiers_utiles),
            "delai": visit.caisse.delai_pieces_jours,
        }


STEP = ValidationStep()
