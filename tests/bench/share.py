"""
Pages a second with session and draft, as a share of the same page bare.

`python -m tests.bench.share [FOLDER…]`: of this code, and of each folder that holds another version of it, turn by turn,
so that the machine's moods fall on all of them.
"""

import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import httpx2
from starlette.testclient import TestClient

from tests.bench import bare, load
from tests.bench.demarches import Lean
from tests.bench.row import Row, show
from tests.bench.server import Server, running

ROUNDS, SECONDS = 5, 2
LEAST = 0.6  # spec §10


def rows(folder: Path, *others: Path) -> Iterator[Row]:
    """Medians of a few rounds; the share of each round is that of two measures made one after the other."""
    here = Path(__file__).resolve().parents[2]
    with ExitStack() as stack:
        services: dict[Path, Server] = {}
        for code in (*others, here):
            data = folder / str(len(services)) / "donnees"
            data.mkdir(parents=True)
            started = running(data, "-m", "tests.bench.bare", PYTHONSAFEPATH="1", PYTHONPATH=str(code))
            services[code] = stack.enter_context(started)
        cookies = {code: signed_in(server) for code, server in services.items()}
        taken: dict[Path, list[tuple[float, float]]] = {code: [] for code in services}
        for _ in range(ROUNDS):
            for code, server in services.items():
                whole = load.requests_a_second(server.port, bare.PAGE, cookies[code], SECONDS)
                taken[code].append((whole, load.requests_a_second(server.port, bare.BARE, {}, SECONDS)))
    for code, rounds in taken.items():
        yield from _rows(rounds, f" ({code})" if others else "", LEAST if code == here else None)


def _rows(rounds: list[tuple[float, float]], which: str, least: float | None) -> Iterator[Row]:
    whole, alone = (statistics.median(measured) for measured in zip(*rounds, strict=True))
    shares = [of / to for of, to in rounds]
    spread = f"de {min(shares):.2f} à {max(shares):.2f}".replace(".", ",")
    yield Row(f"Page de la démarche, avec session et brouillon{which}", whole, "par seconde")
    yield Row(f"La même page nue, sans session ni brouillon{which}", alone, "par seconde")
    yield Row(
        f"La première, en part de la seconde{which}", statistics.median(shares), "", least=least, note=spread
    )


def signed_in(server: Server) -> Mapping[str, str]:
    """The cookies of Nadia, who has begun a demande."""
    with httpx2.Client(base_url=server.url) as client:
        Lean(cast(TestClient, client)).start("nadia")
        return dict(client.cookies)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        show("Pages par seconde, un seul processus", rows(Path(scratch), *(Path(other).resolve() for other in sys.argv[1:])))  # fmt: skip
