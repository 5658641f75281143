"""Sessions: opened at sign-in for 20 hours, held while a request writes, closed with all that waits in them."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from app.files.shelf import Shelf
from app.store.database import forget_deleted_of, writing
from app.store.prepared import Prepared
from app.store.tables import Compte, Echange, PieceEnAttente, SessionOuverte

MOST_SESSIONS = 10  # of one account at a time: each may hold 80 MB of waiting files


class Opened(NamedTuple):
    """An open session, and what every page asks of its account: its sealed `fiche`, its unread messages."""

    id: str
    secret: bytes
    compte_id: int
    expire_le: datetime
    brouillon: str | None
    derniere_reference: str | None
    fiche: bytes
    non_lus: int


_UNREAD = (
    sa.select(sa.func.count())
    .where(
        col(Echange.compte_id) == SessionOuverte.compte_id,
        col(Echange.de_la_caisse),
        col(Echange.lu_le).is_(None),
    )
    .scalar_subquery()
)
_OPEN = Prepared(
    sa.select(
        col(SessionOuverte.id),
        col(SessionOuverte.secret),
        col(SessionOuverte.compte_id),
        col(SessionOuverte.expire_le),
        col(SessionOuverte.brouillon),
        col(SessionOuverte.derniere_reference),
        col(Compte.fiche),
        _UNREAD,
    )
    .join(Compte, col(Compte.id) == SessionOuverte.compte_id)
    .where(
        col(SessionOuverte.id) == sa.bindparam("id"),
        col(SessionOuverte.expire_le) > sa.bindparam("now"),
    )
)


def hash_token(token: str) -> str:
    """What the database knows a token by."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(db: Session, compte: Compte, now: datetime, lifetime: timedelta) -> str:
    """Open a session and return its token, which is kept nowhere else. The caller holds the transaction."""
    token = secrets.token_urlsafe(24)
    assert compte.id is not None
    hold_found(db, compte)  # two that sign in at once are counted one after the other
    mine = select(SessionOuverte).where(SessionOuverte.compte_id == compte.id)
    for oldest in db.exec(mine.order_by(col(SessionOuverte.ouverte_le).desc()).offset(MOST_SESSIONS - 1)):
        oldest.expire_le = now  # over; swept with its waiting files
        db.add(oldest)
    db.add(
        SessionOuverte(
            id=hash_token(token),
            secret=secrets.token_bytes(32),
            compte_id=compte.id,
            ouverte_le=now,
            expire_le=now + lifetime,
        )
    )
    return token


def find_session(connection: sa.Connection, token: str, now: datetime) -> Opened | None:
    """The open session of this token, as it is now."""
    row = _OPEN.first(connection, id=hash_token(token), now=now)
    return Opened._make(row) if row else None


def open_sessions(db: Session, compte_id: int, now: datetime) -> Sequence[SessionOuverte]:
    """The sessions of this account on every device, the newest first."""
    mine = select(SessionOuverte).where(SessionOuverte.compte_id == compte_id, SessionOuverte.expire_le > now)
    return db.exec(mine.order_by(col(SessionOuverte.ouverte_le).desc(), col(SessionOuverte.id))).all()


class SessionOver(Exception):
    """The session ended while its request was being answered: signed out in another tab, expired, its account erased."""


def hold_account(db: Session, compte_id: int, session_id: str | None = None) -> Compte:
    """
    The row of an account, as it is now, which nobody else changes until the end of the transaction.

    `session_id`: the session that asks for it. SQLite may give the number of an account that is erased to the next
    one, which has no session of before. Raises SessionOver.
    """
    # A row that names the account (a message of the caisse) may be added meanwhile: it holds its demande already.
    compte = db.get(Compte, compte_id, populate_existing=True, with_for_update={"key_share": True})
    if compte is None:
        raise SessionOver
    if session_id is not None:
        still_open(db, session_id)
    return compte


def hold_found(db: Session, compte: Compte) -> None:
    """The same, of an account that was found before, and no session has yet. Raises SessionOver."""
    assert compte.id is not None
    number = compte.index_nir
    if hold_account(db, compte.id).index_nir != number:
        raise SessionOver


def still_open(db: Session, session_id: str) -> SessionOuverte:
    """
    The row of a session, as it is now; called within a transaction, so that it cannot end before.

    Raises SessionOver.
    """
    row = db.get(SessionOuverte, session_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise SessionOver
    return row


def close_session(db: Session, shelf: Shelf, session_id: str) -> None:
    """
    End a session: its secret, its draft and its waiting files can be read by nobody any more.

    A shelf that does not answer holds nobody back.
    """
    with writing(db):
        # A file that is being kept comes before, or not at all.
        db.get(SessionOuverte, session_id, with_for_update=True)
        ids = remove_pieces(db, session_id)
        db.exec(delete(SessionOuverte).where(col(SessionOuverte.id) == session_id))
    shelf.discard(ids)
    forget_deleted_of(db)


def remove_pieces(db: Session, session_id: str) -> list[str]:
    """Forget the waiting files of a session; returns their names on the shelf. The caller holds the transaction."""
    ids = list(db.exec(select(PieceEnAttente.id).where(PieceEnAttente.session_id == session_id)))
    db.exec(delete(PieceEnAttente).where(col(PieceEnAttente.session_id) == session_id))
    return ids
