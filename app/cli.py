"""`c2s`: the commands of whoever hosts the service."""

import logging
import socket
import sys
from typing import Annotated, NoReturn

import structlog
import typer
import uvicorn

from app.main import create_app
from app.settings import Settings, WrongSetting, load_settings
from app.store.database import migrate, open_database, reading
from app.store.sessions import sweep

cli = typer.Typer(help="Le service de demande de Complémentaire santé solidaire.", no_args_is_help=True)


@cli.command()
def serve(
    host: Annotated[str, typer.Option(envvar="HOST", help="Adresse d'écoute.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="Port d'écoute.")] = 8000,
) -> None:
    """Démarre le service."""
    settings = _settings()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            _stop(
                f"Le port {port} est déjà utilisé. Choisissez-en un autre, par exemple PORT={port + 1} make run."
            )
    try:
        app = create_app(settings)
    except WrongSetting as wrong:
        _stop(str(wrong))
    address = f"http://{host}:{port}"
    if settings.demo:
        typer.echo(
            f"Le service est prêt : {address}. Ouvrez cette adresse et choisissez un compte, par exemple Nadia."
        )
    else:
        typer.echo(f"Le service est prêt : {settings.public_url or address}")
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=10,
    )


@cli.command()
def init() -> None:
    """Crée la base, ou la met à la version de ce service."""
    settings = _settings()
    migrate(open_database(settings.database))
    typer.echo("La base est à la version de ce service.")


@cli.command()
def purge() -> None:
    """Efface les sessions terminées et leurs fichiers en attente."""
    from app.files.shelf import Shelf

    settings = _settings()
    with reading(open_database(settings.database)) as db:
        count = sweep(db, Shelf(settings.data_dir / "fichiers"), settings.clock())
    typer.echo(f"{count} sessions terminées ou fichiers sans session effacés.")


def _settings() -> Settings:
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.add_log_level,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        return load_settings()
    except WrongSetting as wrong:
        _stop(str(wrong))


def _stop(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def main() -> None:
    """Entry point of the console script."""
    cli()
