"""Many requests on a few connections, by hand: the client must cost less than the server."""

import asyncio
import re
import time
from collections.abc import Mapping

from tests.bench.server import HOST

CONNECTIONS = 8
LENGTH = re.compile(rb"content-length: (\d+)")


def requests_a_second(port: int, path: str, cookies: Mapping[str, str], seconds: float) -> float:
    """How many pages come in one second."""
    return asyncio.run(_rate(port, path, cookies, seconds))


async def _rate(port: int, path: str, cookies: Mapping[str, str], seconds: float) -> float:
    began = time.perf_counter()
    served = await asyncio.gather(
        *(_keep_asking(port, path, cookies, began + seconds) for _ in range(CONNECTIONS))
    )
    return sum(served) / (time.perf_counter() - began)


async def _keep_asking(port: int, path: str, cookies: Mapping[str, str], end: float) -> int:
    reader, writer = await asyncio.open_connection(HOST, port)
    carried = "; ".join(f"{name}={value}" for name, value in cookies.items())
    question = f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAccept-Encoding: br\r\nCookie: {carried}\r\n\r\n".encode()
    served = 0
    while time.perf_counter() < end:
        writer.write(question)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:200]
        found = LENGTH.search(head)
        assert found
        await reader.readexactly(int(found.group(1)))
        served += 1
    writer.close()
    return served
