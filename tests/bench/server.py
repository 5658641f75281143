"""`c2s serve` in a process of its own: how soon it answers, what it holds in memory."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import TODAY
from tests.support.ports import HOST, free_port
from tests.support.services import SERVE, UNPRIVILEGED

SECONDS = 60


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

    def memory_of_all(self) -> float:
        """MiB of the processes of the service together; what they share counts once."""
        return sum(_share_of(pid) for pid in (self.pid, *descendants(self.pid)))


def descendants(pid: int) -> list[int]:
    """The processes that this one started, and those they started."""
    near = [int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if _parent(stat) == pid]
    return near + [far for child in near for far in descendants(child)]


def _parent(stat: Path) -> int:
    with suppress(OSError):  # it has ended meanwhile
        return int(stat.read_text().rpartition(")")[2].split()[1])
    return 0


def _share_of(pid: int) -> float:
    """MiB: its own, and its share of what several hold (`Pss`)."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024
    return 0.0


def environment(folder: Path) -> dict[str, str]:
    """The variables of a demonstration on these data, on the day of the tests, and none but these of ours."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("C2S_")}
    return own | {"C2S_DEMO": "on", "C2S_DATA_DIR": str(folder), "C2S_TODAY": TODAY.isoformat()}


@contextmanager
def running(folder: Path, *command: str, **settings: str) -> Iterator[Server]:
    """Start the service (or another program that answers in the same way) on these data, with these variables."""
    port = free_port()
    program = command or ("-c", SERVE, "serve", "--host", HOST, "--port", str(port))
    began = time.perf_counter()
    with (folder.parent / "journal.txt").open("w") as log:
        process = subprocess.Popen(
            [*UNPRIVILEGED, sys.executable, *program],
            env=environment(folder) | settings | {"PORT": str(port)},
            stdout=log,
            stderr=log,
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
