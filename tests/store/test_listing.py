"""The list of a caisse reads what it shows, however many demandes the others have, or she has decided."""

from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from app.store.database import reading
from app.store.listing import Listed, list_demandes
from tests.support.data import opens_the_file_of_sqlite
from tests.support.filed import file


def read(service: Starlette, caisse: str, **which: bool) -> tuple[list[Listed], list[tuple[str, Any]]]:
    """The list, and what it asks of the base."""
    engine = service.state.house.engine
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    with reading(engine) as db:
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            return list(list_demandes(db, caisse=caisse, **which)), asked
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)


def test_one_question_lists_all_and_asks_for_no_answer(service: Starlette) -> None:
    files = {
        file(service, events=[("instruction", 2), ("piece_demandee", 4)]): "piece_demandee",
        file(service, "benoit", events=[("instruction", 1)]): "instruction",
    }
    listed, [(statement, _)] = read(service, "")
    last = {row.demande.reference: row.dernier.quoi for row in listed}
    assert {reference: last[reference] for reference in files} == files
    assert "instantane" not in statement


@opens_the_file_of_sqlite
@pytest.mark.parametrize("which", ["open_only", "unread_only"])
def test_the_open_demandes_of_a_caisse_are_found_by_index_in_their_order(
    service: Starlette, which: str
) -> None:
    _, [(statement, parameters)] = read(service, "931", **{which: True})
    with service.state.house.engine.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    assert "SEARCH demande USING INDEX ix_demande_caisse_ouverte (caisse=? AND ouverte=?)" in plan, plan
    assert not [step for step in plan if step.startswith("SCAN")], plan
