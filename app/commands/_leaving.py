"""How `c2s serve` leaves: it says so, goes on meanwhile, and answers every request that has reached it."""

import asyncio
import socket
import sys
import time
from contextlib import suppress
from signal import SIGTERM
from types import FrameType

import uvicorn

from app.web.house import House

AT_MOST = 10  # seconds that a request under way may still take
AT_MOST_DRAINING = 30  # the same when no person waits for the stop: an upload of several files, say
LET_IN = 1  # second: the queue of the port is empty by then
FIRST_WORDS = 5  # seconds: a connection that has just been made sends its request
_IP_MINTTL, _IPV6_MINHOPCOUNT = 21, 73  # Linux, in.h and in6.h
ANY, NONE = 0, 255  # hops that a packet has left: a machine sends it with 64 or 128


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
            hear(self._door, NONE)
            waited, since = 0.0, time.monotonic()
            while waited < LET_IN or (waited < FIRST_WORDS and not self._all_have_spoken()):
                if self.force_exit:
                    break
                for connection in self.server_state.connections:
                    hear(connection.transport.get_extra_info("socket"), ANY)
                await asyncio.sleep(0.1)
                waited = time.monotonic() - since
        await super().shutdown(sockets)

    def _all_have_spoken(self) -> bool:
        return all(getattr(connection, "cycle", None) for connection in self.server_state.connections)


def hear(sock: socket.socket, fewest: int) -> None:
    """
    Drop what comes to this socket with fewer hops left: a door that hears none lets nobody else in.

    Who is in the queue is still served, and who comes knocks again in a second; closing the socket would cut the queue
    off, requests included. A connection that was being made meanwhile inherits the option. (A socket filter would do
    it too, but Linux keeps that of a TCP port for CAP_NET_ADMIN, which the unit takes away.) Linux only: where
    a kernel has no such option, the door is open until it is closed for good.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            sock.setsockopt(socket.IPPROTO_IP, _IP_MINTTL, fewest)
            if sock.family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_MINHOPCOUNT, fewest)
