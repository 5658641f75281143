"""Le socle des modèles de la loi : immuables, et stricts sur ce qu'ils acceptent."""

from pydantic import BaseModel, ConfigDict


class Fige(BaseModel):
    """Un modèle qu'on ne modifie pas : on en fait un autre."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Garde(Fige):
    """Un contenu écrit une fois et gardé : une version suivante peut y ajouter des champs."""

    model_config = ConfigDict(extra="ignore")
