"""What has happened to a filed demande, state by state, and what comes next: one sentence each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.domain.periode import acceptation_implicite
from app.domain.suivi import COMPLETE, DECISIONS, Etat
from app.forms.typography import heure, jour
from app.settings import PARIS
from app.store.suivi import EXPORTEE, OUVERTE
from app.store.tables import Consultation, DemandeDeposee, Evenement

TITLES = {
    Etat.DEPOSEE: "Déposée",
    Etat.INSTRUCTION: "En cours d'instruction",
    Etat.PIECE_DEMANDEE: "Pièce demandée",
    Etat.ACCORD_GRATUIT: "Accord",
    Etat.ACCORD_PARTICIPATION: "Accord avec participation",
    Etat.REFUS: "Refus",
}
HISTORY = {
    "deposee": "votre caisse reçoit votre demande",
    OUVERTE: "votre caisse ouvre votre demande",
    EXPORTEE: "votre caisse prend une copie de votre demande, pour l'étudier",
    "instruction": "votre caisse étudie votre demande",
    "piece_demandee": "votre caisse demande un ou plusieurs documents",
    "complement": "vous envoyez une correction ou un complément",
    "complete": "votre caisse a tous les documents",
    "accord_gratuit": "votre caisse accorde la C2S",
    "accord_participation": "votre caisse accorde la C2S, avec une participation",
    "refus": "votre caisse n'accorde pas la C2S",
}


@dataclass(frozen=True)
class Milestone:
    """A state of the demande: behind, here, or to come."""

    title: str
    sentence: str
    place: Literal["behind", "here", "ahead"]


def milestones(demande: DemandeDeposee, evenements: Sequence[Evenement]) -> list[Milestone]:
    """The states met so far in the order they came, the present one, and those still to come."""
    met = _met(demande, evenements)
    last = len(met) - 1
    marks = [
        Milestone(
            TITLES[etat],
            _sentence(demande, etat, le, here=rank == last),
            "here" if rank == last else "behind",
        )
        for rank, (etat, le) in enumerate(met)
    ]
    states = [etat for etat, _ in met]
    if states[-1] not in DECISIONS:
        if Etat.INSTRUCTION not in states and states[-1] is Etat.DEPOSEE:
            marks.append(Milestone(TITLES[Etat.INSTRUCTION], "À venir.", "ahead"))
        marks.append(Milestone("Décision", "2 mois au plus, quand la demande est complète.", "ahead"))
    return marks


def decided_on(demande: DemandeDeposee, evenements: Sequence[Evenement]) -> date | None:
    """The day of the decision."""
    etat, le = _met(demande, evenements)[-1]
    return le if etat in DECISIONS else None


def accepted_on(demande: DemandeDeposee, evenements: Sequence[Evenement]) -> date | None:
    """
    The day when silence becomes acceptance, if the two months run.

    They run from the deposit, or from the day the last document came (CRPA L114-5); not while one is awaited.
    """
    if not demande.ouverte or not demande.complete or Etat(demande.etat) is Etat.PIECE_DEMANDEE:
        return None
    whole = [evenement.le for evenement in evenements if evenement.quoi == COMPLETE]
    return acceptation_implicite(local_day(whole[-1] if whole else demande.deposee_le))


def history(evenements: Sequence[Evenement | Consultation]) -> list[str]:
    """What happened, the newest first, with the day and the hour."""
    return [
        f"{jour(local_day(evenement.le))} à {heure(evenement.le.astimezone(PARIS))} : "
        f"{HISTORY.get(evenement.quoi, evenement.quoi)}"
        for evenement in reversed(evenements)
    ]


def local_day(moment: datetime) -> date:
    """The day in Paris."""
    return moment.astimezone(PARIS).date()


def _met(demande: DemandeDeposee, evenements: Sequence[Evenement]) -> list[tuple[Etat, date | None]]:
    """(state, day it began): the deposit first, the present state last."""
    met: list[tuple[Etat, date | None]] = [(Etat.DEPOSEE, local_day(demande.deposee_le))]
    for evenement in evenements:
        if evenement.quoi in set(Etat) and evenement.quoi != met[-1][0]:
            met.append((Etat(evenement.quoi), local_day(evenement.le)))
    if met[-1][0] != demande.etat:
        met.append((Etat(demande.etat), None))
    return met


def _sentence(demande: DemandeDeposee, etat: Etat, le: date | None, *, here: bool) -> str:
    on = f" le {jour(le)}" if le else ""
    match etat:
        case Etat.DEPOSEE:
            missing = " Il manque au moins un document." if here and not demande.complete else ""
            return f"Votre caisse a reçu votre demande{on}.{missing}"
        case Etat.INSTRUCTION:
            return (
                f"Votre caisse étudie votre demande depuis{on}."
                if le
                else "Votre caisse étudie votre demande."
            )
        case Etat.PIECE_DEMANDEE:
            if not here:
                return f"Votre caisse a demandé un ou plusieurs documents{on}."
            due = f", à envoyer au plus tard le {jour(demande.date_limite)}" if demande.date_limite else ""
            return f"Votre caisse demande au moins un document{due}."
        case Etat.ACCORD_GRATUIT:
            issue = "La C2S vous est accordée, sans rien à payer."
        case Etat.ACCORD_PARTICIPATION:
            issue = "La C2S vous est accordée. Il reste à envoyer vos informations de paiement."
        case Etat.REFUS:
            issue = "La C2S ne vous est pas accordée."
    return f"Décision rendue{on}. {issue}"
