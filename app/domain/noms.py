"""Les noms et prénoms, de toute langue, en lettres latines : celles de la carte Vitale."""

import unicodedata
from typing import Final

NOM_MAXIMAL: Final = 60
"""Le plus long nom accepté, en caractères. [OWN]"""

_APOSTROPHES: Final = "'\u2018\u2019\u02bc\u00b4`\u2032"
_TRAITS: Final = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_SIGNES: Final = frozenset(f" .\u00b7{_APOSTROPHES}{_TRAITS}")
_DROITS: Final = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_TRAITS, "-"))
_LATINES: Final = ("LATIN ", "MODIFIER LETTER ", "COMBINING ")


def signe_inconnu(nom: str) -> str:
    """
    Le premier signe qu'un nom n'a pas ; vide si tout va.

    Un nom a des lettres et leurs accents, des espaces, des traits d'union, des apostrophes,
    des points (abréviations) et le point médian (catalan).
    """
    return next((signe for signe in nom if signe not in _SIGNES and not _est_lettre(signe)), "")


def est_latin(nom: str) -> bool:
    """Toutes les lettres du nom sont latines, accents compris. Un « А » cyrillique n'est pas un « A »."""
    return all(unicodedata.name(signe, "").startswith(_LATINES) for signe in nom if _est_lettre(signe))


def normalise_nom(texte: str) -> str:
    """
    Le nom écrit d'une seule façon.

    Forme NFC, ligatures d'imprimerie dépliées (« ﬁ »), espaces simples, apostrophes et traits d'union droits.
    """
    return " ".join(deplie(texte).translate(_DROITS).split())


def deplie(texte: str) -> str:
    """Le texte en forme NFC, ses ligatures d'imprimerie dépliées : toutes les polices n'ont pas « ﬁ »."""
    if texte.isascii():
        return texte
    lettres = (unicodedata.normalize("NFKC", signe) if _est_lettre(signe) else signe for signe in texte)
    return unicodedata.normalize("NFC", "".join(lettres))


def avec_majuscule(nom: str) -> str:
    """Le nom, sa première lettre en capitale ; le reste comme la personne l'a tapé."""
    return nom[:1].upper() + nom[1:]


def _est_lettre(signe: str) -> bool:
    return unicodedata.category(signe)[0] in "LM"
