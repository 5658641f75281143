"""The processes that open uploads: their parent is started ahead, with all they need, and each upload has its own."""

import json
import site
import socket
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path
from typing import Literal

from app.files import limits
from app.processor import apart

CHILD = Path(__file__).with_name("child.py")
MOST_SAID = limits.MAX_KEPT_BYTES + 65_536  # bytes: an image to keep, and the line before it

Kind = Literal["pdf", "image"]
Parent = subprocess.Popen[bytes]


class NoAnswer(Exception):
    """The child ended without an answer, or says too much."""


class Nursery:
    """
    The children of one service.

    Their parent has imported what opens a file and never receives a file. A child is a fork of it: it opens its file,
    then ends, and what the file did to it is gone. Forks share the layout of their memory, which would help an attacker
    who tries many times: when a child ends without an answer, the next children have another parent.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gates: list[socket.socket] = []  # to the parent in use; none before the first
        self._parents: list[Parent] = []  # the last is in use; the others wait for the end of their children
        weakref.finalize(self, _end, self._gates, self._parents)

    def start(self) -> None:
        """Have the parent ready before the first file."""
        with self._lock:
            self._open_gate()

    def answer(self, kind: Kind, content: bytes) -> bytes:
        """What a child says of this content. Blocks for up to 15 s. Raises NoAnswer, or OSError (late, or none can start)."""
        end = time.monotonic() + limits.CHILD_WALL_SECONDS
        gate, child = self._born()
        with child:
            try:
                child.settimeout(limits.CHILD_WALL_SECONDS)
                child.sendall(_order(kind))
                child.sendall(content)
                child.shutdown(socket.SHUT_WR)
                return _said(child, end)
            except (OSError, NoAnswer):
                with self._lock:
                    if gate in self._gates:
                        _close(self._gates)
                        self._open_gate()
                raise

    def close(self) -> None:
        """End them all, at work or not."""
        with self._lock:
            _end(self._gates, self._parents)

    def _born(self) -> tuple[socket.socket, socket.socket]:
        """The gate it came through, and our end of what we and a new child say to each other."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                gate = self._open_gate()
                try:
                    socket.send_fds(gate, [b"\n"], [theirs.fileno()])
                except OSError:  # the parent died while it waited
                    _close(self._gates)
                    gate = self._open_gate()
                    socket.send_fds(gate, [b"\n"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return gate, ours

    def _open_gate(self) -> socket.socket:
        self._parents[:] = [parent for parent in self._parents if parent.poll() is None]
        if not self._gates:
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    self._parents.append(_parent(theirs))
                except OSError:
                    ours.close()
                    raise
            self._gates.append(ours)
        return self._gates[0]


def _parent(gate: socket.socket) -> Parent:
    with apart():
        return subprocess.Popen(  # noqa: S603  (our own interpreter and our own file)
            [sys.executable, "-I", "-S", "-B", str(CHILD), json.dumps(site.getsitepackages())],
            stdin=gate.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
        )


def _close(gates: list[socket.socket]) -> None:
    """A parent without gate has no more children; it ends with the last."""
    while gates:
        gates.pop().close()


def _end(gates: list[socket.socket], parents: list[Parent]) -> None:
    """Kill them, and the system kills their children."""
    _close(gates)
    while parents:
        parent = parents.pop()
        parent.kill()
        parent.wait()


def _order(kind: Kind) -> bytes:
    """A line of JSON, read by `child.serve`."""
    order = {
        "kind": kind,
        "kept": limits.MAX_KEPT_BYTES,
        "pixels": limits.MAX_PIXELS,
        "jpeg_pixels": limits.MAX_JPEG_PIXELS,
        "pages": limits.MAX_PDF_PAGES,
        "memory": limits.CHILD_MEMORY_BYTES,
        "cpu": limits.CHILD_CPU_SECONDS[kind],
        "wall": limits.CHILD_WALL_SECONDS,
    }
    return json.dumps(order).encode() + b"\n"


def _said(child: socket.socket, end: float) -> bytes:
    said = bytearray()
    while True:
        child.settimeout(max(end - time.monotonic(), 0.001))
        part = child.recv(1 << 20)
        if not part:
            break
        said += part
        if len(said) > MOST_SAID:
            raise NoAnswer
    if not said:
        raise NoAnswer
    return bytes(said)
