"""Fifty thousand organismes: what a search reads does not grow with the list."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from app.store import organismes
from app.store.database import reading
from app.store.organismes import MOST_COUNTED, find_organismes
from app.store.tables import MotOrganisme
from tests.support.data import opens_the_file_of_sqlite
from tests.support.liste import filled

pytestmark = [
    opens_the_file_of_sqlite,  # and reads its plans
    pytest.mark.xdist_group("grande liste"),  # filled once, by the worker that plays them all
]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    with filled(tmp_path_factory.mktemp("grande"), copies=100) as engine:
        yield engine


NARROW = [
    ("calanques", "", ""),
    ("exemple bleuet", "", ""),
    ("", "Paris", ""),
    ("", "75001", ""),
    ("", "750", ""),
    ("", "", "01"),
    ("", "", "corse"),
    ("", "Bourg-en", ""),
    ("", "Ambronay", ""),
    ("mutuelle", "Paris", ""),
    ("calanques", "", "13"),
]


@pytest.mark.parametrize("search", NARROW)
def test_fifty_thousand_rows_are_searched_by_index(large: sa.Engine, search: tuple[str, str, str]) -> None:
    for statement, steps in plans(large, search):
        assert not [step for step in steps if step.startswith("SCAN organisme")], (statement, steps)
        if search[1] or search[2]:  # a place is read in the order of the results
            assert "USE TEMP B-TREE FOR ORDER BY" not in steps, (statement, steps)


@pytest.mark.parametrize("search", [("mutuelle", "", ""), ("mutuelle exemple", "", "")])
def test_words_that_every_name_says_stop_at_the_first_results(
    large: sa.Engine, search: tuple[str, str, str]
) -> None:
    for statement, steps in plans(large, search):
        assert " LIMIT " in statement
        assert "USE TEMP B-TREE FOR ORDER BY" not in steps, (statement, steps)
        assert not [step for step in steps if step.startswith("SCAN organisme_mot")], (statement, steps)


def plans(engine: sa.Engine, search: tuple[str, str, str]) -> list[tuple[str, list[str]]]:
    """What SQLite says it does, for each question this search asks."""
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        asked.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        with reading(engine) as db:
            found = find_organismes(db, *search)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert len(found.rows) == 5
    assert found.total <= MOST_COUNTED + 1
    with engine.connect() as connection:
        return [
            (
                statement,
                [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)],
            )
            for statement, given in asked
        ]


def test_a_count_stops_where_it_helps_nobody(large: sa.Engine) -> None:
    with reading(large) as db:
        many = find_organismes(db, "mutuelle")
        assert many.many
        assert many.total == MOST_COUNTED + 1
        assert not find_organismes(db, "", "75001").many


def test_a_word_in_too_many_names_is_not_looked_up(large: sa.Engine) -> None:
    with reading(large) as db:
        popular = db.exec(select(MotOrganisme.code).where(col(MotOrganisme.mot) == "mutuelle")).all()
        assert len(popular) > organismes.SELECTIVE
