"""Étape 1 — « Ma situation actuelle »."""

from collections.abc import Mapping
from dataclasses import replace

from app.domain.caf import DefautCaf, defaut_du_caf, normalise_caf
from app.domain.demande import Changement, Demande, Nationalite, Situation
from app.domain.dossier import Dossier
from app.domain.periode import douze_mois_avant
from app.forms.form import Question, Sent, Value
from app.forms.typography import jour
from app.forms.words import CHANGEMENTS, NATIONALITES
from app.steps._step import Step, Visit

QUESTIONS = {
    "caf": Question(
        "J'ai un numéro d'allocataire CAF",
        "Si vous cochez cette case, donnez votre numéro juste après.",
        kind="box",
        required=False,
    ),
    "caf_numero": Question(
        "Numéro d'allocataire (7 chiffres)",
        "À remplir seulement si vous avez coché « J'ai un numéro d'allocataire CAF ». "
        "7 chiffres, avec le zéro du début. Exemple : 0123456",
        size="c7",
        inputmode="numeric",
        required=False,
    ),
    "changement": Question(
        "Ma situation familiale a changé au cours des 12 derniers mois",
        "C'est-à-dire depuis le {depuis}. Si vous cochez cette case, précisez ce changement juste après.",
        kind="box",
        required=False,
    ),
    "changement_type": Question(
        "Précisez ce changement",
        "À remplir seulement si vous avez coché « Ma situation familiale a changé au cours des 12 derniers mois ». "
        "Choisissez votre situation d'aujourd'hui. Exemple : Célibataire",
        kind="select",
        required=False,
        options=tuple(CHANGEMENTS.items()),
    ),
    "nationalite": Question(
        "Nationalité",
        "Choisissez une réponse. Exemple : Française",
        kind="select",
        options=tuple(NATIONALITES.items()),
    ),
}
REVEALED = {
    "caf_suite": (
        "Un champ pour votre numéro d'allocataire s'affiche.",
        "Le champ du numéro d'allocataire n'est plus demandé.",
        "Le numéro d'allocataire est encore là. Videz le champ, ou cochez à nouveau la case.",
    ),
    "changement_suite": (
        "Une liste pour préciser le changement s'affiche.",
        "Le changement n'est plus demandé.",
        "Votre choix est encore là. Revenez à « Choisir », ou cochez à nouveau la case.",
    ),
}


class SituationStep(Step):
    slug = "situation"
    title = "Ma situation actuelle"

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        depuis = jour(douze_mois_avant(visit.dossier.le))
        changement = QUESTIONS["changement"]
        return QUESTIONS | {"changement": replace(changement, hint=changement.hint.format(depuis=depuis))}

    def values(self, visit: Visit) -> Mapping[str, Value]:
        situation = visit.dossier.demande.situation
        if situation is None:
            return {}
        return {
            "caf": "oui" if situation.numero_caf else "",
            "caf_numero": situation.numero_caf or "",
            "changement": "oui" if situation.changement else "",
            "changement_type": situation.changement or "",
            "nationalite": situation.nationalite,
        }

    def read(self, visit: Visit, sent: Sent) -> Demande:
        numero_caf = _caf(sent)
        changement = _changement(sent)
        nationalite = sent.text("nationalite")
        if nationalite not in NATIONALITES:
            quoi = "une des trois réponses de « Nationalité »" if nationalite else "votre nationalité"
            sent.refuse("nationalite", f"Choisissez {quoi}, par exemple « Française ».")
        if sent.errors:
            return visit.dossier.demande
        situation = Situation(
            numero_caf=numero_caf, changement=changement, nationalite=Nationalite(nationalite)
        )
        return visit.dossier.demande.model_copy(update={"situation": situation})

    def revealed(self, visit: Visit, sent: Sent) -> str:
        """What a box opens stays while it is filled in: nothing that was typed is hidden, and it would be refused."""
        box = sent.text("bloc").removesuffix("_suite")
        shown, hidden, filled = REVEALED.get(f"{box}_suite", ("", "", ""))
        if sent.box(box):
            return shown
        return filled if sent.text(f"{box}_numero") or sent.text(f"{box}_type") else hidden

    def answered(self, dossier: Dossier) -> bool:
        return dossier.demande.situation is not None


def _caf(sent: Sent) -> str | None:
    numero = normalise_caf(sent.text("caf_numero"))
    if not sent.box("caf"):
        if numero:
            sent.refuse(
                "caf_numero",
                "Vous avez saisi un numéro d'allocataire, par exemple 0123456. "
                "Cochez « J'ai un numéro d'allocataire CAF », ou videz le champ.",
            )
        return None
    if not numero:
        sent.refuse(
            "caf_numero",
            "Saisissez votre numéro d'allocataire : 7 chiffres, par exemple 0123456. "
            "Vous n'en avez pas ? Décochez la case.",
        )
    match defaut_du_caf(numero):
        case DefautCaf.LONGUEUR:
            sent.refuse(
                "caf_numero",
                f"Le numéro d'allocataire compte 7 chiffres. Vous en avez saisi {len(numero)}. "
                "Vérifiez-le, par exemple 0123456.",
            )
        case DefautCaf.LETTRE:
            sent.refuse(
                "caf_numero",
                "Saisissez les 7 chiffres du numéro d'allocataire, sans la lettre. Par exemple 0123456.",
            )
        case DefautCaf.CARACTERES:
            sent.refuse(
                "caf_numero",
                "Saisissez le numéro d'allocataire avec des chiffres seulement, par exemple 0123456.",
            )
    return numero


def _changement(sent: Sent) -> Changement | None:
    choisi = sent.text("changement_type")
    if not sent.box("changement"):
        if choisi:
            sent.refuse(
                "changement_type",
                "Vous avez choisi un changement, par exemple « Célibataire ». "
                "Cochez « Ma situation familiale a changé », ou revenez à « Choisir ».",
            )
        return None
    if choisi not in CHANGEMENTS:
        sent.refuse(
            "changement_type",
            "Choisissez une des quatre réponses de « Précisez ce changement », par exemple « Célibataire »."
            if choisi
            else "Choisissez votre situation familiale d'aujourd'hui dans « Précisez ce changement », "
            "par exemple « Célibataire ».",
        )
        return None
    return Changement(choisi)


STEP = SituationStep()
