"""`c2s base`: where the database is."""

from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from app.commands._console import progress, settings, shelf_of, stop
from app.commands._french import Commands
from app.settings import Settings
from app.store.database import SQLITE, hold_file, open_database, reading
from app.store.transfer import READS, TableDiffers, TargetTaken, claim, count_rows, transfer
from app.store.versions import VERSION, versions_of

cli = Commands("La base : un fichier SQLite, ou un serveur PostgreSQL.")


@cli.command()
def transferer(
    depuis: Annotated[
        Path | None, typer.Option(help="Le fichier SQLite. Sinon, celui de C2S_DATA_DIR.", show_default=False)
    ] = None,
) -> None:
    """
    Copie une base SQLite dans la base PostgreSQL de C2S_DATABASE_URL, et relit chaque ligne.

    Rien n'est retiré de la base SQLite. Arrêtée, la commande reprend où elle en était. Arrêtez d'abord le service.
    """
    chosen = settings()
    path = depuis or chosen.data_dir / "c2s.sqlite"
    if sa.make_url(chosen.database).get_backend_name() == SQLITE:
        stop(
            "C2S_DATABASE_URL ne nomme pas une base PostgreSQL. Exemple : postgresql://c2s@base.exemple.fr/c2s"
        )
    if not path.is_file():
        stop(f"{path} n'existe pas. Donnez le fichier de la base SQLite : --depuis FICHIER")
    source, target = hold_file(path), open_database(chosen.database)
    try:
        count = _transfer(chosen, path, source, target)
    finally:
        source.dispose()
        target.dispose()
    typer.echo(
        f"Lignes copiées et relues : {count}. Les sessions ouvertes ne suivent pas : les personnes se reconnectent. "
        f"Lancez : c2s doctor --tout, puis démarrez le service. Quand il va bien, effacez {path}."
    )


def _transfer(chosen: Settings, path: Path, source: sa.Engine, target: sa.Engine) -> int:
    """How many rows there are."""
    if versions_of(source).version != VERSION:
        stop(
            f"{path} n'est pas à la version de ce service. Lancez : C2S_DATABASE_URL=sqlite:///{path} c2s init"
        )
    with reading(source) as db:
        shelf_of(chosen, db)  # the identity that goes along is that of the files
        try:
            claim(db, target)
            count = count_rows(db)
            for _ in progress(transfer(db, target), "Lignes", length=READS * count):
                pass
        except TargetTaken:
            stop("La base de C2S_DATABASE_URL n'est pas vide : rien n'est copié. Donnez-en une vide.")
        except TableDiffers as table:
            stop(
                f"La table {table} ne se relit pas comme elle est dans {path}. Relancez : c2s base transferer"
            )
        except KeyboardInterrupt:
            stop("Copie interrompue. Ce qui est copié le reste. Relancez : c2s base transferer")
    return count
