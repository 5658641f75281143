"""The data of a service, copied from one folder to another: a database of SQLite lies in it, one of PostgreSQL goes with it."""

import os
import shutil
from pathlib import Path

import pytest

from app.settings import DRIVER, Settings
from tests.support import postgres

ON_POSTGRESQL = os.environ.get("C2S_ESSAIS") == "postgresql"
opens_the_file_of_sqlite = pytest.mark.skipif(ON_POSTGRESQL, reason="This test opens the file of SQLite.")


def copy_data(source: Path, target: Path) -> Path:
    """All that a service keeps, in place of what is there."""
    shutil.rmtree(target, ignore_errors=True)
    if source.exists():
        shutil.copytree(source, target)
    else:
        target.mkdir(mode=0o700, parents=True)
    if ON_POSTGRESQL:
        postgres.create(postgres.name_of(target), postgres.name_of(source))
    return target


def server_of(folder: Path) -> dict[str, str]:
    """What a service in its own process is told of its database; nothing where it lies in the folder."""
    return {"C2S_DATABASE_URL": postgres.url(postgres.name_of(folder))} if ON_POSTGRESQL else {}


def database_of(settings: Settings) -> str:
    """The database of PostgreSQL that goes with the folder of these settings, made when it is first asked for."""
    name = postgres.name_of(settings.data_dir)
    if not postgres.exists(name):
        postgres.create(name)
    return f"{DRIVER}{postgres.url(name).removeprefix('postgresql')}"
