"""Étape 5 — « Je déclare mes autres ressources » : les sept sortes, ou aucune."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from app.domain.bareme import seuil_des_dons
from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.domain.periode import quatre_trimestres
from app.domain.ressources import CODES, RESSOURCES, Ressource
from app.forms.form import Question, Sent, Value
from app.forms.typography import mois
from app.steps._step import Step, Visit

AUCUNE = "aucune"
LIBELLE_AUCUNE = "Mon foyer n'a perçu aucune de ces sources de revenu"
QUESTIONS = {
    "ressource": Question(
        "Autres ressources de mon foyer",
        kind="boxes",
        options=(
            *((ressource.code, ressource.libelle) for ressource in RESSOURCES),
            (AUCUNE, LIBELLE_AUCUNE),
        ),
    ),
}
# Filing days from which the help texts change.
EXCLUSIONS_ELARGIES = date(2025, 7, 1)  # R861-10, 10° bis, 11° and 22° to 27° (décret 2025-588)
PENSION_DE_L_AVIS = date(2025, 10, 1)  # R861-8 al. 1


class AutresRessourcesStep(Step):
    slug = "autres-ressources"
    title = "Je déclare mes autres ressources"

    def heading(self, visit: Visit) -> str:
        periode = visit.dossier.periode
        return f"{self.title} perçues entre {mois(periode.debut)} et {mois(periode.fin)}"

    def questions(self, visit: Visit) -> Mapping[str, Question]:
        return QUESTIONS

    def values(self, visit: Visit) -> Mapping[str, Value]:
        cochees = visit.dossier.demande.autres_ressources
        return {} if cochees is None else {"ressource": cochees or (AUCUNE,)}

    def read(self, visit: Visit, sent: Sent) -> Demande:
        cochees = set(sent.many("ressource"))
        if cochees - {*CODES, AUCUNE}:
            sent.refuse(
                "ressource",
                "Cochez des ressources de la liste.",
            )
        elif AUCUNE in cochees and len(cochees) > 1:
            sent.refuse(
                "ressource",
                f"Vous avez coché une ressource et « {LIBELLE_AUCUNE} ». Gardez l'une ou l'autre.",
                at=f"ressource_{AUCUNE}",
            )
        elif not cochees:
            sent.refuse(
                "ressource",
                f"Cochez au moins une ressource, ou « {LIBELLE_AUCUNE} ».",
            )
        if sent.errors:
            return visit.dossier.demande
        codes = tuple(code for code in CODES if code in cochees)
        return visit.dossier.demande.model_copy(update={"autres_ressources": codes})

    def answered(self, dossier: Dossier) -> bool:
        return dossier.demande.autres_ressources is not None

    def context(self, visit: Visit) -> Mapping[str, object]:
        dossier = visit.dossier
        return {
            "ressources": RESSOURCES,
            "aucune": AUCUNE,
            "periode": dossier.periode,
            "trimestres": quatre_trimestres(dossier.le),
            "seuil_dons": _seuil_des_dons(dossier.le),
            "pension_de_l_avis": dossier.le >= PENSION_DE_L_AVIS,
            "exclusions_elargies": dossier.le >= EXCLUSIONS_ELARGIES,
            "mois_change": dossier.le_mois_a_change and self.answered(dossier),
            "inutiles": without_effect(dossier),
        }


def without_effect(dossier: Dossier) -> Sequence[tuple[Ressource, date]]:
    """The kinds that are ticked although the law counts them no more, and since which day."""
    cochees = dossier.demande.autres_ressources or ()
    return [
        (ressource, ressource.effet_jusqu_au + timedelta(days=1))
        for ressource in RESSOURCES
        if ressource.code in cochees and ressource.effet_jusqu_au and ressource.effet_jusqu_au < dossier.le
    ]


def _seuil_des_dons(le: date) -> Decimal | None:
    with suppress(ValueError):  # a day before the first table we have
        return seuil_des_dons(le)
    return None


STEP = AutresRessourcesStep()
