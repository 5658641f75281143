"""
The e-mails to send: written in the transaction of the message they announce, and gone with the consent.

A sender takes one for itself, sends it, then says how it went. Killed in between, the e-mail is taken again once
`HELD` is over, with the same Message-ID: it leaves at least once, and a mailbox shows it once.
"""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select, update

from app.domain.accuse import MessageEnvoye
from app.domain.suivi import DECISIONS, Etat
from app.files.sealing import KeyMissing, KeyRing, SealBroken
from app.settings import PARIS
from app.store.database import writing
from app.store.suivi import ACCUSE, COMPLEMENT, read_body
from app.store.tables import Abonnement, Delivery, DemandeDeposee, Echange, Nouvelle

ANNOUNCED = (ACCUSE, Etat.PIECE_DEMANDEE, *DECISIONS)
ASKING = (ACCUSE, Etat.PIECE_DEMANDEE)  # the messages that may ask for documents
AHEAD = timedelta(days=7)  # of the day a document is due
HELD = timedelta(minutes=10)  # by a sender, longer than a slow server takes
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120, 240, 480, 720, 1_200))  # two days in all


def announce(db: Session, echange: Echange, *, rappel: bool = False) -> bool:
    """
    Write the e-mail of this message, or its reminder, once, for a person who wants them; says whether it was written.

    The caller holds the transaction; the choice cannot be withdrawn before its end.
    """
    if echange.genre not in ANNOUNCED:
        return False
    abonnement = db.get(Abonnement, echange.compte_id, with_for_update=True)
    if abonnement is None or (rappel and _reminder_of(db, echange.id)):
        return False
    db.flush()  # the message first: the e-mail refers to it
    db.add(
        Nouvelle(
            id=secrets.token_hex(16),
            compte_id=echange.compte_id,
            echange_id=echange.id,
            rappel=rappel,
            le=echange.le,
        )
    )
    db.flush()
    return True


def announce_unread(db: Session, compte_id: int) -> None:
    """Send an e-mail about the newest message that has not been read. The caller holds the transaction."""
    unread = select(Echange).where(
        Echange.compte_id == compte_id,
        col(Echange.genre).in_(ANNOUNCED),
        col(Echange.lu_le).is_(None),
        col(Echange.id).not_in(select(Nouvelle.echange_id)),
    )
    newest = db.exec(unread.order_by(col(Echange.le).desc())).first()
    if newest is not None:
        announce(db, newest)


def send_elsewhere(db: Session, compte_id: int) -> None:
    """
    Send to another address, and at once, what has not arrived at the one before; what a sender holds is taken from it.

    The caller holds the transaction.
    """
    unsent = (col(Nouvelle.compte_id) == compte_id, col(Nouvelle.issue) != Delivery.ENVOYEE)
    db.exec(update(Nouvelle).where(*unsent).values(issue=Delivery.ATTEND, essais=0, suivant_le=None))


def remind(db: Session, ring: KeyRing, le: date) -> int:
    """
    Announce once more the documents that are due within a week and have not come; how many reminders were written.

    A message that asked for them in that same week is its own reminder, and files sent since then are an answer.
    """
    awaited = (
        select(DemandeDeposee)
        .join(Abonnement, col(Abonnement.compte_id) == DemandeDeposee.compte_id)
        .where(
            DemandeDeposee.ouverte,
            sa.not_(col(DemandeDeposee.complete)),
            col(DemandeDeposee.date_limite).between(le, le + AHEAD),
        )
    )
    asked = [message for demande in db.exec(awaited).all() if (message := _to_recall(db, ring, demande))]
    written = 0
    for message in asked:
        with writing(db):
            written += announce(db, message, rappel=True)
    return written


def _to_recall(db: Session, ring: KeyRing, demande: DemandeDeposee) -> Echange | None:
    its = select(Echange).where(Echange.demande_id == demande.id).order_by(col(Echange.le).desc())
    since: list[Echange] = []
    for message in db.exec(its):
        if message.genre in ASKING:
            assert demande.date_limite is not None
            late = message.le.astimezone(PARIS).date() >= demande.date_limite - AHEAD
            if late or _reminder_of(db, message.id) is not None:
                return None
            return None if any(_has_files(ring, sent) for sent in since) else message
        if message.genre == COMPLEMENT:
            since.append(message)
    return None


def _has_files(ring: KeyRing, sent: Echange) -> bool:
    """A message that cannot be read has none: a reminder too many, rather than no e-mail to anybody."""
    with suppress(KeyMissing, SealBroken):
        return bool(read_body(ring, sent, MessageEnvoye).fichiers)
    return False


def _reminder_of(db: Session, echange_id: str) -> str | None:
    mine = select(Nouvelle.id).where(Nouvelle.echange_id == echange_id, Nouvelle.rappel)
    return db.exec(mine).first()


def take_next(db: Session, clock: datetime, le: date) -> tuple[Nouvelle, Abonnement] | None:
    """
    The next e-mail that is due and its subscriber, held for this sender; nothing is written when there is none.

    One that has lost its reason (the message has been read, the documents have come, on this day it is too late for
    them) is forgotten instead.
    """
    due = _due(clock).order_by(col(Nouvelle.le), col(Nouvelle.id)).limit(1)
    while db.exec(due).first() is not None:
        with writing(db):
            row = db.exec(
                due.with_for_update(skip_locked=True).execution_options(populate_existing=True)
            ).first()
            if row is None:
                return None
            abonnement = db.get_one(Abonnement, row.compte_id, populate_existing=True)
            useful = _still_useful(db, row, le)
            if useful:
                row.essais += 1
                row.suivant_le = clock + HELD
                db.add(row)
            else:
                db.delete(row)
        if useful:
            return row, abonnement
    return None


def _due(clock: datetime) -> Any:
    ready = sa.or_(col(Nouvelle.suivant_le).is_(None), col(Nouvelle.suivant_le) <= clock)
    return select(Nouvelle).where(Nouvelle.issue == Delivery.ATTEND, ready)


def _still_useful(db: Session, row: Nouvelle, le: date) -> bool:
    message = db.get_one(Echange, row.echange_id, populate_existing=True)
    if not row.rappel:
        return message.lu_le is None
    demande = db.get_one(DemandeDeposee, message.demande_id, populate_existing=True)
    in_time = demande.date_limite is None or le <= demande.date_limite
    return demande.ouverte and not demande.complete and in_time


def settle(db: Session, row: Nouvelle, issue: Delivery, clock: datetime, cause: str = "") -> Delivery:
    """
    Note how an attempt went: `ATTEND` is tried again after a pause, or given up after the last one.

    An e-mail whose consent was withdrawn in the meantime has gone with it, and one whose address was corrected is to be
    sent there: neither is this sender's any more. Returns what became of the attempt.
    """
    later = None
    if issue is Delivery.ATTEND:
        if row.essais > len(PAUSES):
            issue = Delivery.ABANDONNEE
        else:
            later = clock + PAUSES[row.essais - 1]
    with writing(db):
        held = (col(Nouvelle.essais) == row.essais, col(Nouvelle.suivant_le) == row.suivant_le)
        mine = update(Nouvelle).where(col(Nouvelle.id) == row.id, *held)
        db.exec(mine.values(issue=issue, suivant_le=later, cause=cause))
    return issue


def try_again(db: Session) -> int:
    """Send at once what waits or was given up; how many e-mails."""
    with writing(db):
        waiting = update(Nouvelle).where(col(Nouvelle.issue).in_((Delivery.ATTEND, Delivery.ABANDONNEE)))
        done = db.exec(waiting.values(issue=Delivery.ATTEND, essais=0, suivant_le=None))
    return int(done.rowcount)


def count_nouvelles(db: Session) -> dict[Delivery, int]:
    """How many e-mails there are of each outcome."""
    counted = dict(db.exec(select(Nouvelle.issue, func.count()).group_by(col(Nouvelle.issue))).all())
    return {issue: counted.get(issue, 0) for issue in Delivery}


def unsent(db: Session) -> Sequence[Nouvelle]:
    """The e-mails that have not left, the oldest first."""
    wanted = select(Nouvelle).where(Nouvelle.issue != Delivery.ENVOYEE)
    return db.exec(wanted.order_by(col(Nouvelle.le), col(Nouvelle.id))).all()
