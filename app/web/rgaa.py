"""What the automatic checks say of each criterion of the RGAA: read from `data/rgaa.csv`, which the suite writes."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

RESULTS = Path(__file__).resolve().parents[2] / "data" / "rgaa.csv"
FOUND = {
    "COMPLIANT": "Aucun défaut trouvé",
    "NOT_COMPLIANT": "Défaut trouvé",
    "NOT_APPLICABLE": "Non applicable",
    "NOT_TESTED": "À vérifier",
}
BY = {
    "machine": "Contrôle automatique",
    "machine + personne": "Automatique, puis une personne",
    "personne": "Par une personne",
}


@dataclass(frozen=True)
class Criterion:
    """A row of the table."""

    numero: str
    titre: str
    resultat: str
    precision: str


@cache
def criteria() -> tuple[Criterion, ...]:
    """The 106 criteria, in their order."""
    with RESULTS.open(encoding="utf-8", newline="") as lines:
        return tuple(_criterion(row) for row in csv.DictReader(lines, delimiter=";"))


def _criterion(row: dict[str, str]) -> Criterion:
    who = "" if row["statut"] == "NOT_APPLICABLE" else f"{BY[row['methode']]}. "
    return Criterion(row["critere"], row["titre"], FOUND[row["statut"]], f"{who}{row['controle']}.")


async def results_file(_: Request) -> Response:
    """The whole table, for an auditor."""
    named = {"Content-Disposition": 'attachment; filename="rgaa.csv"'}
    return Response(RESULTS.read_bytes(), media_type="text/csv; charset=utf-8", headers=named)
