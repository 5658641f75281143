"""
Un montant en euros, comme on l'écrit en France ou sans apprêt ; jamais deviné.

Lus : « 1 200 », « 1'200 », « 1200,5 », « 1 200,50 € », « €1200 », « 1200.50 », « 1.200,50 » et « 1,200.50 »
(deux signes différents : le dernier annonce les centimes).

Ambigus, donc à reposer à la personne [OWN] : « 1.200 » et « 1,200 » (mille deux cents, ou un euro vingt ?),
« 1.200.000 » (une seule lecture, mais plus probablement une faute qu'un million), et tout nombre aux
espaces ou aux signes mal placés, comme « 12 50 ».
"""

import re
from decimal import Decimal
from enum import StrEnum, auto
from typing import Final

MONTANT_MAXIMAL: Final = Decimal(9999999)
_CENTIME: Final = Decimal("0.01")

# Suisse, monde arabe.
_MILLIERS: Final = re.compile("(?<=[0-9])['\u2018\u2019\u00b4`\u2032\u066c](?=[0-9]{3}(?![0-9]))")
_VIRGULE_ARABE: Final = "\u066b"
_MOINS: Final = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_CORPS: Final = re.compile(r"[0-9](?:[0-9., ]*[0-9])?")
_SIMPLE: Final = re.compile(r"(?P<euros>[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?: ?[.,] ?(?P<centimes>[0-9]+))?")
_GROUPE: Final = re.compile(
    r"(?P<euros>[0-9]{1,3}(?P<signe>[.,])[0-9]{3}(?:(?P=signe)[0-9]{3})*)(?!(?P=signe))[.,](?P<centimes>[0-9]+)"
)
_DEUX_LECTURES: Final = re.compile(r"[1-9][0-9]{0,2} ?[.,] ?[0-9]{3}")


class DefautMontant(StrEnum):
    """La question que pose un montant qu'on ne peut pas prendre tel quel."""

    VIDE = auto()
    NOMBRE = auto()
    NEGATIF = auto()
    GRAND = auto()
    CENTIMES = auto()
    AMBIGU = auto()


def lit_montant(texte: str) -> Decimal | DefautMontant:
    """Le montant, au centime, ou le défaut du texte saisi."""
    propre = " ".join(_MILLIERS.sub(" ", texte).replace(_VIRGULE_ARABE, ",").split())
    propre = (propre.removeprefix("€") if propre.startswith("€") else propre.removesuffix("€")).strip()
    if not propre:
        return DefautMontant.VIDE
    corps = propre.lstrip(_MOINS).lstrip() if propre[0] in _MOINS else propre
    if not _CORPS.fullmatch(corps):
        return DefautMontant.NOMBRE
    return DefautMontant.NEGATIF if corps != propre else _lit_nombre(corps)


def _lit_nombre(corps: str) -> Decimal | DefautMontant:
    lu = _SIMPLE.fullmatch(corps) or _GROUPE.fullmatch(corps)
    if lu is None or _DEUX_LECTURES.fullmatch(corps):
        return DefautMontant.AMBIGU
    euros, centimes = re.sub(r"[ .,]", "", lu["euros"]), lu["centimes"] or "0"
    if len(centimes) > 2:
        return DefautMontant.CENTIMES
    montant = Decimal(f"{euros}.{centimes}")
    return DefautMontant.GRAND if montant > MONTANT_MAXIMAL else montant.quantize(_CENTIME)
