"""
What the value of a setting may be: a kind of value, and its check.

A check returns the value as the service uses it, or raises ValueError. pydantic checks the other kinds by itself: a
date, on or off, a number.
"""

import re
from email.headerregistry import Address
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from itertools import pairwise
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

SHORTEST_KEY = 32  # characters
FEWEST_SIGNS = 8  # different characters in a key
DRIVER = "postgresql+psycopg"
DEFAULT_PORTS = {"https": 443, "http": 80}
NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
ITS_SIGNS = "Un nom de machine a des lettres sans accent, des chiffres, des points et des tirets."


class MissingDriver(ValueError):
    """The value may be right: what speaks to such a server is not installed. Its message is the name of the driver."""


class WrongValue(ValueError):
    """What is wrong with a value, in French, without what may be a secret in it."""


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _strong_enough(keys: tuple[str, ...]) -> tuple[str, ...]:
    if any(len(key) < SHORTEST_KEY or is_guessed(key) for key in keys) or len(set(keys)) < len(keys):
        raise ValueError("too short, not drawn at random, or the same twice")
    return keys


def is_guessed(key: str) -> bool:
    """
    Typed rather than drawn: few distinct characters, a repeated part, or runs such as « abcd ».

    Of 32 characters drawn among 16, about 14 differ, and one in six is a neighbour of the previous one. More than half
    are neighbours once in 400 000 draws, more than two thirds once in ten thousand million.
    """
    repeated = any(key == (key[:size] * len(key))[: len(key)] for size in range(1, len(key) // 2 + 1))
    followed = sum(abs(ord(a) - ord(b)) <= 1 for a, b in pairwise(key))
    return len(set(key)) < FEWEST_SIGNS or repeated or followed > len(key) * 2 // 3


def _some_only(proxies: tuple[str, ...]) -> tuple[str, ...]:
    if any(ip_network(proxy, strict=False).prefixlen == 0 for proxy in proxies):
        raise ValueError("everybody could say where they come from")
    return proxies


def _whole_site(url: str) -> str:
    """A whole machine, since links begin at its root; as a browser writes it in `Origin`, hence without final slash."""
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS:
        raise WrongValue("cette adresse ne commence ni par https:// ni par http://.")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise WrongValue("cette adresse continue après le nom de la machine.")
    if "@" in parts.netloc:
        raise WrongValue("cette adresse contient le nom d'un compte.")
    name = parts.hostname or ""
    if not _is_host(name):
        raise WrongValue(f"cette adresse ne nomme pas une machine. {ITS_SIGNS}")
    if parts.port == 0:
        raise WrongValue("le port va de 1 à 65535.")
    port = "" if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}{port}"


def _asked_for(hosts: tuple[str, ...]) -> tuple[str, ...]:
    """As they are compared with what a browser asks for."""
    names = tuple(host.lower().strip("[]").removesuffix(".") for host in hosts)
    for host, name in zip(hosts, names, strict=True):
        if not _is_host(name):
            # What stands before the @ may be a password.
            shown = "une des valeurs" if "@" in host else f"« {host} »"
            raise WrongValue(f"{shown} n'est pas un nom de machine. {ITS_SIGNS}")
    return names


def _is_host(name: str) -> bool:
    """A name of the network, in the letters that a browser asks for it in, or an address."""
    if ":" not in name:
        return NAME.fullmatch(name) is not None
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def _contact(courriel: str) -> str:
    """An address of the host, perhaps on a network of its own: `equipe@serveur`."""
    try:
        return validate_email(
            courriel.strip(), check_deliverability=False, globally_deliverable=False
        ).normalized
    except EmailNotValidError:
        raise WrongValue("ce n'est pas une adresse e-mail.") from None


def _known_engine(url: str) -> str:
    if url.startswith("sqlite:///"):
        path = url.removeprefix("sqlite:///").partition("?")[0]
        if path.startswith("file:") or path.rpartition("/")[2] in ("", ":memory:"):
            raise WrongValue("cette adresse ne nomme pas de fichier.")
        return url
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", DRIVER) or not rest.strip("/"):
        raise ValueError("neither SQLite nor PostgreSQL")
    if find_spec("psycopg") is None:
        raise MissingDriver("le pilote de PostgreSQL (psycopg)")
    return f"{DRIVER}://{rest}"


def _known_store(url: str) -> str:
    """A bucket, and where its store answers: a driver that is told nothing goes to another company's."""
    parts = urlsplit(url)
    endpoint = dict(parse_qsl(parts.query)).get("endpoint", "")
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc:
        raise ValueError("not a bucket")
    if not endpoint.startswith(("https://", "http://")) or not urlsplit(endpoint).hostname:
        raise ValueError("no store")
    if find_spec("obstore") is None:
        raise MissingDriver("le pilote du stockage d'objets (obstore)")
    return url


def _mail_server(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.port == 0:
        raise ValueError("not a mail server")
    if not unquote(f"{parts.username}{parts.password}").isascii():
        raise WrongValue(
            "le compte ou le mot de passe a un accent ou un signe que ce service ne sait pas envoyer."
        )
    return url


def _sender(sender: str) -> str:
    """A bare address, which the header of an e-mail can say beside a name."""
    written = validate_email(sender, check_deliverability=False).ascii_email
    if not written:
        raise WrongValue("cette adresse a un accent avant @.")
    return Address(addr_spec=written).addr_spec


def _page(url: str) -> str:
    if not url.startswith("https://") or not urlsplit(url).hostname:
        raise ValueError("not an https address")
    return url


def _issuer(url: str) -> str:
    """Over TLS, unless it is on this machine; as the issuer writes it in its tokens."""
    parts = urlsplit(url)
    over_tls = parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    )
    if not over_tls or not parts.netloc or url.endswith("/") or parts.query or parts.fragment:
        raise ValueError("not an https address")
    return url


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]  # not JSON: separated by commas
Keys = Annotated[Names, AfterValidator(_strong_enough)]
Proxies = Annotated[Names, AfterValidator(_some_only)]
Hosts = Annotated[Names, AfterValidator(_asked_for)]
Site = Annotated[str, AfterValidator(_whole_site)]
DatabaseUrl = Annotated[str, AfterValidator(_known_engine)]
StoreUrl = Annotated[str, AfterValidator(_known_store)]
MailServer = Annotated[str, AfterValidator(_mail_server)]
Sender = Annotated[str, AfterValidator(_sender)]
Contact = Annotated[str, AfterValidator(_contact)]
Issuer = Annotated[str, AfterValidator(_issuer)]
Page = Annotated[str, AfterValidator(_page)]
