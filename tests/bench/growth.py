"""
What grows with the demandes that a base holds: `python -m tests.bench.growth [MOST]` (100 000 without a number).

The demandes are copies of a real one, filed over two years with 100 caisses and decided in 40 days. What is sealed
opens for the first alone, and nothing measured here opens that of another.
"""

import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from sqlmodel import select
from starlette.testclient import TestClient

from app.domain.suivi import Etat
from app.main import create_app
from app.settings import load_settings
from app.store.conservation import expired_demandes
from app.store.database import reading
from app.store.listing import list_demandes
from app.store.sessions import sweep
from app.store.tables import Caisse, Compte, DemandeDeposee, Echange, Evenement, Piece, SessionOuverte
from app.web.house import House
from tests.bench.row import Row, show
from tests.conftest import TODAY
from tests.support.browser import Browser
from tests.support.walk import walk_to

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CAISSES, DAYS, DECIDED = 100, 730, 40
CHUNK, TIMES = 5_000, 5
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
DELAYS = "/delais?caisse=c000&depot_jour=1&depot_mois=11&depot_annee=2026"


def rows(folder: Path, most: int) -> Iterator[Row]:
    """The same base, larger and larger."""
    app = create_app(load_settings(demo=True, data_dir=folder, today=TODAY))
    browser = Browser(TestClient(app))
    browser.start("nadia")
    walk_to(browser, "/demande/terminee")
    house: House = app.state.house
    first: dict[str, float] = {}
    before = 0
    for size in (size for size in SIZES if size <= most):
        seed(house, before, size)
        before = size
        for what, measured in _measured(house, browser).items():
            took = _median(measured)
            first.setdefault(what, took)
            note = f"{took / first[what]:.1f} fois la première".replace(".", ",")
            yield Row(f"{what}, {size:,} demandes".replace(",", " "), took, "ms", note=note)
    house.engine.dispose()


def seed(house: House, before: int, size: int) -> None:
    """Add the demandes of these ranks, each with its account, its messages, its events and two documents."""
    with reading(house.engine) as db:
        demande = db.exec(select(DemandeDeposee)).first()
        compte = db.exec(select(Compte)).first()
        caisse = db.exec(select(Caisse)).first()
    assert demande
    assert compte
    assert caisse
    with house.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        if not before:
            caisses = [caisse.model_dump() | {"code": f"c{n:03d}"} for n in range(CAISSES)]
            connection.execute(sa.insert(Caisse), caisses)
        for start in range(before, size, CHUNK):
            ranks = range(start, min(start + CHUNK, size))
            for table, of_one in _copies(demande, compte).items():
                connection.execute(sa.insert(table), [row for rank in ranks for row in of_one(rank)])
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("ANALYZE")


def _copies(demande: DemandeDeposee, compte: Compte) -> Mapping[type, Callable[[int], list[dict[str, Any]]]]:
    """Table → what one more demande adds to it, by its rank."""
    base = 1_000_000  # the ids of ours begin after those of the demonstration

    def filed(rank: int) -> datetime:
        return NOW - timedelta(days=rank * 7 % DAYS, minutes=rank % 1_440)

    def is_open(rank: int) -> bool:
        return NOW - filed(rank) < timedelta(days=DECIDED)

    def message(rank: int, genre: str) -> dict[str, Any]:
        owned = {"compte_id": base + rank, "demande_id": base + rank, "le": filed(rank)}
        return {"id": f"{genre}{rank}", **owned, "genre": genre, "de_la_caisse": True, "corps": b"x" * 900}

    def event(rank: int, le: datetime, quoi: str) -> dict[str, Any]:
        return {"demande_id": base + rank, "le": le, "qui": "caisse", "quoi": quoi}

    def of_demande(rank: int) -> dict[str, Any]:
        other = {"id": base + rank, "compte_id": base + rank, "caisse": f"c{rank % CAISSES:03d}"}
        named = {"reference": f"C2S-2026-9{rank:07d}", "brouillon": f"copie{rank}"}
        return dict(demande) | other | named | {"deposee_le": filed(rank), "ouverte": is_open(rank)}

    def session(rank: int) -> list[dict[str, Any]]:
        if rank % 50:
            return []
        dates = {"ouverte_le": NOW, "expire_le": datetime.now(UTC) + timedelta(hours=20)}
        return [{"id": f"session{rank}", "secret": b"s" * 32, "compte_id": base + rank, **dates}]

    def pieces(rank: int) -> list[dict[str, Any]]:
        file = {"demande_id": base + rank, "taille": 1_500_000, "pages": 2, "media": "application/pdf"}
        about = {"document": "avis", "personne": "moi", "empreinte": "0" * 64, "cle": b"c" * 160}
        return [{"id": f"piece{rank}-{n}", "rang": n, **file, **about} for n in (1, 2)]

    return {
        Compte: lambda rank: [
            compte.model_dump()
            | {"id": base + rank, "demo": None, "index_nir": secrets.token_hex(32), "index_pivot": None}
        ],
        SessionOuverte: session,
        DemandeDeposee: lambda rank: [of_demande(rank)],
        Echange: lambda rank: (
            [message(rank, "accuse")] + ([] if is_open(rank) else [message(rank, Etat.ACCORD_GRATUIT)])
        ),
        Evenement: lambda rank: (
            [event(rank, filed(rank), Etat.DEPOSEE)]
            + (
                []
                if is_open(rank)
                else [event(rank, filed(rank) + timedelta(days=DECIDED), Etat.ACCORD_GRATUIT)]
            )
        ),
        Piece: pieces,
    }


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
        "Tableau de bord": lambda: browser.client.get("/demarches").raise_for_status(),
        "Connexion (sans mot de passe) et déconnexion": signing_in,
        "Délais d’une caisse": lambda: browser.client.get(DELAYS).raise_for_status(),
        "Demandes ouvertes d’une caisse": in_base(
            lambda db: list(list_demandes(db, caisse="c000", open_only=True))
        ),
        "Purge : demandes trop anciennes": in_base(lambda db: expired_demandes(db, house.ring, day)),
        "Purge : sessions et fichiers": in_base(lambda db: sweep(db, house.shelf, clock, trial=True)),
    }


def _median(work: Callable[[], object]) -> float:
    """Milliseconds, once it has been done once."""
    took = []
    work()
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with tempfile.TemporaryDirectory() as scratch:
        most = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[2]
        show("Ce qui grandit avec la base", rows(Path(scratch) / "donnees", most))
