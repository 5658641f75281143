"""Étape 0 bis — « Vous avez moins de 25 ans » : peut-on demander la C2S pour soi-même ?"""

from collections.abc import Mapping

from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.domain.moins_de_25_ans import Issue, MoinsDe25Ans, decide, questions_pour, questions_utiles
from app.forms.asked import Asked, Questionnaire
from app.forms.form import Form, Question, Sent
from app.forms.kinds import Engagement, YesNo
from app.forms.words import ENGAGEMENTS
from app.steps._said import SaidAnywhere
from app.steps._step import AskedStep, Done, Visit

YES_NO = YesNo()
OUI_NON = "choisissez « Oui » ou « Non »."
ENGAGEMENT = Engagement(taken="Je prends cet engagement", refused="Je ne prends pas cet engagement")
ENGAGEMENT_HINT = "Cet engagement est gardé avec votre demande."
AFTER_YES = "À remplir seulement si vous avez répondu « Oui »."
EITHER = "choisissez une des deux réponses."


def _asked(label: str, hint: str, missing: str, kind: YesNo = YES_NO) -> Asked[bool]:
    """A question that an answer before it may have made useless: the table of the law says when it is missing."""
    plain = AFTER_YES if kind is ENGAGEMENT else ""
    return Asked(kind, label, hint, plain, missing=missing, required=False)


ASKED = Questionnaire(
    MoinsDe25Ans,
    {
        "liens": _asked(
            "Les liens avec votre famille sont-ils rompus ?",
            "« Rompus » : vous ne vivez plus ensemble, et votre famille ne vous aide plus.",
            f"Dites si les liens avec votre famille sont rompus : {OUI_NON}",
        ),
        "enfant": _asked(
            "Avez-vous un enfant à charge, ou allez-vous en avoir un ?",
            "Un enfant que vous élevez, ou que vous attendez.",
            f"Dites si vous avez un enfant à charge ou à venir : {OUI_NON}",
        ),
        "couple": _asked(
            "Vivez-vous en couple ?",
            "Mariage, Pacs, ou vie commune sans mariage ni Pacs.",
            f"Dites si vous vivez en couple : {OUI_NON}",
        ),
        "rsa": _asked(
            "Recevez-vous le RSA ou le RSA jeune actif ?",
            "Versé par la CAF ou la MSA.",
            f"Dites si vous recevez le RSA : {OUI_NON}",
        ),
        "crous": _asked(
            "Recevez-vous l'aide d'urgence annuelle du Crous ?",
            "Une aide pour des personnes qui étudient, autre que la bourse.",
            f"Dites si vous recevez l'aide d'urgence annuelle du Crous : {OUI_NON}",
        ),
        "toit": _asked(
            "Habitez-vous sous le même toit que vos parents ?",
            "Le même logement, aujourd'hui.",
            f"Dites si vous habitez chez vos parents : {OUI_NON}",
        ),
        "avis": _asked(
            "Êtes-vous sur le dernier avis d'impôt de vos parents ?",
            "Parmi les personnes à charge.",
            f"Dites si vous êtes sur l'avis d'impôt de vos parents : {OUI_NON}",
        ),
        "engagement_avis": _asked(
            ENGAGEMENTS["engagement_avis"],
            ENGAGEMENT_HINT,
            f"Répondez à l'engagement sur votre déclaration d'impôt : {EITHER}",
            ENGAGEMENT,
        ),
        "pension": _asked(
            "Vos parents vous versent-ils une pension alimentaire qu'ils déduisent de leurs impôts ?",
            "Ne comptez pas une pension fixée par un juge.",
            f"Dites si vous recevez une pension déduite des impôts de vos parents : {OUI_NON}",
        ),
        "engagement_pension": _asked(
            ENGAGEMENTS["engagement_pension"],
            ENGAGEMENT_HINT,
            f"Répondez à l'engagement sur la pension alimentaire : {EITHER}",
            ENGAGEMENT,
        ),
    },
)


class MoinsDe25AnsStep(AskedStep):
    slug = "moins-de-25-ans"
    title = "Vous avez moins de 25 ans"
    asked = ASKED

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        questions = super().questions(visit)
        return {nom: questions[nom] for nom in questions_pour(visit.dossier.age_du_demandeur)}

    def read(self, visit: Visit, sent: Sent) -> Demande:
        """What the first decisive line of the table leaves useless may be empty."""
        age = visit.dossier.age_du_demandeur
        asked, read = questions_pour(age), ASKED.parsed(sent.text)
        reponses = MoinsDe25Ans(**{nom: read[nom] for nom in asked})
        for nom in decide(age, reponses).manque:
            sent.refuse(nom, ASKED.asked[nom].missing)
        return visit.dossier.demande.model_copy(update={"moins_de_25_ans": reponses})

    def answered(self, dossier: Dossier) -> bool:
        issue = dossier.decision_moins_de_25_ans.issue
        return issue is not None and not issue.bloque

    def done(self, visit: Visit, demande: Demande, onward: str) -> Done:
        """The next page says that the user may go on, and whose case the caisse still has to decide (L861-1)."""
        issue = visit.dossier.avec(demande).decision_moins_de_25_ans.issue
        # An address with a query leads back to the récapitulatif, which has a sentence of its own.
        if issue is None or issue.bloque or "?" in onward:
            return Done(demande, url=onward)
        fait = SaidAnywhere.LIENS if issue is Issue.CONTINUE_LIENS else SaidAnywhere.SEUL
        return Done(demande, url=onward, fait=fait)

    def revealed(self, visit: Visit, sent: Sent) -> str:
        decision = decide(visit.dossier.age_du_demandeur, MoinsDe25Ans(**ASKED.parsed(sent.text)))
        if decision.issue:
            return "Il n'y a plus d'autre question."
        return "Un engagement est demandé." if decision.manque[0].startswith("engagement") else ""

    def context(self, visit: Visit) -> Mapping[str, object]:
        age, issue = visit.dossier.age_du_demandeur, visit.dossier.decision_moins_de_25_ans.issue

        def useful(form: Form) -> tuple[str, ...]:
            return questions_utiles(
                age, MoinsDe25Ans(**ASKED.parsed(lambda name: str(form[name].value) if name in form else ""))
            )

        return {
            "utiles": useful,
            "refus": issue if issue and issue.bloque else "",
            "age": visit.dossier.age_du_demandeur,
        }


STEP = MoinsDe25AnsStep()
