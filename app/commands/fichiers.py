"""`c2s fichiers`: where the sealed files lie."""

import os
from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer

from app.commands._console import opened, progress, shelf_of, stop
from app.commands._french import Commands
from app.files.folder import FolderShelf
from app.files.shelf import Shelf
from app.files.transfer import FileDiffers, NotAlone, Same, TargetTaken, transfer
from app.settings import NoDriver, WrongSetting, load_settings
from app.store.belonging import open_shelf
from app.store.database import is_shared

STORE = "s3://c2s?endpoint=https://objets.exemple.fr"
SAME = "C'est là que sont déjà les fichiers. Rien n'est copié."
cli = Commands("Les fichiers envoyés, scellés : un dossier, ou un stockage d'objets.")


def _shelf(vers: str) -> Shelf:
    if vers.startswith("s3:"):
        return _store(vers)
    folder = Path(vers)
    if not folder.is_absolute():  # a command of systemd starts in a folder that nobody chose
        stop(
            "VERS n'est ni un dossier, nommé depuis /, ni l'adresse d'un stockage S3 : rien n'est copié. "
            f"Exemples : /srv/c2s/fichiers, {STORE}"
        )
    try:
        shelf = FolderShelf(folder)
        usable = folder.is_dir() and os.access(folder, os.W_OK)
    except OSError:
        usable = False
    if not usable:
        stop(
            f"Ce compte ne peut pas écrire dans {vers} : rien n'est copié. Donnez un dossier qui soit à lui."
        )
    return shelf


def _store(vers: str) -> Shelf:
    try:
        return open_shelf(load_settings(files_url=vers))
    except NoDriver as missing:
        stop(f"Rien n'est copié : {missing.said}")
    except WrongSetting:  # the other settings were read before
        stop(f"VERS n'est pas l'adresse d'un stockage S3. Exemple : {STORE}")


def _copy(source: Shelf, target: Shelf, connection: sa.Connection) -> int:
    """How many files there are."""
    try:
        length = sum(1 for _ in source.names())
        files = transfer(source, target, lambda: not is_shared(connection))
        return sum(1 for _ in progress(files, "Fichiers", length=length))
    except TargetTaken:
        stop(
            f"Le {target.what} {target.where} a déjà des fichiers qui ne sont pas ceux de cette base : "
            "rien n'est copié. Donnez-en un vide."
        )
    except Same:
        stop(SAME)
    except NotAlone:
        stop(
            "Un service a démarré pendant la copie. Arrêtez-le, puis relancez la même commande : elle reprend."
        )
    except FileDiffers as name:
        stop(f"Le fichier {name} ne se relit pas comme il était. Relancez la même commande.")
    except KeyboardInterrupt:
        stop("Copie interrompue. Ce qui est copié le reste. Relancez la même commande : elle reprend.")


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
    with opened(alone=True) as (chosen, db):
        source = shelf_of(chosen, db)
        target = _shelf(vers)
        if target.place == source.place:
            stop(SAME)
        count = _copy(source, target, db.connection())
        aside = len(source.aside())
    left = f" Mis de côté, que la base ne connaît pas, et non copiés : {aside}." if aside else ""
    then = (
        f"Donnez ce réglage au service : C2S_FILES_URL={vers}"
        if vers.startswith("s3:")
        else f"Retirez C2S_FILES_URL, et faites de {vers} le dossier « fichiers » de C2S_DATA_DIR"
    )
    typer.echo(f"Fichiers copiés et relus : {count}.{left} {then}. Puis lancez : c2s doctor --tout")
