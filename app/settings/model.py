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
    SHORTEST_KEY,
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


def _setting(default: Any, expected: str, example: str, **bounds: Any) -> Any:
    """A setting, with what to say when its value is wrong: what is expected, and an example."""
    return Field(default=default, description=expected, examples=[example], **bounds)


class Settings(BaseSettings):
    """Everything the operator decides. Keys are listed newest first."""

    model_config = SettingsConfigDict(
        env_prefix="C2S_", extra="ignore", hide_input_in_errors=True, validate_default=False
    )

    demo: bool = _setting(False, "on ou off", "on")
    secret_keys: Keys = _setting(
        (),
        f"une ou plusieurs clés différentes de {SHORTEST_KEY} caractères au moins, tirées au hasard, séparées par des virgules",
        "$(openssl rand -hex 32)",
    )
    data_keys: Keys = _setting(
        (),
        f"une ou plusieurs clés différentes de {SHORTEST_KEY} caractères au moins, tirées au hasard, séparées par des virgules",
        "$(openssl rand -hex 32)",
    )
    database_url: DatabaseUrl = _setting(
        "",
        "un fichier SQLite, ou une base de PostgreSQL",
        "sqlite:////srv/c2s/c2s.sqlite, ou postgresql://c2s@base.exemple.fr/c2s",
    )
    files_url: StoreUrl = _setting(
        "", "l'adresse d'un stockage S3", "s3://c2s?endpoint=https://objets.exemple.fr"
    )
    data_dir: Path = _setting(ROOT / "data" / "run", "un dossier où ce service peut écrire", "/srv/c2s")
    today: date | None = _setting(None, "une date, en démonstration seulement", "2025-05-15")
    public_url: Site = _setting(
        "",
        "l'adresse publique du service, en https (http pour un essai), avec un port si besoin, et rien après",
        "https://c2s.exemple.fr",
    )
    # Beside the one of `public_url`.
    hosts: Hosts = _setting(
        (), "des noms de machine séparés par des virgules, sans https:// ni port", "c2s.exemple.fr"
    )
    cookies_secure: bool | None = _setting(None, "on ou off", "on")
    trusted_proxies: Proxies = _setting(
        (), "les adresses du frontal, séparées par des virgules, et jamais toutes les adresses", "127.0.0.1"
    )
    # Between SIGTERM and the stop.
    drain_seconds: int = _setting(0, "un nombre de secondes, de 0 à 300", "10", ge=0, le=300)
    # No news by e-mail without it.
    smtp_url: MailServer = _setting(
        "",
        "un serveur de courrier qui parle TLS : smtps://, ou smtp:// s'il offre STARTTLS",
        "smtp://compte:secret@courrier.exemple.fr:587",
    )
    smtp_from: Sender = _setting("", "une adresse e-mail", "ne-pas-repondre@exemple.fr")
    # None: no sign-in through FranceConnect.
    oidc_issuer: Issuer = _setting(
        "",
        "l'adresse d'un fournisseur d'identité, en https, sans / à la fin",
        "https://oidc.franceconnect.gouv.fr/api/v2",
    )
    oidc_client_id: str = _setting("", "l'identifiant donné par le fournisseur d'identité", "6925fb8143c7…")
    oidc_client_secret: str = _setting("", "le secret donné par le fournisseur d'identité", "3ac7a06be5d2…")
    # FranceConnect refuses it.
    oidc_pkce: bool = _setting(False, "on ou off", "off")
    # None: our own question alone.
    jdma_url: Page = _setting(
        "",
        "l'adresse https donnée par « Je donne mon avis »",
        "https://jedonnemonavis.numerique.gouv.fr/Demarches/1234?button=5678",
    )
    operateur_nom: str = "L'équipe de démonstration"
    operateur_adresse: str = "1 rue de l'Exemple, 00100 Saint-Exemple"
    operateur_courriel: Contact = _setting(
        "service@exemple.invalid", "une adresse e-mail", "service@exemple.fr"
    )
    operateur_telephone: str = "36 46"
    # None: the accessibility statement says that it is not published yet.
    schema_pluriannuel_url: Page = _setting(
        "",
        "l'adresse https où vous publiez votre schéma pluriannuel d'accessibilité",
        "https://www.exemple.fr/schema-pluriannuel",
    )
    directeur_publication: str = ""  # legal notice; the operator if it is not given
    hebergeur: str = ""  # name, address and telephone; the operator if it is not given

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Only what has a value: a line of a file of settings that waits for its own is no setting."""
        return {name: value for name, value in given.items() if not isinstance(value, str) or value.strip()}

    @classmethod
    def expected(cls, name: str) -> tuple[str, str]:
        """What a setting expects, and an example as the environment says it."""
        field = cls.model_fields[name]
        example = (field.examples or ["…"])[0]
        return field.description or "une autre valeur", f"C2S_{name.upper()}={example}"

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
