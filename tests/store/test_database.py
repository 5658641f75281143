"""The database: models and migrations agree, and what is deleted is nowhere any more."""

import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import Session, SQLModel, select

from app.store import database, versions
from app.store.database import reading, writing
from app.store.tables import Caisse, Compte, PieceEnAttente, Satisfaction, SessionOuverte
from tests.support.data import new_base, opens_the_file_of_sqlite
from tests.support.soon import SOON

pytestmark = pytest.mark.engines
MOMENT = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def new(backend: str, tmp_path: Path) -> Iterator[sa.Engine]:
    engine = database.open_database(new_base(tmp_path))
    yield engine
    engine.dispose()


@pytest.fixture
def empty(new: sa.Engine) -> sa.Engine:
    versions.migrate(new)
    return new


# SQLite cannot say the indexes of seals; PostgreSQL does, and tests/test_rotation.py sees SQLite use them.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_models_and_migrations_are_equal(empty: sa.Engine) -> None:
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_migrated_database_is_at_the_expected_version(empty: sa.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(versions.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [versions.VERSION]
    assert versions.versions_of(empty).version == versions.VERSION


def test_a_new_database_has_no_version(new: sa.Engine) -> None:
    assert versions.versions_of(new).version is None


@opens_the_file_of_sqlite  # no server has had columns of these names
@pytest.mark.engines("sqlite")
def test_columns_that_took_another_name_keep_what_they_hold(new: sa.Engine) -> None:
    versions.migrate(new, "0003")
    with new.begin() as connection:
        for row in (
            "compte VALUES (1, 'index', x'01', 'argon2', NULL)",
            "session (jeton, secret, compte_id, ouverte_le, expire_le) VALUES ('s', x'02', 1, '2026-11-24', '2026-11-25')",
            "piece_en_attente (id, rang, jeton, emplacement, taille, media, scelle) VALUES ('p', 1, 's', 'rsa', 9, '', x'03')",
        ):
            connection.exec_driver_sql(f"INSERT INTO {row}")
    versions.migrate(new)
    with reading(new) as db, writing(db):
        assert db.get_one(PieceEnAttente, "p").cle == b"\x03"
        db.delete(db.get_one(SessionOuverte, "s"))
    with reading(new) as db:
        assert db.exec(select(PieceEnAttente)).all() == [], "the files still go with their session"


def test_an_error_of_the_base_does_not_quote_what_it_was_given(empty: sa.Engine) -> None:
    """A command that is stopped by one writes it on its error output, which a journal may keep."""
    known = {"id": "s", "compte_id": 1, "ouverte_le": MOMENT, "expire_le": MOMENT}
    row = sa.insert(SessionOuverte).values(**known, secret=b"", brouillon="canari")
    with reading(empty) as db:
        with writing(db):
            db.add(Compte(id=1, index_nir="", fiche=b"", mot_de_passe=""))
            db.flush()
            db.execute(row)
        with pytest.raises(sa.exc.IntegrityError) as refused:
            db.execute(row)
    assert "canari" not in "".join(traceback.format_exception(refused.value))


def test_a_transaction_is_kept_whole_or_not_at_all(empty: sa.Engine) -> None:
    with reading(empty) as db:
        with pytest.raises(ZeroDivisionError):
            _fail_half_way(db)
        assert db.exec(select(Satisfaction)).all() == []
        with writing(db):
            db.add(Satisfaction(le=date(2026, 11, 24), note=4))
    with reading(empty) as db:
        assert [avis.note for avis in db.exec(select(Satisfaction))] == [4]


def _fail_half_way(db: Session) -> None:
    with writing(db):
        db.add(Satisfaction(le=date(2026, 11, 24), note=5))
        db.flush()
        raise ZeroDivisionError


@opens_the_file_of_sqlite
@pytest.mark.engines("sqlite")
def test_what_is_deleted_is_nowhere_on_the_disk(empty: sa.Engine, tmp_path: Path) -> None:
    secret = "CANARI-À-OUBLIER-7731"
    champs: dict[str, Any] = dict.fromkeys(
        ("nom", "departement", "ville", "adresse", "code_postal", "telephone"), "x"
    )
    champs |= dict.fromkeys(("courriel", "dpo", "service", "recours"), secret * 40)
    with reading(empty) as db:
        with writing(db):
            db.add(Caisse(code="000", **champs))
        assert secret.encode() in b"".join(path.read_bytes() for path in tmp_path.iterdir())
        with writing(db):
            db.delete(db.get_one(Caisse, "000"))
    database.forget_deleted(empty)
    assert secret.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


@opens_the_file_of_sqlite
@pytest.mark.engines("sqlite")
def test_who_writes_has_a_turn_while_a_reader_keeps_what_is_deleted(tmp_path: Path) -> None:
    """The one who deletes waits for the reader, and is not done; the others write meanwhile."""
    url, asked = new_base(tmp_path), Event()
    engine, others = database.open_database(url, SOON), database.open_database(url, SOON / 10)
    versions.migrate(engine)

    def about_to_ask(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "wal_checkpoint" in statement:
            asked.set()

    sa.event.listen(engine, "before_cursor_execute", about_to_ask)
    with engine.connect() as reader, reading(others) as db, ThreadPoolExecutor(1) as pool:
        reader.exec_driver_sql("BEGIN")
        reader.exec_driver_sql("SELECT * FROM compte").all()
        with writing(db):
            db.add(Satisfaction(le=MOMENT.date(), note=5))
        forgetting = pool.submit(database.forget_deleted, engine)
        asked.wait(SOON)
        with writing(db):
            db.add(Satisfaction(le=MOMENT.date(), note=4))
        assert not forgetting.done()
        reader.exec_driver_sql("ROLLBACK")
        forgetting.result()
    assert (tmp_path / "c2s.sqlite-wal").stat().st_size == 0
    with engine.connect() as one, engine.connect() as two:
        waits = [each.exec_driver_sql("PRAGMA busy_timeout").scalar_one() for each in (one, two)]
    assert waits == [SOON * 1000] * 2, "as they were opened"
    others.dispose()
    engine.dispose()


@opens_the_file_of_sqlite
@pytest.mark.engines("sqlite")
def test_what_is_deleted_during_a_backup_is_nowhere_once_it_ends(tmp_path: Path) -> None:
    """A backup reads what was there when it began, and holds it back."""
    engine = database.open_database(new_base(tmp_path), 0)
    versions.migrate(engine)
    canary = b"CANARI-PENDANT-LA-COPIE"

    def there() -> bool:
        return canary in b"".join(path.read_bytes() for path in tmp_path.iterdir())

    with reading(engine) as db, engine.connect() as backup:
        with writing(db):
            db.add(Compte(id=1, index_nir="", fiche=canary, mot_de_passe=""))
        backup.exec_driver_sql("BEGIN")
        backup.exec_driver_sql("SELECT * FROM compte").all()
        with writing(db):
            db.delete(db.get_one(Compte, 1))
        database.forget_deleted(engine)
        assert there()
        backup.exec_driver_sql("ROLLBACK")
        database.forget_for_good(engine)
        assert not there()
    engine.dispose()
