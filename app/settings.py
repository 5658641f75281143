"""The settings of the service, read once from the environment (prefix `C2S_`)."""

import fcntl
import json
import os
import re
import secrets
import sys
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from email.headerregistry import Address
from functools import cached_property
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, EmailUndeliverableError, validate_email
from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.files.sealing import KeyRing, derive

ROOT = Path(__file__).resolve().parent.parent
PARIS = ZoneInfo("Europe/Paris")
SESSION_LIFETIME = timedelta(hours=20)  # absolute, from sign-in (spec §8; WCAG 2.2.1)
SHORTEST_KEY = 32  # characters
FEWEST_SIGNS = 8  # different characters in a key

DRIVER = "postgresql+psycopg"
DEFAULT_PORTS = {"https": 443, "http": 80}
NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
OF_AN_ORCHESTRATOR = re.compile(r"C2S_(SERVICE_|PORT(_|$))")  # Kubernetes adds them for a service called c2s
ITS_SIGNS = "Un nom de machine a des lettres sans accent, des chiffres, des points et des tirets."

Names = Annotated[tuple[str, ...], NoDecode]

EXPECTED = {
    "demo": ("on ou off", "C2S_DEMO=on"),
    "secret_keys": (
        f"une ou plusieurs clés différentes de {SHORTEST_KEY} caractères au moins, tirées au hasard, séparées par des virgules",
        "C2S_SECRET_KEYS=$(openssl rand -hex 32)",
    ),
    "data_keys": (
        f"une ou plusieurs clés différentes de {SHORTEST_KEY} caractères au moins, tirées au hasard, séparées par des virgules",
        "C2S_DATA_KEYS=$(openssl rand -hex 32)",
    ),
    "database_url": (
        "un fichier SQLite, ou une base de PostgreSQL",
        "C2S_DATABASE_URL=sqlite:////srv/c2s/c2s.sqlite, ou postgresql://c2s@base.exemple.fr/c2s",
    ),
    "files_url": (
        "l'adresse d'un stockage S3",
        "C2S_FILES_URL=s3://c2s?endpoint=https://objets.exemple.fr",
    ),
    "data_dir": ("un dossier où ce service peut écrire", "C2S_DATA_DIR=/srv/c2s"),
    "today": ("une date, en démonstration seulement", "C2S_TODAY=2025-05-15"),
    "public_url": (
        "l'adresse publique du service, en https (http pour un essai), avec un port si besoin, et rien après",
        "C2S_PUBLIC_URL=https://c2s.exemple.fr",
    ),
    "hosts": (
        "des noms de machine séparés par des virgules, sans https:// ni port",
        "C2S_HOSTS=c2s.exemple.fr",
    ),
    "cookies_secure": ("on ou off", "C2S_COOKIES_SECURE=on"),
    "oidc_issuer": (
        "l'adresse d'un fournisseur d'identité, en https, sans / à la fin",
        "C2S_OIDC_ISSUER=https://oidc.franceconnect.gouv.fr/api/v2",
    ),
    "oidc_client_id": (
        "l'identifiant donné par le fournisseur d'identité",
        "C2S_OIDC_CLIENT_ID=6925fb8143c7…",
    ),
    "oidc_client_secret": (
        "le secret donné par le fournisseur d'identité",
        "C2S_OIDC_CLIENT_SECRET=3ac7a06be5d2…",
    ),
    "oidc_pkce": ("on ou off", "C2S_OIDC_PKCE=off"),
    "jdma_url": (
        "l'adresse https donnée par « Je donne mon avis »",
        "C2S_JDMA_URL=https://jedonnemonavis.numerique.gouv.fr/Demarches/1234?button=5678",
    ),
    "schema_pluriannuel_url": (
        "l'adresse https où vous publiez votre schéma pluriannuel d'accessibilité",
        "C2S_SCHEMA_PLURIANNUEL_URL=https://www.exemple.fr/schema-pluriannuel",
    ),
    "trusted_proxies": (
        "les adresses du frontal, séparées par des virgules, et jamais toutes les adresses",
        "C2S_TRUSTED_PROXIES=127.0.0.1",
    ),
    "drain_seconds": ("un nombre de secondes, de 0 à 300", "C2S_DRAIN_SECONDS=10"),
    "smtp_url": (
        "un serveur de courrier qui parle TLS : smtps://, ou smtp:// s'il offre STARTTLS",
        "C2S_SMTP_URL=smtp://compte:secret@courrier.exemple.fr:587",
    ),
    "smtp_from": ("une adresse e-mail", "C2S_SMTP_FROM=ne-pas-repondre@exemple.fr"),
    "operateur_courriel": ("une adresse e-mail", "C2S_OPERATEUR_COURRIEL=service@exemple.fr"),
}


class WrongSetting(Exception):
    """The start must stop: the message says which setting, what is expected, and an example."""


class NoDriver(WrongSetting):
    """The value may be right: what speaks to such a server is not installed. `said` names no setting."""

    def __init__(self, field: str, driver: str) -> None:
        lock = ROOT / ".ci" / "lock" / "distribue.txt"
        self.said = (
            f"il manque {driver}. Installez-le : {sys.executable} -m pip install --require-hashes -r {lock}"
        )
        super().__init__(f"C2S_{field.upper()} : {self.said}")


class _Missing(ValueError):
    """The name of a driver."""


class _Wrong(ValueError):
    """What is wrong with a value, in French, without what may be a secret in it."""


class Settings(BaseSettings):
    """Everything the operator decides. Keys are listed newest first."""

    model_config = SettingsConfigDict(
        env_prefix="C2S_", extra="ignore", hide_input_in_errors=True, validate_default=False
    )

    demo: bool = False
    secret_keys: Names = ()
    data_keys: Names = ()
    database_url: str = ""
    files_url: str = ""
    data_dir: Path = ROOT / "data" / "run"
    today: date | None = None
    public_url: str = ""
    hosts: Names = ()  # beside the one of `public_url`
    cookies_secure: bool | None = None
    trusted_proxies: Names = ()
    drain_seconds: int = Field(default=0, ge=0, le=300)  # between SIGTERM and the stop
    smtp_url: str = ""  # no news by e-mail without it
    smtp_from: str = ""
    oidc_issuer: str = ""  # none: no sign-in through FranceConnect
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_pkce: bool = False  # FranceConnect refuses it
    jdma_url: str = ""  # none: our own question alone
    operateur_nom: str = Field(default="L'équipe de démonstration")
    operateur_adresse: str = Field(default="1 rue de l'Exemple, 00100 Saint-Exemple")
    operateur_courriel: str = Field(default="service@exemple.invalid")
    operateur_telephone: str = Field(default="36 46")
    schema_pluriannuel_url: str = ""  # none: the accessibility statement says that it is not published yet
    directeur_publication: str = ""  # legal notice; the operator if it is not given
    hebergeur: str = ""  # name, address and telephone; the operator if it is not given

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Only what has a value: a line of a file of settings that waits for its own is no setting."""
        return {name: value for name, value in given.items() if not isinstance(value, str) or value.strip()}

    @field_validator("secret_keys", "data_keys", "trusted_proxies", "hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("secret_keys", "data_keys")
    @classmethod
    def _strong_enough(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if any(len(key) < SHORTEST_KEY or is_guessed(key) for key in keys) or len(set(keys)) < len(keys):
            raise ValueError("too short, not drawn at random, or the same twice")
        return keys

    @field_validator("trusted_proxies")
    @classmethod
    def _named(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        if any(ip_network(proxy, strict=False).prefixlen == 0 for proxy in proxies):
            raise ValueError("everybody could say where they come from")
        return proxies

    @field_validator("public_url")
    @classmethod
    def _site(cls, url: str) -> str:
        """A whole machine, since links begin at its root; as a browser writes it in `Origin`, hence without final slash."""
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS:
            raise _Wrong("cette adresse ne commence ni par https:// ni par http://.")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise _Wrong("cette adresse continue après le nom de la machine.")
        if "@" in parts.netloc:
            raise _Wrong("cette adresse contient le nom d'un compte.")
        name = parts.hostname or ""
        if not _is_host(name):
            raise _Wrong(f"cette adresse ne nomme pas une machine. {ITS_SIGNS}")
        if parts.port == 0:
            raise _Wrong("le port va de 1 à 65535.")
        port = "" if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
        return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}{port}"

    @field_validator("hosts")
    @classmethod
    def _asked_for(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """As they are compared with what a browser asks for."""
        names = tuple(host.lower().strip("[]").removesuffix(".") for host in hosts)
        for host, name in zip(hosts, names, strict=True):
            if not _is_host(name):
                shown = (
                    "une des valeurs" if "@" in host else f"« {host} »"
                )  # what stands before the @ may be a password
                raise _Wrong(f"{shown} n'est pas un nom de machine. {ITS_SIGNS}")
        return names

    @field_validator("operateur_courriel")
    @classmethod
    def _contact(cls, courriel: str) -> str:
        try:
            return validate_email(courriel.strip(), check_deliverability=False).normalized
        except (
            EmailUndeliverableError
        ):  # its domain is not public: a network of the host, or kept for examples
            return courriel.strip()
        except EmailNotValidError:
            raise _Wrong("ce n'est pas une adresse e-mail.") from None

    @field_validator("database_url")
    @classmethod
    def _known_engine(cls, url: str) -> str:
        if url.startswith("sqlite:///"):
            path = url.removeprefix("sqlite:///").partition("?")[0]
            if path.startswith("file:") or path.rpartition("/")[2] in ("", ":memory:"):
                raise _Wrong("cette adresse ne nomme pas de fichier.")
            return url
        scheme, _, rest = url.partition("://")
        if scheme not in ("postgresql", DRIVER) or not rest.strip("/"):
            raise ValueError("neither SQLite nor PostgreSQL")
        if find_spec("psycopg") is None:
            raise _Missing("le pilote de PostgreSQL (psycopg)")
        return f"{DRIVER}://{rest}"

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.port == 0:
            raise ValueError("not a mail server")
        if not unquote(f"{parts.username}{parts.password}").isascii():
            raise _Wrong(
                "le compte ou le mot de passe a un accent ou un signe que ce service ne sait pas envoyer."
            )
        return url

    @field_validator("smtp_from")
    @classmethod
    def _sender(cls, sender: str) -> str:
        """A bare address, which the header of an e-mail can say beside a name."""
        written = validate_email(sender, check_deliverability=False).ascii_email
        if not written:
            raise _Wrong("cette adresse a un accent avant @.")
        return Address(addr_spec=written).addr_spec

    @property
    def has_news(self) -> bool:
        """People may ask for news by e-mail; in the demonstration too, where none leaves without a mail server."""
        return self.demo or bool(self.smtp_url)

    @property
    def service_url(self) -> str:
        """Where the service is, as an e-mail gives it."""
        return self.public_url or "http://127.0.0.1:8000"

    @field_validator("files_url")
    @classmethod
    def _known_store(cls, url: str) -> str:
        """A bucket, and where its store answers: a driver that is told nothing goes to another company's."""
        parts = urlsplit(url)
        endpoint = dict(parse_qsl(parts.query)).get("endpoint", "")
        if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc:
            raise ValueError("not a bucket")
        if not endpoint.startswith(("https://", "http://")) or not urlsplit(endpoint).hostname:
            raise ValueError("no store")
        if find_spec("obstore") is None:
            raise _Missing("le pilote du stockage d'objets (obstore)")
        return url

    @field_validator("jdma_url", "schema_pluriannuel_url")
    @classmethod
    def _page(cls, url: str) -> str:
        if not url.startswith("https://") or not urlsplit(url).hostname:
            raise ValueError("not an https address")
        return url

    @field_validator("oidc_issuer")
    @classmethod
    def _https(cls, url: str) -> str:
        """Over TLS, unless it is on this machine; as the issuer writes it in its tokens."""
        parts = urlsplit(url)
        over_tls = parts.scheme == "https" or (
            parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
        )
        if not over_tls or not parts.netloc or url.endswith("/") or parts.query or parts.fragment:
            raise ValueError("not an https address")
        return url

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


def _is_host(name: str) -> bool:
    """A name of the network, in the letters that a browser asks for it in, or an address."""
    if ":" not in name:
        return NAME.fullmatch(name) is not None
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def is_guessed(key: str) -> bool:
    """
    Typed rather than drawn: few distinct characters, a repeated part, or runs such as « abcd ».

    Of 32 characters drawn among 16, about 14 differ, and one in six is a neighbour of the previous one. More than half
    are neighbours once in 400 000 draws, more than two thirds once in ten thousand million.
    """
    repeated = any(key == (key[:size] * len(key))[: len(key)] for size in range(1, len(key) // 2 + 1))
    followed = sum(abs(ord(a) - ord(b)) <= 1 for a, b in pairwise(key))
    return len(set(key)) < FEWEST_SIGNS or repeated or followed > len(key) * 2 // 3


def unread_names() -> str:
    """The names of the environment that look like settings of ours and are none, in a sentence; empty without any."""
    ours = {f"C2S_{field.upper()}" for field in Settings.model_fields}
    names = {name for name in os.environ if name.upper().startswith("C2S_")}
    unread = sorted(name for name in names if name.upper() not in ours and not OF_AN_ORCHESTRATOR.match(name))
    near = {
        name: "".join(f" (peut-être {meant})" for meant in get_close_matches(name.upper(), ours, 1))
        for name in unread
    }
    named = ", ".join(name + meant for name, meant in near.items())
    return f"ce service ne lit pas {named}." if named else ""


def load_settings(**given: Any) -> Settings:
    """
    Read and check the environment; `given` wins over it.

    Raises WrongSetting with a French sentence that names the setting.
    """
    try:
        settings = Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        field, cause = str(first["loc"][0]), first.get("ctx", {}).get("error")
        if isinstance(cause, _Missing):
            raise NoDriver(field, str(cause)) from None
        expected, example = EXPECTED.get(field, ("une autre valeur", f"C2S_{field.upper()}=…"))
        said = str(cause) if isinstance(cause, _Wrong) else "la valeur ne convient pas."
        raise WrongSetting(
            f"C2S_{field.upper()} : {said} Attendu : {expected}. Exemple : {example}"
        ) from None
    if settings.today and not settings.demo:
        raise WrongSetting(
            "C2S_TODAY : réservé à la démonstration. Retirez ce réglage, ou ajoutez C2S_DEMO=on."
        )
    if not settings.demo and settings.public_url.startswith("https:") and not settings.trusted_proxies:
        raise WrongSetting(
            "C2S_TRUSTED_PROXIES n'a pas de valeur. C2S_PUBLIC_URL est en https : un serveur frontal est devant ce "
            "service, qui ne parle que http. Sans l'adresse du frontal, toutes les personnes en auraient une seule, "
            "et les essais de connexion de l'une feraient attendre les autres. Exemple : "
            + EXPECTED["trusted_proxies"][1]
        )
    _check_mail(settings)
    _check_oidc(settings)
    for field in ("secret_keys", "data_keys"):
        if not getattr(settings, field):
            if not settings.demo:
                example = EXPECTED[field][1]
                raise WrongSetting(
                    f"C2S_{field.upper()} n'a pas de valeur. Elle est nécessaire hors démonstration (C2S_DEMO=on). "
                    f"Exemple : {example}"
                )
            settings = settings.model_copy(update={field: (_demo_key(settings.data_dir, field),)})
    return settings


def _check_mail(settings: Settings) -> None:
    """An e-mail has a server, a sender, and the address of the service, which only the demonstration knows by itself."""
    for name, needed in (("smtp_url", "smtp_from"), ("smtp_from", "smtp_url"), ("smtp_url", "public_url")):
        known = getattr(settings, needed) or (settings.demo and needed == "public_url")
        if getattr(settings, name) and not known:
            raise WrongSetting(
                f"C2S_{needed.upper()} n'a pas de valeur. Elle est nécessaire avec C2S_{name.upper()}. "
                f"Exemple : {EXPECTED[needed][1]}"
            )


def _check_oidc(settings: Settings) -> None:
    """All of them, or none; and the address that the issuer sends people back to."""
    needed = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
    missing = [field for field in needed if not getattr(settings, field)]
    if len(missing) == len(needed):
        return
    if missing:
        raise WrongSetting(
            f"C2S_{missing[0].upper()} n'a pas de valeur. Elle va avec les autres réglages C2S_OIDC_. "
            f"Attendu : {EXPECTED[missing[0]][0]}. Exemple : {EXPECTED[missing[0]][1]}"
        )
    if not settings.public_url:
        raise WrongSetting(
            "C2S_PUBLIC_URL n'a pas de valeur. Elle est nécessaire avec C2S_OIDC_ISSUER : le fournisseur d'identité "
            f"y renvoie les personnes. Exemple : {EXPECTED['public_url'][1]}"
        )


def _demo_key(folder: Path, name: str) -> str:
    """A key of the demonstration, drawn once and kept beside its data."""
    path = folder / "cles-de-demonstration.json"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        with path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # services that start together keep the same
            keys: dict[str, str] = json.loads(file.read() or "{}")
            if name not in keys:
                keys[name] = secrets.token_hex(32)
                file.seek(0)
                json.dump(keys, file)
        return keys[name]
    except OSError as problem:
        raise WrongSetting(
            f"C2S_DATA_DIR : {folder} ne peut pas servir ({problem.strerror}). "
            f"Attendu : {EXPECTED['data_dir'][0]}. Exemple : {EXPECTED['data_dir'][1]}"
        ) from None
    except (ValueError, TypeError):
        raise WrongSetting(
            f"{path} est abîmé : les clés de cette démonstration ne se lisent plus. "
            "Videz ses données avec make reset, ou choisissez un autre dossier, par exemple C2S_DATA_DIR=data/demo."
        ) from None
