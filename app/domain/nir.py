"""
Le numéro de sécurité sociale (NIR) : treize caractères et une clé.

Sexe (1), année (2), mois (2), département (2), commune ou pays (3), rang (3).
Corse : 2A ou 2B à la place du département. Premier chiffre 7 ou 8 : numéro provisoire
(R161-1 prévoit le numéro d'attente ; ses chiffres, et le 3 ou 4 des anciens numéros, sont [OWN]).
"""

import re
from datetime import date
from enum import StrEnum, auto
from typing import Final

from stdnum.fr import nir as stdnum_nir

from app.domain.naissance import mois_connu
from app.domain.saisie import en_clair

LONGUEUR_NIR: Final = 13
_CHIFFRES: Final = frozenset("0123456789")
_DEBUTS: Final = frozenset("123478")
_PROVISOIRES: Final = frozenset("78")
# Espaces, points, barres et traits de toute sorte : ce qu'un copier-coller apporte.
_SEPARATEURS: Final = re.compile("[\\s./\u2010-\u2015\u2212-]")


class DefautNir(StrEnum):
    """Ce qui empêche de lire un NIR, dans l'ordre où on le dit."""

    LONGUEUR = auto()
    CARACTERES = auto()
    DEBUT = auto()


def normalise_nir(texte: str) -> str:
    """Le numéro sans espace, point, barre ni trait, en majuscules."""
    return _SEPARATEURS.sub("", en_clair(texte)).upper()


def defaut_du_nir(nir: str) -> DefautNir | None:
    """Le premier défaut de forme d'un numéro normalisé, ou rien. Le mois n'est pas vérifié."""
    if len(nir) != LONGUEUR_NIR:
        return DefautNir.LONGUEUR
    if signe_inattendu(nir):
        return DefautNir.CARACTERES
    return None if nir[0] in _DEBUTS else DefautNir.DEBUT


def signe_inattendu(nir: str) -> str:
    """Le premier signe qui ne peut pas être là : ni un chiffre, ni le A ou le B de la Corse ; vide sinon."""
    for rang, signe in enumerate(nir):
        corse = rang == 6 and nir[5] == "2" and signe in "AB"
        if signe not in _CHIFFRES and not corse:
            return signe
    return ""


def cle_du_nir(nir: str) -> str:
    """La clé, deux chiffres : 97 moins le reste de la division par 97 (19 pour 2A, 18 pour 2B)."""
    return stdnum_nir.calc_check_digits(_bien_forme(nir))


def cle_correspond(nir: str, cle: str) -> bool:
    """La clé saisie est celle de ce numéro, zéro initial compris ; jamais pour un numéro mal formé."""
    return defaut_du_nir(nir) is None and cle == cle_du_nir(nir)


def est_provisoire(nir: str) -> bool:
    """Un numéro d'attente, donné avant que l'état civil soit certifié. [OWN] premier chiffre 7 ou 8."""
    return nir[:1] in _PROVISOIRES


def naissance_du_nir(nir: str) -> tuple[int | None, int]:
    """
    Le mois de naissance et les deux chiffres de l'année.

    Mois inconnu (20 à 42, 50 et plus, pour un état civil incomplet) : rien.
    """
    mois = int(_bien_forme(nir)[3:5])
    return (mois if 1 <= mois <= 12 else None), int(nir[1:3])


def contredit_la_naissance(nir: str, naissance: date) -> bool:
    """
    Le numéro et la date de naissance ne disent pas la même chose : à signaler, jamais à refuser.

    [INF] d'un numéro provisoire, ou si un mois est inconnu, seule l'année est comparée.
    """
    mois, annee = naissance_du_nir(nir)
    if annee != naissance.year % 100:
        return True
    connus = mois is not None and mois_connu(naissance)
    return connus and mois != naissance.month and not est_provisoire(nir)


def _bien_forme(nir: str) -> str:
    if defaut := defaut_du_nir(nir):
        raise ValueError(f"NIR mal formé : {defaut}")
    return nir
