"""Who wants news by e-mail: chosen by the person, stopped by the person or by the link that each e-mail carries."""

import secrets
from datetime import datetime

from pydantic import BaseModel
from sqlmodel import Session, col, delete, select

from app.files.sealing import KeyRing
from app.store import seals
from app.store.database import forget_deleted_of, writing
from app.store.nouvelles import announce_unread, send_elsewhere
from app.store.sessions import hold_account
from app.store.tables import Abonnement

_TOKEN = 24  # bytes drawn at random: the link to stop is nothing else


class Abonne(BaseModel):
    """What is sealed: where to write, and what the link to stop carries."""

    courriel: str
    jeton: str


def abonnement_of(db: Session, compte_id: int) -> Abonnement | None:
    """What this account agreed to, as it is now."""
    return db.get(Abonnement, compte_id, populate_existing=True)


def read_abonne(ring: KeyRing, abonnement: Abonnement) -> Abonne:
    """Where to write, and how to stop. Raises KeyMissing, SealBroken."""
    return Abonne.model_validate_json(seals.ABONNEMENT.open(ring, abonnement.compte_id, abonnement.fiche))


def write_abonne(ring: KeyRing, abonnement: Abonnement, abonne: Abonne) -> None:
    """Seal it; its index changes key with it. The caller holds the transaction."""
    abonnement.index_jeton = _index(ring, abonne.jeton)[0]
    abonnement.fiche = seals.ABONNEMENT.close(ring, abonnement.compte_id, abonne.model_dump_json().encode())


def subscribe(
    db: Session, ring: KeyRing, compte_id: int, courriel: str, now: datetime, session_id: str | None = None
) -> None:
    """
    Write to this address from now on: at once if a message of the caisse has not been read, or if another address, or
    one that does not open any more, did not receive its e-mail.
    """
    with writing(db):
        hold_account(db, compte_id, session_id)
        before = abonnement_of(db, compte_id)
        known = seals.unless_broken(read_abonne, ring, before) if before else None
        is_same = known is not None and known.courriel == courriel
        # A link that went to another address stops nothing any more.
        jeton = known.jeton if known and is_same else secrets.token_urlsafe(_TOKEN)
        after = before or Abonnement(compte_id=compte_id, index_jeton="", fiche=b"", choisi_le=now)
        after.choisi_le = now  # an old choice is forgotten, not one that was made again
        write_abonne(ring, after, Abonne(courriel=courriel, jeton=jeton))
        db.add(after)
        db.flush()
        if before is None:
            announce_unread(db, compte_id)
        elif not is_same:
            send_elsewhere(db, compte_id)


def unsubscribe(db: Session, compte_id: int, index_jeton: str = "", session_id: str | None = None) -> None:
    """
    Write no more: the address is forgotten, and every e-mail that waits goes with it.

    `index_jeton`: of the link that asks for it, which stops no address but its own. `session_id`: of the person who
    does, as in `hold_account`. Raises SessionOver.
    """
    which = [col(Abonnement.compte_id) == compte_id]
    if index_jeton:
        which.append(col(Abonnement.index_jeton) == index_jeton)
    with writing(db):
        if session_id is not None:
            hold_account(db, compte_id, session_id)
        db.exec(delete(Abonnement).where(*which))
    forget_deleted_of(db)


def abonnement_by_link(db: Session, ring: KeyRing, jeton: str) -> Abonnement | None:
    """What the link of an e-mail stops, if it has not been stopped already."""
    return db.exec(select(Abonnement).where(col(Abonnement.index_jeton).in_(_index(ring, jeton)))).first()


def _index(ring: KeyRing, jeton: str) -> list[str]:
    return [index.hex() for index in ring.blind_index(jeton, "nouvelles")]
