"""The list of a caisse reads what is hers, however many demandes the others have."""

from typing import Any

import sqlalchemy as sa
from starlette.applications import Starlette

from app.store.database import reading
from app.store.listing import list_demandes


def test_nothing_of_another_caisse_is_read(service: Starlette) -> None:
    engine = service.state.house.engine
    asked: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        asked.append(statement)

    with reading(engine) as db:
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            list(list_demandes(db, caisse="aucune"))
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 3  # the demandes, their documents, what happened to them
    assert all("demande.caisse = " in statement for statement in asked)
