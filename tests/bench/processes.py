"""
Whole démarches a second with 1, 2 and 4 services, on SQLite and a folder, then on PostgreSQL and a store of objects.

`python -m tests.bench.processes`. Services, database, store and client all share the processors of this machine.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.settings import Settings, load_settings
from tests.bench import demarches
from tests.bench.row import Row, show
from tests.conftest import TODAY
from tests.support.several import sharing, started

COUNTS = (1, 2, 4)
AT_ONCE = 6  # people, each on the next service
TODAY_IS = {"C2S_TODAY": TODAY.isoformat()}


def rows(folder: Path) -> Iterator[Row]:
    """Each engine has data of its own, which the first service fills."""
    yield from _on("SQLite et un dossier", folder, {"C2S_DATA_DIR": str(folder / "sqlite")})
    with sharing(folder) as told:
        yield from _on("PostgreSQL et un magasin d’objets", folder, told)


def _on(engine: str, folder: Path, told: dict[str, str]) -> Iterator[Row]:
    for count in COUNTS:
        with started(folder, told | TODAY_IS, count) as services:
            urls = [f"http://127.0.0.1:{service.port}" for service in services]
            rate = demarches.a_second(urls, _settings(told), AT_ONCE)
        yield Row(f"{engine}, {count} processus", rate, "par seconde")


def _settings(told: dict[str, str]) -> Settings:
    names = {
        "data_dir": "C2S_DATA_DIR",
        "database_url": "C2S_DATABASE_URL",
        "files_url": "C2S_FILES_URL",
    }
    given = {name: told[variable] for name, variable in names.items() if variable in told}
    return load_settings(demo=True, today=TODAY, **given)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        show("Démarches entières, deux fichiers de 1,5 Mo", rows(Path(scratch)))
