"""
Le format de ce qui est déposé : le numéro de l'instantané, de l'export et de son schéma. Il n'y en a qu'un.

Dès que le schéma publié change, `make schema` lui donne un numéro de plus. Un champ de plus, avec une valeur par
défaut, se lit sans mise à niveau ; pour le reste, dites dans `MISES_A_NIVEAU` comment un contenu du numéro d'avant
devient du nouveau.
Une demande déposée avant se lit ainsi pendant toute sa conservation.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

FORMATS: Final = Path(__file__).with_name("formats.json")  # numéro → empreinte de son schéma
FORMAT: Final = len(json.loads(FORMATS.read_bytes()))
Contenu = dict[str, Any]


class FormatInconnu(ValueError):
    """Ce contenu est d'un format que ce service ne sait pas lire : il a été écrit par une version plus récente."""


def _sans_numero_interne(contenu: Contenu) -> Contenu:
    """Les réponses répétaient le numéro : il est dit une fois, à côté de l'instantané."""
    reponses = {nom: valeur for nom, valeur in contenu["reponses"].items() if nom != "version"}
    return {**contenu, "reponses": reponses}


def _sans_non_suppose(contenu: Contenu) -> Contenu:
    """`garde_alternee` fausse se lisait « non » : rien n'en avait été dit."""
    foyer = [
        {**personne, "garde_alternee": personne.get("garde_alternee") or None}
        for personne in contenu["reponses"]["foyer"]
    ]
    return {**contenu, "reponses": {**contenu["reponses"], "foyer": foyer}}


# Le numéro d'un format → comment son contenu devient du suivant, quand un champ de plus ne suffit pas.
MISES_A_NIVEAU: Final[Mapping[int, Callable[[Contenu], Contenu]]] = {
    1: _sans_numero_interne,
    8: _sans_non_suppose,
}


def mets_a_niveau(contenu: Contenu, format_: int) -> Contenu:
    """Le contenu d'un instantané de ce format, dans celui d'aujourd'hui. `FormatInconnu` au-delà."""
    if not 1 <= format_ <= FORMAT:
        raise FormatInconnu(f"format {format_}, ce service lit de 1 à {FORMAT}")
    for numero in range(format_, FORMAT):
        contenu = MISES_A_NIVEAU.get(numero, dict)(contenu)
    return contenu
