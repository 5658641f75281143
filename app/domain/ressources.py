"""Les autres ressources à déclarer (étape 5) : sept sortes, et quand la loi les compte."""

from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from app.domain._fige import Fige
from app.domain._tables import lis_table


class Ressource(Fige):
    """
    Une sorte de ressource, telle que la source la nomme.

    `periode` : les douze mois de référence (R861-8), les quatre trimestres civils (R861-15),
    ou une somme détenue, qui n'a pas de période.
    """

    code: str
    libelle: str
    effet_du: date | None
    effet_jusqu_au: date | None
    periode: Literal["reference", "trimestres", "somme_detenue"]
    source: str
    doute: str = ""

    def compte_le(self, le: date) -> bool:
        """La loi la compte pour une demande déposée ce jour ; les deux bornes sont comprises."""
        return (self.effet_du or date.min) <= le <= (self.effet_jusqu_au or date.max)


class _Table(Fige):
    source: str
    ressources: tuple[Ressource, ...]


RESSOURCES: Final = lis_table("ressources", _Table).ressources
CODES: Final = tuple(ressource.code for ressource in RESSOURCES)
_PAR_CODE: Final = MappingProxyType({ressource.code: ressource for ressource in RESSOURCES})


def ressource(code: str) -> Ressource:
    """La ressource de ce code ; `KeyError` s'il n'est pas dans la table."""
    return _PAR_CODE[code]
