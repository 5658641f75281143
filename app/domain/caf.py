"""
Le numéro d'allocataire CAF : sept chiffres, gardés en texte pour le zéro du début.

Étape 1 de la source (« 7 chiffres »). [INF] ni lettre ni huitième chiffre : leur existence n'est pas confirmée.
"""

import re
from enum import StrEnum, auto


class DefautCaf(StrEnum):
    """Ce qui empêche de prendre un numéro d'allocataire."""

    LONGUEUR = auto()
    LETTRE = auto()
    CARACTERES = auto()


def normalise_caf(texte: str) -> str:
    """Le numéro sans aucune espace."""
    return "".join(texte.split())


def defaut_du_caf(numero: str) -> DefautCaf | None:
    """Le défaut d'un numéro normalisé, ou rien. La lettre est celle qui suit, ou précède, sept chiffres."""
    if re.fullmatch(r"[0-9]{7}", numero):
        return None
    if re.fullmatch(r"[0-9]{7}[A-Za-z]|[A-Za-z][0-9]{7}", numero):
        return DefautCaf.LETTRE
    return DefautCaf.LONGUEUR if re.fullmatch(r"[0-9]*", numero) else DefautCaf.CARACTERES
