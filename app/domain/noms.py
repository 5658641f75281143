"""Les noms et prénoms, de toute langue et de toute écriture."""

import unicodedata
from typing import Final

NOM_MAXIMAL: Final = 60
"""Le plus long nom accepté, en caractères. [OWN]"""

_APOSTROPHES: Final = "'\u2018\u2019"
_TRAITS: Final = "-\u2010\u2011"
_SIGNES: Final = frozenset(f" .\u00b7{_APOSTROPHES}{_TRAITS}")
_DROITS: Final = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_TRAITS, "-"))


def signe_inconnu(nom: str) -> str:
    """
    Le premier signe qu'un nom n'a pas ; vide si tout va.

    Un nom a des lettres et leurs accents, des espaces, des traits d'union, des apostrophes,
    des points (abréviations) et le point médian (catalan).
    """
    return next(
        (signe for signe in nom if signe not in _SIGNES and unicodedata.category(signe)[0] not in "LM"), ""
    )


def normalise_nom(texte: str) -> str:
    """Le nom écrit d'une seule façon : forme NFC, espaces simples, apostrophes et traits d'union droits."""
    return " ".join(unicodedata.normalize("NFC", texte).translate(_DROITS).split())
