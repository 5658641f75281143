"""The states of « Consulter les délais de traitement »."""

from app.demo.decisions import CAISSE
from app.demo.state import State
from app.domain.delais import DEMANDES_SUFFISANTES


def delay_states() -> list[State]:
    here, source = "/delais", "étape 8"
    enough = DEMANDES_SUFFISANTES + 4
    return [
        State("delais", here, source, compte=None),
        State("delais-de-ma-caisse", here, source),
        State("delais-legal", f"{here}?caisse=931&{{depot:3}}", "R861-16-1", compte=None),
        State("delais-passe", f"{here}?caisse=931&{{depot:80}}", "L861-5", compte=None),
        State("delais-chiffres", f"{here}?caisse={CAISSE}&{{depot:3}}", source, compte=None, decidees=enough),
        State("delais-erreurs", f"{here}?caisse=&depot_jour=&depot_mois=&depot_annee=", source, compte=None, statut=422),
        State("delais-mois-manquant", f"{here}?caisse=931&depot_jour=1&depot_mois=&depot_annee=2026", source, statut=422),
        State("delais-date-future", f"{here}?caisse=931&depot_jour=1&depot_mois=1&depot_annee=2099", source, statut=422),
    ]  # fmt: skip
