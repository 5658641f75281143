"""`make run-distribue`: Nadia's démarche on two services, PostgreSQL, a store of objects and nginx; then Ctrl-C."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.settings import ROOT
from e2e.conftest import WITH_SCRIPTS
from e2e.nadia import nadia_depose
from e2e.service import SECONDS, Service
from e2e.window import Window
from tests.conftest import TODAY
from tests.support.ports import free_port

pytestmark = pytest.mark.xdist_group("objets")  # one store of objects at a time, and one server


def processes_of(folder: Path) -> list[str]:
    """Those whose words or variables name this folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (path / "cmdline").read_bytes()
            if str(folder).encode() in words + (path / "environ").read_bytes():
                found.append(words.replace(b"\0", b" ").decode())
    return found


@pytest.fixture
def service() -> Iterator[Service]:
    """What the command prints the address of. At Ctrl-C nothing is left, neither a process nor a file."""
    folder = Path(
        tempfile.mkdtemp(prefix="c2s-")
    )  # a short name: that of the socket of PostgreSQL has a limit
    folder.chmod(0o755)
    own = {name: value for name, value in os.environ.items() if not name.startswith("C2S_")}
    own |= {"PORT": str(free_port()), "TMPDIR": str(folder), "C2S_TODAY": TODAY.isoformat()}
    words = [sys.executable, "-m", "tests.support.several"]
    command = subprocess.Popen(
        words, cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        assert command.stdout is not None
        said = command.stdout.readline()
        assert said.startswith("Deux services"), said
        yield Service(said.rpartition(" : ")[2].strip(), folder)
    finally:
        os.killpg(command.pid, signal.SIGINT)
        try:
            command.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(command.pid, signal.SIGKILL)
            command.communicate()
            raise
    assert command.returncode == 0
    assert processes_of(folder) == []
    folder.rmdir()


@WITH_SCRIPTS
def test_nadia_dit_tout_a_plusieurs_services(window: Window) -> None:
    accuse = nadia_depose(window).accuse()
    accuse.says("avis de Zoé.jpg", "elle est acceptée le 24 janvier 2027", "1 200,50 €")
