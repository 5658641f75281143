"""A service that has received many files does not keep their memory."""

import subprocess
import sys

import pytest

from app.settings import ROOT

MIB = 1 << 20
BURST = """
import resource
from pathlib import Path
from app import cli

def held():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()

def burst():
    bytes(20 << 20)  # glibc has seen a large block freed
    before = held()
    files = []
    for _ in range(30):
        files.append(b"x" * (1 << 20))
    del files
    print(held() - before)
    raise SystemExit

cli.read_settings = burst  # what `serve` does next
cli.serve()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells the memory of a process in /proc.")
def test_serve_gives_the_memory_of_a_burst_back() -> None:
    done = subprocess.run([sys.executable, "-c", BURST], capture_output=True, check=True, cwd=ROOT)
    assert int(done.stdout) < 4 * MIB
