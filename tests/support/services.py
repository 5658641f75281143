"""`c2s serve` in processes of their own, that a test starts, stops and kills."""

import os
import shutil
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from app.settings import ROOT
from tests.support.ports import HOST, free_port

SECONDS = 120  # to start, and to stop, where everything else takes the processors
SERVE = "from app.cli import main; main()"
# What clients that speak plain HTTP are given: on their own, each reads all the certificates of the machine (40 ms).
NO_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# Root keeps its files and loses its powers, as under the unit of docs/exploitation (`CapabilityBoundingSet=`).
UNPRIVILEGED = (
    ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
    if os.geteuid() == 0 and shutil.which("setpriv")
    else ()
)


class Service:
    """One service, on a port that stays the same when it starts again."""

    def __init__(self, log: Path, settings: Mapping[str, str]) -> None:
        self.port, self.log = free_port(), log
        own = {name: value for name, value in os.environ.items() if not name.startswith("C2S_")}
        self.environment = {**own, "C2S_DEMO": "on", "HOST": HOST, "PORT": str(self.port), **settings}

    def start(self, code: Path = ROOT) -> None:
        """Begin; `ready` waits for it. `code`: the folder of another version."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*UNPRIVILEGED, sys.executable, "-c", SERVE, "serve"],
                env=self.environment,
                cwd=code,
                stdout=log,
                stderr=log,
            )

    def ready(self) -> None:
        """Wait until it can serve. Raises AssertionError if it never does."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{self.port}/sante", timeout=5):
                return
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=0.02)
        raise AssertionError(f"the service does not start: {self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        """As systemd does."""
        self.process.terminate()
        self.process.wait(SECONDS)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def answered(self) -> int:
        """How many requests its journal has."""
        return self.log.read_text().count('"event": "requete"')
