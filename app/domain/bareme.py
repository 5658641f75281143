"""Les barèmes : participation, forfait logement, seuil des dons."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, TypeVar

from app.domain._fige import Fige
from app.domain._tables import lis_table
from app.domain.age import age

_PART_DES_DONS: Final = Decimal("0.07")
_CENTIME: Final = Decimal("0.01")


class _Tranche(Fige):
    """Un âge maximal (rien : sans limite) et ce qu'on paie par mois jusqu'à cet âge."""

    jusqu_a: int | None
    general: Decimal
    regime_local: Decimal

    def mensuel(self, *, regime_local: bool) -> Decimal:
        return self.regime_local if regime_local else self.general


class _Participation(Fige):
    source: str
    tranches: tuple[_Tranche, ...]


class _Bareme(Fige):
    debut: date


class _Plafond(_Bareme):
    une_personne: Decimal
    source: str


class _Plafonds(Fige):
    source: str
    baremes: tuple[_Plafond, ...]


class _Forfait(_Bareme):
    """Le forfait par mois pour une, deux, trois personnes et plus."""

    sans_aide_au_logement: tuple[Decimal, Decimal, Decimal]


class _Forfaits(Fige):
    source: str
    baremes: tuple[_Forfait, ...]


Bareme = TypeVar("Bareme", bound=_Bareme)

_TRANCHES: Final = lis_table("participation", _Participation).tranches
_PLAFONDS: Final = lis_table("plafonds", _Plafonds).baremes
_FORFAITS: Final = lis_table("forfait_logement", _Forfaits).baremes


def participation_mensuelle(naissance: date, annee: int, *, regime_local: bool = False) -> Decimal:
    """
    Ce qu'une personne paie par mois, selon son âge au 1er janvier de l'année d'attribution.

    [LOI] R861-16-1 II, arrêté du 21 juin 2019. [INF] un enfant né après ce jour paie la première tranche.
    """
    ans = age(naissance, date(annee, 1, 1))
    tranche = next(tranche for tranche in _TRANCHES if tranche.jusqu_a is None or ans <= tranche.jusqu_a)
    return tranche.mensuel(regime_local=regime_local)


def participation_bornes(*, regime_local: bool) -> tuple[Decimal, Decimal]:
    """La plus petite et la plus grande participation par mois."""
    montants = [tranche.mensuel(regime_local=regime_local) for tranche in _TRANCHES]
    return min(montants), max(montants)


def forfait_logement(personnes: int, le: date) -> Decimal:
    """
    Le forfait par mois d'un foyer propriétaire ou hébergé gratuitement, sans aide au logement.

    [LOI] R861-5 : 12, 14 et 14 % du RSA pour une, deux, trois personnes et plus.
    [INF] calculé sur le RSA : la valeur publiée peut différer d'un centime.
    """
    if personnes < 1:
        raise ValueError(f"un foyer a au moins une personne, pas {personnes}")
    forfaits = _en_vigueur(_FORFAITS, le).sans_aide_au_logement
    return forfaits[min(personnes, len(forfaits)) - 1]


def seuil_des_dons(le: date) -> Decimal:
    """
    Le total de dons familiaux en dessous duquel rien n'était compté : 7 % du plafond d'une personne seule.

    [LOI] ancien R861-6-1, sans effet pour une demande déposée depuis le 1er juillet 2025.
    [INF] plafond du jour du dépôt, en métropole.
    """
    return (_en_vigueur(_PLAFONDS, le).une_personne * _PART_DES_DONS).quantize(_CENTIME, ROUND_HALF_UP)


def _en_vigueur(baremes: Sequence[Bareme], le: date) -> Bareme:
    """Le dernier barème commencé ce jour-là ; `ValueError` avant le premier connu."""
    return max((bareme for bareme in baremes if bareme.debut <= le), key=lambda bareme: bareme.debut)
