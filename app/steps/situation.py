"""Étape 1 — « Ma situation actuelle »."""

from app.domain.caf import DefautCaf
from app.domain.demande import Situation
from app.forms.asked import Asked, Questionnaire
from app.forms.kinds import BoxThen, CafNumber, OneOf
from app.forms.words import CHANGEMENTS, NATIONALITES
from app.steps._step import AskedStep

ASKED = Questionnaire(
    Situation,
    {
        "numero_caf": Asked(
            BoxThen(
                "caf_numero",
                Asked(
                    CafNumber(
                        {
                            DefautCaf.LONGUEUR: "Le numéro d'allocataire compte 7 chiffres. Vous en avez saisi {n}. "
                            "Vérifiez-le, par exemple 0123456.",
                            DefautCaf.LETTRE: "Saisissez les 7 chiffres du numéro d'allocataire, sans la lettre. "
                            "Par exemple 0123456.",
                            DefautCaf.CARACTERES: "Saisissez le numéro d'allocataire avec des chiffres seulement, "
                            "par exemple 0123456.",
                        }
                    ),
                    "Numéro d'allocataire (7 chiffres)",
                    "Avec le zéro du début. Exemple : 0123456",
                    plain="À remplir seulement si vous avez coché « J'ai un numéro d'allocataire CAF ».",
                    missing="Saisissez votre numéro d'allocataire : 7 chiffres, par exemple 0123456. "
                    "Vous n'en avez pas ? Décochez la case.",
                ),
                unticked="Vous avez saisi un numéro d'allocataire. "
                "Cochez « J'ai un numéro d'allocataire CAF », ou videz le champ.",
                aloud=(
                    "Un champ pour votre numéro d'allocataire s'affiche.",
                    "Le champ du numéro d'allocataire n'est plus demandé.",
                    "Le numéro d'allocataire est encore là. Videz le champ, ou cochez à nouveau la case.",
                ),
            ),
            "J'ai un numéro d'allocataire CAF",
            recap="Numéro allocataire CAF",
            modify="numéro allocataire CAF",
            untold="Aucun",
            control="caf",
        ),
        "changement": Asked(
            BoxThen(
                "changement_type",
                Asked(
                    OneOf(CHANGEMENTS),
                    "Précisez ce changement",
                    "Votre situation d'aujourd'hui.",
                    plain="À remplir seulement si vous avez coché « Ma situation familiale a changé… ».",
                    missing="Choisissez votre situation familiale d'aujourd'hui dans « Précisez ce changement ».",
                    unknown="Choisissez une des quatre réponses de « Précisez ce changement ».",
                ),
                unticked="Vous avez choisi un changement. "
                "Cochez « Ma situation familiale a changé », ou revenez à « Choisir ».",
                aloud=(
                    "Une liste pour préciser le changement s'affiche.",
                    "Le changement n'est plus demandé.",
                    "Votre choix est encore là. Revenez à « Choisir », ou cochez à nouveau la case.",
                ),
            ),
            "Ma situation familiale a changé au cours des 12 derniers mois",
            "C'est-à-dire depuis le {depuis}.",
            recap="Changement de situation",
            modify="changement de situation",
            untold="Aucun",
        ),
        "nationalite": Asked(
            OneOf(NATIONALITES),
            "Nationalité",
            recap="Nationalité",
            modify="nationalité",
            missing="Choisissez votre nationalité.",
            unknown="Choisissez une des trois réponses de « Nationalité ».",
        ),
    },
)


class SituationStep(AskedStep):
    slug = "situation"
    title = "Ma situation actuelle"
    asked = ASKED


STEP = SituationStep()
