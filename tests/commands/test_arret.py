"""A service that is told to stop: a balancer learns it first, and what has reached the service is answered."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace
from typing import cast

import httpx2
import pytest
from sqlmodel import select
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from uvicorn import Config

from app.commands import _leaving
from app.commands._leaving import ANY, NONE, hear
from app.forms.typography import typo
from app.settings import load_settings
from app.store.database import open_database, reading
from app.store.tables import PieceEnAttente
from app.web.error_words import ERROR_WORDS
from app.web.house import House
from tests.bench.demarches import Lean
from tests.bench.server import Server, running
from tests.support import samples
from tests.support.data import copy_data, server_of
from tests.support.ports import HOST
from tests.support.services import NO_TRUST
from tests.support.soon import eventually
from tests.support.walk import walk_to

KNOCKERS = 4
Start = Callable[[int], AbstractContextManager[Server]]


@pytest.fixture
def folder(filled_folder: Path, tmp_path: Path) -> Path:
    return copy_data(filled_folder, tmp_path / "donnees")


@pytest.fixture
def start(folder: Path) -> Start:
    """Start a service that drains for so many seconds."""

    @contextmanager
    def started(seconds: int) -> Iterator[Server]:
        with running(folder, C2S_DRAIN_SECONDS=str(seconds), **server_of(folder)) as server:
            yield server

    return started


def ask(server: Server, path: str) -> httpx2.Response:
    return httpx2.get(f"{server.url}{path}", verify=NO_TRUST)


def health(server: Server) -> httpx2.Response:
    return ask(server, "/sante")


def knock(server: Server, answers: list[int]) -> None:
    """Send forms, each on a connection of its own, until the port is closed. Raises if one is cut off."""
    while True:
        wire = HTTPConnection(HOST, server.port, timeout=30)
        try:
            wire.connect()
        except ConnectionRefusedError:
            return
        wire.request("POST", "/deconnexion", "a=b", {"Content-Type": "application/x-www-form-urlencoded"})
        answers.append(wire.getresponse().status)
        wire.close()


def slow_upload(client: httpx2.Client, token: str, go_on: Event) -> httpx2.Response:
    """A photo whose end comes once it may."""
    form = httpx2.Request(
        "POST",
        "http://x",
        data={"jeton": token, "envoyer": "avis_moi"},
        files={"fichier_avis_moi": ("avis.pdf", samples.pdf(), "application/pdf")},
    )
    body = form.read()

    def parts() -> Iterator[bytes]:
        yield body[:-100]
        assert go_on.wait(60)
        yield body[-100:]

    headers = {"Content-Type": form.headers["Content-Type"], "Content-Length": str(len(body))}
    return client.post("/demande/pieces", content=parts(), headers=headers)


def test_a_service_says_that_it_leaves_then_answers_all_that_has_come(start: Start, folder: Path) -> None:
    go_on = Event()
    with (
        ThreadPoolExecutor(KNOCKERS + 1) as pool,
        start(300) as server,
        httpx2.Client(base_url=server.url, timeout=60, verify=NO_TRUST) as client,
    ):
        browser = Lean(cast(TestClient, client))
        browser.start("nadia")
        walk_to(browser, "/demande/pieces")
        upload = pool.submit(slow_upload, client, browser.token, go_on)
        assert health(server).text == "ok"
        os.kill(server.pid, signal.SIGTERM)
        eventually(lambda: health(server).status_code == 503)
        said = health(server)
        assert typo(ERROR_WORDS[503, ""].titre) in said.text
        eventually(lambda: ask(server, "/connexion").headers.get("connection") == "close")
        assert ask(server, "/connexion").status_code == 200
        answers: list[int] = []
        knocks = [pool.submit(knock, server, answers) for _ in range(KNOCKERS)]
        eventually(lambda: len(answers) >= KNOCKERS)
        os.kill(server.pid, signal.SIGTERM)  # it no longer waits
        wait(knocks)
        go_on.set()
        assert [knocked.result() for knocked in knocks] == [None] * KNOCKERS
        assert set(answers) == {303}  # to the sign-in page
        assert upload.result().headers["location"].startswith("/demande/pieces")
    engine = open_database(load_settings(demo=True, data_dir=folder).database)
    with reading(engine) as db:
        assert len(db.exec(select(PieceEnAttente.id)).all()) == 1
    engine.dispose()


def test_it_leaves_by_itself(start: Start) -> None:
    with start(1) as server:
        os.kill(server.pid, signal.SIGTERM)

        def is_closed() -> bool:
            with suppress(httpx2.TransportError):
                health(server)
                return False
            return True

        eventually(is_closed)


@pytest.mark.parametrize("impatient", [signal.SIGINT, signal.SIGTERM])
def test_nobody_waits_who_asks_twice_or_at_the_keyboard(start: Start, impatient: signal.Signals) -> None:
    """A wait of five minutes would be longer than what the end of the block waits for."""
    with start(300) as server:
        if impatient is signal.SIGTERM:
            os.kill(server.pid, signal.SIGTERM)
            eventually(lambda: health(server).status_code == 503)
        os.kill(server.pid, impatient)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has these options")
@pytest.mark.parametrize(("family", "here"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_door_that_hears_none_keeps_its_queue(family: socket.AddressFamily, here: str) -> None:
    try:
        door = socket.create_server((here, 0), family=family)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with door, socket.create_connection(door.getsockname()[:2]) as queued, socket.socket(family) as late:
        hear(door, NONE)
        late.settimeout(0.2)
        with pytest.raises(TimeoutError):
            late.connect(door.getsockname()[:2])
        queued.sendall(b"a form")
        served, _ = door.accept()
        with served:
            assert served.recv(9) == b"a form"
        hear(door, ANY)
        with socket.create_connection(door.getsockname()[:2], timeout=60):
            pass


def test_a_door_that_cannot_be_closed_so_stops_no_service() -> None:
    """A kernel may lack these options, as this socket does: the service stopped with a traceback, its requests cut."""
    door, other = socket.socketpair()
    with door, other:
        hear(door, NONE)
        other.sendall(b"a form")
        assert door.recv(9) == b"a form"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has these options")
def test_who_came_in_while_the_door_closed_is_heard() -> None:
    """What the door drops, a connection it has just made drops too, until it is told otherwise."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        hear(door, 64)  # as many as the packets of this machine have: the connection is made, with the option
        with socket.create_connection(door.getsockname()) as person:
            served, _ = door.accept()
            with served:
                hear(served, NONE)
                person.sendall(b"a form")
                served.settimeout(0.2)
                with pytest.raises(TimeoutError):
                    served.recv(9)
                hear(served, ANY)
                served.settimeout(60)
                assert served.recv(9) == b"a form"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has these options")
def test_a_service_that_leaves_hears_who_came_in_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """The door is closed: a packet with all its hops still enters, and the next ones have as many as usual."""
    monkeypatch.setattr(_leaving, "LET_IN", 60)
    house = cast(House, SimpleNamespace(draining=True))
    with socket.create_server((HOST, 0)) as door, socket.socket() as late:
        service = _leaving.Server(Config(_says_nothing, lifespan="off", log_config=None), door, house)
        running_it = Thread(target=service.run, kwargs={"sockets": [door]})
        running_it.start()
        try:
            eventually(lambda: service.started)
            service.should_exit = True
            eventually(lambda: door.getsockopt(socket.IPPROTO_IP, _leaving._IP_MINTTL) == NONE)
            late.settimeout(60)
            late.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, NONE)
            late.connect(door.getsockname())
            late.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 64)
            late.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert late.recv(12) == b"HTTP/1.1 204"
        finally:
            service.force_exit = True
            running_it.join()


async def _says_nothing(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})
