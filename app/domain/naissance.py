"""Une date de naissance, entière ou non : un état civil d'ailleurs ne donne parfois que l'année, ou le mois et l'année."""

import re
from calendar import monthrange
from datetime import date
from typing import Annotated, Any, Final, Self

from pydantic import GetPydanticSchema
from pydantic_core import core_schema

from app.domain.dates import DefautDate, lit_date

DECEMBRE: Final = 12
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_INCONNU: Final = "00"


class NaissanceIncomplete(date):
    """
    Une date sans jour, ou sans jour ni mois : elle s'écrit « 1990-03-00 » ou « 1990-00-00 », comme à l'état civil.

    Elle compte pour le dernier jour possible : l'âge est le plus jeune, et personne ne perd un droit pour un jour
    que personne ne connaît. [OWN]
    """

    mois_connu: bool

    def __new__(cls, annee: int, mois: int = 0) -> Self:
        dernier_mois = mois or DECEMBRE
        naissance = super().__new__(cls, annee, dernier_mois, monthrange(annee, dernier_mois)[1])
        naissance.mois_connu = bool(mois)
        return naissance

    def __reduce__(self) -> tuple[type[Self], tuple[int, int]]:
        return type(self), (self.year, self.month if self.mois_connu else 0)

    def isoformat(self) -> str:
        """Zéros à la place de ce qui est inconnu."""
        return f"{self.year:04}-{self.month if self.mois_connu else 0:02}-{_INCONNU}"

    __str__ = isoformat


def premier_jour(naissance: date) -> date:
    """Le premier jour possible : la date elle-même si elle est entière."""
    if not isinstance(naissance, NaissanceIncomplete):
        return naissance
    return date(naissance.year, naissance.month if naissance.mois_connu else 1, 1)


def mois_connu(naissance: date) -> bool:
    """Le mois de naissance est connu."""
    return not isinstance(naissance, NaissanceIncomplete) or naissance.mois_connu


def lit_naissance_incomplete(mois: str, annee: str) -> NaissanceIncomplete | DefautDate:
    """Une date sans son jour. Un mois vide ou « 00 » est inconnu."""
    connu = mois.strip(" 0")
    lue = lit_date("1", (connu and mois) or "1", annee)
    return NaissanceIncomplete(lue.year, lue.month if connu else 0) if isinstance(lue, date) else lue


def est_zero(case: str) -> bool:
    """« 0 » ou « 00 » : ce qu'un document écrit à la place d'un jour ou d'un mois inconnu."""
    return bool(case) and not case.strip("0")


def _lis(valeur: Any) -> date:
    if type(valeur) in (date, NaissanceIncomplete):
        return valeur  # type: ignore[no-any-return]
    lue = _ISO.fullmatch(valeur) if isinstance(valeur, str) else None
    if lue is None:
        raise ValueError("année-mois-jour")
    annee, mois, jour = lue.groups()
    if _INCONNU in (mois, jour):
        return NaissanceIncomplete(int(annee), int(mois))
    return date(int(annee), int(mois), int(jour))


_LECTURE: Final = core_schema.no_info_plain_validator_function(
    _lis,
    json_schema_input_schema=core_schema.str_schema(pattern=_ISO.pattern),
    serialization=core_schema.plain_serializer_function_ser_schema(
        str, return_schema=core_schema.str_schema(pattern=r"^\d{4}-\d{2}-\d{2}$"), when_used="json"
    ),
)
Naissance = Annotated[date, GetPydanticSchema(lambda _, __: _LECTURE)]
"""Une date de naissance telle qu'elle est gardée et exportée : « 1990-03-12 », ou 00 pour ce qui est inconnu."""
