"""Les périodes et les délais que la loi compte en mois civils."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Periode:
    """Du jour `debut` au jour `fin`, tous deux compris."""

    debut: date
    fin: date

    def __contains__(self, jour: date) -> bool:
        return self.debut <= jour <= self.fin


def ajoute_mois(le: date, nombre: int) -> date:
    """Le même quantième, `nombre` mois plus loin (ou plus tôt), ramené à la fin du mois s'il n'existe pas."""
    annees, rang = divmod(le.month - 1 + nombre, 12)
    annee, mois = le.year + annees, rang + 1
    return date(annee, mois, min(le.day, monthrange(annee, mois)[1]))


def douze_mois_avant(le: date) -> date:
    """Le même jour un an plus tôt ; le 28 février pour un 29 février."""
    return ajoute_mois(le, -12)


def periode_reference(le: date) -> Periode:
    """
    Les douze mois de ressources regardés pour une demande déposée ce jour : de M-13 à M-2.

    Seul compte le mois du dépôt, pas son quantième.
    [LOI] R861-8, formule en vigueur depuis le 1er janvier 2022.
    [INF] le mois est celui du dépôt : une saisie validée le mois suivant change de période.
    """
    return _douze_mois_finissant_avant(ajoute_mois(le.replace(day=1), -1))


def quatre_trimestres(le: date) -> Periode:
    """
    Les quatre trimestres civils qui précèdent la demande, pour le chiffre d'affaires d'un indépendant.

    [LOI] R861-15 al. 2 : seulement si rien n'a encore été déclaré aux impôts.
    """
    return _douze_mois_finissant_avant(date(le.year, le.month - (le.month - 1) % 3, 1))


def acceptation_implicite(le: date) -> date:
    """
    Le jour où le silence de la caisse vaut acceptation, pour un dossier complet reçu ce jour.

    [LOI] deux mois (R861-16-1 II), silence valant acceptation (L861-5 al. 4).
    [INF] de quantième à quantième, ramené à la fin du mois ; que la décision naisse ce jour-là
    ou le lendemain est une convention.
    """
    return ajoute_mois(le, 2)


def _douze_mois_finissant_avant(premier_du_mois: date) -> Periode:
    return Periode(ajoute_mois(premier_du_mois, -12), premier_du_mois - timedelta(days=1))
