"""Open uploads, each in a process that can write nothing and reach nothing.

`nursery` runs this file by its path, `python -I -S child.py LIBRARIES`, before there is an upload to open. This
process is the parent: its stdin is a socket, and each byte that comes there brings another socket. A fork of it, the
child, reads there an order (a line of JSON: the kind, "pdf" or "image", and the limits), then the upload; it answers
with one line of JSON, then the image to keep, and ends. Isolated Python cannot import `app`: this file and the
openers it runs know only the standard library, pikepdf, Pillow and pi-heif. The words they answer with are those of
`RefusalReason`.
"""

import errno
import json
import os
import resource
import runpy
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

Opener = Callable[[bytes, dict[str, Any]], tuple[dict[str, str | int], bytes]]


def confine(memory_bytes: int, cpu_seconds: int) -> None:
    """Give up, for good, the right to grow, to last and to write a byte to a disk."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def close_doors() -> None:
    """Give up opening anything more, file or socket; what is open stays."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def neighbour(name: str) -> dict[str, Any]:
    """What a file of this folder defines."""
    return runpy.run_path(str(Path(__file__).with_name(f"{name}.py")))


def serve(connection: int, openers: dict[str, Opener], filters: dict[str, Any]) -> None:
    """Answer one order; a failure that is ours, not the file's, is no answer."""
    upload, said = os.fdopen(connection, "rb"), os.fdopen(connection, "wb", closefd=False)
    order = json.loads(upload.readline())
    signal.setitimer(signal.ITIMER_REAL, order["wall"])
    filters["end_with_parent"]()
    confine(order["memory"], order["cpu"])
    close_doors()
    filters["refuse_the_rest"]()
    try:
        answer, kept = openers[order["kind"]](upload.read(), order)
    except (MemoryError, ImportError):
        raise
    except Exception as problem:
        if getattr(problem, "errno", None) in (errno.EMFILE, errno.EPERM):  # it wanted what it gave up
            raise
        answer, kept = {"reason": f"{order['kind']}_illisible"}, b""
    said.write(json.dumps(answer).encode() + b"\n" + kept)
    said.flush()


def main() -> None:
    """Have children until the service closes the gate, then wait for the last ones."""
    sys.path += json.loads(sys.argv[1])
    openers = {kind: neighbour(f"child_{kind}")["opened"] for kind in ("image", "pdf")}
    filters = neighbour("child_filter")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries them
    gate = socket.socket(fileno=sys.stdin.fileno())
    while True:
        order, connections, _, _ = socket.recv_fds(gate, 1, 1)
        if not order:
            break
        if os.fork() == 0:
            try:
                gate.close()
                serve(connections[0], openers, filters)
                os._exit(0)
            finally:
                os._exit(1)
        os.close(connections[0])
    with suppress(ChildProcessError):  # none is left
        os.wait()


if __name__ == "__main__":
    main()
