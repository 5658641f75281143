"""Étape 5 — « Informations complémentaires » : des questions à chacun, et une pour le foyer."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal

from app.domain.bareme import forfait_logement
from app.domain.demande import Complements
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.forms.asked import Asked, Questionnaire
from app.forms.kinds import PerPerson, YesNo
from app.forms.words import prenom
from app.steps._step import AskedStep, Visit


def _of_16_and_more(dossier: Dossier) -> Sequence[Membre]:
    return dossier.membres_de_16_ans


ASKED = Questionnaire(
    Complements,
    {
        "stage": Asked(
            PerPerson(YesNo(), _of_16_and_more),
            "Êtes-vous sans emploi et percevez-vous en ce moment une rémunération de stage ?",
            "« Oui » si les deux sont vrais aujourd'hui.",
            recap="stage",
            missing="Répondez à la question sur la rémunération de stage pour {prenom} : "
            "choisissez « Oui » ou « Non ».",
        ),
        "logement": Asked(
            YesNo(),
            "Votre foyer est-il propriétaire de son logement ou y êtes-vous hébergé gratuitement ?",
            "« Oui » si l'un des deux est vrai.",
            recap="Logement sans loyer",
            modify="logement sans loyer",
            missing="Répondez à la question sur le logement de votre foyer : choisissez « Oui » ou « Non ».",
        ),
        "arret": Asked(
            PerPerson(YesNo(), _of_16_and_more),
            "Êtes-vous ou avez-vous été en arrêt de travail depuis plus de 6 mois au titre de la maladie "
            "au cours des 12 derniers mois ?",
            "Entre le {depuis} et aujourd'hui.",
            recap="arrêt",
            missing="Répondez à la question sur l'arrêt de travail pour {prenom} : "
            "choisissez « Oui » ou « Non ».",
        ),
    },
)


class ComplementsStep(AskedStep):
    slug = "complements"
    title = "Informations complémentaires sur les ressources de votre foyer"
    asked = ASKED

    def context(self, visit: Visit) -> Mapping[str, object]:
        dossier = visit.dossier
        stage = dossier.demande.complements.stage
        return {
            "cles": [membre.cle for membre in dossier.membres_de_16_ans],
            "forfait": _forfait(dossier),
            "nouvelles": _newcomers(dossier) if stage else [],
        }


def _newcomers(dossier: Dossier) -> Sequence[str]:
    """Who is in the household since the questions were answered."""
    stage = dossier.demande.complements.stage
    return [prenom(dossier, membre) for membre in dossier.membres_de_16_ans if membre.cle not in stage]


def _forfait(dossier: Dossier) -> Decimal | None:
    with suppress(ValueError):  # a day before the first table we have
        return forfait_logement(len(dossier.foyer), dossier.le)
    return None


STEP = ComplementsStep()
