"""Étape 2 — « Composition du foyer » : les enfants du compte, à retirer ou à remettre."""

from collections.abc import Mapping
from functools import partial

from app.domain.age import age
from app.domain.demande import FOYER_MAXIMAL, Demande, Lien
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.forms.form import Sent
from app.forms.words import prenom
from app.steps._said import Said, SaidAnywhere
from app.steps._step import Action, Done, Sentence, Step, Visit

FULL_HOUSE = (  # the message when the user adds more people than the draft can hold
    f"Vous ne pouvez pas ajouter une {FOYER_MAXIMAL + 1}e personne ici. "
    "Appelez votre caisse au 36 46 : elle peut prendre une demande pour un foyer plus grand."
)


class FoyerSaid(Said):
    """What becomes of a person of the household."""

    RETIREE = "retiree"
    REMISE = "remise"
    AJOUTEE = "ajoutee"
    CORRIGEE = "corrigee"
    ALTERNEE = "alternee"
    PAS_ALTERNEE = "pas_alternee"


def _of_a_person(sentence: str) -> Sentence:
    """This sentence, about a person who is known: `{nom}`, and `{nombre}` of people of the household."""

    def say(visit: Visit, cle: str) -> str:
        dossier = visit.dossier
        membre = dossier.membre(cle)
        return sentence.format(nom=prenom(dossier, membre), nombre=len(dossier.foyer)) if membre else ""

    return say


SENTENCES: Mapping[str, Sentence] = {
    FoyerSaid.RETIREE: _of_a_person(
        "{nom} ne fait plus partie de votre foyer. Nombre de personnes : {nombre}."
    ),
    FoyerSaid.REMISE: _of_a_person(
        "{nom} fait à nouveau partie de votre foyer. Nombre de personnes : {nombre}."
    ),
    FoyerSaid.AJOUTEE: _of_a_person(
        "{nom} fait maintenant partie de votre foyer. Nombre de personnes : {nombre}."
    ),
    FoyerSaid.ALTERNEE: _of_a_person("C'est noté : {nom} est en garde alternée."),
    FoyerSaid.PAS_ALTERNEE: _of_a_person("C'est noté : {nom} n'est pas en garde alternée."),
    FoyerSaid.CORRIGEE: _of_a_person("Les informations au sujet d'une personne sont à jour : {nom}."),
}


class FoyerStep(Step):
    slug = "foyer"
    title = "Composition du foyer"
    sentences = SENTENCES

    def read(self, visit: Visit, sent: Sent) -> Demande:
        foyer = visit.dossier.demande.foyer
        return visit.dossier.demande.model_copy(update={"foyer": foyer.model_copy(update={"vu": True})})

    def answered(self, dossier: Dossier) -> bool:
        return dossier.demande.foyer.vu

    def actions(self) -> Mapping[str, Action]:
        return {
            "retirer": _retire,
            "remettre": _remet,
            "alternee": partial(_say_custody, alternates=True),
            "pas_alternee": partial(_say_custody, alternates=False),
        }

    def context(self, visit: Visit) -> Mapping[str, object]:
        dossier = visit.dossier
        mineurs = [enfant for enfant in dossier.enfants if dossier.peut_etre_en_garde_alternee(enfant)]
        return {
            "age": lambda membre: age(membre.naissance, dossier.le),
            "mineurs": mineurs,
            # a help that closed at each press would be opened again for each child
            "garde_ouverte": visit.query.get("fait") in (FoyerSaid.ALTERNEE, FoyerSaid.PAS_ALTERNEE)
            or any(dossier.garde_alternee(enfant) is not None for enfant in mineurs),
        }


def obstacle(dossier: Dossier, membre: Membre) -> str:
    """Why a person cannot be counted with the others, and what to do; empty if they can."""
    autres = [autre for autre in dossier.foyer if autre.cle != membre.cle]
    if len(autres) >= FOYER_MAXIMAL:
        return FULL_HOUSE
    conjoint = next((autre for autre in autres if autre.lien is Lien.CONJOINT), None)
    if membre.lien is Lien.CONJOINT and conjoint:
        nom = prenom(dossier, conjoint)
        return (
            f"Votre foyer compte déjà un conjoint ou une conjointe : {nom}. Retirez d'abord cette personne."
        )
    jumeau = next((autre for autre in autres if autre.nir and autre.nir == membre.nir), None)
    if jumeau:
        return (
            f"{prenom(dossier, membre)} et {prenom(dossier, jumeau)} ont le même numéro de sécurité sociale. "
            "Chaque personne a son propre numéro. Retirez d'abord une des deux personnes, ou corrigez un numéro."
        )
    return ""


def _retire(visit: Visit, _: Sent, cle: str) -> Done:
    """Take a child out of the household; a stale page finds the household as it is."""
    demande, foyer = visit.dossier.demande, visit.dossier.demande.foyer
    if not any(enfant.cle == cle for enfant in visit.dossier.enfants):
        return Done(demande, fait=SaidAnywhere.DISPARU)
    retires = foyer.retires if cle in foyer.retires else (*foyer.retires, cle)
    return Done(_with(demande, retires), fait=FoyerSaid.RETIREE, qui=cle, anchor=f"p_{cle}")


def _remet(visit: Visit, sent: Sent, cle: str) -> Done | None:
    """Put a child back; one who is 25 or more stays out (R861-2)."""
    demande = visit.dossier.demande
    enfant = next((enfant for enfant in visit.dossier.enfants if enfant.cle == cle), None)
    if enfant is None or visit.dossier.est_trop_age(enfant):
        return Done(demande, fait=SaidAnywhere.DISPARU)
    if visit.dossier.est_retire(cle) and (reason := obstacle(visit.dossier, enfant)):
        sent.refuse(f"remettre_{cle}", reason, at=f"p_{cle}")
        return None
    retires = tuple(autre for autre in demande.foyer.retires if autre != cle)
    return Done(_with(demande, retires), fait=FoyerSaid.REMISE, qui=cle, anchor=f"p_{cle}", aloud=True)


def _say_custody(visit: Visit, _: Sent, cle: str, *, alternates: bool) -> Done:
    """Say whether the home of a child of the account alternates; a person who is added is asked on their own page."""
    demande, enfant = visit.dossier.demande, visit.dossier.membre(cle)
    if enfant is None or not visit.dossier.peut_etre_en_garde_alternee(enfant):
        return Done(demande, fait=SaidAnywhere.DISPARU)
    said = {True: demande.foyer.en_garde_alternee, False: demande.foyer.pas_en_garde_alternee}
    for answer, keys in said.items():
        others = tuple(autre for autre in keys if autre != cle)
        said[answer] = (*others, cle) if answer is alternates else others
    foyer = demande.foyer.model_copy(
        update={"en_garde_alternee": said[True], "pas_en_garde_alternee": said[False]}
    )
    fait = FoyerSaid.ALTERNEE if alternates else FoyerSaid.PAS_ALTERNEE
    after = demande.model_copy(update={"foyer": foyer})
    return Done(after, fait=fait, qui=cle, anchor=f"p_{cle}", aloud=True)


def _with(demande: Demande, retires: tuple[str, ...]) -> Demande:
    return demande.model_copy(update={"foyer": demande.foyer.model_copy(update={"retires": retires})})


STEP = FoyerStep()
