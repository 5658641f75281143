"""Étape 8 : en combien de temps une caisse répond, d'après les demandes qu'elle a décidées."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

DEMANDES_SUFFISANTES: Final = 20
"""[SRC] étape 8 : au-dessous, seul le délai de la loi est donné."""
_BORNES: Final = (14, 28, 42, 62)
"""Derniers jours des tranches. [OWN] Deux mois comptent 62 jours au plus : la dernière tranche les dépasse."""


@dataclass(frozen=True)
class Reponse:
    """Une demande décidée : le jour où elle était complète (CRPA L114-5), le jour de la décision."""

    complete_le: date
    decidee_le: date

    @property
    def jours(self) -> int:
        """Le temps de réponse ; zéro pour une décision du jour même, ou d'avant le dernier document."""
        return max(0, (self.decidee_le - self.complete_le).days)


@dataclass(frozen=True)
class Tranche:
    """Combien de demandes ont reçu leur réponse du jour `debut` au jour `fin`, compris. `fin` vide : et au-delà."""

    debut: int
    fin: int | None
    nombre: int
    part: int  # pour cent, arrondi au plus proche


@dataclass(frozen=True)
class Delais:
    """Ce que disent les demandes décidées entre les jours `debut` et `fin`."""

    nombre: int
    mediane: int
    neuf_dixiemes: int
    debut: date
    fin: date
    tranches: tuple[Tranche, ...]


def delais(reponses: Iterable[Reponse]) -> Delais | None:
    """Les temps de réponse d'une caisse ; rien s'il y a trop peu de demandes décidées."""
    reponses = tuple(reponses)
    if len(reponses) < DEMANDES_SUFFISANTES:
        return None
    jours = sorted(reponse.jours for reponse in reponses)
    decisions = [reponse.decidee_le for reponse in reponses]
    return Delais(
        nombre=len(jours),
        mediane=en_jours_ou_moins(jours, 5),
        neuf_dixiemes=en_jours_ou_moins(jours, 9),
        debut=min(decisions),
        fin=max(decisions),
        tranches=_tranches(jours),
    )


def en_jours_ou_moins(jours: list[int], dixiemes: int) -> int:
    """
    Le plus petit nombre de jours qui suffit à `dixiemes` dixièmes des demandes ; `jours` est trié.

    C'est toujours un temps observé, sans moyenne entre deux : « une demande sur deux reçoit une réponse
    en 28 jours ou moins » est vrai à la lettre.
    """
    rang = -(-len(jours) * dixiemes // 10)  # arrondi vers le haut
    return jours[rang - 1]


def _tranches(jours: list[int]) -> tuple[Tranche, ...]:
    debuts = (0, *(borne + 1 for borne in _BORNES))
    fins = (*_BORNES, None)
    nombres = [
        sum(debut <= jour and (fin is None or jour <= fin) for jour in jours)
        for debut, fin in zip(debuts, fins, strict=True)
    ]
    return tuple(
        Tranche(debut, fin, nombre, part=(200 * nombre + len(jours)) // (2 * len(jours)))
        for debut, fin, nombre in zip(debuts, fins, nombres, strict=True)
    )
