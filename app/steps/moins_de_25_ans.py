"""Étape 0 bis — « Vous avez moins de 25 ans » : peut-on demander la C2S pour soi-même ?"""

from collections.abc import Mapping

from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.domain.moins_de_25_ans import Issue, Reponses, decide, questions_pour
from app.forms.form import Question, Sent, Value
from app.forms.words import ENGAGEMENTS
from app.steps._step import Done, Step, Visit

ENOUGH = " Si c'est « Oui », vous pouvez laisser les questions suivantes vides."
PLEDGE_HINT = (
    "À remplir seulement si vous avez répondu « Oui ». Vous pouvez continuer si vous prenez cet engagement. "
    "Il est gardé avec votre demande et écrit dans le récapitulatif."
)
PLEDGE_OPTIONS = (("oui", "Je prends cet engagement"), ("non", "Je ne prends pas cet engagement"))


def _asked(label: str, hint: str) -> Question:
    return Question(label, hint, kind="yes_no", required=False)


QUESTIONS = {
    "liens": _asked(
        "Les liens avec votre famille sont-ils rompus ?",
        "Exemple : vous ne vivez plus avec vos parents et ils ne vous aident plus.",
    ),
    "enfant": _asked(
        "Avez-vous un enfant à charge, ou allez-vous en avoir un ?",
        "Un enfant à charge est un enfant que vous élevez. Répondez « Oui » aussi si vous attendez un enfant."
        + ENOUGH,
    ),
    "couple": _asked(
        "Vivez-vous en couple ?", "Mariage, Pacs, ou vie commune sans mariage ni Pacs." + ENOUGH
    ),
    "rsa": _asked(
        "Recevez-vous le RSA ou le RSA jeune actif ?", "Le RSA est versé par la CAF ou la MSA." + ENOUGH
    ),
    "crous": _asked(
        "Recevez-vous l'aide d'urgence annuelle du Crous ?",
        "Elle est versée à des personnes qui étudient. Elle n'est pas la bourse." + ENOUGH,
    ),
    "toit": _asked(
        "Habitez-vous sous le même toit que vos parents ?",
        "Répondez pour aujourd'hui. « Même toit » veut dire même logement.",
    ),
    "avis": _asked(
        "Êtes-vous sur le dernier avis d'impôt de vos parents ?",
        "Regardez les personnes à charge sur leur avis d'impôt, ou demandez-leur.",
    ),
    "engagement_avis": Question(
        ENGAGEMENTS["engagement_avis"], PLEDGE_HINT, kind="radio", required=False, options=PLEDGE_OPTIONS
    ),
    "pension": _asked(
        "Vos parents vous versent-ils une pension alimentaire qu'ils déduisent de leurs impôts ?",
        "Ne comptez pas une pension fixée par un juge.",
    ),
    "engagement_pension": Question(
        ENGAGEMENTS["engagement_pension"], PLEDGE_HINT, kind="radio", required=False, options=PLEDGE_OPTIONS
    ),
}
_YES_OR_NO = "choisissez « Oui » ou « Non », par exemple « Oui » si c'est vrai."
_HESITATE = (
    "choisissez une des deux réponses, par exemple « Je ne prends pas cet engagement » si vous hésitez."
)
MISSING = {
    "liens": f"Dites si les liens avec votre famille sont rompus : {_YES_OR_NO}",
    "enfant": f"Dites si vous avez un enfant à charge ou à venir : {_YES_OR_NO}",
    "couple": f"Dites si vous vivez en couple : {_YES_OR_NO}",
    "rsa": f"Dites si vous recevez le RSA : {_YES_OR_NO}",
    "crous": f"Dites si vous recevez l'aide d'urgence annuelle du Crous : {_YES_OR_NO}",
    "toit": f"Dites si vous habitez chez vos parents : {_YES_OR_NO}",
    "avis": f"Dites si vous êtes sur l'avis d'impôt de vos parents : {_YES_OR_NO}",
    "engagement_avis": f"Répondez à l'engagement sur votre déclaration d'impôt : {_HESITATE}",
    "pension": f"Dites si vous recevez une pension déduite des impôts de vos parents : {_YES_OR_NO}",
    "engagement_pension": f"Répondez à l'engagement sur la pension alimentaire : {_HESITATE}",
}


class MoinsDe25AnsStep(Step):
    slug = "moins-de-25-ans"
    title = "Vous avez moins de 25 ans"

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        return {nom: QUESTIONS[nom] for nom in questions_pour(visit.dossier.age_du_demandeur)}

    def values(self, visit: Visit) -> Mapping[str, Value]:
        reponses = visit.dossier.demande.moins_de_25_ans or Reponses()
        shown = {True: "oui", False: "non", None: ""}
        return {nom: shown[getattr(reponses, nom)] for nom in QUESTIONS}

    def read(self, visit: Visit, sent: Sent) -> Demande:
        age = visit.dossier.age_du_demandeur
        known = {"oui": True, "non": False}
        reponses = Reponses(**{nom: known.get(sent.text(nom)) for nom in questions_pour(age)})
        for nom in decide(age, reponses).manque:
            sent.refuse(nom, MISSING[nom])
        return visit.dossier.demande.model_copy(update={"moins_de_25_ans": reponses})

    def answered(self, dossier: Dossier) -> bool:
        issue = dossier.decision_moins_de_25_ans.issue
        return issue is not None and not issue.bloque

    def done(self, visit: Visit, demande: Demande, onward: str) -> Done:
        """The next page says that one may go on, and of whom the caisse still has to decide (L861-1)."""
        issue = visit.dossier.avec(demande).decision_moins_de_25_ans.issue
        if (
            issue is None or issue.bloque or "?" in onward
        ):  # coming from the récapitulatif, it has its own to say
            return Done(demande, url=onward)
        return Done(demande, url=onward, fait="liens" if issue is Issue.CONTINUE_LIENS else "seul")

    def context(self, visit: Visit) -> Mapping[str, object]:
        issue = visit.dossier.decision_moins_de_25_ans.issue
        return {
            "refus": issue if issue and issue.bloque else "",
            "age": visit.dossier.age_du_demandeur,
        }


STEP = MoinsDe25AnsStep()
