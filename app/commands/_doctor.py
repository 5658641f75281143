"""What `c2s doctor` looks at: each finding is a line, with its remedy when something is to be done."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import sqlalchemy as sa

from app.commands._diagnosis import SET_THE_CLOCK, Finding, look_inside
from app.commands._files import compare
from app.files.shelf import StoreFault
from app.settings import PARIS, Settings, unread_names
from app.store.database import SQLITE, open_database, reading
from app.store.faults import ServerTooOld, say_of_elsewhere
from app.store.versions import UNFINISHED, VERSION, Compatibility, Versions, versions_of

LEAST_FREE = 1_000_000_000  # bytes
FIRST_YEAR, LAST_YEAR = 2026, 2100  # of this code, and far enough: a clock outside has lost its date
SUMMER = timedelta(hours=2)  # of Paris, ahead of UTC
FICTIONS = ("operateur_nom", "operateur_adresse", "operateur_courriel")  # of the demonstration
# Those of Debian; `system` is nothing to the driver that we install.
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
VERIFIED = ("verify-ca", "verify-full")  # modes of PostgreSQL that know the server
NOTICE = (*FICTIONS, "operateur_telephone", "directeur_publication", "hebergeur")  # what the law asks for


def examine(settings: Settings, *, thorough: bool = False) -> Iterator[Finding]:
    """
    Every check, in the order the operator would fix them; checks of the data wait for a database that this version reads.

    `thorough`: every byte of every file is read.
    """
    yield from _settings(settings)
    yield _clock(settings.clock().astimezone(PARIS))
    url = sa.make_url(settings.database)
    folders, base = [settings.data_dir], f"{url.database} ({url.host or 'ce serveur'})"
    if url.get_backend_name() == SQLITE:
        path = Path(url.database or "")
        base = str(path)
        folders.append(path.parent)
        if not path.is_file():
            yield Finding("base", f"{base} n'existe pas.", "Lancez : c2s init")
            return
    for folder in dict.fromkeys(folders):
        yield from _folder(folder)
    engine = open_database(settings.database)
    try:
        found = versions_of(engine)
        yield _versions(found)
        if found.compatibility is Compatibility.READABLE:
            with reading(engine) as db:
                yield compare(db, settings, thorough=thorough)
                yield from look_inside(db, settings)
    except sa.exc.DatabaseError as problem:
        remedy = say_of_elsewhere(problem) or "Reprenez la dernière sauvegarde."
        yield Finding("base", f"{base} ne se lit pas.", remedy)
    except ServerTooOld as problem:
        yield Finding("base", f"{base} ne convient pas.", str(problem))
    except StoreFault as problem:
        yield Finding("fichiers", "ils ne se lisent pas.", say_of_elsewhere(problem))
    except OSError as problem:
        said = f"{problem.filename} ne se lit pas ({problem.strerror})."
        yield Finding("fichiers", said, "Donnez ce dossier au compte du service, ou reprenez la sauvegarde.")
    finally:
        engine.dispose()


def _versions(found: Versions) -> Finding:
    if not found.version:
        return Finding(
            "base",
            "elle n'a aucune table de ce service.",
            "Lancez : c2s init, ou c2s base transferer pour y copier une autre base",
        )
    if found.compatibility is Compatibility.OLDER:
        said = f"sa version est {found.version}, ce service attend {VERSION}."
        return Finding("base", said, "Sauvegardez-la, puis lancez : c2s init")
    if found.readable_since == UNFINISHED:
        return Finding("base", "le transfert n'est pas terminé.", "Relancez : c2s base transferer")
    since = f"lisible depuis la version {found.readable_since}"
    if found.compatibility is Compatibility.TOO_NEW:
        said = f"sa version ({found.version}), {since}, est plus récente que ce service ({VERSION})."
        return Finding("base", said, "Installez la version du service qui l'a faite.")
    if found.version != VERSION:
        return Finding("base", f"version {found.version}, {since} : ce service ({VERSION}) la lit.")
    return Finding("base", f"version {found.version}, celle de ce service, {since}.")


def _settings(settings: Settings) -> Iterator[Finding]:
    if unread := unread_names():
        yield Finding("réglages", unread, "Corrigez chaque nom, ou retirez-le.")
    if settings.demo:
        yield Finding("réglages", "c'est une démonstration : rien n'y est réel.")
        return
    fields, given = Settings.model_fields, settings.model_fields_set
    missing = [
        f"C2S_{name.upper()}"
        for name in NOTICE
        if name not in given or (name in FICTIONS and getattr(settings, name) == fields[name].default)
    ]
    wanted = [
        (
            not settings.public_url.startswith("https://"),
            "l'adresse publique n'est pas une adresse https.",
            "Donnez C2S_PUBLIC_URL, par exemple C2S_PUBLIC_URL=https://c2s.exemple.fr",
        ),
        (
            not settings.secure,
            "les cookies voyagent aussi sans chiffrement.",
            "Retirez C2S_COOKIES_SECURE=off, et servez en https.",
        ),
        (
            not settings.trusted_proxies,
            "toutes les personnes semblent avoir l'adresse du serveur frontal : "
            "l'erreur de l'une peut faire attendre les autres à la connexion.",
            "Donnez l'adresse de ce serveur, par exemple C2S_TRUSTED_PROXIES=127.0.0.1",
        ),
        (
            bool(missing),
            "il manque des réglages aux mentions légales.",
            f"Donnez {', '.join(missing)}.",
        ),
        *((True, found, remedy) for found, remedy in in_clear(settings)),
    ]
    for wrong, found, remedy in wanted:
        if wrong:
            yield Finding("réglages", found, remedy)
    if not any(wrong for wrong, *_ in wanted):
        yield Finding("réglages", "ils conviennent.")


def in_clear(settings: Settings) -> Iterator[tuple[str, str]]:
    """What may be read on its way to another machine, or be given to a machine that is not the right one; its remedy."""
    url = sa.make_url(settings.database)
    asked = {"sslmode": os.environ.get("PGSSLMODE"), "host": url.host, **url.query}
    if (
        url.get_backend_name() != SQLITE
        and asked["sslmode"] not in VERIFIED
        and not _is_here(str(asked["host"] or ""))
    ):
        yield (
            "la base est sur une autre machine : données et mot de passe peuvent y aller en clair, "
            "ou chez un autre serveur.",
            f"Terminez C2S_DATABASE_URL par ?sslmode=verify-full&sslrootcert={AUTHORITIES}",
        )
    store = urlsplit(dict(parse_qsl(urlsplit(settings.files_url).query)).get("endpoint", ""))
    if store.scheme == "http" and not _is_here(store.hostname or ""):
        yield (
            "le stockage est sur une autre machine : sa clé y va en clair.",
            "Donnez une adresse https à l'endpoint de C2S_FILES_URL.",
        )


def _is_here(host: str) -> bool:
    """This machine: no name, a socket, `localhost` or a loopback address."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host in ("", "localhost") or host.startswith("/")


def _folder(folder: Path) -> Iterator[Finding]:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        yield Finding(
            "dossier",
            f"ce service ne peut pas écrire dans {folder} ({problem.strerror}).",
            "Donnez ce dossier au compte du service, ou choisissez-en un autre avec C2S_DATA_DIR.",
        )
        return
    if mode := folder.stat().st_mode & 0o077:
        found = f"{folder} s'ouvre à d'autres comptes de cette machine (droits {mode:03o})."
        yield Finding("dossier", found, f"Lancez : chmod 700 {folder}")
    free = shutil.disk_usage(folder).free
    shown = f"{free / 1e9:.1f} Go libres".replace(".", ",")
    remedy = "Faites de la place : un dépôt refusé est à refaire." if free < LEAST_FREE else ""
    yield Finding("disque", f"ce service peut écrire dans {folder}, {shown}.", remedy)


def _clock(now: datetime) -> Finding:
    said = f"il est {now:%H h %M} le {now:%d/%m/%Y} à Paris."
    if not FIRST_YEAR <= now.year < LAST_YEAR:
        return Finding("horloge", said, SET_THE_CLOCK)
    if datetime(FIRST_YEAR, 7, 1, tzinfo=PARIS).utcoffset() != SUMMER:
        return Finding("horloge", "l'heure de Paris est inconnue.", "Installez le paquet tzdata de Python.")
    return Finding("horloge", said)
