"""A question put to the driver: the row that SQLAlchemy would give, and its errors."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app.store import versions
from app.store.database import open_database, reading, writing
from app.store.faults import Fault, fault_of
from app.store.prepared import Prepared
from app.store.tables import Compte, SessionOuverte
from tests.support.data import new_base

pytestmark = pytest.mark.engines

OPENED = datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(microseconds=7)
WHOLE = sa.select(*SessionOuverte.__table__.columns).where(  # type: ignore[attr-defined]
    col(SessionOuverte.id) == sa.bindparam("id"), col(SessionOuverte.expire_le) > sa.bindparam("now")
)


@pytest.fixture
def engine(backend: str, tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_database(new_base(tmp_path))
    versions.migrate(engine)
    with reading(engine) as db, writing(db):
        db.add(Compte(id=1, index_nir="i", fiche=b"\0f", mot_de_passe="m"))
        db.flush()
        over = OPENED + timedelta(hours=20)
        db.add(SessionOuverte(id="s", secret=b"\0s", compte_id=1, ouverte_le=OPENED, expire_le=over))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("before", [timedelta(seconds=1), timedelta(0)])
def test_the_row_is_the_one_that_sqlalchemy_gives(engine: sa.Engine, before: timedelta) -> None:
    given = {"id": "s", "now": OPENED + timedelta(hours=20) - before}
    prepared = Prepared(WHOLE)
    with engine.connect() as connection:
        expected = connection.execute(WHOLE, given).first()
        for _ in range(2):  # the second time, the question is written already
            assert prepared.first(connection, **given) == (tuple(expected) if expected else None)
    assert (expected is None) is (not before)


def test_a_base_without_its_tables_is_said_as_ever(engine: sa.Engine) -> None:
    prepared = Prepared(WHOLE)
    with engine.connect() as connection:
        prepared.first(connection, id="s", now=OPENED)
        connection.exec_driver_sql("DROP TABLE piece_en_attente")
        connection.exec_driver_sql("DROP TABLE session")
        with pytest.raises(sa.exc.DBAPIError) as refused:
            prepared.first(connection, id="s", now=OPENED)
    assert fault_of(refused.value) is Fault.GONE


@pytest.mark.engines("postgresql")
def test_a_connection_that_the_server_has_closed_is_not_kept(engine: sa.Engine) -> None:
    prepared = Prepared(WHOLE)
    with engine.connect() as connection, engine.connect() as other:
        mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        other.exec_driver_sql("SELECT pg_terminate_backend(%s, 5000)", (mine,))
        with pytest.raises(sa.exc.OperationalError) as refused:
            prepared.first(connection, id="s", now=OPENED)
        assert refused.value.connection_invalidated
