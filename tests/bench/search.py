"""Organisme search, on lists of three sizes."""

import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from app.store.database import reading
from app.store.organismes import find_organismes
from tests.bench.row import Row
from tests.store.test_grande_liste import NARROW
from tests.support.liste import filled

QUERIES = 300


def rows(folder: Path) -> Iterator[Row]:
    """The 95th percentile of the same searches, 500, 5 000 then 50 000 implantations."""
    first = 0.0
    for copies, size in ((1, "500"), (10, "5 000"), (100, "50 000")):
        place = folder / str(copies)
        place.mkdir(parents=True)
        with filled(place, copies) as engine:
            took, draw = [], random.Random(1)
            for _ in range(QUERIES):
                nom, ville, departement = draw.choice([*NARROW, ("mutuelle", "", "")])
                with reading(engine) as db:
                    began = time.perf_counter()
                    find_organismes(db, nom, ville, departement)
                    took.append(1000 * (time.perf_counter() - began))
        slow = statistics.quantiles(took, n=20)[-1]
        first = first or slow
        note = f"{slow / first:.1f} fois la petite liste".replace(".", ",")
        yield Row(f"Recherche d’organisme, 95 % des réponses, {size} implantations", slow, "ms", note=note)
