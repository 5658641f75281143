"""`c2s nouvelles`, and what `c2s doctor` says of e-mails: counts and causes, nobody's name or address."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from app.commands.nouvelles import what_to_check
from app.demo.remise import choose_news
from app.mail.transport import MISSING, SILENT, UNTRUSTED
from app.store.database import writing
from app.store.tables import Delivery, Nouvelle
from tests.support.filed import compte_of, database, rows
from tests.support.mailbox import Mailbox, mail_server, trusted_server
from tests.support.runner import done, file_demande, refused, run

FROM = {"C2S_SMTP_FROM": "ne-pas-repondre@exemple.fr"}
NOWHERE: dict[str, Any] = {"C2S_SMTP_URL": "smtp://127.0.0.1:1", **FROM}


@pytest.fixture
def waiting(service: Starlette) -> str:
    """An e-mail that waits; the reference of the demande it is about."""
    with database(service) as db:
        choose_news(db, service.state.house, compte_of(db, "nadia"))
    return file_demande(service)


def became(service: Starlette, **changes: object) -> None:
    with database(service) as db, writing(db):
        (row,) = rows(service, Nouvelle)
        for name, value in changes.items():
            setattr(row, name, value)
        db.merge(row)


def test_what_waits_is_listed_without_a_name(service: Starlette, waiting: str) -> None:
    became(service, essais=3, cause="silence")
    said = done(service, "nouvelles", "list")
    assert "essai 3  le serveur de courrier ne répond pas" in said
    assert said.splitlines()[-1].startswith("en attente : 1 · envoyés : 0")
    as_json = done(service, "nouvelles", "list", "--json")
    read = json.loads(as_json)
    assert read["nombres"] == {"attend": 1, "envoyee": 0, "refusee": 0, "abandonnee": 0}
    assert [(row["essais"], row["cause"]) for row in read["restent"]] == [(3, "silence")]
    for secret in ("nadia", "Nadia", "Exemple", waiting):
        assert secret not in said + as_json


def test_what_was_given_up_is_told_by_doctor_and_sent_again(service: Starlette, waiting: str) -> None:
    assert "0 envoyé, 1 en attente." in run(service, "doctor", **NOWHERE).stdout
    became(service, issue=Delivery.ABANDONNEE, essais=11, cause="421")
    said = run(service, "doctor", **NOWHERE).stdout.replace("\u00a0", " ")
    assert "à faire  e-mails : 1 abandonné après deux jours d'essais. Trouvez la cause" in said
    assert "le serveur de courrier a répondu 421" in done(service, "nouvelles", "list")
    assert done(service, "nouvelles", "retry") == "1 e-mail à envoyer au prochain tour du service.\n"
    (row,) = rows(service, Nouvelle)
    assert (row.issue, row.essais, row.suivant_le) == (Delivery.ATTEND, 0, None)


def test_an_address_that_nobody_has_asks_nothing_of_the_host(service: Starlette, waiting: str) -> None:
    became(service, issue=Delivery.REFUSEE, cause="550")
    assert (
        "ok       e-mails : 0 envoyé, 0 en attente. 1 à une adresse"
        in run(service, "doctor", **NOWHERE).stdout
    )
    assert done(service, "nouvelles", "retry").startswith("0 e-mail ")


def test_without_a_server_doctor_says_so(service: Starlette) -> None:
    assert "ok       e-mails : aucun serveur de courrier" in run(service, "doctor").stdout


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    trusted, shown = trusted_server(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with mail_server(shown) as served:
        yield served


def test_an_email_to_try_is_the_one_people_receive(service: Starlette, mailbox: Mailbox) -> None:
    done(service, "nouvelles", "test", "equipe@exemple.fr", C2S_SMTP_URL=mailbox.url(), **FROM)
    (message,) = mailbox.received
    assert message["To"] == "equipe@exemple.fr"
    assert message["Subject"] == "Un message vous attend sur votre compte"


@pytest.mark.parametrize(
    ("courriel", "settings", "said"),
    [
        ("equipe@exemple.fr", {}, "Aucun serveur de courrier n'est réglé."),
        ("equipe", NOWHERE, "Ce n'est pas une adresse e-mail."),
        (
            "equipe@exemple.fr",
            NOWHERE,
            "L'e-mail n'est pas parti : le serveur de courrier ne se joint pas. "
            "Vérifiez le serveur et le port dans C2S_SMTP_URL.",
        ),
    ],
)
def test_a_try_that_fails_says_why(
    service: Starlette, courriel: str, settings: dict[str, Any], said: str
) -> None:
    assert said in refused(service, "nouvelles", "test", courriel, **settings)


@pytest.mark.parametrize(
    ("cause", "setting"),
    [
        (SILENT, "le port dans C2S_SMTP_URL"),
        (UNTRUSTED, "SSL_CERT_FILE"),
        (MISSING, "smtps://"),
        ("535", "le mot de passe dans C2S_SMTP_URL"),
        ("553", "C2S_SMTP_FROM"),
        ("451", "Réessayez"),
    ],
)
def test_a_try_that_fails_says_what_to_check(cause: str, setting: str) -> None:
    assert setting in what_to_check(cause)
