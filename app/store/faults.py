"""What is wrong with the disk or the database, by name: what the log says, and which page is shown."""

import errno
import sqlite3
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.files.shelf import OtherShelf, StoreFault


class Fault(StrEnum):
    """A fault that goes away by itself or once it is put right: nothing was kept, and all can be tried again."""

    LOCKED = "verrouillée"
    FULL = "pleine"
    READ_ONLY = "lecture seule"
    DAMAGED = "abîmée"
    GONE = "partie"


class ServerTooOld(OSError):
    """A server that this service is not written for: nothing is read there. The message says what to do."""


SAID = {
    Fault.LOCKED: "Le service, ou un autre programme, tient la base. Arrêtez-le, puis recommencez.",
    Fault.FULL: "Le disque est plein. Faites de la place, puis recommencez.",
    Fault.READ_ONLY: "Ce service ne peut pas écrire dans son dossier. Donnez-le au compte du service.",
    Fault.DAMAGED: "La base ne se lit pas. Reprenez la dernière sauvegarde.",
    Fault.GONE: "La base ne s'ouvre pas. Reprenez la dernière sauvegarde, ou lancez : c2s init",
}
_NO_TABLES = "42P01"
_STORE = (
    "Le stockage ne répond pas, ou refuse ces clés. "
    "Vérifiez qu'il tourne, puis C2S_FILES_URL (ou l'adresse que vous avez donnée), AWS_ACCESS_KEY_ID et "
    "AWS_SECRET_ACCESS_KEY."
)
_SERVER = (
    "PostgreSQL ne répond pas, n'a pas cette base, ou refuse ce compte. "
    "Vérifiez qu'il tourne, puis C2S_DATABASE_URL."
)
_TLS = (
    "La connexion chiffrée à PostgreSQL ne s'établit pas : son certificat n'est pas reconnu, ou n'a pas ce nom, "
    "ou il n'offre pas TLS. Vérifiez sslrootcert et le nom du serveur dans C2S_DATABASE_URL."
)
# As libpq says it. « SSL encryption » is nothing of the kind: the server has refused the account.
_OF_TLS = ("SSL error", "does not support SSL", "server certificate", "root certificate")
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_PERM: Fault.READ_ONLY,
    sqlite3.SQLITE_CORRUPT: Fault.DAMAGED,
    sqlite3.SQLITE_NOTADB: Fault.DAMAGED,
    sqlite3.SQLITE_IOERR: Fault.DAMAGED,
    sqlite3.SQLITE_CANTOPEN: Fault.GONE,
}
_OF_POSTGRESQL = {  # by SQLSTATE; two characters name a class
    "55P03": Fault.LOCKED,  # lock_timeout
    "57014": Fault.LOCKED,  # cancelled
    "40": Fault.LOCKED,  # a deadlock that another transaction won
    "53300": Fault.LOCKED,  # too many connections
    "53": Fault.FULL,
    "25006": Fault.READ_ONLY,  # a standby
    "42501": Fault.READ_ONLY,
    "XX": Fault.DAMAGED,
    "58": Fault.DAMAGED,
    _NO_TABLES: Fault.GONE,
    "3D000": Fault.GONE,
    "28": Fault.GONE,
    "57P": Fault.GONE,  # the server is stopping, or starting
    "08": Fault.GONE,
}
_OF_SYSTEM = {
    errno.ENOSPC: Fault.FULL,
    errno.EDQUOT: Fault.FULL,
    errno.EROFS: Fault.READ_ONLY,
    errno.EACCES: Fault.READ_ONLY,
    errno.EIO: Fault.DAMAGED,
    errno.EHOSTUNREACH: Fault.GONE,  # a store of objects
}


def is_no_room(error: BaseException) -> bool:
    """It is full, or the fault has no name here: the page says so of the file, and keeps the rest. Another fault stops all."""
    return fault_of(error) in (Fault.FULL, None)


def fault_of(error: BaseException) -> Fault | None:
    """Which fault this error tells of; none if it is another matter."""
    unanswered = isinstance(error, OperationalError)
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    if isinstance(error, sqlite3.Error):
        if "no such table" in str(error):  # an empty file has taken the place of the database
            return Fault.GONE
        return _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, PoolTimeout):
        return Fault.LOCKED
    if isinstance(error, OtherShelf):
        return Fault.GONE
    if hasattr(error, "sqlstate"):  # psycopg, which a service on SQLite does without
        state = error.sqlstate or ("08" if unanswered else "")
        return next((_OF_POSTGRESQL[state[:n]] for n in (5, 3, 2) if state[:n] in _OF_POSTGRESQL), None)
    return _OF_SYSTEM.get(error.errno or 0) if isinstance(error, OSError) else None


def say_of_elsewhere(error: BaseException) -> str:
    """What to do about a server that this one needs; empty if the trouble is on this machine."""
    if isinstance(error, StoreFault):
        return _STORE
    if isinstance(error, ServerTooOld):
        return str(error)
    cause = getattr(error, "orig", None)
    state = getattr(cause, "sqlstate", _NO_TABLES)
    if not state and any(said in str(cause) for said in _OF_TLS):
        return _TLS
    return _SERVER if fault_of(error) is Fault.GONE and state != _NO_TABLES else ""


def say_to_the_host(error: BaseException, where: str = "") -> str:
    """
    What stops the start or a command, and what to do; empty if it is no trouble of the disk or the database.

    `where`: what is added when it is on this machine.
    """
    if elsewhere := say_of_elsewhere(error):
        return elsewhere
    if fault := fault_of(error):
        return SAID[fault] + where
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} ne peut pas servir ({error.strerror}). Choisissez un autre dossier, avec C2S_DATA_DIR."
    return ""
