"""The demonstration fills its own database, even when two services start together."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from app.demo import comptes
from app.settings import load_settings
from app.store.belonging import open_shelf
from app.store.database import Turn, open_database, reading, writing
from app.store.tables import Compte, DemandeDeposee
from app.store.versions import migrate


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(load_settings(demo=True, data_dir=tmp_path).database)
    migrate(engine)
    yield engine
    engine.dispose()


def test_two_services_that_start_together_fill_the_base_once(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(demo=True, data_dir=tmp_path)
    shelf = open_shelf(settings)
    late = [True]

    def overtaken(db: Session, turn: Turn) -> AbstractContextManager[None]:
        """The other service starts and fills the base, once this one has seen that it is empty."""
        if late and late.pop():
            with reading(empty) as theirs:
                comptes.load_demo(theirs, settings, shelf)
        return writing(db, turn)

    monkeypatch.setattr(comptes, "writing", overtaken)
    with reading(empty) as db:
        comptes.load_demo(db, settings, shelf)
        assert db.exec(select(func.count()).select_from(Compte)).one() == len(comptes.demo_accounts())
        assert len(db.exec(select(DemandeDeposee)).all()) == 1
