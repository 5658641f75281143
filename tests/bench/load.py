"""Many requests on a few connections, by hand: the client must cost less than the server."""

import asyncio
import re
import time
from collections.abc import Mapping
from urllib.parse import urlencode

from tests.support.ports import HOST

CONNECTIONS = 8
LENGTH = re.compile(rb"content-length: (\d+)")


def asked(port: int, path: str, cookies: Mapping[str, str], form: Mapping[str, str] | None = None) -> bytes:
    """A request as a browser with these cookies sends it; a form makes it a POST."""
    carried = "; ".join(f"{name}={value}" for name, value in cookies.items())
    head = f"{path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAccept-Encoding: br\r\nCookie: {carried}\r\n"
    if form is None:
        return f"GET {head}\r\n".encode()
    body = urlencode(form)
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return f"POST {head}{kind}\r\n{body}".encode()


def requests_a_second(port: int, path: str, cookies: Mapping[str, str], seconds: float) -> float:
    """How many pages come in one second."""
    began = time.perf_counter()
    return served(port, asked(port, path, cookies), seconds) / (time.perf_counter() - began)


def served(port: int, question: bytes, seconds: float, status: int = 200) -> int:
    """How many answers come, all of this status."""
    return asyncio.run(_served(port, question, seconds, b"HTTP/1.1 %d" % status))


async def _served(port: int, question: bytes, seconds: float, status: bytes) -> int:
    end = time.perf_counter() + seconds
    return sum(await asyncio.gather(*(_keep_asking(port, question, end, status) for _ in range(CONNECTIONS))))


async def _keep_asking(port: int, question: bytes, end: float, status: bytes) -> int:
    reader, writer = await asyncio.open_connection(HOST, port)
    served = 0
    while time.perf_counter() < end:
        writer.write(question)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(status), head[:200]
        found = LENGTH.search(head)
        assert found
        await reader.readexactly(int(found.group(1)))
        served += 1
    writer.close()
    return served
