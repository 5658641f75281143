"""
Le schéma publié de l'export, et le numéro de son format : ce que `make schema` écrit.

La commande lit les numéros déjà publiés, ceux du dernier commit : relancée, elle n'en ajoute qu'un.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema

from app.domain.export import DemandeExportee
from app.domain.format import FORMAT, FORMATS

PUBLIE: Final = Path(__file__).parents[2] / "docs" / "demande.schema.json"


class _SansTitres(GenerateJsonSchema):
    """Le nom d'un champ suffit : pydantic en ferait un titre sans accents."""

    def field_title_should_be_set(self, _: object) -> bool:
        return False


def publie(numero: int = FORMAT) -> str:
    """Le schéma JSON de l'export, comme il est publié sous ce numéro."""
    contenu = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **DemandeExportee.model_json_schema(mode="serialization", schema_generator=_SansTitres),
    }
    contenu["properties"]["version"]["const"] = numero
    return json.dumps(contenu, ensure_ascii=False, indent=2) + "\n"


def empreinte(numero: int = FORMAT) -> str:
    """L'empreinte SHA-256 du schéma sans ses phrases : les redire mieux ne change pas le format."""
    texte = json.dumps(_forme(json.loads(publie(numero))), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(texte.encode()).hexdigest()


def numerote(publies: Mapping[str, str]) -> dict[str, str]:
    """Les numéros publiés, et un de plus si le schéma n'est plus celui du dernier."""
    dernier = len(publies)
    if publies[str(dernier)] == empreinte(dernier):
        return dict(publies)
    return {**publies, str(dernier + 1): empreinte(dernier + 1)}


def _forme(contenu: Any) -> Any:
    if isinstance(contenu, dict):
        return {
            nom: _forme(valeur)
            for nom, valeur in contenu.items()
            if not (nom == "description" and isinstance(valeur, str))
        }
    return [_forme(valeur) for valeur in contenu] if isinstance(contenu, list) else contenu


if __name__ == "__main__":
    numeros = numerote(json.load(sys.stdin))
    FORMATS.write_text(json.dumps(numeros, indent=2) + "\n", encoding="utf-8")
    PUBLIE.write_text(publie(len(numeros)), encoding="utf-8")
