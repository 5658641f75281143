"""Le droit qu'ouvre une décision : quand il commence, quand il finit, quand en demander la suite."""

from datetime import date, timedelta
from typing import Final

from app.domain.periode import Periode, ajoute_mois

MOIS_POUR_PAYER: Final = 3
"""Le délai pour envoyer les informations de paiement de la participation, en mois. [LOI] R861-16-3."""

DUREE_EN_MOIS: Final = 12
"""Le droit dure un an. [LOI] L861-5."""


def debut_apres_decision(decision: date) -> date:
    """
    Le premier jour du mois qui suit la décision, pour la C2S gratuite.

    [LOI] L861-5 al. 5. Avec participation, c'est le mois qui suit la réception des informations de
    paiement : la date n'est pas connue le jour de la décision.
    """
    return ajoute_mois(decision.replace(day=1), 1)


def debut_en_urgence(depot: date) -> date:
    """Le premier jour du mois du dépôt, quand la situation l'exige. [LOI] L861-5."""
    return depot.replace(day=1)


def debut_possible(debut: date, depot: date, decision: date) -> bool:
    """
    Le droit peut commencer ce jour-là : un premier jour de mois, entre les deux que la loi nomme.

    [INF] un mois entre les deux n'est nommé nulle part, mais une décision peut corriger une erreur de la caisse.
    """
    return debut.day == 1 and debut_en_urgence(depot) <= debut <= debut_apres_decision(decision)


def fin(debut: date) -> date:
    """Le dernier jour du droit qui commence ce jour-là."""
    return ajoute_mois(debut, DUREE_EN_MOIS) - timedelta(days=1)


def renouvellement(fin: date) -> Periode:
    """
    Quand demander la suite : entre quatre mois et deux mois avant la fin du droit.

    [LOI] R861-18. [INF] de quantième à quantième, ramené à la fin du mois.
    """
    return Periode(ajoute_mois(fin, -4), ajoute_mois(fin, -2))


def limite_de_paiement(decision: date) -> date:
    """
    Jusqu'à quand envoyer les informations de paiement de la participation.

    [LOI] R861-16-3. [INF] compté depuis la décision : la personne la lit le même jour dans son compte.
    """
    return ajoute_mois(decision, MOIS_POUR_PAYER)
