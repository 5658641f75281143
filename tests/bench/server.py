"""`c2s serve` in a process of its own: how soon it answers, what it holds in memory."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import TODAY

HOST = "127.0.0.1"
SECONDS = 60
SERVE = "from app.cli import main; main()"


@dataclass(frozen=True)
class Server:
    """A running service."""

    port: int
    pid: int
    start: float  # seconds from the command to the first page

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def memory(self) -> float:
        """MiB of the process that answers."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) / 1024


@contextmanager
def running(folder: Path, *command: str) -> Iterator[Server]:
    """Start the service (or another program that answers in the same way) on these data."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    own = {name: value for name, value in os.environ.items() if not name.startswith("C2S_")}
    own |= {"C2S_DEMO": "on", "C2S_DATA_DIR": str(folder), "C2S_TODAY": TODAY.isoformat()}
    program = command or ("-c", SERVE, "serve", "--host", HOST, "--port", str(port))
    began = time.perf_counter()
    with (folder.parent / "journal.txt").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, *program], env=own | {"PORT": str(port)}, stdout=log, stderr=log
        )
    try:
        _wait(process, port)
        yield Server(port, process.pid, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    end = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(f"http://{HOST}:{port}/connexion", timeout=5):
            return
        time.sleep(0.005)
    raise AssertionError("the service does not start")
