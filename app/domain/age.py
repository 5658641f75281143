"""L'âge, et les âges qui changent un droit."""

from datetime import date
from typing import Final

AGE_FIN_DE_CHARGE: Final = 25
"""À cet âge, on n'est plus « âgé de moins de 25 ans » ni à charge, le jour du dépôt. [LOI] R861-2."""

AGE_AVIS_PROPRE: Final = 16
"""
L'âge à partir duquel un bénéficiaire joint son propre avis d'imposition.

[INF] étape 6 dit « de plus de 15 ans », sans texte trouvé : quinze ans passés d'un jour, ou seize ans ?
Seize est retenu, l'âge de l'affiliation personnelle sur demande (L160-2).
"""

AGE_CONJOINT: Final = 16
"""En dessous, la date de naissance d'un conjoint est redemandée une fois. [OWN]"""

AGE_GARDE_ALTERNEE: Final = 18
"""La résidence alternée ne compte que pour un enfant mineur, en dessous de cet âge. [LOI] R861-2, R861-3."""

AGE_MAXIMAL: Final = 120
"""Au-delà, une date de naissance est une faute de frappe. [OWN]"""


def age(naissance: date, le: date) -> int:
    """
    Les années révolues ce jour-là : 25 ans le jour du 25e anniversaire ; négatif avant la naissance.

    Qui est né un 29 février prend un an le 1er mars des années ordinaires [OWN, convention] :
    il reste « de moins de 25 ans » tout le 28 février.
    """
    return le.year - naissance.year - ((le.month, le.day) < (naissance.month, naissance.day))
