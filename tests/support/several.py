"""
Several services on one PostgreSQL server and one store of objects, behind the nginx of the guide: `make run-distribue`.

Nothing is left once it ends. Without nginx, a balancer of ours takes its place.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from app.files.folder import FolderShelf
from app.files.objects import ObjectShelf
from app.files.transfer import transfer
from app.settings import ROOT
from tests.support import objects, postgres
from tests.support.balancer import balancing
from tests.support.frontal import find_nginx, fronting
from tests.support.services import HOST, Service, free_port


@contextmanager
def sharing(home: Path, filled: Path | None = None, **more: str) -> Iterator[dict[str, str]]:
    """
    What services are told that share a database and a part of the store, both new.

    `filled`: the folder of the data to copy there; else the first service loads the demonstration.
    """
    folder = home / "donnees"
    with pytest.MonkeyPatch.context() as patch:
        for name, value in objects.KEYS.items():
            patch.setenv(name, value)
        files = objects.bucket()
        if filled:
            shutil.copytree(filled, folder)
            for _ in transfer(FolderShelf(folder / "fichiers"), ObjectShelf(files)):
                pass
        template = [postgres.name_of(filled)] if filled else []
        yield {
            "C2S_DATA_DIR": str(folder),
            "C2S_DATABASE_URL": postgres.create(postgres.name_of(folder), *template),
            "C2S_FILES_URL": files,
            "C2S_TRUSTED_PROXIES": HOST,
            **objects.KEYS,
            **more,
        }


@contextmanager
def started(
    home: Path, settings: Mapping[str, str], count: int = 2, code: Path = ROOT
) -> Iterator[list[Service]]:
    """So many of them, all with these settings; their logs lie in `home`."""
    services = [Service(home / f"journal-{number}.txt", settings) for number in range(count)]
    with ExitStack() as ends:
        for service in services:
            service.start(code)
            ends.callback(service.kill)
        for service in services:
            service.ready()
        yield services


@contextmanager
def in_front(folder: Path, services: Sequence[Service], port: int = 0) -> Iterator[str]:
    """What stands in front of them, in a folder of its own; its address."""
    ports = [service.port for service in services]
    if find_nginx():
        with fronting(folder, *ports, tls=False, port=port) as front:
            yield f"http://{HOST}:{front.port}"
    else:
        port = port or free_port()
        with balancing(port, ports):
            yield f"http://{HOST}:{port}"
