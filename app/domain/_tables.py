"""Les tables de la loi, rangées dans `data/droit` pour qu'un agent de la caisse puisse les corriger."""

from pathlib import Path
from typing import Final, TypeVar

from app.domain._fige import Fige

ROOT: Final = Path(__file__).resolve().parents[2]
DROIT: Final = ROOT / "data" / "droit"

Table = TypeVar("Table", bound=Fige)


def lis_table(nom: str, modele: type[Table]) -> Table:
    """La table `nom`, vérifiée ; une clé inconnue ou manquante arrête tout au démarrage."""
    return modele.model_validate_json((DROIT / f"{nom}.json").read_bytes())
