"""
Files of 1.5 Mo sent by many people at once: what they wait, what « Suivant » without a file waits meanwhile, and
the memory it takes and gives back.
"""

import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast

import httpx2
from starlette.testclient import TestClient

from tests.bench.demarches import PEOPLE, SIZE, Lean, photo
from tests.bench.row import Row
from tests.bench.server import Server
from tests.support import samples
from tests.support.walk import walk_to

PIECES = "/demande/pieces"
CROWDS = ((1, 8), (16, 4), (64, 1))  # people at once, and how many files each sends, one after the other
SESSIONS = 10  # of an account at a time; a few people send from two tabs
P95_AT_16 = 4.0  # seconds
CALM = 15.0  # seconds after the last answer, when memory is read again


def rows(server: Server) -> Iterator[Row]:
    """Half of the files are photos, half are PDFs."""
    files = {"page.jpg": photo(), "avis.pdf": samples.heavy_pdf(SIZE - 2_000)}
    with ThreadPoolExecutor(4) as pool:
        in_a_hurry, *people = pool.map(lambda compte: _at_the_pieces(server, compte), PEOPLE * SESSIONS)
    before, most = server.memory_of_all(), 0.0
    for crowd, each in CROWDS:
        with _meanwhile(server.memory_of_all) as memory, _meanwhile(lambda: _suivant(in_a_hurry)) as suivant:
            took = _all_at_once((people * 2)[:crowd], each, files)
        most = max(most, *memory)
        whom = f"{crowd} personnes à la fois" if crowd > 1 else "une personne"
        yield Row(
            f"Un fichier de 1,5 Mo, {whom}, 95 % des réponses",
            _p95(took),
            "s",
            most=P95_AT_16 if crowd == 16 else None,
            note=f"médiane {statistics.median(took):.2f} s".replace(".", ","),
        )
        yield Row(
            "« Suivant » sans fichier pendant ce temps, 95 % des réponses",
            _p95(suivant),
            "s",
            note=f"{len(suivant)} fois",
        )
    time.sleep(CALM)
    yield Row("Mémoire du service et de ses enfants, avant ces envois", before, "Mio")
    yield Row("La même, au plus fort", most, "Mio")
    yield Row(f"La même, {CALM:.0f} secondes après", server.memory_of_all(), "Mio")
    for client in (*people, in_a_hurry):
        client.client.close()


def _at_the_pieces(server: Server, compte: str) -> Lean:
    """A browser of its own on étape 6."""
    browser = Lean(cast(TestClient, httpx2.Client(base_url=server.url, timeout=120)))
    browser.start(compte)
    walk_to(browser, PIECES)
    return browser


def _all_at_once(people: Sequence[Lean], each: int, files: dict[str, bytes]) -> list[float]:
    """The seconds that every answer took."""
    together = threading.Barrier(len(people))

    def send(rank: int) -> list[float]:
        took, names = [], list(files)
        together.wait()
        for turn in range(each):
            name = names[(rank + turn) % len(names)]
            took.append(_upload(people[rank], name, files[name]))
        return took

    with ThreadPoolExecutor(len(people)) as pool:
        return [seconds for each_of in pool.map(send, range(len(people))) for seconds in each_of]


def _upload(browser: Lean, name: str, content: bytes) -> float:
    return _post(
        browser, {"envoyer": "avis_moi"}, {"fichier_avis_moi": (name, content, "application/octet-stream")}
    )


def _suivant(browser: Lean) -> float:
    """The form as a browser without script sends it: multipart, its file field empty."""
    return _post(browser, {"action": "suivant"}, {"fichier_avis_moi": ("", b"", "application/octet-stream")})


def _post(browser: Lean, fields: dict[str, str], file: dict[str, tuple[str, bytes, str]]) -> float:
    began = time.perf_counter()
    answer = browser.client.post(
        PIECES,
        data={"jeton": browser.token, "bien": "non", "etranger": "non", **fields},
        files=file,
        follow_redirects=False,
    )
    assert answer.status_code == (422 if "action" in fields else 303), (answer.status_code, answer.text[:300])
    assert answer.headers.get("location", PIECES).startswith(PIECES)
    return time.perf_counter() - began


@contextmanager
def _meanwhile(measure: Callable[[], float]) -> Iterator[list[float]]:
    """What is measured again and again while the block lasts."""
    found, over = [measure()], threading.Event()

    def again() -> None:
        while not over.wait(0.1):
            found.append(measure())

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def _p95(took: Sequence[float]) -> float:
    return statistics.quantiles(took, n=20, method="inclusive")[-1] if len(took) > 1 else took[0]
