"""The whole table of spec §10, with what is kept and what is not."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import structlog

from app.main import create_app
from app.settings import load_settings
from tests.bench import bare, demarches, faults, kills, load, octets, pages, paint, search, share, uploads
from tests.bench.row import Row, show
from tests.bench.server import Server, running
from tests.conftest import TODAY

PAGES = 1_000
PEAK = "heure de pointe supposée du pays : 0,7 par seconde"
HYPOTHESIS = """
  L’heure de pointe est une hypothèse : 4 millions de demandes par an, 250 jours, 15 % d’un jour dans son heure
  la plus chargée. Le client des mesures tourne sur la même machine que le service."""


def main() -> None:
    """Each part prints when it is done."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        kept = show("Octets envoyés (compressés, en-têtes compris)", octets.rows(folder / "octets"))
        kept &= show("Lecture, sur un téléphone de 320 × 640 pixels", pages.rows(folder / "pages"))
        data = _filled(folder / "service")
        with running(data) as server:
            kept &= show("Démarrage et mémoire", _worker(server))
            kept &= show("Affichage de la page de connexion, sans rien en cache", paint.rows(server.url))
            rate = demarches.a_second([server.url], load_settings(demo=True, data_dir=data, today=TODAY))
            filed = Row("Démarches entières, deux fichiers de 1,5 Mo", rate, "par seconde", note=PEAK)
            kept &= show("Dépôt", [filed])
            kept &= show("Envois de fichiers", uploads.rows(server))
        kept &= show("Pages par seconde, un seul processus", share.rows(folder / "part"))
        kept &= show("Arrêts brutaux", kills.rows(_filled(folder / "arrets")))
        kept &= show("Pannes, jouées pour de vrai", faults.rows(_filled(folder / "pannes")))
        kept &= show("Recherche", search.rows(folder / "recherche"))
    print(HYPOTHESIS)
    print("\nToutes les limites sont tenues." if kept else "\nUne limite au moins n’est pas tenue.")


def _filled(folder: Path) -> Path:
    """The data of a demonstration, in a folder of their own."""
    folder.mkdir()
    data = folder / "donnees"
    create_app(load_settings(demo=True, data_dir=data, today=TODAY)).state.house.engine.dispose()
    return data


def _worker(server: Server) -> Iterator[Row]:
    yield Row("De la commande à la première page", server.start, "s", most=1.5)
    cookies, seen = share.signed_in(server), 0.0
    while seen < PAGES:
        for path in (bare.PAGE, "/demarches", "/aide"):
            seen += load.requests_a_second(server.port, path, cookies, 1)
    yield Row(f"Mémoire du processus, après {PAGES} pages au moins", server.memory(), "Mio", most=120)


if __name__ == "__main__":
    main()
