"""What a page says after an action: its word in the address (`fait=…`), and the sentences that any page may say."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Said(StrEnum):
    """A word of the address. Each step that has some lists them in its own enumeration, beside their sentences."""


class SaidAnywhere(Said):
    """What any page may say."""

    MODIFIE = "modifie"
    SEUL = "seul"
    LIENS = "liens"
    TROP_TOT = "trop_tot"
    SAUTEE = "sautee"
    NOUVELLES = "nouvelles"
    DISPARU = "disparu"
    CONTROLE = "controle"
    ORGANISME_DISPARU = "organisme_disparu"


DONE_HERE: Final[Mapping[str, str]] = {
    SaidAnywhere.MODIFIE: "Votre réponse est modifiée.",
    SaidAnywhere.SEUL: "Vous pouvez demander la C2S pour vous-même.",
}
TO_KNOW: Final[Mapping[str, str]] = {
    SaidAnywhere.TROP_TOT: "La page demandée vient plus tard. Répondez d'abord à celle-ci.",
    SaidAnywhere.SAUTEE: "La page demandée ne concerne pas votre situation. Voici la suivante.",
    SaidAnywhere.NOUVELLES: (
        "Votre réponse ouvre de nouvelles questions. Répondez-y. Vous revenez ensuite au récapitulatif."
    ),
    SaidAnywhere.DISPARU: (
        "Ce que vous vouliez changer n'est plus là. Voici la page telle qu'elle est maintenant."
    ),
    SaidAnywhere.LIENS: (
        "Votre demande continue. Ensuite, le directeur de votre caisse décide si vous pouvez avoir la C2S "
        "pour vous-même."
    ),
    SaidAnywhere.CONTROLE: "Il reste un point à régler avant de valider. Vos réponses sont gardées.",
    SaidAnywhere.ORGANISME_DISPARU: (
        "L'organisme choisi n'est plus dans la liste. Choisissez-en un autre, ou votre caisse."
    ),
}
