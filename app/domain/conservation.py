"""
Jusqu'à quand une demande est gardée.

[SEED] « Vos données seront conservées au plus tard trois années après la fin de la C2S. »
« Au plus tard » est un plafond : dans le doute, la date la plus proche est la bonne.
[INF] d'un droit renouvelé ensuite à la caisse, ce service ne sait rien : il compte depuis la fin du premier.
[INF] d'un droit avec participation dont le début n'est pas connu, il retient le premier mois possible.
[INF] sans droit, rien n'est écrit : les trois ans partent de la décision, ou du dépôt s'il n'y en a pas.
Le silence de la caisse vaut pourtant accord (L861-5 al. 4) : une demande que personne ne décide est gardée
trois ans après son dépôt, ce qui est plus court. (à confirmer par la caisse)
"""

from datetime import date
from typing import Final

from app.domain import droit
from app.domain.periode import ajoute_mois

MOIS_GARDES: Final = 36
"""Trois ans."""


def gardee_jusqu_au(depot: date, *, decision: date | None, debut_du_droit: date | None) -> date:
    """Le dernier jour où la demande peut être là."""
    fin = droit.fin(debut_du_droit) if debut_du_droit else decision or depot
    return ajoute_mois(fin, MOIS_GARDES)
