"""Une date saisie en trois cases : jour, mois, année."""

import re
from datetime import date
from enum import StrEnum, auto
from typing import Final

from app.domain.saisie import chiffres_seuls, sans_accent

_MOIS: Final = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_ABREVIATION_MINIMALE: Final = 3
_PREMIER: Final = re.compile(r"0?1 ?(?:er|ᵉʳ)", re.IGNORECASE)


class DefautDate(StrEnum):
    """Ce qui manque à une date, ou ce qui empêche de la lire."""

    VIDE = auto()
    JOUR = auto()
    MOIS = auto()
    ANNEE = auto()
    ANNEE_COURTE = auto()
    LETTRES = auto()
    INEXISTANTE = auto()


def lit_date(jour: str, mois: str, annee: str) -> date | DefautDate:
    """
    La date, ou son premier défaut.

    Le jour peut être « 1er ». Le mois peut être écrit en lettres, avec ou sans accent, entier ou abrégé (« févr. »).
    Une année de plus ou de moins de quatre chiffres est « courte ».
    """
    jour, mois, annee = jour.strip(), mois.strip(), annee.strip()
    vides = [
        defaut
        for defaut, partie in zip(
            (DefautDate.JOUR, DefautDate.MOIS, DefautDate.ANNEE), (jour, mois, annee), strict=True
        )
        if not partie
    ]
    if vides:
        return vides[0] if len(vides) < 3 else DefautDate.VIDE
    jour, mois = "1" if _PREMIER.fullmatch(jour) else jour, _mois_en_chiffres(mois)
    if not chiffres_seuls(jour + mois + annee):
        return DefautDate.LETTRES
    if len(annee) != 4:
        return DefautDate.ANNEE_COURTE
    try:
        return date(int(annee), int(mois), int(jour))
    except (ValueError, OverflowError):
        return DefautDate.INEXISTANTE


def _mois_en_chiffres(mois: str) -> str:
    """Le rang du seul mois que ces lettres commencent ; « jui » en commence deux et reste tel quel."""
    debut = sans_accent(mois).casefold().removesuffix(".")
    rangs = [rang for rang, nom in enumerate(_MOIS, 1) if nom.startswith(debut)]
    return str(rangs[0]) if len(rangs) == 1 and len(debut) >= _ABREVIATION_MINIMALE else mois
