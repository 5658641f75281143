"""One processor for what runs Python, any for what does not."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest

from app.processor import ALLOWED, CALLING, apart, keep_together

pytestmark = pytest.mark.skipif(len(ALLOWED) < 2, reason="One processor here: there is nothing to choose.")
WHERE = "import os; print(*os.sched_getaffinity(0))"


def places() -> set[frozenset[int]]:
    """Where the threads that run Python may go."""
    found = set()
    for thread in threading.enumerate():
        with suppress(ProcessLookupError):  # a thread of another test has just ended
            found.add(frozenset(os.sched_getaffinity(thread.native_id or CALLING)))
    return found


async def together() -> "asyncio.Task[None]":
    """Once the threads have been brought together."""
    task = asyncio.create_task(keep_together())
    while len(places()) > 1 or places() == {ALLOWED}:
        assert not task.done()
        await asyncio.sleep(0)
    return task


async def end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.wait([task])


def test_threads_are_brought_together_and_set_free_in_the_end() -> None:
    async def live() -> set[frozenset[int]]:
        task = await together()
        met = places()
        await end(task)
        return met

    (shared,) = asyncio.run(live())
    assert len(shared) == 1
    assert shared < ALLOWED
    assert places() == {ALLOWED}


def test_what_works_long_goes_anywhere_and_comes_back() -> None:
    async def live() -> None:
        task = await together()
        (shared,) = places()
        with apart():
            assert os.sched_getaffinity(0) == ALLOWED
            started = subprocess.run([sys.executable, "-c", WHERE], capture_output=True, check=True)
        assert set(map(int, started.stdout.split())) == ALLOWED
        assert os.sched_getaffinity(0) == shared
        await end(task)

    asyncio.run(live())


def test_what_works_longer_than_a_round_stays_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.processor.EVERY", 0)
    monkeypatch.setattr("app.processor.SETTLING", 0)
    begun, ended = threading.Event(), threading.Event()

    def work() -> None:
        with apart():
            begun.set()
            ended.wait()

    async def live() -> None:
        worker = threading.Thread(target=work)
        worker.start()
        begun.wait()
        task = asyncio.create_task(keep_together())
        while os.sched_getaffinity(0) == ALLOWED:
            assert not task.done()
            await asyncio.sleep(0)
        where = os.sched_getaffinity(worker.native_id or 0)
        ended.set()
        worker.join()
        await end(task)
        assert where == ALLOWED

    asyncio.run(live())


def test_without_proc_nothing_is_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("app.processor.TASKS", tmp_path / "absent")
    asyncio.run(keep_together())
    assert places() == {ALLOWED}


def test_a_system_that_refuses_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def refuse(thread: int, processors: Iterable[int]) -> None:
        asked.append(thread)
        raise PermissionError

    async def live() -> None:
        task = asyncio.create_task(keep_together())
        while len(asked) < 2:
            assert not task.done()
            await asyncio.sleep(0)
        with apart():
            pass
        await end(task)

    monkeypatch.setattr(os, "sched_setaffinity", refuse)
    asyncio.run(live())
    assert places() == {ALLOWED}
