"""`c2s fichiers`: where the sealed files lie."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands._console import opened, progress, shelf_of, stop
from app.commands._french import Commands
from app.files.folder import FolderShelf
from app.files.shelf import Shelf
from app.files.transfer import transfer
from app.settings import WrongSetting, load_settings
from app.store.belonging import open_shelf

STORE = "s3://c2s?endpoint=https://objets.exemple.fr"
cli = Commands("Les fichiers envoyés, scellés : un dossier, ou un stockage d'objets.")


def _shelf(place: str) -> Shelf:
    if not place.startswith("s3:"):
        return FolderShelf(Path(place))
    try:
        return open_shelf(load_settings(files_url=place))
    except WrongSetting:  # the other settings were read before
        stop(f"VERS n'est pas l'adresse d'un stockage S3. Exemple : {STORE}")


@cli.command()
def transferer(
    vers: Annotated[
        str,
        typer.Argument(metavar="VERS", help=f"Un dossier, ou un stockage : {STORE}"),
    ],
) -> None:
    """
    Copie les fichiers vers un autre dossier ou un autre stockage, et relit chacun.

    Rien n'est retiré. Arrêtée, la commande reprend où elle en était. Arrêtez d'abord le service.
    """
    with opened() as (chosen, db):
        source = shelf_of(chosen, db)
        target = _shelf(vers)
        if target.where == source.where:
            stop("C'est là que sont déjà les fichiers. Rien n'est copié.")
        if target.signature not in (None, source.signature):
            stop(f"Le {target.what} {target.where} va avec une autre base. Rien n'est copié.")
        names = list(source.names())
        count = sum(1 for _ in progress(transfer(source, target), "Fichiers", length=len(names)))
        aside = len(source.aside())
    left = f" Mis de côté, que la base ne connaît pas, et non copiés : {aside}." if aside else ""
    then = (
        f"Donnez ce réglage au service : C2S_FILES_URL={vers}"
        if vers.startswith("s3:")
        else f"Retirez C2S_FILES_URL, et faites de {vers} le dossier « fichiers » de C2S_DATA_DIR"
    )
    typer.echo(f"Fichiers copiés et relus : {count}.{left} {then}. Puis lancez : c2s doctor --tout")
