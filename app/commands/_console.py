"""What every command does first and last: read the settings, open the database, say what went wrong."""

import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import NoReturn, TypeVar

import structlog
import typer
from sqlmodel import Session

from app.files.sealing import KeyMissing
from app.files.shelf import OtherShelf, Shelf
from app.settings import Settings, WrongSetting, load_settings
from app.store.belonging import join, open_shelf
from app.store.database import InUse, forget_for_good, hold_database, open_database, reading
from app.store.faults import SAID, Fault
from app.store.versions import versions_of

Item = TypeVar("Item")


def settings() -> Settings:
    """The settings, checked, and the log of this process on its error output."""
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.add_log_level,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    try:
        return load_settings()
    except WrongSetting as wrong:
        stop(str(wrong))


@contextmanager
def opened(*, alone: bool = False) -> Iterator[tuple[Settings, Session]]:
    """
    The settings and the database, once sure that this version reads it; a key that is missing stops there.

    `alone`: a service that runs on it stops there too.
    """
    chosen = settings()
    try:
        engine = hold_database(chosen.database) if alone else open_database(chosen.database)
    except InUse:
        stop(SAID[Fault.LOCKED])
    if refusal := versions_of(engine).refusal:
        stop(refusal)
    try:
        with reading(engine) as db:
            yield chosen, db
    except KeyMissing:
        stop(
            "Une clé ancienne manque : elle sert encore à des demandes. "
            "Ajoutez-la dans C2S_DATA_KEYS, après la plus récente."
        )
    finally:
        forget_for_good(engine)
        engine.dispose()


def shelf_of(chosen: Settings, db: Session) -> Shelf:
    """The files of this database; stops if the folder is that of another."""
    shelf = open_shelf(chosen)
    try:
        join(db, shelf)
    except OtherShelf as other:
        stop(str(other))
    return shelf


def progress(items: Iterable[Item], label: str, length: int | None = None) -> Iterator[Item]:
    """The items one by one, with a bar on a terminal: none is drawn in a file or a pipe."""
    if not sys.stderr.isatty():
        yield from items
        return
    with typer.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
        yield from bar


def read_day(written: str) -> date:
    """A date of the command line, for the `parser` of an option."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(
            f"« {written} » n'est pas une date. Écrivez année-mois-jour, par exemple 2025-05-15."
        ) from None


def stop(sentence: str) -> NoReturn:
    """End the command: the sentence says what happened and what to do."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
