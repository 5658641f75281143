"""Le socle des modèles de la loi : immuables, et stricts sur ce qu'ils acceptent."""

from pydantic import BaseModel, ConfigDict


class Fige(BaseModel):
    """Un modèle qu'on ne modifie pas : on en fait un autre avec `avec`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def avec(self, **changements: object) -> "Fige":
        """Le même, avec ces changements, vérifiés à nouveau."""
        return type(self).model_validate({**dict(self), **changements})
