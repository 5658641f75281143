"""Étape 2 — « Les personnes de mon foyer » : la liste des personnes ajoutées."""

from collections.abc import Mapping

from app.domain.age import age
from app.domain.demande import ENFANTS, Demande, Lien
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.moins_de_25_ans import Motif
from app.forms.form import Sent
from app.forms.typography import lowered
from app.forms.words import LIENS, prenom
from app.steps._said import SaidAnywhere
from app.steps._step import Action, Done, Step, Visit
from app.steps.foyer import SENTENCES, FoyerSaid, obstacle


class BeneficiairesStep(Step):
    slug = "beneficiaires"
    title = "Les personnes de mon foyer"
    sentences = SENTENCES

    def read(self, visit: Visit, sent: Sent) -> Demande:
        for membre in reversed(_kept(visit.dossier)):
            if reason := obstacle(visit.dossier, membre):  # the last to come is the one to look at
                sent.refuse(f"obstacle_{membre.cle}", reason, at=f"p_{membre.cle}")
                return visit.dossier.demande
        beneficiaires = visit.dossier.demande.beneficiaires.model_copy(update={"vu": True})
        return visit.dossier.demande.model_copy(update={"beneficiaires": beneficiaires})

    def answered(self, dossier: Dossier) -> bool:
        return dossier.demande.beneficiaires.vu and not any(
            obstacle(dossier, membre) for membre in _kept(dossier)
        )

    def actions(self) -> Mapping[str, Action]:
        return {"retirer": _retire, "remettre": _remet}

    def context(self, visit: Visit) -> Mapping[str, object]:
        dossier = visit.dossier
        seuls = [membre for membre in _kept(dossier) if membre.lien is Lien.ENFANT_DU_CONJOINT]
        return {
            "gardes": _kept(dossier),
            "age": lambda membre: age(membre.naissance, dossier.le),
            "lien": _lien,
            "couple_sans_conjoint": dossier.dit_vivre_en_couple
            and all(membre.lien is not Lien.CONJOINT for membre in dossier.ajoutes),
            "enfant_attendu": dossier.motif_avant_25_ans is Motif.ENFANT
            and all(membre.lien not in ENFANTS for membre in (*dossier.enfants, *dossier.ajoutes)),
            "sans_conjoint": ""
            if dossier.conjoint
            else ", ".join(prenom(dossier, enfant) for enfant in seuls),
        }


def _kept(dossier: Dossier) -> tuple[Membre, ...]:
    """Those added who are counted in the household."""
    return tuple(membre for membre in dossier.foyer if dossier.personne(membre.cle))


def _lien(membre: Membre) -> str:
    """The link within a sentence: « enfant de mon conjoint »."""
    assert membre.lien is not None
    return lowered(LIENS[membre.lien])


def _retire(visit: Visit, _: Sent, cle: str) -> Done:
    """Take a person out of the household; their answers are kept, in case the user puts them back."""
    demande = visit.dossier.demande
    if visit.dossier.personne(cle) is None:
        return Done(demande, fait=SaidAnywhere.DISPARU)
    retires = demande.beneficiaires.retires
    retires = retires if cle in retires else (*retires, cle)
    return Done(_with(demande, retires), fait=FoyerSaid.RETIREE, qui=cle, anchor=f"p_{cle}")


def _remet(visit: Visit, sent: Sent, cle: str) -> Done | None:
    """Put a person back, if the household as it is now allows it."""
    dossier = visit.dossier
    membre = next((membre for membre in dossier.ajoutes if membre.cle == cle), None)
    if membre is None or dossier.est_trop_age(membre):
        return Done(dossier.demande, fait=SaidAnywhere.DISPARU)
    if dossier.est_retire(cle) and (reason := obstacle(dossier, membre)):
        sent.refuse(f"remettre_{cle}", reason, at=f"p_{cle}")
        return None
    retires = tuple(autre for autre in dossier.demande.beneficiaires.retires if autre != cle)
    return Done(
        _with(dossier.demande, retires), fait=FoyerSaid.REMISE, qui=cle, anchor=f"p_{cle}", aloud=True
    )


def _with(demande: Demande, retires: tuple[str, ...]) -> Demande:
    beneficiaires = demande.beneficiaires.model_copy(update={"retires": retires})
    return demande.model_copy(update={"beneficiaires": beneficiaires})


STEP = BeneficiairesStep()
