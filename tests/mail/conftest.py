"""A mail server, and a service that trusts it."""

import ssl
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from app.demo.remise import choose_news
from app.mail.sender import send_due
from app.settings import Settings
from app.store.database import writing
from app.store.tables import Nouvelle
from tests.support.filed import compte_of, database
from tests.support.mailbox import Mailbox, mail_server, trusted_server

FROM = "ne-pas-repondre@exemple.fr"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """Drawn once."""
    return trusted_server(tmp_path_factory.mktemp("certificat"))


@pytest.fixture
def mailbox(certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A server that this service trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with mail_server(certificate[1]) as served:
        yield served


@pytest.fixture
def mailed(settings: Settings, mailbox: Mailbox) -> Settings:
    """The settings of the service, once it has that server."""
    return with_server(settings, mailbox.url())


def with_server(settings: Settings, url: str) -> Settings:
    """These settings, with this mail server."""
    return settings.model_copy(update={"smtp_url": url, "smtp_from": FROM})


@pytest.fixture
def send(service: Starlette, mailed: Settings) -> Callable[..., Any]:
    """Send what is due."""
    house = service.state.house
    return partial(send_due, house.engine, house.env, mailed)


@pytest.fixture
def jeton(service: Starlette) -> str:
    """Nadia has chosen news: what the link to stop them carries."""
    with database(service) as db:
        return choose_news(db, service.state.house, compte_of(db, "nadia"))


def pause_is_over(service: Starlette) -> None:
    """What waits for another attempt is due now."""
    with database(service) as db, writing(db):
        db.exec(sa.update(Nouvelle).values(suivant_le=None))
