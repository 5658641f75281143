"""
The threads of a service share one processor, because only one of them runs Python at a time.

Spread over several, each hand-over of the interpreter wakes another processor, and a page or an answer costs a third more
(decision 0025). The system still chooses which one, every second: two services do not stay on the same while
another is idle. Where the system refuses, is not Linux or hides /proc, nothing is moved.
"""

import asyncio
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ALLOWED = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()
EVERY, SETTLING = 1, 0.02  # seconds: how often the system chooses, and how long it has to do so
CALLING = 0  # the thread that asks
TASKS = Path("/proc/self/task")
_apart: set[int] = set()


async def keep_together() -> None:
    """Until it is cancelled. The threads of libraries written in other languages stay free."""
    if len(ALLOWED) < 2 or not TASKS.exists():
        return
    try:
        while True:
            _free_all()
            await asyncio.sleep(SETTLING)
            _place(_together(), {_here()})
            await asyncio.sleep(EVERY - SETTLING)
    finally:
        _free_all()


@contextmanager
def apart() -> Iterator[None]:
    """Anywhere, for the calling thread and what it starts: its work is long, and done without the interpreter."""
    if not ALLOWED:
        yield
        return
    before, thread = os.sched_getaffinity(CALLING), threading.get_native_id()
    _apart.add(thread)
    _place([CALLING], ALLOWED)
    try:
        yield
    finally:
        _apart.discard(thread)
        _place([CALLING], before)


def _together() -> Iterator[int]:
    for thread in threading.enumerate():
        if thread.native_id not in _apart:
            yield thread.native_id or CALLING


def _free_all() -> None:
    _place((int(thread.name) for thread in TASKS.iterdir()), ALLOWED)


def _place(threads: Iterable[int], processors: Iterable[int]) -> None:
    for thread in threads:
        with suppress(OSError):  # it has ended, or the system refuses
            os.sched_setaffinity(thread, processors)


def _here() -> int:
    """The processor of the calling thread."""
    return int(Path("/proc/thread-self/stat").read_text().rpartition(")")[2].split()[36])
