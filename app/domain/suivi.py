"""Étape 8 : où en est une demande déposée."""

from enum import StrEnum
from typing import Final


class Etat(StrEnum):
    """Les états d'une demande déposée (étape 8)."""

    DEPOSEE = "deposee"
    INSTRUCTION = "instruction"
    PIECE_DEMANDEE = "piece_demandee"
    ACCORD_GRATUIT = "accord_gratuit"
    ACCORD_PARTICIPATION = "accord_participation"
    REFUS = "refus"


DECISIONS: Final = (Etat.ACCORD_GRATUIT, Etat.ACCORD_PARTICIPATION, Etat.REFUS)
"""Les états qui ferment la demande : une autre peut alors être déposée."""

COMPLETE: Final = "complete"
"""L'événement qui fait courir les deux mois quand le dépôt ne l'a pas fait (CRPA L114-5)."""
