"""How an e-mail leaves: one conversation with a server that proves who it is, over TLS or not at all."""

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from app.mail.message import domain_of
from app.settings import Settings
from app.store.tables import Delivery

PATIENCE = 10.0  # seconds for each answer of the server
PORTS = {"smtps": 465, "smtp": 587}
CUT, SILENT, UNREACHABLE = "coupure", "silence", "injoignable"
UNTRUSTED, MISSING = "certificat", "extension"
UNWRITABLE = "adresse"  # of the recipient: no server can be told it
_NOBODY = re.compile(rb"5\.[12]\.\d")  # RFC 3463: the address or the mailbox is at fault
_NOBODY_CODES = (550, 553)  # the same, from servers that say no more


@dataclass(frozen=True)
class SendResult:
    """
    How it went: sent, refused for ever, or to try again; `cause` is a code, never the words of a server.

    `down`: no other e-mail would fare better now.
    """

    issue: Delivery
    cause: str = ""
    down: bool = False


def send(settings: Settings, message: EmailMessage, to: str, wanted: Callable[[], bool]) -> SendResult | None:
    """
    Hand an e-mail to the server, for this address; never raises for what a network or a server may do.

    `wanted` is asked last, once the server listens: nothing is sent, and nothing returned, to a person who has
    stopped in the meantime.
    """
    try:
        server = _connected(settings)
    except (smtplib.SMTPException, OSError) as problem:
        return SendResult(Delivery.ATTEND, _cause(problem), down=True)
    try:
        if not wanted():
            return None
        server.send_message(message, settings.smtp_from, [to])
    except smtplib.SMTPRecipientsRefused as refused:
        return _refused(*refused.recipients[to])
    except (smtplib.SMTPException, OSError) as problem:
        cause = _cause(problem)
        return SendResult(Delivery.ATTEND, cause, down=cause == SILENT)
    finally:
        with suppress(smtplib.SMTPException, OSError):  # the e-mail has its answer already
            server.quit()
    return SendResult(Delivery.ENVOYEE)


def _cause(problem: Exception) -> str:
    # The sender, the content, the password: the host's to mend.
    if isinstance(problem, smtplib.SMTPResponseException):
        return str(problem.smtp_code)
    if isinstance(problem, smtplib.SMTPNotSupportedError):  # no STARTTLS, or no way to write this address
        return MISSING
    if isinstance(problem, TimeoutError) or isinstance(problem.__context__, TimeoutError):
        return SILENT
    if isinstance(problem, ssl.SSLError):
        return UNTRUSTED
    return CUT if isinstance(problem, smtplib.SMTPServerDisconnected | ConnectionResetError) else UNREACHABLE


def _connected(settings: Settings) -> smtplib.SMTP:
    url, named = urlsplit(settings.smtp_url), domain_of(settings)
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    trust = ssl.create_default_context()
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, named, timeout=PATIENCE, context=trust)
    else:
        server = smtplib.SMTP(host, port, named, timeout=PATIENCE)
    try:
        if url.scheme == "smtp":
            server.starttls(context=trust)  # refused by the server: nothing is said in clear
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _refused(code: int, words: bytes) -> SendResult:
    """A recipient that nobody has is refused for ever; what the host can mend, and what passes, is tried again."""
    enhanced = re.match(rb"\d\.\d{1,3}\.\d{1,3}", words)
    nobody = _NOBODY.match(words) if enhanced else code in _NOBODY_CODES
    return SendResult(Delivery.REFUSEE if nobody else Delivery.ATTEND, str(code))
