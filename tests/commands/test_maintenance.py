"""`c2s init`, and the starts that are refused: each sentence names what to do."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.main import create_app
from app.settings import WrongSetting, load_settings
from app.store.database import open_database, reading, writing
from app.store.tables import Compte
from app.store.versions import MIGRATIONS, VERSION, migrate, versions_of
from tests.support.office import NADIA, NEWER, SEALING, Office

NEW = NEWER


def at_version(office: Office, revision: str, since: str = "") -> None:
    """A database that another version of this service made, for itself alone or for others too."""
    engine = open_database(office.settings.database)
    with reading(engine) as db, writing(db):
        db.execute(sa.text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
        db.execute(sa.text("UPDATE version_lisible SET depuis = :at"), {"at": since or revision})
    engine.dispose()


def at_first_version(office: Office) -> None:
    engine = open_database(office.settings.database)
    migrate(engine, to="0001")
    engine.dispose()


def version_of(office: Office) -> str | None:
    engine = open_database(office.settings.database)
    found = versions_of(engine).version
    engine.dispose()
    return found


def test_init_makes_the_base_then_leaves_it(tmp_path: Path) -> None:
    office = Office(tmp_path)
    assert office.done("init") == "La base est créée, à la version de ce service.\n"
    assert office.done("init") == "La base est déjà à la version de ce service.\n"
    assert version_of(office) == VERSION


def test_init_updates_an_older_base(tmp_path: Path) -> None:
    office = Office(tmp_path)
    at_first_version(office)
    assert version_of(office) == "0001" != VERSION
    assert office.done("init") == "La base est à jour, à la version de ce service.\n"
    assert version_of(office) == VERSION


def test_init_leaves_a_newer_base(office: Office) -> None:
    at_version(office, "9999")
    assert "vient d'une version plus récente de ce service (9999)" in office.refused("init")
    assert version_of(office) == "9999"


def test_a_newer_base_that_this_service_reads_is_left_as_it_is(office: Office) -> None:
    at_version(office, "9999", since=VERSION)
    said = "La base vient d'une version plus récente de ce service (9999), et ce service la lit.\n"
    assert office.done("init") == said
    assert "sessions" in office.done("purge", "--json")
    create_app(office.settings).state.house.engine.dispose()
    assert version_of(office) == "9999"


def test_init_says_who_still_reads_the_base_then_that_they_do_no_more(office: Office) -> None:
    at_version(office, VERSION, since="0001")
    said = office.done("init")
    assert "Les services d'avant la lisent encore, depuis la version 0001." in said
    assert "Quand il n'en reste plus, lancez : c2s init --contracter" in said
    said = office.done("init", "--contracter")
    assert f"Les services d'avant la version {VERSION} ne la lisent plus." in said
    assert office.done("init") == "La base est déjà à la version de ce service.\n"


def test_init_does_not_take_away_what_older_services_read(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_version(office, VERSION, since="0001")
    monkeypatch.setattr("app.store.versions.VERSION", "9001")
    monkeypatch.setattr("app.store.versions.MIGRATIONS", migrations_until("9001", office.folder))
    assert "versions d'avant 9001. Arrêtez les services de ces versions" in office.refused("init")
    assert version_of(office) == VERSION
    office.done("init", "--contracter")
    assert version_of(office) == "9001"


def migrations_until(version: str, folder: Path) -> Path:
    """Those of today, and one that only the code of its version reads."""
    made = shutil.copytree(MIGRATIONS, folder / "migrations")
    (made / "versions" / f"{version}.py").write_text(
        f"revision = lisible_depuis = '{version}'\ndown_revision = '{VERSION}'\n\n\ndef upgrade() -> None: ...\n"
    )
    return made


@pytest.mark.parametrize("words", [("serve",), ("purge",), ("organismes", "import", "x")])
def test_outside_the_demonstration_a_base_of_another_version_is_refused(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    office = Office(tmp_path, PORT="0")
    sentence = "La base n'est pas à la version de ce service. Lancez d'abord : c2s init\n"
    assert office.refused(*words) == sentence
    at_first_version(office)
    assert office.refused(*words) == sentence
    assert version_of(office) == "0001", "nothing migrates behind the operator's back"


def test_the_service_does_not_start_without_a_key_still_of_use(office: Office) -> None:
    office.done("assures", "import", office.people(NADIA))
    sentence = "Une clé ancienne manque. Elle sert encore à 1 compte. Ajoutez-la dans C2S_DATA_KEYS, après la plus récente.\n"
    assert office.refused("serve", PORT="0", C2S_DATA_KEYS=NEW) == sentence
    office.env["C2S_DATA_KEYS"] = f"{NEW},{SEALING}"
    create_app(office.settings).state.house.engine.dispose()


def test_the_demonstration_does_not_start_on_a_real_base(office: Office) -> None:
    office.done("assures", "import", office.people(NADIA))
    assert "cette base contient un compte réel" in office.refused("serve", PORT="0", C2S_DEMO="on")


def test_an_account_of_the_demonstration_opens_no_real_service(office: Office) -> None:
    office.done("assures", "import", office.people(NADIA))
    with office.database() as db, writing(db):
        db.add(db.exec(select(Compte)).one().sqlmodel_update({"demo": "nadia"}))
    assert "comptes de démonstration, dont les mots de passe sont publics" in office.refused(
        "serve", PORT="0"
    )


def test_the_demonstration_does_not_start_on_a_newer_base(office: Office) -> None:
    at_version(office, "9999")
    said = office.refused("serve", PORT="0", C2S_DEMO="on")
    assert "Cette base vient d'une version plus récente de ce service (9999)" in said
    assert version_of(office) == "9999"


def test_a_key_given_twice_stops_the_start() -> None:
    with pytest.raises(WrongSetting, match="C2S_DATA_KEYS"):
        load_settings(secret_keys=(NEW,), data_keys=(SEALING, SEALING))
