"""
Several services on one PostgreSQL server and one store of objects, behind the nginx of the guide: `make run-distribue`.

Nothing is left once it ends. Without nginx, a balancer of ours takes its place.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.files.objects import ObjectShelf
from app.files.transfer import transfer
from app.settings import ROOT, load_settings
from app.store.belonging import open_shelf
from tests.support import objects, postgres
from tests.support.balancer import balancing
from tests.support.data import template_of
from tests.support.frontal import find_nginx, fronting
from tests.support.ports import HOST, free_port
from tests.support.services import Service

READY = """Deux services, ports {ports}, sur PostgreSQL et un stockage d'objets, derrière {front} : {url}
Ouvrez cette adresse et choisissez un compte, par exemple Nadia. Ctrl-C arrête tout, et n'en garde rien."""
WHY_NOT = """PostgreSQL ou le stockage d'objets ne démarre pas ici : {}
Sur Debian, en root : apt-get install postgresql. La démonstration sans eux : make run"""


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
            for _ in transfer(open_shelf(load_settings(demo=True, data_dir=filled)), ObjectShelf(files)):
                pass
        template = [template_of(filled)] if filled else []
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


def main() -> None:
    """`make run-distribue`: until Ctrl-C; nothing is left of it."""
    for ends_it in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # a shell that starts it in the background has SIGINT ignored
        signal.signal(ends_it, signal.default_int_handler)
    port = int(os.environ["PORT"])
    given = {name: value for name, value in os.environ.items() if name.startswith("C2S_")}
    with (
        suppress(KeyboardInterrupt),
        TemporaryDirectory(prefix="c2s-distribue-") as folder,
        ExitStack() as ends,
    ):
        home = Path(folder)
        try:
            told = ends.enter_context(sharing(home, None, **given))
        except (pytest.skip.Exception, subprocess.SubprocessError, OSError, AssertionError) as problem:
            sys.exit(WHY_NOT.format(problem))
        services = ends.enter_context(started(home, told))
        try:
            url = ends.enter_context(in_front(home / "frontal", services, port))
        except (OSError, subprocess.SubprocessError):
            sys.exit(f"Le port {port} ne s'ouvre pas. Un autre : make run-distribue PORT={port + 1}")
        ports = " et ".join(str(service.port) for service in services)
        front = "nginx" if find_nginx() else "un répartiteur des essais (nginx n'est pas installé)"
        print(READY.format(ports=ports, front=front, url=url), flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
