"""Étape 5 — « Informations complémentaires » : trois questions, deux par personne et une pour le foyer."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

from app.domain.bareme import forfait_logement
from app.domain.demande import Complements, Demande
from app.domain.dossier import Dossier
from app.domain.periode import douze_mois_avant
from app.forms.form import Question, Sent, Value
from app.forms.typography import jour
from app.forms.words import prenom
from app.steps._step import Step, Visit

STAGE = Question(
    "Êtes-vous sans emploi et percevez-vous en ce moment une rémunération de stage ?",
    "Répondez « Oui » si les deux sont vrais aujourd'hui.",
    kind="yes_no",
)
LOGEMENT = Question(
    "Votre foyer est-il propriétaire de son logement ou y êtes-vous hébergé gratuitement ?",
    "Une seule réponse pour tout le foyer. Répondez « Oui » si l'un des deux est vrai.",
    kind="yes_no",
)
ARRET = Question(
    "Êtes-vous ou avez-vous été en arrêt de travail depuis plus de 6 mois au titre de la maladie "
    "au cours des 12 derniers mois ?",
    "Les 12 derniers mois vont du {depuis} à aujourd'hui.",
    kind="yes_no",
)
REFUS = (
    "Répondez à la question sur {sujet} : choisissez « Oui » ou « Non », par exemple « Oui » si c'est vrai."
)


class ComplementsStep(Step):
    slug = "complements"
    title = "Informations complémentaires sur les ressources de votre foyer"

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        depuis = jour(douze_mois_avant(visit.dossier.le))
        arret = replace(ARRET, hint=ARRET.hint.format(depuis=depuis))
        return (
            {"stage": STAGE}
            | _par_personne(visit.dossier, "stage", STAGE)
            | {"logement": LOGEMENT, "arret": arret}
            | _par_personne(visit.dossier, "arret", arret)
        )

    def values(self, visit: Visit) -> Mapping[str, Value]:
        complements = visit.dossier.demande.complements
        return {
            "logement": _written(complements.logement),
            **{f"stage_{cle}": _written(reponse) for cle, reponse in complements.stage.items()},
            **{f"arret_{cle}": _written(reponse) for cle, reponse in complements.arret.items()},
        }

    def read(self, visit: Visit, sent: Sent) -> Demande:
        dossier = visit.dossier
        complements = dossier.demande.complements
        stage = _answers(dossier, sent, "stage", "la rémunération de stage")
        logement = sent.yes_no("logement", REFUS.format(sujet="le logement de votre foyer"))
        arret = _answers(dossier, sent, "arret", "l'arrêt de travail")
        if sent.errors:
            return dossier.demande
        # The answers of people who left stay: they may come back.
        lus = Complements(
            stage={**complements.stage, **stage}, logement=logement, arret={**complements.arret, **arret}
        )
        return dossier.demande.model_copy(update={"complements": lus})

    def answered(self, dossier: Dossier) -> bool:
        complements = dossier.demande.complements
        return complements.logement is not None and all(
            membre.cle in complements.stage and membre.cle in complements.arret
            for membre in dossier.membres_de_16_ans
        )

    def context(self, visit: Visit) -> Mapping[str, object]:
        dossier = visit.dossier
        stage = dossier.demande.complements.stage
        return {
            "cles": [membre.cle for membre in dossier.membres_de_16_ans],
            "forfait": _forfait(dossier),
            "nouvelles": _newcomers(dossier) if stage else [],
        }


def _par_personne(dossier: Dossier, nom: str, question: Question) -> dict[str, Question]:
    """The question itself when one person answers it; else a first name under it for each person."""
    membres = dossier.membres_de_16_ans
    if len(membres) == 1:
        return {f"{nom}_{membres[0].cle}": question}
    return {f"{nom}_{membre.cle}": Question(prenom(dossier, membre), kind="yes_no") for membre in membres}


def _answers(dossier: Dossier, sent: Sent, nom: str, sujet: str) -> dict[str, bool]:
    lues = {
        membre.cle: sent.yes_no(
            f"{nom}_{membre.cle}", REFUS.format(sujet=f"{sujet} pour {prenom(dossier, membre)}")
        )
        for membre in dossier.membres_de_16_ans
    }
    return {cle: reponse for cle, reponse in lues.items() if reponse is not None}


def _newcomers(dossier: Dossier) -> Sequence[str]:
    """Who is in the household since the questions were answered."""
    stage = dossier.demande.complements.stage
    return [prenom(dossier, membre) for membre in dossier.membres_de_16_ans if membre.cle not in stage]


def _written(reponse: bool | None) -> str:
    return {True: "oui", False: "non", None: ""}[reponse]


def _forfait(dossier: Dossier) -> Decimal | None:
    with suppress(ValueError):  # a day before the first table we have
        return forfait_logement(len(dossier.foyer), dossier.le)
    return None


STEP = ComplementsStep()
