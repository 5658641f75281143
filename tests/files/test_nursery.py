"""The processes that open uploads: started ahead, used once, and none left behind."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import main
from app.files import limits
from app.files.nursery import NoAnswer, Nursery
from app.settings import ROOT
from tests.bench.server import descendants
from tests.support.openers import replace_openers
from tests.support.soon import SOON, eventually

OBEDIENT = """
import os, time

NUMBER = []
os.register_at_fork(after_in_child=lambda: NUMBER.append(os.getpid()))

def opened(content, order):
    exec(content)
    return {"pid": NUMBER[-1]}, b""
"""
ALONE = """
import sys
from app.files.nursery import Nursery
nursery = Nursery()
nursery.start()
print("started", flush=True)
sys.stdin.read()
"""


def own_children() -> set[int]:
    return set(descendants(os.getpid()))


def ended(pid: int) -> bool:
    """Wait until this process is no more."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], SOON)[0])
    finally:
        os.close(watched)


@pytest.fixture
def children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nursery]:
    """Children that answer with their number, or do what they are told."""
    replace_openers(tmp_path, monkeypatch, OBEDIENT)
    found = Nursery()
    yield found
    found.close()


def number(children: Nursery) -> int:
    return int(json.loads(children.answer("pdf", b""))["pid"])


def test_each_upload_has_a_child_of_its_own_and_a_parent_started_ahead(children: Nursery) -> None:
    before = own_children()
    children.start()
    (parent,) = own_children() - before
    numbers = [number(children) for _ in range(3)]
    assert len({*numbers, parent}) == 4
    assert own_children() - before == {parent}


def test_a_parent_that_died_while_it_waited_is_replaced(children: Nursery) -> None:
    before = own_children()
    children.start()
    (parent,) = own_children() - before
    os.kill(parent, signal.SIGKILL)
    assert ended(parent)
    assert number(children)
    (other,) = own_children() - before
    assert other != parent


@pytest.mark.parametrize("harm", [b"os._exit(3)", b"os.kill(os.getpid(), 9)", b"while True: pass"])
def test_after_a_child_that_gave_no_answer_the_next_have_another_parent(
    children: Nursery, monkeypatch: pytest.MonkeyPatch, harm: bytes
) -> None:
    monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", 2)
    before = own_children()
    children.start()
    (parent,) = own_children() - before
    with pytest.raises((NoAnswer, OSError)):
        children.answer("pdf", harm)
    assert ended(parent), "with its last child"
    assert number(children)
    assert parent not in own_children()


@contextmanager
def at_work(children: Nursery, code: bytes) -> Iterator[list[bytes | BaseException]]:
    """A child runs this code meanwhile; afterwards, its answer, or why there is none."""
    before, answers = own_children(), list[bytes | BaseException]()

    def work() -> None:
        try:
            answers.append(children.answer("pdf", code))
        except (OSError, NoAnswer) as problem:
            answers.append(problem)

    thread = threading.Thread(target=work)
    thread.start()
    eventually(lambda: len(own_children() - before) == 2)
    yield answers
    thread.join(SOON)


def test_a_child_that_gave_no_answer_ends_no_other(children: Nursery) -> None:
    with at_work(children, b"end = time.monotonic() + 1\nwhile time.monotonic() < end: pass") as answers:
        with pytest.raises(NoAnswer):
            children.answer("pdf", b"os._exit(3)")
        assert number(children)
    (answer,) = answers
    assert isinstance(answer, bytes), answer


def test_closing_ends_them_at_rest_and_at_work(children: Nursery) -> None:
    before = own_children()
    with at_work(children, b"while True: pass") as answers:
        alive = own_children() - before
        children.close()
        assert len(alive) == 2
        assert all(ended(pid) for pid in alive)
    assert not isinstance(answers[0], bytes)


def test_a_service_that_is_killed_leaves_none() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ALONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as service:
        assert service.stdout
        assert service.stdout.readline() == b"started\n"
        left = descendants(service.pid)
        assert len(left) == 1
        service.kill()
        assert all(ended(pid) for pid in left)


def test_a_service_starts_them_when_its_first_pages_are_served_and_ends_them(
    make_service: Callable[..., Starlette], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = own_children()
    monkeypatch.setattr(main, "AHEAD_AFTER", 3_600)
    with TestClient(make_service()) as client:
        assert client.get("/connexion").status_code == 200
        assert own_children() <= before
    monkeypatch.setattr(main, "AHEAD_AFTER", 0)
    with TestClient(make_service()):
        eventually(lambda: len(own_children() - before) == 1)
    assert own_children() <= before
