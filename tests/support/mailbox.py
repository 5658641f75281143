"""A real SMTP server on loopback, over TLS, which may refuse, cut, keep silent; and what it received."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.support.certificate import draw_certificate

HOST, LOGIN, PASSWORD = "127.0.0.1", "c2s", "un secret @ coder"
SECONDS = 30


class Mailbox:
    """
    What the server answers and has received.

    `answers`: what it says to MAIL, RCPT or DATA instead of yes. `cut`: the command after which it hangs up, without
    a word. `silent`: the command that it never answers. `when`: called at a command, before its answer.
    """

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.cut = self.silent = ""
        self.when: dict[str, Callable[[], object]] = {}
        self.heard: list[str] = []
        self.received: list[EmailMessage] = []
        self.port = 0
        self._arrived = threading.Condition()

    def url(self, scheme: str = "smtp", password: str = "un%20secret%20%40%20coder") -> str:
        """What `C2S_SMTP_URL` says of it."""
        return f"{scheme}://{LOGIN}:{password}@{HOST}:{self.port}"

    def wait_for(self, count: int) -> list[EmailMessage]:
        """What was received, once it is that many."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.received) >= count, SECONDS), self.heard
        return self.received

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        await self._answer("EHLO", server)
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._answer("MAIL", server)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._answer("RCPT", server)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            with self._arrived:
                self.received.append(message_from_bytes(envelope.content, policy=policy.default))
                self._arrived.notify_all()
        return await self._answer("DATA", server)

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return await self._answer("QUIT", server)

    async def _answer(self, command: str, server: SMTP) -> str:
        self.heard.append(command)
        if command in self.when:
            await asyncio.to_thread(self.when[command])
        if command == self.silent:
            await asyncio.Event().wait()
        if command == self.cut:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.answers.get(command, "250 OK")


@contextmanager
def mail_server(trust: ssl.SSLContext, *, implicit: bool = False, starttls: bool = True) -> Iterator[Mailbox]:
    """Serve a mailbox; `implicit`: TLS from the first byte; without `starttls`, TLS is not offered at all."""
    mailbox, loop = Mailbox(), asyncio.new_event_loop()
    upgrade = trust if starttls and not implicit else None
    connections: list[asyncio.Transport] = []

    class Kept(SMTP):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            connections.append(transport)
            super().connection_made(transport)

    def protocol() -> SMTP:
        return Kept(
            mailbox,
            hostname="courrier.exemple",
            tls_context=upgrade,
            require_starttls=upgrade is not None,
            authenticator=_authenticate,
            auth_require_tls=upgrade is not None,
            loop=loop,
        )

    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> asyncio.Server:
        return await loop.create_server(protocol, HOST, 0, ssl=trust if implicit else None)

    async def stop(server: asyncio.Server) -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for connection in connections:  # one that a client left open would be found later, by another test
            connection.abort()

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(SECONDS)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        asyncio.run_coroutine_threadsafe(stop(server), loop).result(SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(SECONDS)
        loop.close()


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    known = (data.login, data.password) == (LOGIN.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=known)


def trusted_server(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of this loopback address: the file that trusts it, and the server that shows it."""
    public, private = draw_certificate(folder, "courrier.exemple")
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(public, private)
    return public, shown
