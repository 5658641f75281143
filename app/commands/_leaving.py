"""How `c2s serve` leaves: it says so, goes on meanwhile, and answers every request that has reached it."""

import asyncio
import ctypes
import socket
import struct
import sys
import time
from signal import SIGTERM
from types import FrameType

import uvicorn

from app.web.house import House

AT_MOST = 10  # seconds that a request under way may still take
AT_MOST_DRAINING = 30  # the same when no person waits for the stop: an upload of several files, say
LET_IN = 1  # second: the queue of the port is empty by then
FIRST_WORDS = 5  # seconds: a connection that has just been made sends its request
_ATTACH_FILTER = 26  # Linux, asm/socket.h
_DROP_ALL = struct.pack("HBBI", 6, 0, 0, 0)  # one instruction of a socket filter: keep 0 bytes of what comes


class Server(uvicorn.Server):
    """
    uvicorn on a socket of ours, which drains on SIGTERM when `drain_seconds` says so.

    `/sante` then answers 503 and each answer ends its connection: a balancer sends its requests elsewhere. Ctrl-C and a
    second SIGTERM do not wait.
    """

    def __init__(self, config: uvicorn.Config, door: socket.socket, house: House) -> None:
        super().__init__(config)
        self._door, self._house = door, house
        self._leaves_at = float("inf")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal came."""
        seconds = self._house.settings.drain_seconds
        if sig != SIGTERM or not seconds or self._house.draining or self.should_exit:
            super().handle_exit(sig, frame)
            return
        self._house.draining = True
        self._leaves_at = time.monotonic() + seconds
        self.config.encoded_headers.append((b"connection", b"close"))  # of the answers, within a second
        self.config.timeout_graceful_shutdown = AT_MOST_DRAINING

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop."""
        if not self.should_exit and time.monotonic() >= self._leaves_at:
            super().handle_exit(SIGTERM, None)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """uvicorn cuts a connection that has not sent its first request (it has no cycle): none is left by then."""
        if self._house.draining:
            _shut(self._door)
            waited, since = 0.0, time.monotonic()
            while waited < LET_IN or (waited < FIRST_WORDS and not self._all_have_spoken()):
                if self.force_exit:
                    break
                await asyncio.sleep(0.1)
                waited = time.monotonic() - since
        await super().shutdown(sockets)

    def _all_have_spoken(self) -> bool:
        return all(getattr(connection, "cycle", None) for connection in self.server_state.connections)


def _shut(door: socket.socket) -> None:
    """
    Let nobody else in: those who are in the queue are still served, and those who come knock again in a second.

    Closing the socket would cut the queue off, requests included. Linux only.
    """
    if sys.platform == "linux":
        program = ctypes.create_string_buffer(_DROP_ALL, len(_DROP_ALL))
        door.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("HP", 1, ctypes.addressof(program)))
