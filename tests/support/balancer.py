"""A balancer for a machine without nginx: each request goes to the next service, or to another if that one is closed."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from typing import Any

from tests.support.ports import HOST

OURS = ("connection", "keep-alive", "transfer-encoding")  # of a connection, not of an answer


class _Balancer(BaseHTTPRequestHandler):
    services: Iterator[int]
    count: int

    def handle_request(self) -> None:
        """A form that has left is never sent to another service."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        for _ in range(self.count):
            with closing(HTTPConnection(HOST, next(self.services), timeout=120)) as service:
                try:
                    service.connect()
                except OSError:
                    continue
                with suppress(OSError, HTTPException):
                    self._ask(service, body)
                    self._give(service.getresponse())
                    return
                break
        self.send_error(503)

    do_GET = do_HEAD = do_POST = handle_request  # noqa: N815

    def _ask(self, service: HTTPConnection, body: bytes) -> None:
        service.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in OURS:
                service.putheader(name, value)
        service.endheaders(body)

    def _give(self, answer: HTTPResponse) -> None:
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in OURS:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is kept."""


@contextmanager
def balancing(port: int, services: Sequence[int]) -> Iterator[None]:
    """Listen on this port, for the services on these."""
    handler = type("Handler", (_Balancer,), {"services": cycle(services), "count": len(services)})
    with ThreadingHTTPServer((HOST, port), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
