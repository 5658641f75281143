"""PostgreSQL: as many services as are wanted, on as many machines."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import sqlalchemy as sa
from sqlmodel import create_engine

from app.store.faults import ServerTooOld

OLDEST = 15
CONNECTIONS = 10  # of one service; it has one worker thread less, since a sweep takes two
# What is forgotten with a session: in no journal of the database, hence on no standby and in no archive.
FORGOTTEN = ("piece_en_attente", "session", "tentative_connexion")
CONNECTING = 2  # seconds at least, for a server that is there
LEAVING = 2  # seconds
LONGEST_TURN = 120  # seconds: a service that starts waits while another loads what both need
_OTHERS = sa.text(
    "SELECT true FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = 'c2s' AND pid <> pg_backend_pid() LIMIT 1"
)


def open_server(url: sa.URL, patience: float) -> sa.Engine:
    """
    `patience`: how many seconds a writer waits for another, and anybody for a connection.

    Its first use may raise ServerTooOld.
    """
    engine = create_engine(
        url,
        hide_parameters=True,  # an error may be written down
        isolation_level="AUTOCOMMIT",  # we begin ourselves
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=patience,
        pool_pre_ping=True,  # the server may have restarted
        connect_args={
            "application_name": "c2s",
            "connect_timeout": max(CONNECTING, round(patience)),
            "options": f"-c lock_timeout={round(patience * 1000)} -c timezone=UTC",
        },
    )

    @sa.event.listens_for(engine, "connect")
    def _is_recent_enough(connection: Any, _: Any) -> None:
        version = connection.info.server_version // 10_000  # said as it opens: no query
        if version < OLDEST:
            connection.close()
            raise ServerTooOld(
                f"Ce serveur est PostgreSQL {version}. Ce service demande PostgreSQL {OLDEST}, ou plus récent. "
                "Mettez le serveur à jour, ou donnez l'adresse d'un autre dans C2S_DATABASE_URL."
            )

    return engine


def wait_for(connection: sa.Connection, turn: int) -> None:
    """Have this turn until the end of the transaction that the caller has begun."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LONGEST_TURN}s'")
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(int(turn))))
    connection.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")


@contextmanager
def in_turn(connection: sa.Connection, turn: int, *, patient: bool) -> Iterator[bool]:
    """
    Have this turn as long as the connection is held; False if another has it, and we are not `patient`.

    A service that is killed loses it with its connection.
    """
    if not patient:
        take = sa.func.pg_try_advisory_lock
    else:
        take = sa.func.pg_advisory_lock
        connection.exec_driver_sql(f"SET lock_timeout = '{LONGEST_TURN}s'")
    try:
        yield connection.scalar(sa.select(take(int(turn)))) is not False
    finally:
        with suppress(sa.exc.DBAPIError):  # lost, and the turn with it
            connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
            connection.exec_driver_sql("RESET lock_timeout")


def is_shared(only: sa.Connection) -> bool:
    """Another connection than this one has the database open too; one that has just ended takes a moment to leave."""
    end = time.monotonic() + LEAVING
    while only.scalar(_OTHERS):
        if time.monotonic() > end:
            return True
        time.sleep(0.1)
    return False


def rewrite_forgotten(engine: sa.Engine) -> None:
    """Write what is left of these tables in new files, and remove the old ones: a deleted row is nowhere any more."""
    with engine.connect() as connection:
        for table in FORGOTTEN:
            connection.exec_driver_sql(f"VACUUM FULL {table}")
