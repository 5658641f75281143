"""Which code can read which database: services of two versions share one while they are being replaced."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.store.database import Turn, reading, writing
from app.store.tables import VersionLisible

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION = "0015"  # the newest migration, which this code was written for; their numbers follow one another

UNFINISHED = "transfert"  # in place of the version that can read: above all of them, no code can


class StillRead(Exception):
    """A migration would shut out services that may still run: nothing was changed."""


class Compatibility(Enum):
    """What a database is to this code."""

    OLDER = "older"  # or without tables
    READABLE = "readable"
    TOO_NEW = "too new"


@dataclass(frozen=True)
class Versions:
    """The last migration of a database, none if it has no tables, and the oldest code that can read it since."""

    version: str | None
    readable_since: str | None  # none: only the code of its version can

    @property
    def compatibility(self) -> Compatibility:
        """`version >= mine >= readable_since`."""
        if not self.version or self.version < VERSION:
            return Compatibility.OLDER
        return (
            Compatibility.READABLE
            if (self.readable_since or self.version) <= VERSION
            else Compatibility.TOO_NEW
        )

    @property
    def refusal(self) -> str:
        """What to tell the host whose service cannot start on this database; empty if it can."""
        if self.readable_since == UNFINISHED:
            return "Le transfert vers cette base n'est pas terminé. Relancez : c2s base transferer"
        return {
            Compatibility.OLDER: "La base n'est pas à la version de ce service. Lancez d'abord : c2s init",
            Compatibility.READABLE: "",
            Compatibility.TOO_NEW: (
                f"Cette base vient d'une version plus récente de ce service ({self.version}), "
                f"qu'une version plus ancienne ({VERSION}) ne peut plus lire. "
                "Installez cette version, ou reprenez une sauvegarde plus ancienne."
            ),
        }[self.compatibility]


def versions_of(engine: sa.Engine) -> Versions:
    """Where this database is."""
    with engine.connect() as connection:
        return _found(connection)


def _found(connection: sa.Connection) -> Versions:
    tables = sa.inspect(connection)
    if not tables.has_table("alembic_version"):
        return Versions(None, None)
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    told = tables.has_table("version_lisible")
    return Versions(version, connection.scalar(select(VersionLisible.depuis)) if told else None)


def migrate(engine: sa.Engine, to: str = "", *, alone: bool = False) -> None:
    """
    Bring the tables to the version of this code, or to another, from none at all if need be.

    A migration only adds, and the code from before reads on; one that takes away says the oldest code that still
    reads (`lisible_depuis`), and waits for `contract`. `alone`: no service from before runs. Raises StillRead.
    """
    from alembic import command  # 10 MiB that a service at its version does without
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    to = to or VERSION
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with reading(engine) as db, writing(db, Turn.MIGRATION):
        before = _found(db.connection())
        if before.version and before.version >= to:
            return
        steps = ScriptDirectory.from_config(config).iterate_revisions(to, before.version or "base")
        oldest = max((getattr(step.module, "lisible_depuis", "") for step in steps), default="")
        if not alone and before.readable_since and oldest > before.readable_since:
            raise StillRead(oldest)
        config.attributes["connection"] = db.connection()
        command.upgrade(config, to)
        is_new_to_us = before.readable_since is None and to == VERSION  # no service from before can read it
        _raise_to(db, to if is_new_to_us else oldest)


def contract(engine: sa.Engine) -> None:
    """Bring the tables to the version of this code, which alone reads them from now on."""
    migrate(engine, alone=True)
    with reading(engine) as db, writing(db, Turn.MIGRATION):
        _raise_to(db, VERSION)


def _raise_to(db: Session, oldest: str) -> None:
    if oldest:
        db.execute(sa.update(VersionLisible).where(col(VersionLisible.depuis) < oldest).values(depuis=oldest))
