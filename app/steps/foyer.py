"""Étape 2 — « Composition du foyer » : les enfants du compte, à retirer ou à remettre."""

from collections.abc import Mapping

from app.domain.age import age
from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.steps._form import Sent
from app.steps._step import Action, Done, Step, Visit
from app.steps.words import prenom


class FoyerStep(Step):
    slug = "foyer"
    title = "Composition du foyer"

    def read(self, visit: Visit, sent: Sent) -> Demande:
        foyer = visit.dossier.demande.foyer
        return visit.dossier.demande.model_copy(update={"foyer": foyer.model_copy(update={"vu": True})})

    def answered(self, dossier: Dossier) -> bool:
        return dossier.demande.foyer.vu

    def actions(self) -> Mapping[str, Action]:
        return {"retirer": _retire, "remettre": _remet}

    def context(self, visit: Visit) -> Mapping[str, object]:
        return {"age": lambda membre: age(membre.naissance, visit.dossier.le)}

    def said(self, visit: Visit, fait: str, qui: str) -> str:
        return said_of_household(visit.dossier, fait, qui)


def said_of_household(dossier: Dossier, fait: str, qui: str) -> str:
    """What is said once somebody has left the household or is back in it."""
    membre = dossier.membre(qui)
    if membre is None:
        return ""
    nom, nombre = prenom(dossier, membre), len(dossier.foyer)
    phrases = {
        "retiree": f"{nom} ne fait plus partie de votre foyer. Nombre de personnes : {nombre}.",
        "remise": f"{nom} fait à nouveau partie de votre foyer. Nombre de personnes : {nombre}.",
        "ajoutee": f"{nom} fait maintenant partie de votre foyer. Nombre de personnes : {nombre}.",
        "corrigee": f"Les informations au sujet d'une personne sont à jour : {nom}.",
    }
    return phrases.get(fait, "")


def _retire(visit: Visit, _: Sent, cle: str) -> Done:
    """Take a child out of the household; a stale page finds the household as it is."""
    demande, foyer = visit.dossier.demande, visit.dossier.demande.foyer
    if not any(enfant.cle == cle for enfant in visit.dossier.enfants):
        return Done(demande, fait="disparu")
    retires = foyer.retires if cle in foyer.retires else (*foyer.retires, cle)
    return Done(_with(demande, retires), fait="retiree", qui=cle, anchor=f"p_{cle}")


def _remet(visit: Visit, _: Sent, cle: str) -> Done | None:
    """Put a child back; one who is 25 or more stays out (R861-2)."""
    demande = visit.dossier.demande
    enfant = next((enfant for enfant in visit.dossier.enfants if enfant.cle == cle), None)
    if enfant is None or visit.dossier.est_trop_age(enfant):
        return Done(demande, fait="disparu")
    if visit.dossier.est_retire(cle) and visit.dossier.foyer_est_plein:
        return Done(demande, fait="plein")
    retires = tuple(autre for autre in demande.foyer.retires if autre != cle)
    return Done(_with(demande, retires), fait="remise", qui=cle, anchor=f"p_{cle}")


def _with(demande: Demande, retires: tuple[str, ...]) -> Demande:
    return demande.model_copy(update={"foyer": demande.foyer.model_copy(update={"retires": retires})})


STEP = FoyerStep()
