"""The accounts that an OpenID issuer opens too: found by what it says of a person, linked, unlinked."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select, update

from app.domain.assure import Assure
from app.domain.pivot import Pivot, compte_reconnu, contredit, recherche_du_pivot
from app.files.sealing import KeyRing
from app.store import seals
from app.store.comptes import index_pivot, read_assure
from app.store.sessions import hold_account, hold_found
from app.store.tables import Compte, LienFournisseur

MOST_HOMONYMS = 20  # accounts with one birth name, birth date and sex: more of them are none of this person's


def name_of(issuer: str, sub: str) -> str:
    """What an issuer calls a person: a `sub` has a meaning for its issuer only."""
    return f"{issuer} {sub}"


def compte_of(db: Session, ring: KeyRing, name: str, pivot: Pivot) -> Compte | None:
    """The account this person may open without a number: the linked one unless it contradicts, else the only one recognised."""
    known = (
        select(Compte).join(LienFournisseur).where(col(LienFournisseur.index_sub).in_(_indexes(ring, name)))
    )
    linked = db.exec(known).first()
    if linked is not None:
        assure = seals.unless_broken(read_assure, ring, linked)
        if assure is None:  # it is this person's: no other is
            return None
        if not contredit(pivot, assure):
            return linked
    trois = recherche_du_pivot(pivot)
    if not trois:
        return None
    same = col(Compte.index_pivot).in_(index_pivot(ring, trois))
    found: Sequence[Compte] = db.exec(select(Compte).where(same).limit(MOST_HOMONYMS + 1)).all()
    if len(found) > MOST_HOMONYMS:
        return None
    by_id = {compte.id: compte for compte in found}
    opened: dict[int | None, Assure] = {}
    for identity, compte in by_id.items():
        assure = seals.unless_broken(read_assure, ring, compte)
        if assure is None:  # it may be this person's: no other is the only one
            return None
        opened[identity] = assure
    only = compte_reconnu(pivot, opened)
    return by_id[only] if only is not None and by_id[only].delie_le is None else None


def link(db: Session, ring: KeyRing, compte: Compte, name: str, now: datetime) -> bool:
    """
    Let the issuer open this account from now on; says whether anything changed. The caller holds the transaction.

    An account has one link, and a person of the issuer one account: an older link of either goes. Raises SessionOver.
    """
    assert compte.id is not None
    hold_found(db, compte)  # one link at a time
    mine = db.get(LienFournisseur, compte.id, populate_existing=True)
    indexes = _indexes(ring, name)
    if mine is not None and mine.index_sub in indexes:
        return False
    db.exec(delete(LienFournisseur).where(col(LienFournisseur.index_sub).in_(indexes)))
    db.exec(delete(LienFournisseur).where(col(LienFournisseur.compte_id) == compte.id))
    compte.delie_le = None
    db.add(compte)
    row = LienFournisseur(compte_id=compte.id, index_sub="", sub=b"", lie_le=now)
    write_sub(ring, row, name)
    db.add(row)
    db.flush()
    return True


def unlink(db: Session, compte_id: int, now: datetime, session_id: str | None = None) -> bool:
    """
    The issuer opens this account no more, even where it certifies the same person; says whether it did before.

    A sign-in with number and password may link it again. `session_id`: as in `hold_account`. The caller holds the
    transaction. Raises SessionOver.
    """
    hold_account(db, compte_id, session_id)  # first, as in `link`
    gone = db.exec(delete(LienFournisseur).where(col(LienFournisseur.compte_id) == compte_id)).rowcount > 0
    if gone:
        db.exec(update(Compte).where(col(Compte.id) == compte_id).values(delie_le=now))
    return gone


def linked_on(db: Session, compte_id: int) -> datetime | None:
    """Since when an issuer opens this account."""
    return db.exec(select(LienFournisseur.lie_le).where(LienFournisseur.compte_id == compte_id)).first()


def read_sub(ring: KeyRing, row: LienFournisseur) -> str:
    """What the issuer calls the person. Raises KeyMissing, SealBroken."""
    return seals.LIEN.open(ring, row.compte_id, row.sub).decode()


def write_sub(ring: KeyRing, row: LienFournisseur, name: str) -> None:
    """Seal it, and file the link under it; both under the newest key."""
    row.index_sub = _indexes(ring, name)[0]
    row.sub = seals.LIEN.close(ring, row.compte_id, name.encode())


def _indexes(ring: KeyRing, name: str) -> list[str]:
    return [index.hex() for index in ring.blind_index(name, "sub")]
