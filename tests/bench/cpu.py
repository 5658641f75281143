"""
Processor time of a page, of an accepted answer and of a file that never changes.

`python -m tests.bench.cpu [FOLDER…]`: of this code, and of each folder that holds another version of it, turn by turn.
It is the processor time of the process that answers, so that what else the machine does hardly counts.
"""

import os
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import httpx2
from starlette.testclient import TestClient

from tests.bench import load
from tests.bench.demarches import Lean
from tests.bench.row import Row, show
from tests.bench.server import Server, running
from tests.support.household import ETAPE_1

PAGE = "/demande/situation"
ANSWER = {**ETAPE_1, "action": "suivant"}
STATIC = re.compile(r"/static/c2s\.\w+\.css")
ROUNDS, SECONDS, WARM = 5, 2, 1
TICK = os.sysconf("SC_CLK_TCK")
WHAT = ("Une page de la démarche, avec session et brouillon", "Une réponse acceptée", "La feuille de style")


def rows(folder: Path, *others: Path) -> Iterator[Row]:
    """Medians of a few rounds, in each of which every version is measured."""
    here = Path(__file__).resolve().parents[2]
    with ExitStack() as stack:
        services: dict[Path, tuple[Server, Mapping[str, tuple[bytes, int]]]] = {}
        for code in (*others, here):
            data = folder / str(len(services)) / "donnees"
            data.mkdir(parents=True)
            server = stack.enter_context(running(data, PYTHONSAFEPATH="1", PYTHONPATH=str(code)))
            services[code] = (server, _questions(server))
        taken: dict[tuple[Path, str], list[float]] = {}
        for turn in range(ROUNDS + 1):
            for code, (server, questions) in services.items():
                for what, (question, status) in questions.items():
                    cost = _cost(server, question, status, SECONDS if turn else WARM)
                    if turn:
                        taken.setdefault((code, what), []).append(cost)
    for what in WHAT:
        for code in services:
            rounds = taken[code, what]
            spread = f"de {min(rounds):.2f} à {max(rounds):.2f}".replace(".", ",")
            yield Row(f"{what}{f' ({code})' if others else ''}", statistics.median(rounds), "ms", note=spread)


def _questions(server: Server) -> Mapping[str, tuple[bytes, int]]:
    with httpx2.Client(base_url=server.url) as client:
        style = STATIC.search(client.get("/connexion").text)
        browser = Lean(cast(TestClient, client))
        browser.start("nadia")
        cookies, form = dict(client.cookies), {"jeton": browser.token, **ANSWER}
    assert style
    asked = (
        (load.asked(server.port, PAGE, cookies), 200),
        (load.asked(server.port, PAGE, cookies, form), 303),
        (load.asked(server.port, style[0], {}), 200),
    )
    return dict(zip(WHAT, asked, strict=True))


def _cost(server: Server, question: bytes, status: int, seconds: float) -> float:
    """Milliseconds of processor that an answer takes."""
    before = _spent(server.pid)
    count = load.served(server.port, question, seconds, status)
    return 1000 * (_spent(server.pid) - before) / count


def _spent(pid: int) -> float:
    """Seconds of processor, in the program and in the system."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / TICK


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        show("Temps de processeur", rows(Path(scratch), *(Path(other).resolve() for other in sys.argv[1:])))
