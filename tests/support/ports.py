"""Ports that a test may open."""

import socket
from random import SystemRandom

HOST = "127.0.0.1"
# Below those that a machine gives by itself: a client of another test cannot take one while a service starts, or starts
# again. Above those that browsers refuse.
OURS = range(11_000, 32_000)


def free_ports(count: int) -> list[int]:
    """So many, different, that nobody listens on."""
    drawn = SystemRandom().sample(OURS, len(OURS))  # a seed would draw the same ones in two suites at once
    free = (port for port in drawn if _is_free(port))
    return [next(free) for _ in range(count)]


def free_port() -> int:
    """One that nobody listens on."""
    return free_ports(1)[0]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
