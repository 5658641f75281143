"""Ce qu'une personne tape ou colle, écrit d'une seule façon : la même lecture pour tous les champs."""

import unicodedata
from typing import Final

_PLEINE_LARGEUR: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Les signes sans dessin qui ne sont pas de la catégorie Cf : remplissages du coréen, sélecteurs de forme, touche d'émoji.
_SANS_DESSIN: Final = frozenset("\u034f\u115f\u1160\u20e3\u3164\uffa0") | {chr(0xFE00 + n) for n in range(16)}
_ESPACES: Final = frozenset(("Zs", "Zl", "Zp"))


def en_clair(texte: str) -> str:
    """
    Le texte avec les chiffres 0 à 9, des espaces ordinaires, et sans signe invisible.

    Une autre écriture, la pleine largeur ou un copier-coller ne changent pas ce qui est dit.
    """
    if texte.isascii():
        return texte
    return "".join(map(_clair, texte.translate(_PLEINE_LARGEUR)))


def sans_accent(texte: str) -> str:
    """Le texte, ses lettres sans leurs accents."""
    decompose = unicodedata.normalize("NFD", texte)
    return "".join(signe for signe in decompose if not unicodedata.combining(signe))


def chiffres_seuls(texte: str) -> bool:
    """Des chiffres de 0 à 9, un au moins, et rien d'autre."""
    return texte.isascii() and texte.isdigit()


def _clair(signe: str) -> str:
    categorie = unicodedata.category(signe)
    if categorie == "Nd":
        return str(unicodedata.decimal(signe))
    if categorie in _ESPACES:
        return " "
    return "" if categorie == "Cf" or signe in _SANS_DESSIN else signe
