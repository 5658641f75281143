"""The schema of the export as it is published: is it still that of the code?"""

import json
from typing import Any

from app.domain.publication import PUBLIE, publie


def stale(published: str | None = None) -> str:
    """
    Which fields differ from what is published, and the command that publishes them; empty if none does.

    `published`: the text to compare, that of `docs/demande.schema.json` by default.
    """
    if published is None:
        published = PUBLIE.read_text(encoding="utf-8") if PUBLIE.exists() else "{}"
    if published == publie():
        return ""
    changed = sorted(_fields(json.loads(publie())) ^ _fields(json.loads(published)))
    named = ", ".join(changed) or "the schema of a field"
    return f"{PUBLIE.name} is not that of the code: {named}. Run `make schema`."


def _fields(schema: dict[str, Any]) -> set[str]:
    kinds = {"DemandeExportee": schema, **schema.get("$defs", {})}
    return {f"{kind}.{field}" for kind, shape in kinds.items() for field in shape.get("properties", {})}
