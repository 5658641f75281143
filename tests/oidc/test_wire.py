"""The connection itself: TLS with a certificate that the machine trusts, and an end to what drips."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from app.oidc.failure import Failed, FailureReason
from app.oidc.wire import Wire
from tests.support.certificate import draw_certificate

HOST = "127.0.0.1"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Nothing is written."""


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Of this machine: nobody else vouches for it."""
    return draw_certificate(tmp_path, HOST)


@pytest.fixture
def address(certificate: tuple[Path, Path]) -> Iterator[str]:
    """A server of TLS on this machine."""
    server = HTTPServer((HOST, 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://{HOST}:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_that_nobody_vouches_for_is_refused(address: str) -> None:
    wire = Wire()
    with pytest.raises(Failed) as failed:
        wire.get_json(address)
    assert (failed.value.reason, failed.value.cause) == (FailureReason.PANNE, "injoignable")


def test_the_same_server_answers_once_its_certificate_is_trusted(
    address: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without this, the refusal above could be of anything."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    wire = Wire()
    assert wire.get_json(address) == {}


@pytest.mark.parametrize(
    "before", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["headers", "body"]
)
def test_an_answer_that_drips_is_cut(before: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time; the answer would be whole after four seconds."""
    monkeypatch.setattr("app.oidc.wire.LONGEST", 0.2)
    stopped = threading.Event()

    class Dripping(_Handler):
        def do_GET(self) -> None:
            self.wfile.write(before)
            for byte in [b"x"] * 200 + [b"\r\n\r\n"]:
                if stopped.wait(0.02):
                    return
                self.wfile.write(byte)

    server = HTTPServer((HOST, 0), Dripping)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with pytest.raises(Failed) as failed:
            Wire().get_json(f"http://{HOST}:{server.server_port}")
        assert (failed.value.reason, failed.value.cause) == (FailureReason.PANNE, "réponse trop lente")
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
