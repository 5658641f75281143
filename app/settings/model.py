"""The settings themselves: one field each, with its default, and what follows from them."""

from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.files.sealing import KeyRing, derive
from app.settings.values import (
    Contact,
    DatabaseUrl,
    Hosts,
    Issuer,
    Keys,
    MailServer,
    Page,
    Proxies,
    Sender,
    Site,
    StoreUrl,
)

ROOT = Path(__file__).resolve().parents[2]
PARIS = ZoneInfo("Europe/Paris")
SESSION_LIFETIME = timedelta(hours=20)  # absolute, from sign-in (spec §8; WCAG 2.2.1)


class Settings(BaseSettings):
    """Everything the operator decides. Keys are listed newest first."""

    model_config = SettingsConfigDict(
        env_prefix="C2S_", extra="ignore", hide_input_in_errors=True, validate_default=False
    )

    demo: bool = False
    secret_keys: Keys = ()
    data_keys: Keys = ()
    database_url: DatabaseUrl = ""
    files_url: StoreUrl = ""
    data_dir: Path = ROOT / "data" / "run"
    today: date | None = None
    public_url: Site = ""
    hosts: Hosts = ()  # beside the one of `public_url`
    cookies_secure: bool | None = None
    trusted_proxies: Proxies = ()
    drain_seconds: int = Field(default=0, ge=0, le=300)  # between SIGTERM and the stop
    smtp_url: MailServer = ""  # no news by e-mail without it
    smtp_from: Sender = ""
    oidc_issuer: Issuer = ""  # none: no sign-in through FranceConnect
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_pkce: bool = False  # FranceConnect refuses it
    jdma_url: Page = ""  # none: our own question alone
    operateur_nom: str = "L'équipe de démonstration"
    operateur_adresse: str = "1 rue de l'Exemple, 00100 Saint-Exemple"
    operateur_courriel: Contact = "service@exemple.invalid"
    operateur_telephone: str = "36 46"
    schema_pluriannuel_url: Page = ""  # none: the accessibility statement says that it is not published yet
    directeur_publication: str = ""  # legal notice; the operator if it is not given
    hebergeur: str = ""  # name, address and telephone; the operator if it is not given

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Only what has a value: a line of a file of settings that waits for its own is no setting."""
        return {name: value for name, value in given.items() if not isinstance(value, str) or value.strip()}

    @property
    def has_news(self) -> bool:
        """People may ask for news by e-mail; in the demonstration too, where none leaves without a mail server."""
        return self.demo or bool(self.smtp_url)

    @property
    def service_url(self) -> str:
        """Where the service is, as an e-mail gives it."""
        return self.public_url or "http://127.0.0.1:8000"

    @property
    def secure(self) -> bool:
        """Cookies are sent over TLS only, unless the operator or the demonstration says otherwise."""
        return not self.demo if self.cookies_secure is None else self.cookies_secure

    @property
    def known_hosts(self) -> frozenset[str]:
        """The names under which this service is asked for, without port; none if the operator has given none."""
        public = urlsplit(self.public_url).hostname
        return frozenset(host for host in (*self.hosts, public) if host)

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'c2s.sqlite'}"

    @property
    def files(self) -> Path:
        """The folder of the sealed files, unless `files_url` names a store."""
        return self.data_dir / "fichiers"

    @cached_property
    def data_ring(self) -> KeyRing:
        """The keys that seal what is deposited."""
        return KeyRing([derive(key.encode(), b"", b"c2s data key") for key in self.data_keys])

    @cached_property
    def cookie_ring(self) -> KeyRing:
        """The keys that seal what a browser keeps for a few minutes and must not read."""
        return KeyRing([derive(key.encode(), b"", b"c2s cookie key") for key in self.secret_keys])

    def clock(self) -> datetime:
        """
        The real time, whatever the calendar says: sessions and pauses are measured with it.

        In UTC: on the clocks of Paris, an hour is missing in March, and comes twice in October.
        """
        return datetime.now(UTC)

    def now(self) -> datetime:
        """The present, in Paris; on `today` if the calendar is frozen."""
        now = self.clock().astimezone(PARIS)
        return datetime.combine(self.today, now.timetz()) if self.today else now

    def shown(self, moment: datetime) -> datetime:
        """This moment on the calendar of the pages: in Paris, and as many days away as a frozen calendar is."""
        local = moment.astimezone(PARIS)
        return local + (self.today - self.clock().astimezone(PARIS).date()) if self.today else local

    def day(self) -> date:
        """The day of filing, in Paris."""
        return self.now().date()
