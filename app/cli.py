"""`c2s`: the commands of the team that hosts the service."""

import os
import socket
from contextlib import suppress
from errno import EACCES, EADDRINUSE
from typing import Annotated

import structlog
import typer
import uvicorn

from app.commands import base, demandes, fichiers, imports, maintenance, nouvelles
from app.commands._console import settings as read_settings
from app.commands._console import stop
from app.commands._french import Commands
from app.commands._leaving import AT_MOST, Server
from app.commands._memory import give_back_large_blocks
from app.commands.debloquer import debloquer, delier
from app.commands.satisfaction import satisfaction
from app.commands.supprimer import supprimer
from app.main import create_app
from app.settings import WrongSetting, unread_names

cli = Commands("Le service de demande de Complémentaire santé solidaire.")
cli.command()(maintenance.init)
cli.command()(maintenance.doctor)
cli.command()(maintenance.purge)
cli.add_typer(imports.organismes, name="organismes")
cli.add_typer(imports.caisses, name="caisses")
imports.assures.command()(debloquer)
imports.assures.command()(delier)
imports.assures.command()(supprimer)
cli.add_typer(imports.assures, name="assures")
cli.add_typer(base.cli, name="base")
cli.add_typer(demandes.cli, name="demandes")
cli.add_typer(fichiers.cli, name="fichiers")
cli.add_typer(nouvelles.cli, name="nouvelles")
cli.command()(satisfaction)


def _no_door(host: str, port: int, fault: OSError) -> str:
    """The message when this address or port cannot be opened."""
    if fault.errno == EADDRINUSE:
        return f"Le port {port} est déjà utilisé. Choisissez-en un autre, par exemple PORT={port + 1}."
    if fault.errno == EACCES:
        return f"Ce compte n'a pas le droit d'ouvrir le port {port}. Choisissez-en un autre, par exemple PORT=8000."
    return f"Cette machine n'a pas l'adresse {host}. Choisissez-en une autre, par exemple HOST=127.0.0.1."


@cli.command()
def serve(
    host: Annotated[str, typer.Option(envvar="HOST", help="Adresse d'écoute.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="Port d'écoute.")] = 8000,
) -> None:
    """Démarre le service."""
    give_back_large_blocks()
    settings = read_settings()
    if unread := unread_names():
        typer.echo(f"Attention : {unread}", err=True)
    structlog.configure(cache_logger_on_first_use=True)  # a line a page: its logger is put together once
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host, port))  # it opens when the service is ready
        except OSError as fault:
            stop(_no_door(host, port, fault))
        try:
            app = create_app(settings)
        except WrongSetting as wrong:
            stop(str(wrong))
        url = f"http://{host}:{port}"
        if settings.demo:
            typer.echo(
                f"Le service est prêt : {url}. Ouvrez cette adresse et choisissez un compte, par exemple Nadia."
            )
        else:
            typer.echo(f"Le service est prêt : {settings.public_url or url}")
        config = uvicorn.Config(
            app,
            access_log=False,
            log_level="warning",
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
            ws="none",
            timeout_graceful_shutdown=AT_MOST,
        )
        with suppress(KeyboardInterrupt):
            Server(config, door, app.state.house).run(sockets=[door])


def main() -> None:
    """Entry point of the console script: what it writes is for its owner alone."""
    os.umask(0o077)
    cli()
