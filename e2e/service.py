"""A real server on its own data, and what it holds once a browser has been there."""

import multiprocessing
import os
import shutil
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from sqlmodel import Session, col, delete, select

from app.cli import cli
from app.domain.instantane import Instantane
from app.files.sealing import KeyRing
from app.settings import load_settings
from app.store.database import open_database, reading, writing
from app.store.demandes import read_instantane
from app.store.tables import DemandeDeposee, Piece, SessionOuverte
from tests.conftest import TODAY
from tests.support.ports import HOST, free_port

SECONDS = 120  # to start, and to stop, where everything else takes the processors
TRIES = 3  # another program may take the free port first
LOG = "journal.txt"

_FORKS = multiprocessing.get_context("forkserver")
# Loaded, compiled and compressed once: each server is a copy, and starts in a tenth of a second.
_FORKS.set_forkserver_preload(["app.cli", "e2e.service", "e2e.warm"])


@dataclass(frozen=True)
class Deposited:
    """What one person filed."""

    demande: DemandeDeposee
    contenu: Instantane
    pieces: list[Piece]


class Service:
    """`c2s serve`, on a folder of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder

    def deposits(self) -> list[Deposited]:
        """Every demande but Fatou's, which was there before."""
        with self._open() as (db, ring):
            return [
                Deposited(
                    demande,
                    read_instantane(ring, demande),
                    list(
                        db.exec(select(Piece).where(Piece.demande_id == demande.id).order_by(col(Piece.rang)))
                    ),
                )
                for demande in db.exec(select(DemandeDeposee).where(DemandeDeposee.id != 1))
            ]

    def deposited(self) -> Deposited:
        """The only demande filed during the test."""
        (found,) = self.deposits()
        return found

    def forget_sessions(self) -> None:
        """End every session, as when its 20 hours are over and it has been swept."""
        with self._open() as (db, _), writing(db):
            db.exec(delete(SessionOuverte))

    def read_file(self, piece: Piece) -> bytes:
        """The sealed bytes of a piece, as they lie on the disk."""
        return (self.folder / "fichiers" / piece.id).read_bytes()

    @contextmanager
    def _open(self) -> Iterator[tuple[Session, KeyRing]]:
        settings = load_settings(demo=True, data_dir=self.folder)
        engine = open_database(settings.database)
        try:
            with reading(engine) as db:
                yield db, settings.data_ring
        finally:
            engine.dispose()


@contextmanager
def serving(filled: Path, folder: Path, **settings: str) -> Iterator[Service]:
    """
    Serve a copy of these data, on the day of the tests; `{url}` in a setting is the address of the service.

    A name in capitals is that of a variable which is not a setting of ours.
    """
    shutil.copytree(filled, folder)
    process, url = _start(folder, settings)
    try:
        yield Service(url, folder)
    finally:
        process.terminate()
        process.join(SECONDS)
    faults = [line for line in (folder / LOG).read_text().splitlines() if '"incident"' in line]
    assert faults == []  # whatever was done, no page was an error of ours


def _start(folder: Path, settings: Mapping[str, str]) -> tuple[BaseProcess, str]:
    for _ in range(TRIES):
        port = free_port()
        url = f"http://{HOST}:{port}"
        more = {
            name if name.isupper() else f"C2S_{name.upper()}": value.format(url=url)
            for name, value in settings.items()
        }
        process = _FORKS.Process(target=_serve, args=(folder, port, more), daemon=True)
        process.start()
        if _answers(process, url):
            return process, url
    raise AssertionError(f"the service does not start: {(folder / LOG).read_text()}")


def _serve(folder: Path, port: int, settings: Mapping[str, str]) -> None:
    """`c2s serve`, in a process where its modules are loaded already."""
    with (folder / LOG).open("wb") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    for name in [name for name in os.environ if name.startswith("C2S_")]:
        del os.environ[name]
    os.environ.update(C2S_DEMO="on", C2S_DATA_DIR=str(folder), C2S_TODAY=TODAY.isoformat(), **settings)
    cli(["serve", "--host", HOST, "--port", str(port)])


def _answers(process: BaseProcess, url: str) -> bool:
    end = time.monotonic() + SECONDS
    while process.is_alive() and time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(f"{url}/sante", timeout=5):
            return True
        process.join(0.02)
    process.kill()
    process.join()
    return False
