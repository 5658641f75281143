"""
What grows with the demandes that a base of SQLite holds: `python -m tests.bench.growth [MOST]` (100 000 without a
number, up to a million).

The demandes are copies of a real one, filed over two years with 100 caisses and decided in 40 days; each has two
documents, whose files are in the folder and empty. What is sealed opens for the first alone, and nothing measured here
opens that of another.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import structlog
from sqlmodel import select
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import load_settings
from app.store.conservation import old_demandes
from app.store.database import reading
from app.store.keys import sealed_under_another
from app.store.listing import list_demandes
from app.store.sweep import sweep
from app.store.tables import Piece
from app.web.house import House
from tests.bench.row import Row, show
from tests.conftest import TODAY
from tests.support.browser import Browser
from tests.support.walk import join, walk_to

SIZES = (1_000, 10_000, 100_000, 1_000_000)
TIMES, LONG = 5, 5_000  # and no more once these milliseconds are spent
DELAYS = "/delais?caisse=c00&depot_jour=1&depot_mois=11&depot_annee=2026"
FILED = f"'{TODAY}', '-' || (i * 7 % 730) || ' days', '-' || (i % 1440) || ' minutes'"
AT = "'%Y-%m-%d %H:%M:%S.000000'"
IS_OPEN = "i * 7 % 730 < 40"
OWNED = {"demande_id": "1000000 + i", "le": f"strftime({AT}, {FILED})"}
DECISION = {"le": f"strftime({AT}, {FILED}, '+40 days')"}
DRAWN = {"id": "lower(hex(randomblob(12)))"}
COPIES: tuple[tuple[str, Mapping[str, str], str], ...] = (
    # table, what differs from its first row, by rank `i`, and which ranks have one
    ("compte", {"id": "1000000 + i", "index_nir": "hex(randomblob(32))", "demo": "NULL", "index_pivot": "NULL"}, "1"),
    ("session", {"id": "'session' || i", "compte_id": "1000000 + i"}, "i % 50 = 0"),
    ("demande", {"id": "1000000 + i", "compte_id": "1000000 + i", "caisse": "printf('c%02d', i % 100)",
                 "reference": "'C2S-2026-9' || i", "brouillon": "'copie' || i", "ouverte": IS_OPEN,
                 "deposee_le": f"strftime({AT}, {FILED})"}, "1"),
    ("echange", OWNED | {"id": "'accuse' || i", "compte_id": "1000000 + i"}, "1"),
    ("echange", OWNED | DECISION | {"id": "'accord' || i", "compte_id": "1000000 + i", "genre": "'accord_gratuit'"},
     f"NOT {IS_OPEN}"),
    ("evenement", OWNED | {"id": "NULL"}, "1"),
    ("evenement", OWNED | DECISION | {"id": "NULL", "quoi": "'accord_gratuit'"}, f"NOT {IS_OPEN}"),
    ("piece", OWNED | DRAWN, "1"),
    ("piece", OWNED | DRAWN, "1"),
)  # fmt: skip


def main(most: int) -> None:
    """The same base, larger and larger."""
    with tempfile.TemporaryDirectory() as scratch:
        app = create_app(load_settings(demo=True, data_dir=Path(scratch) / "donnees", today=TODAY))
        house: House = app.state.house
        browser = Browser(TestClient(app))
        browser.start("nadia")
        walk_to(browser, "/demande/pieces")
        join(browser, "avis_moi")
        walk_to(browser, "/demande/terminee")
        first: dict[str, float] = {}
        before = 0
        for size in (size for size in SIZES if size <= most):
            began = time.monotonic()
            seed(house, before, size)
            before = size
            title = f"{size:,} demandes".replace(",", " ")
            show(f"{title}, en {time.monotonic() - began:.0f} s", _rows(house, browser, first))
        house.engine.dispose()


def seed(house: House, before: int, size: int) -> None:
    """Add the demandes of these ranks, each with its account, its messages, its events and two documents."""
    with house.engine.connect() as connection:
        run = connection.exec_driver_sql
        for fast in ("synchronous = OFF", "foreign_keys = OFF", "cache_size = -2000000"):
            run(f"PRAGMA {fast}")
        tables = [table for table, _, _ in COPIES]
        indexes = [
            (name, sql)
            for name, table, sql in run("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index'")
            if sql and table in tables
        ]
        if not before:
            run(_copy(run, "caisse", {"code": "printf('c%02d', i)"}, "1"), (0, 100))
        for name, _ in indexes:
            run(f"DROP INDEX {name}")
        for table, other, which in COPIES:
            run(_copy(run, table, other, which), (before, size))
        for _, sql in indexes:
            run(sql)
        run("ANALYZE")
        connection.invalidate()  # its settings are for filling
    there = set(house.shelf.names())
    with reading(house.engine) as db:
        for name in db.exec(select(Piece.id)):
            if name not in there:
                (house.settings.files / name).touch()


def _copy(run: Callable[[str], Any], table: str, other: Mapping[str, str], which: str) -> str:
    """The insertion of as many copies of the first row of a table as two bounds say."""
    columns = [row[1] for row in run(f"PRAGMA table_info({table})")]
    shown = ", ".join(other.get(name, f"model.{name}") for name in columns)
    return (
        f"WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?), "
        f"model AS (SELECT * FROM {table} ORDER BY rowid LIMIT 1) "
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {shown} FROM n, model WHERE {which}"
    )


def _rows(house: House, browser: Browser, first: dict[str, float]) -> Iterator[Row]:
    for what, work in _measured(house, browser).items():
        took = _median(work)
        note = f"{took / first.setdefault(what, took):.1f} fois la première".replace(".", ",")
        yield Row(what, took, "ms", note=note)


def _measured(house: House, browser: Browser) -> Mapping[str, Callable[[], object]]:
    def signing_in() -> None:
        other = Browser(TestClient(browser.client.app))
        other.sign_in("marc")
        other.sign_out()

    def in_base(work: Callable[[Any], object]) -> Callable[[], object]:
        def measured() -> object:
            with reading(house.engine) as db:
                return work(db)

        return measured

    day, clock = house.settings.day(), house.settings.clock()
    return {
        "Démarrage : les clés sont toutes là": in_base(lambda db: sealed_under_another(db, house.ring)),
        "Tableau de bord": lambda: browser.client.get("/demarches").raise_for_status(),
        "Connexion (sans mot de passe) et déconnexion": signing_in,
        "Délais d’une caisse": lambda: browser.client.get(DELAYS).raise_for_status(),
        "Demandes ouvertes d’une caisse": in_base(
            lambda db: list(list_demandes(db, caisse="c00", open_only=True))
        ),
        "Demandes à lire d’une caisse": in_base(
            lambda db: list(list_demandes(db, caisse="c00", unread_only=True))
        ),
        "Purge : demandes trop anciennes": in_base(lambda db: old_demandes(db, house.ring, day)),
        "Balayage de dix minutes": in_base(lambda db: sweep(db, house.shelf, clock, part=0, trial=True)),
        "Balayage de la nuit": in_base(lambda db: sweep(db, house.shelf, clock, trial=True)),
    }


def _median(work: Callable[[], object]) -> float:
    """Milliseconds of processor, which other work on the machine does not lengthen; once it has been done once."""
    took = list[float]()
    work()
    for _ in range(TIMES):
        if sum(took) > LONG:
            break
        began = time.process_time()
        work()
        took.append(1000 * (time.process_time() - began))
    return statistics.median(took)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[2])
