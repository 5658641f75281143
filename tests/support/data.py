"""
The data of a service, copied from one folder to another.

A database of SQLite and its files lie in the folder; a database of PostgreSQL, and a part of a store of objects, go with it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.settings import Settings
from app.settings.values import DRIVER
from app.store.database import open_database, reading
from app.store.transfer import claim, transfer
from tests.support import objects, postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ON_POSTGRESQL = os.environ.get("ESSAIS") == POSTGRESQL
FILE = "c2s.sqlite"
opens_the_file_of_sqlite = pytest.mark.skipif(ON_POSTGRESQL, reason="This test opens the file of SQLite.")
opens_the_folder_of_files = pytest.mark.skipif(ON_POSTGRESQL, reason="This test opens the folder of files.")


ENGINES = (POSTGRESQL,) if ON_POSTGRESQL else (SQLITE, POSTGRESQL)


@contextmanager
def on_engine(engine: str) -> Iterator[None]:
    """
    Meanwhile each folder of data has its database there: in a file of the folder, or on the server.

    Its files lie in the folder; in a store of objects if the whole suite is played on the server.
    """
    with pytest.MonkeyPatch.context() as patch:
        if engine == POSTGRESQL:
            patch.setattr(Settings, "database", _SERVED)
        if ON_POSTGRESQL:
            for name, value in objects.KEYS.items():
                patch.setenv(name, value)
            patch.setattr(Settings, "files_url", property(_part_of), raising=False)
        yield


def is_on_the_server() -> bool:
    return vars(Settings)["database"] is _SERVED


def copy_data(source: Path, target: Path) -> Path:
    """All that a service keeps, in place of what is there."""
    shutil.rmtree(target, ignore_errors=True)
    served = is_on_the_server()
    if source.exists():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"{FILE}*") if served else None)
    else:
        target.mkdir(mode=0o700, parents=True)
    if served:
        postgres.create(postgres.name_of(target), template_of(source))
    if ON_POSTGRESQL:
        objects.copy(postgres.name_of(source), postgres.name_of(target))
    return target


def template_of(folder: Path) -> str:
    """The database of the server that goes with a folder; one that lies in the folder is first copied there."""
    name = postgres.name_of(folder)
    if not postgres.exists(name):
        file, base = (
            open_database(f"sqlite:///{folder / FILE}"),
            open_database(_driven(postgres.create(name))),
        )
        with reading(file) as db:
            claim(db, base)
            for _ in transfer(db, base):
                pass
        file.dispose()
        base.dispose()
    return name


def new_base(folder: Path) -> str:
    """The address of an empty database, as the settings give it."""
    if not is_on_the_server():
        return f"sqlite:///{folder / FILE}"
    return _driven(postgres.create(postgres.name_of(folder)))


def server_of(folder: Path) -> dict[str, str]:
    """What a service in its own process is told of its database and its files; nothing of what lies in the folder."""
    name = postgres.name_of(folder)
    files = {"C2S_FILES_URL": objects.part(name), **objects.KEYS} if ON_POSTGRESQL else {}
    return {"C2S_DATABASE_URL": postgres.url(name), **files} if is_on_the_server() else {}


def _database_of(settings: Settings) -> str:
    """The database of PostgreSQL that goes with the folder of these settings, made when it is first asked for."""
    if settings.database_url:
        return settings.database_url
    name = postgres.name_of(settings.data_dir)
    if not postgres.exists(name):
        postgres.create(name)
    return _driven(postgres.url(name))


def _part_of(settings: Settings) -> str:
    """The part of the store that goes with the folder of these settings."""
    given: str = vars(settings)["files_url"]
    return given or objects.part(postgres.name_of(settings.data_dir))


def _driven(url: str) -> str:
    return f"{DRIVER}{url.removeprefix('postgresql')}"


_SERVED = property(_database_of)
