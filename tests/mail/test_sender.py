"""E-mails leave once, from what the transaction of their message wrote, whatever the server or the process does."""

import asyncio
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Barrier, Event
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
from sqlmodel import Session, col, select, update
from starlette.applications import Starlette
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app import main
from app.domain.messages import PieceDemandee
from app.files.sealing import KeyRing
from app.mail import sender, transport
from app.settings import Settings
from app.store import nouvelles
from app.store.abonnements import read_abonne, subscribe, unsubscribe, write_abonne
from app.store.comptes import read_assure
from app.store.database import writing
from app.store.decisions import ask_pieces, grant_free, refuse, start_instruction
from app.store.suivi import COMPLEMENT, mark_read
from app.store.tables import Abonnement, Delivery, Echange, Nouvelle
from tests.bench.server import SECONDS, environment
from tests.mail.conftest import FROM, pause_is_over, with_server
from tests.support.browser import Browser
from tests.support.data import server_of
from tests.support.filed import FILED, compte_of, database, ring, rows
from tests.support.mailbox import Mailbox, mail_server
from tests.support.ports import free_port
from tests.support.runner import file_demande
from tests.support.services import SERVE
from tests.support.walk import walk_to

Send = Callable[..., Any]
PAGE = [PieceDemandee(document="Avis d'impôt : Nadia", raison="Il manque la page 2.")]
ACTS: dict[str, Callable[[Session, KeyRing, str], str]] = {
    "instruction": lambda db, ring, ref: start_instruction(db, ring, ref, FILED),
    "pièce": lambda db, ring, ref: ask_pieces(db, ring, ref, FILED, PAGE, FILED.date() + timedelta(days=30)),
    "accord": lambda db, ring, ref: grant_free(db, ring, ref, FILED),
    "refus": lambda db, ring, ref: refuse(db, ring, ref, FILED, motif="Le plafond est dépassé."),
}


@pytest.fixture
def reference(service: Starlette, jeton: str) -> str:
    """The demande of Nadia, who has chosen news before; the e-mail of its accusé waits."""
    return file_demande(service)


def act(service: Starlette, reference: str, what: str) -> str:
    with database(service) as db:
        return ACTS[what](db, ring(service), reference)


def the(service: Starlette) -> Nouvelle:
    (row,) = rows(service, Nouvelle)
    assert isinstance(row, Nouvelle)
    return row


def ids(received: list[EmailMessage]) -> list[str]:
    return [str(message["Message-ID"]) for message in received]


@pytest.fixture
def logs() -> Iterator[list[MutableMapping[str, Any]]]:
    with capture_logs() as lines:
        yield lines


# What is sent, and when


def test_each_message_that_matters_has_its_email_once(
    service: Starlette, reference: str, mailbox: Mailbox, send: Send
) -> None:
    for what, sent in (("instruction", 1), ("pièce", 2), ("accord", 3)):
        act(service, reference, what)
        send()
        assert len(mailbox.received) == sent, f"{what}: the accusé has left with the first"
    assert send() == {}
    assert len(set(ids(mailbox.received))) == 3
    assert {row.issue for row in rows(service, Nouvelle)} == {Delivery.ENVOYEE}


def test_nobody_is_written_to_without_a_choice(service: Starlette, mailbox: Mailbox, send: Send) -> None:
    act(service, file_demande(service), "refus")
    send()
    assert rows(service, Nouvelle) == []
    assert mailbox.heard == []


def test_a_deposit_that_is_rolled_back_sends_nothing(
    client: Browser,
    service: Starlette,
    jeton: str,
    mailbox: Mailbox,
    send: Send,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.start("nadia")
    walk_to(client, "/demande/validation", {"/demande/pieces": lambda _: {"bien": "non", "etranger": "non",
            "pas_avis_moi": "oui", "pas_avis_m3xw": "oui"}})  # fmt: skip
    written: list[int] = []

    def fail(**_: Any) -> None:
        with database(service) as other:
            written.append(len(other.exec(select(Nouvelle)).all()))
        raise RuntimeError

    monkeypatch.setattr("app.store.demandes.Evenement", fail)  # written after the accusé and its e-mail
    with pytest.raises(AssertionError, match="500 on /demande/validation"):
        client.press("Je valide ma demande", certifie="oui")
    assert written == [0], (
        "it is written in the transaction of the accusé, which another connection does not see"
    )
    send()
    assert (rows(service, Nouvelle), mailbox.heard) == ([], [])


def test_a_message_that_has_been_read_needs_no_email(
    service: Starlette, reference: str, mailbox: Mailbox, send: Send
) -> None:
    with database(service) as db:
        row = the(service)
        mark_read(db, row.compte_id, row.echange_id, FILED)
    send()
    assert (rows(service, Nouvelle), mailbox.heard) == ([], [])


def test_nothing_leaves_after_the_choice_is_withdrawn(
    service: Starlette, reference: str, mailbox: Mailbox, send: Send, jeton: str
) -> None:
    """Withdrawn at the last moment: the server is listening already."""

    def stop() -> None:
        mailbox.when.clear()
        assert TestClient(service).post(f"/nouvelles/arret/{jeton}").status_code == 200

    mailbox.when["EHLO"] = stop
    send()
    assert "MAIL" not in mailbox.heard
    assert rows(service, Nouvelle) == []
    act(service, reference, "accord")
    assert (send(), mailbox.received) == ({}, [])


# A process that dies, senders at once


def test_killed_before_the_send_it_leaves_at_the_next_start(
    service: Starlette, reference: str, mailbox: Mailbox, mailed: Settings
) -> None:
    with database(service) as db:
        assert nouvelles.take_next(db, mailed.clock(), mailed.day()) is not None  # and the process is gone
        assert nouvelles.take_next(db, mailed.clock(), mailed.day()) is None, "it is held for a while"
        assert nouvelles.take_next(db, mailed.clock() + nouvelles.HELD, mailed.day()) is not None


@pytest.mark.parametrize(
    ("command", "received"), [("EHLO", 0), ("DATA", 1), ("QUIT", 1)], ids=["before", "during", "after"]
)
def test_a_service_killed_around_the_send_sends_again_under_the_same_id(
    service: Starlette,
    reference: str,
    mailbox: Mailbox,
    mailed: Settings,
    send: Send,
    command: str,
    received: int,
) -> None:
    """Killed before, during and after: a mailbox shows one of two e-mails that have the same Message-ID."""
    own = environment(mailed.data_dir) | server_of(mailed.data_dir)
    own |= {"C2S_SMTP_URL": mailed.smtp_url, "C2S_SMTP_FROM": mailed.smtp_from}
    mailbox.when[command] = lambda: process.kill()
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--port", str(free_port())], env=own
    ) as process:
        assert process.wait(SECONDS) == -signal.SIGKILL
    mailbox.when.clear()
    assert len(mailbox.received) == received
    pause_is_over(service)
    send()
    assert ids(mailbox.received) == [f"<{the(service).id}@exemple.fr>"] * (received + 1)


@pytest.mark.engines
def test_two_senders_share_what_is_due(
    service: Starlette, reference: str, mailbox: Mailbox, send: Send
) -> None:
    act(service, reference, "pièce")
    act(service, reference, "accord")
    together = Barrier(2)

    def one(_: int) -> Any:
        together.wait()
        return send()

    with ThreadPoolExecutor(2) as pool:
        met = list(pool.map(one, range(2)))
    assert sum(counts[Delivery.ENVOYEE] for counts in met) == 3
    assert len(set(ids(mailbox.received))) == len(mailbox.received) == 3


def test_the_service_sends_by_itself(
    make_service: Callable[..., Starlette], service: Starlette, reference: str, mailbox: Mailbox
) -> None:
    app = make_service(smtp_url=mailbox.url(), smtp_from=FROM)
    with TestClient(app):
        (message,) = mailbox.wait_for(1)
    assert message["To"] == "nadia@courriel.example"


@pytest.mark.parametrize(
    ("refusal", "pause"), [("250 OK", main.SEND_EVERY), ("450 4.1.1 not now", main.SEND_AGAIN)]
)
def test_a_server_that_refuses_is_left_alone_for_longer(
    make_service: Callable[..., Starlette],
    service: Starlette,
    reference: str,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    refusal: str,
    pause: int,
) -> None:
    mailbox.answers["RCPT"] = refusal
    app = make_service(smtp_url=mailbox.url(), smtp_from=FROM)
    pauses: list[float] = []
    first = Event()

    async def sleep(seconds: float) -> None:
        if seconds in (main.SEND_EVERY, main.SEND_AGAIN):
            pauses.append(seconds)
            first.set()
        await anyio.sleep_forever()

    monkeypatch.setattr(main, "AHEAD_AFTER", 0)  # which is as long
    monkeypatch.setattr(main, "asyncio", SimpleNamespace(sleep=sleep, create_task=asyncio.create_task))
    with TestClient(app):
        assert first.wait(SECONDS)
    assert pauses == [pause]
    assert "RCPT" in mailbox.heard


# An address that changes while a server is being spoken to

CORRECTED = "la-bonne@courriel.example"


def correct_it(service: Starlette) -> None:
    with database(service) as db:
        subscribe(db, ring(service), compte_of(db, "nadia").id, CORRECTED, FILED)


def test_nothing_leaves_for_an_address_that_has_just_been_corrected(
    service: Starlette, reference: str, mailbox: Mailbox, send: Send
) -> None:
    def correct() -> None:
        mailbox.when.clear()
        correct_it(service)

    mailbox.when["EHLO"] = correct
    send()
    assert [message["To"] for message in mailbox.received] == [CORRECTED]
    assert the(service).issue == Delivery.ENVOYEE


@pytest.mark.parametrize("refusal", ["550 5.1.1 nobody here", "450 4.1.1 not now"])
def test_an_address_corrected_while_it_is_refused_receives_the_email(
    service: Starlette, reference: str, mailbox: Mailbox, send: Send, refusal: str
) -> None:
    """Neither the refusal nor the pause of the wrong address holds up the right one."""

    def correct() -> None:
        mailbox.when["RCPT"] = mailbox.answers.clear
        correct_it(service)

    mailbox.answers["RCPT"], mailbox.when["RCPT"] = refusal, correct
    send()
    assert [message["To"] for message in mailbox.received] == [CORRECTED]
    assert the(service).issue == Delivery.ENVOYEE


# A server that refuses, cuts, keeps silent


@pytest.mark.parametrize(
    ("command", "answer", "issue", "cause"),
    [
        ("RCPT", "550 5.1.1 nobody here", Delivery.REFUSEE, "550"),
        ("RCPT", "550 nobody here", Delivery.REFUSEE, "550"),
        ("RCPT", "550 5.7.1 relaying denied", Delivery.ATTEND, "550"),
        ("RCPT", "452 4.2.2 mailbox full", Delivery.ATTEND, "452"),
        ("MAIL", "553 5.1.8 sender refused", Delivery.ATTEND, "553"),
        ("DATA", "554 5.7.1 looks like spam", Delivery.ATTEND, "554"),
        ("DATA", "421 4.3.0 closing", Delivery.ATTEND, "421"),
    ],
)
def test_a_refusal_is_for_ever_only_when_nobody_has_the_address(
    service: Starlette,
    reference: str,
    mailbox: Mailbox,
    send: Send,
    command: str,
    answer: str,
    issue: Delivery,
    cause: str,
) -> None:
    mailbox.answers[command] = answer
    send()
    assert (the(service).issue, the(service).cause) == (issue, cause)
    mailbox.answers.clear()
    pause_is_over(service)
    send()
    assert len(mailbox.received) == (issue is Delivery.ATTEND)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_cut_in_the_middle_stops_no_other_email(
    service: Starlette, reference: str, mailbox: Mailbox, send: Send, command: str
) -> None:
    mailbox.cut = command
    act(service, reference, "accord")
    send()
    assert [(row.issue, row.cause) for row in rows(service, Nouvelle)] == [
        (Delivery.ATTEND, transport.CUT)
    ] * 2
    mailbox.cut = ""
    pause_is_over(service)
    send()
    assert len(set(ids(mailbox.received))) == 2


def test_an_address_that_cannot_be_written_stops_no_other_email(
    service: Starlette, reference: str, mailbox: Mailbox, send: Send
) -> None:
    with database(service) as db, writing(db):
        abonnement = db.exec(select(Abonnement)).one()
        abonne = read_abonne(ring(service), abonnement)
        write_abonne(ring(service), abonnement, abonne.model_copy(update={"courriel": "nadia@-.-"}))
        db.add(abonnement)
    act(service, reference, "accord")
    send()
    said = [(row.issue, row.cause) for row in rows(service, Nouvelle)]
    assert said == [(Delivery.REFUSEE, transport.UNWRITABLE)] * 2
    assert mailbox.received == []


@pytest.mark.parametrize("command", ["EHLO", "RCPT", "DATA"])
def test_a_silent_server_is_left_and_the_others_wait(
    service: Starlette,
    reference: str,
    mailbox: Mailbox,
    send: Send,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setattr(transport, "PATIENCE", 0.3)
    mailbox.silent = command
    act(service, reference, "accord")
    send()
    assert sorted((row.essais, row.cause) for row in rows(service, Nouvelle)) == [
        (0, ""),
        (1, transport.SILENT),
    ]


def test_a_server_that_is_not_there(service: Starlette, reference: str, settings: Settings) -> None:
    house = service.state.house
    sender.send_due(house.engine, house.env, with_server(settings, "smtp://127.0.0.1:1"))
    assert (the(service).issue, the(service).cause) == (Delivery.ATTEND, transport.UNREACHABLE)


# Who the server is


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_does_not_prove_who_it_is_learns_nothing(
    service: Starlette,
    reference: str,
    settings: Settings,
    certificate: tuple[Path, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
) -> None:
    house = service.state.house
    with mail_server(certificate[1], implicit=scheme == "smtps") as stranger:
        sender.send_due(house.engine, house.env, with_server(settings, stranger.url(scheme)))
        assert the(service).cause == transport.UNTRUSTED
        assert "MAIL" not in stranger.heard
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        pause_is_over(service)
        sender.send_due(house.engine, house.env, with_server(settings, stranger.url(scheme)))
        assert len(stranger.received) == 1


def test_nothing_is_said_in_clear(
    service: Starlette, reference: str, settings: Settings, certificate: tuple[Path, ssl.SSLContext]
) -> None:
    """Without STARTTLS, neither the password nor the address leaves."""
    house = service.state.house
    with mail_server(certificate[1], starttls=False) as plain:
        sender.send_due(house.engine, house.env, with_server(settings, plain.url()))
        assert the(service).cause == transport.MISSING
        assert set(plain.heard) == {"EHLO"}


def test_a_wrong_password_is_the_hosts_to_mend(
    service: Starlette, reference: str, settings: Settings, mailbox: Mailbox
) -> None:
    house = service.state.house
    sender.send_due(house.engine, house.env, with_server(settings, mailbox.url(password="faux")))
    assert (the(service).issue, the(service).cause) == (Delivery.ATTEND, "535")


# Pauses, and the end of them


def test_pauses_grow_for_two_days_then_it_is_given_up(
    service: Starlette, reference: str, mailed: Settings
) -> None:
    clock = start = mailed.clock()
    with database(service) as db:
        for _ in nouvelles.PAUSES:
            row, _subscriber = nouvelles.take_next(db, clock, mailed.day())
            assert nouvelles.settle(db, row, Delivery.ATTEND, clock, "421") is Delivery.ATTEND
            assert nouvelles.take_next(db, clock, mailed.day()) is None, "not before the pause is over"
            clock = the(service).suivant_le
        row, _subscriber = nouvelles.take_next(db, clock, mailed.day())
        assert nouvelles.settle(db, row, Delivery.ATTEND, clock, "421") is Delivery.ABANDONNEE
    assert list(nouvelles.PAUSES) == sorted(set(nouvelles.PAUSES))
    assert timedelta(hours=40) < clock - start <= timedelta(days=2)
    assert the(service).suivant_le is None


# Reminders


def asked(service: Starlette, days: int) -> str:
    reference = file_demande(service)
    with database(service) as db:
        now = service.state.house.settings.now()  # before what the test does next, whatever the hour
        ask_pieces(db, ring(service), reference, now, PAGE, FILED.date() + timedelta(days=days))
    return reference


def reminded(service: Starlette, after: int) -> int:
    with database(service) as db:
        return nouvelles.remind(db, ring(service), FILED.date() + timedelta(days=after))


def test_a_reminder_leaves_a_week_before_and_once(
    service: Starlette, jeton: str, mailbox: Mailbox, send: Send
) -> None:
    asked(service, 30)
    send()
    before = len(mailbox.received)
    assert reminded(service, 22) == 0
    assert reminded(service, 23) == 1
    assert reminded(service, 24) == reminded(service, 30) == 0
    send()
    assert len(mailbox.received) == before + 1


def test_the_service_reminds_by_itself(
    make_service: Callable[..., Starlette], service: Starlette, jeton: str, mailbox: Mailbox, send: Send
) -> None:
    asked(service, 30)
    send()
    before = len(mailbox.received)
    due = FILED.date() + timedelta(days=23)
    with TestClient(make_service(smtp_url=mailbox.url(), smtp_from=FROM, today=due)):
        assert len(mailbox.wait_for(before + 1)) == before + 1


def test_a_reminder_that_came_late_still_leaves_but_not_after_the_day(service: Starlette, jeton: str) -> None:
    asked(service, 30)
    assert reminded(service, 31) == 0
    assert reminded(service, 30) == 1


@pytest.mark.parametrize(("after", "count"), [(30, 1), (31, 0)])
def test_a_reminder_that_an_address_held_up_leaves_until_the_day_and_not_after(
    service: Starlette, jeton: str, mailbox: Mailbox, mailed: Settings, after: int, count: int
) -> None:
    """Nobody had the first address; another is chosen."""
    house = service.state.house

    def send_on(days: int) -> None:
        day = FILED.date() + timedelta(days=days)
        sender.send_due(house.engine, house.env, mailed.model_copy(update={"today": day}))

    asked(service, 30)
    send_on(0)
    assert reminded(service, 24) == 1
    mailbox.answers["RCPT"] = "550 5.1.1 nobody here"
    send_on(24)
    mailbox.answers.clear()
    before = len(mailbox.received)
    correct_it(service)
    send_on(after)
    assert len(mailbox.received) == before + count


def test_a_request_of_this_week_is_its_own_reminder(service: Starlette, jeton: str) -> None:
    asked(service, 7)
    assert [reminded(service, day) for day in range(8)] == [0] * 8


@pytest.mark.parametrize(("files", "count"), [(True, 0), (False, 1)])
def test_files_answer_a_request_a_message_alone_does_not(
    client: Browser, service: Starlette, jeton: str, files: bool, count: int
) -> None:
    from tests.support import samples

    reference = asked(service, 30)
    client.sign_in("nadia")
    client.get(f"/suivi/{reference}/completer")
    joined = [("fichier_complement", ("a.pdf", samples.pdf(), ""))] if files else []
    client.press("Envoyer", {"message": "Bonjour."}, files=joined)
    assert reminded(service, 24) == count


def test_a_message_that_cannot_be_read_holds_up_no_email(
    client: Browser, service: Starlette, jeton: str
) -> None:
    reference = asked(service, 30)
    client.sign_in("nadia")
    client.get(f"/suivi/{reference}/completer")
    client.press("Envoyer", {"message": "Bonjour."})
    with database(service) as db, writing(db):
        damaged = update(Echange).where(col(Echange.genre) == COMPLEMENT)
        assert db.exec(damaged.values(corps=bytes(60))).rowcount == 1
    assert reminded(service, 24) == 1


def test_a_reminder_whose_documents_have_come_is_dropped(
    service: Starlette, jeton: str, mailbox: Mailbox, send: Send
) -> None:
    reference = asked(service, 30)
    send()
    reminded(service, 24)
    with database(service) as db:
        start_instruction(db, ring(service), reference, FILED, complete_le=FILED.date())
    before = len(mailbox.received)
    send()
    assert len(mailbox.received) == before
    assert not [row for row in rows(service, Nouvelle) if row.rappel]


def test_nobody_is_reminded_without_a_choice(service: Starlette, jeton: str) -> None:
    asked(service, 30)
    with database(service) as db:
        unsubscribe(db, compte_of(db, "nadia").id)
    assert reminded(service, 24) == 0


# Nothing personal


def test_no_email_row_or_log_says_who_or_what(
    service: Starlette, reference: str, mailbox: Mailbox, send: Send, jeton: str, logs: list[Any]
) -> None:
    act(service, reference, "refus")
    mailbox.answers["RCPT"] = "450 4.2.0 nadia@courriel.example is busy"
    send()
    mailbox.answers.clear()
    pause_is_over(service)
    send()
    with database(service) as db:
        assure = read_assure(ring(service), compte_of(db, "nadia"))
    parts = [
        part.get_content()
        for message in mailbox.received
        for part in message.walk()
        if part.get_content_maintype() == "text"
    ]
    headers = [f"{name}: {value}" for message in mailbox.received for name, value in message.items()]
    kept = repr(rows(service, Nouvelle))
    sent = "\n".join(parts + headers).replace(assure.courriel, "")
    assert len(parts) == 4
    for secret in (assure.nir, assure.prenom, assure.nom, reference):
        assert secret not in sent + kept + repr(logs)
    by_itself = rf"(?<!\w){assure.caisse}(?!\w)"  # three digits may be drawn within an id
    assert not re.search(by_itself, sent + kept + repr(logs))
    for word in ("santé", "c2s.", "solidaire", "euro", "€", "refus", "accord", "document", "CPAM"):
        assert word.lower() not in sent.lower()
    for secret in (assure.courriel, jeton):
        assert secret not in kept + repr(logs)
    assert rows(service, Echange), "the messages themselves stay in the account"
