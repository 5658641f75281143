"""The states of « Consulter les délais de traitement »."""

from app.demo.decisions import CAISSE
from app.demo.etat import Etat
from app.domain.delais import DEMANDES_SUFFISANTES

_FILED = "depot_jour=24&depot_mois=11&depot_annee=2026"


def delay_states() -> list[Etat]:
    here, source = "/delais", "étape 8"
    enough = DEMANDES_SUFFISANTES + 4
    return [
        Etat("delais", here, source, compte=None),
        Etat("delais-de-ma-caisse", here, source),
        Etat("delais-legal", f"{here}?caisse=931&{_FILED}", "R861-16-1", compte=None),
        Etat("delais-passe", f"{here}?caisse=931&depot_jour=1&depot_mois=9&depot_annee=2026", "L861-5", compte=None),
        Etat("delais-chiffres", f"{here}?caisse={CAISSE}&{_FILED}", source, compte=None, decidees=enough),
        Etat("delais-vide", f"{here}?caisse=&depot_jour=&depot_mois=&depot_annee=", source, compte=None, statut=422),
        Etat("delais-mois-manquant", f"{here}?caisse=931&depot_jour=1&depot_mois=&depot_annee=2026", source, statut=422),
        Etat("delais-date-future", f"{here}?caisse=931&depot_jour=1&depot_mois=1&depot_annee=2099", source, statut=422),
    ]  # fmt: skip
