"""Étape 5 — « Montant de mes autres ressources » : un total par ressource cochée et par personne."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.demande import LIBELLE_MAXIMAL, Demande, Montants
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.montant import DefautMontant, lit_montant
from app.domain.periode import quatre_trimestres
from app.domain.ressources import RESSOURCES, Ressource
from app.forms.form import Question, Sent, Value
from app.forms.typography import NBSP, jour, nombre
from app.forms.words import prenom
from app.steps._step import Step, Visit
from app.steps.autres_ressources import without_effect

AUTRES = "autres"
GERANTS = "ti_gerants"
SELF_EMPLOYED = ("ti_hors_gerants", GERANTS)
LIBELLE = Question(
    "De quoi s'agit-il ?",
    f"{LIBELLE_MAXIMAL} caractères au plus. Exemple : gain à un jeu",
)
PERIODES = {  # of the kinds that do not count over the months of the page
    "trimestres": "Chiffre d'affaires du {trim_debut} au {trim_fin}, ou revenu net du dernier avis d'impôt.",
    "somme_detenue": "Somme possédée, et non un revenu.",
    GERANTS: ("Rémunération ou part de bénéfice du {debut} au {fin}, ou revenu net du dernier avis d'impôt."),
}
ALONE = "{prenom}, {ressource} : "  # what precedes a refusal that only one total meets
REFUS = {
    DefautMontant.NOMBRE: "saisissez un nombre, sans lettre, par exemple 1 200 ou 1 200,50.",
    DefautMontant.NEGATIF: "le total est de 0 ou plus. Saisissez-le sans le signe moins, par exemple 1 200.",
    DefautMontant.GRAND: (
        "le total est de 9 999 999 € au plus. Vérifiez les zéros et la virgule, par exemple 1 200,50."
    ),
    DefautMontant.CENTIMES: "saisissez 2 chiffres au plus après la virgule, par exemple 1 200,50.",
    DefautMontant.AMBIGU: (
        "ce nombre se lit de deux façons. Écrivez les milliers avec un espace et les centimes après une "
        "virgule, par exemple 1 200 ou 1,20."
    ),
}
LOSS = "le total est de 0 ou plus. Votre activité a fait une perte ? Saisissez 0."
"""
What becomes of a negative income of the self-employed: without its sign, a loss would count as an income.

[OWN] R861-15 takes the net income of the avis and is silent on a loss; 0 is neither an income nor a deduction, and
the caisse reads the loss on the avis that is joined.
"""
NOTHING = (
    "{ressource} : saisissez au moins une somme, par exemple 1 200 ou 1 200,50. Personne n'en a reçu ? "
    "Décochez cette ressource à la page précédente."
)
NOTHING_ALONE = (
    "{ressource} : saisissez le total, par exemple 1 200 ou 1 200,50. Vous n'en avez pas reçu ? "
    "Décochez cette ressource à la page précédente."
)
_PUNCTUATION = frozenset(" .,;:!?'’‘\"“”«»()/&+%€°-–—…\u2011")  # a telephone curls quotes and joins dots


@dataclass(frozen=True)
class Group:
    """A ticked kind on the page: its own period in words if it has one, and the names of its fields."""

    ressource: Ressource
    periode: str
    fields: Sequence[str]


class MontantsStep(Step):
    slug = "montants"
    title = "Montant de mes autres ressources"

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        questions: dict[str, Question] = {}
        for ressource in _ticked(visit.dossier):
            if ressource.code == AUTRES:
                questions["libelle_autres"] = LIBELLE
            for membre in visit.dossier.foyer:
                questions[_field(ressource, membre)] = Question(
                    prenom(visit.dossier, membre),
                    kind="amount",
                    optional=len(visit.dossier.foyer) > 1,
                    size="c7",
                    inputmode="decimal",
                )
        return questions

    def values(self, visit: Visit) -> Mapping[str, Value]:
        montants = visit.dossier.demande.montants
        return {"libelle_autres": montants.libelle_autres} | {
            _field(ressource, membre): _written(montants.totaux[ressource.code][membre.cle])
            for ressource in _ticked(visit.dossier)
            for membre in visit.dossier.foyer
            if membre.cle in montants.totaux.get(ressource.code, {})
        }

    def read(self, visit: Visit, sent: Sent) -> Demande:
        dossier = visit.dossier
        montants = dossier.demande.montants
        # Totals of people who left, or of kinds no longer ticked, stay: they may come back.
        totaux = {code: dict(par_personne) for code, par_personne in montants.totaux.items()}
        libelle = montants.libelle_autres
        wrong: dict[str, list[tuple[Ressource, Membre]]] = {}
        for ressource in _ticked(dossier):
            if ressource.code == AUTRES:
                libelle = _libelle(sent)
            if not any(sent.text(_field(ressource, membre)) for membre in dossier.foyer):
                nothing = NOTHING if dossier.a_plusieurs_personnes else NOTHING_ALONE
                sent.refuse(_field(ressource, dossier.demandeur), nothing.format(ressource=ressource.libelle))
            for membre in dossier.foyer:
                lu = lit_montant(sent.text(_field(ressource, membre)))
                if lu is DefautMontant.VIDE:
                    lu = Decimal("0.00")  # an empty field is « rien reçu »
                if isinstance(lu, Decimal):
                    totaux.setdefault(ressource.code, {})[membre.cle] = lu
                else:
                    wrong.setdefault(_what_to_do(ressource, lu), []).append((ressource, membre))
        _refuse(dossier, sent, wrong)
        sent.order(self.questions(visit))
        if sent.errors:
            return dossier.demande
        lus = Montants(totaux=totaux, libelle_autres=libelle)
        return dossier.demande.model_copy(update={"montants": lus})

    def answered(self, dossier: Dossier) -> bool:
        ticked, montants = _ticked(dossier), dossier.demande.montants
        return all(
            membre.cle in montants.totaux.get(ressource.code, {})
            for ressource in ticked
            for membre in dossier.foyer
        ) and (bool(montants.libelle_autres) or all(ressource.code != AUTRES for ressource in ticked))

    def context(self, visit: Visit) -> Mapping[str, object]:
        dossier = visit.dossier
        return {
            "groupes": [
                Group(
                    ressource, own_periode(dossier, ressource), [_field(ressource, m) for m in dossier.foyer]
                )
                for ressource in _ticked(dossier)
            ],
            "periode": dossier.periode,
            "mois_change": dossier.le_mois_a_change and self.answered(dossier),
            "inutiles": without_effect(dossier),
            "nouvelles": [prenom(dossier, membre) for membre in _newcomers(dossier)],
        }


def _what_to_do(ressource: Ressource, defaut: DefautMontant) -> str:
    loss = defaut is DefautMontant.NEGATIF and ressource.code in SELF_EMPLOYED
    return LOSS if loss else REFUS[defaut]


def _refuse(dossier: Dossier, sent: Sent, wrong: Mapping[str, Sequence[tuple[Ressource, Membre]]]) -> None:
    """Say what to do about each total: of whom it is when it is alone, in the same words when several are wrong."""
    for words, totaux in wrong.items():
        for ressource, membre in totaux:
            whose = ALONE.format(prenom=prenom(dossier, membre), ressource=ressource.libelle)
            message = whose + words if len(totaux) == 1 else words[0].upper() + words[1:]
            sent.refuse(_field(ressource, membre), message)


def _ticked(dossier: Dossier) -> Sequence[Ressource]:
    cochees = dossier.demande.autres_ressources or ()
    return [ressource for ressource in RESSOURCES if ressource.code in cochees]


def _field(ressource: Ressource, membre: Membre) -> str:
    return f"total_{ressource.code}_{membre.cle}"


def _written(montant: Decimal) -> str:
    """« 1 200,50 », with the plain space of a keyboard."""
    return nombre(montant).replace(NBSP, " ")


def own_periode(dossier: Dossier, ressource: Ressource) -> str:
    """What a total of this kind is, and of when; empty if it counts over the months of the page."""
    trimestres = quatre_trimestres(dossier.le)
    phrase = PERIODES.get(GERANTS if ressource.code == GERANTS else ressource.periode, "")
    return phrase.format(
        debut=jour(dossier.periode.debut),
        fin=jour(dossier.periode.fin),
        trim_debut=jour(trimestres.debut),
        trim_fin=jour(trimestres.fin),
    )


def _newcomers(dossier: Dossier) -> Sequence[Membre]:
    """Who is in the household since the totals were given."""
    donnes = [dossier.demande.montants.totaux.get(ressource.code, {}) for ressource in _ticked(dossier)]
    return [membre for membre in dossier.foyer if any(par and membre.cle not in par for par in donnes)]


def _libelle(sent: Sent) -> str:
    libelle = unicodedata.normalize("NFC", " ".join(sent.text("libelle_autres").split()))
    inconnu = next((sign for sign in libelle if not _is_writing(sign)), "")
    if not any(sign.isalpha() for sign in libelle) and not inconnu:
        sent.refuse(
            "libelle_autres",
            "Dites en quelques mots de quoi il s'agit pour « Autres ».",
        )
    elif len(libelle) > LIBELLE_MAXIMAL:
        sent.refuse(
            "libelle_autres",
            f"La description de « Autres » compte {len(libelle)} caractères. "
            f"Saisissez {LIBELLE_MAXIMAL} caractères au plus.",
        )
    elif inconnu:
        sent.refuse(
            "libelle_autres",
            f"La description de « Autres » contient un signe non reconnu : {inconnu}. "
            "Saisissez des lettres et des chiffres.",
        )
    return libelle


def _is_writing(sign: str) -> bool:
    """A letter with its accents, a digit, or common punctuation."""
    return sign in _PUNCTUATION or unicodedata.category(sign)[0] in "LMN"


STEP = MontantsStep()
