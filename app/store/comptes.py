"""Accounts: found by a keyed hash of their number, read and written sealed."""

import threading
from functools import cache

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.assure import Assure
from app.domain.nir import normalise_nir
from app.domain.pivot import recherche_du_compte
from app.files.sealing import KeyRing
from app.processor import apart
from app.store import seals
from app.store.sessions import Opened
from app.store.tables import Compte

_hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(2)  # each hash takes 64 MiB: the others wait
_COSTS = range(5 * 7_168, 65_536 * 10 + 1)  # KiB × passes, from the least that OWASP advises
_MOST_LANES = 8


def index_nir(ring: KeyRing, nir: str) -> list[str]:
    """What an account may be filed under, newest key first."""
    return [index.hex() for index in ring.blind_index(normalise_nir(nir), "nir")]


def index_pivot(ring: KeyRing, trois: str) -> list[str]:
    """What the accounts with this birth name, birth date and sex are filed under, newest key first."""
    return [index.hex() for index in ring.blind_index(trois, "pivot")]


def hash_password(mot_de_passe: str) -> str:
    """What is kept of a password (argon2); slow on purpose."""
    return _hasher.hash(mot_de_passe)


def is_hash(empreinte: str) -> bool:
    """
    It is what argon2id keeps of a password, neither weak nor too heavy to check: a sign-in pays what the hash
    says, in a memory that all share.
    """
    try:
        cost = extract_parameters(empreinte)
    except InvalidHashError:
        return False
    return (
        cost.type is Type.ID
        and cost.memory_cost <= _hasher.memory_cost
        and cost.memory_cost * cost.time_cost in _COSTS
        and cost.parallelism <= _MOST_LANES
    )


def add_compte(db: Session, ring: KeyRing, assure: Assure, empreinte: str, demo: str | None = None) -> Compte:
    """Open an account, with the hash of its password; the caller holds the transaction."""
    index = index_nir(ring, assure.nir)[0]
    compte = Compte(index_nir=index, fiche=b"", mot_de_passe=empreinte, demo=demo)
    db.add(compte)
    db.flush()  # its seal names its id
    write_assure(ring, compte, assure)
    db.flush()
    return compte


def read_assure(ring: KeyRing, compte: Compte | Opened) -> Assure:
    """What the account says of its person; a field more, which a newer version has written, is left aside."""
    identity = compte.compte_id if isinstance(compte, Opened) else compte.id
    return Assure.model_validate_json(seals.COMPTE.open(ring, identity, compte.fiche), extra="ignore")


def write_assure(ring: KeyRing, compte: Compte, assure: Assure) -> None:
    """
    Change what the account says; the caller holds the transaction.

    Its indexes change key with it: once nothing is sealed under a key, no account is filed under it either.
    """
    compte.index_nir = index_nir(ring, assure.nir)[0]
    trois = recherche_du_compte(assure)
    compte.index_pivot = index_pivot(ring, trois)[0] if trois else None
    compte.fiche = seals.COMPTE.close(ring, compte.id, assure.model_dump_json().encode())


def find_compte(db: Session, ring: KeyRing, nir: str) -> Compte | None:
    """The account of this number."""
    return db.exec(_of_number(ring, nir)).first()


def hold_compte(db: Session, ring: KeyRing, nir: str) -> Compte | None:
    """The same, as `hold_account` does."""
    held = _of_number(ring, nir).with_for_update(key_share=True)
    return db.exec(held.execution_options(populate_existing=True)).first()


def _of_number(ring: KeyRing, nir: str) -> SelectOfScalar[Compte]:
    return select(Compte).where(col(Compte.index_nir).in_(index_nir(ring, nir)))


def find_demo(db: Session, cle: str) -> Compte | None:
    """A demonstration account."""
    return db.exec(select(Compte).where(Compte.demo == cle)).first()


def has_demo_account(db: Session) -> bool:
    """The database holds an account of the demonstration."""
    return db.exec(select(Compte.id).where(Compte.demo != None).limit(1)).first() is not None  # noqa: E711


def hash_to_check(db: Session, ring: KeyRing, nir: str, compte: Compte | None) -> str:
    """
    What to check a password against; a number without an account borrows the hash of the account that follows it.

    Imported hashes may cost more or less than ours. The index is keyed, so that each number falls on an account at
    random, always the same: a number that has no account takes a time that any account may take, as often.
    """
    following = select(Compte.mot_de_passe).where(Compte.index_nir >= index_nir(ring, nir)[0])
    borrowed = db.exec(following.order_by(Compte.index_nir).limit(1)).first()
    if borrowed is None:
        borrowed = db.exec(select(Compte.mot_de_passe).order_by(Compte.index_nir).limit(1)).first()
    return compte.mot_de_passe if compte else borrowed or _of_nobody()


def password_matches(empreinte: str, mot_de_passe: str) -> bool:
    """Check a password against what is kept of it."""
    try:
        with _at_once, apart():
            return _hasher.verify(empreinte, mot_de_passe)
    except VerificationError:
        return False


def renewed_hash(empreinte: str, mot_de_passe: str) -> str | None:
    """What should be kept of a password that matches, if what is kept costs less to guess than ours."""
    kept = extract_parameters(empreinte)
    if kept.memory_cost * kept.time_cost >= _hasher.memory_cost * _hasher.time_cost:
        return None
    with _at_once, apart():
        return hash_password(mot_de_passe)


def renew_hash(db: Session, compte: Compte, empreinte: str) -> None:
    """Keep the new hash, unless the password has changed since it was checked; the caller holds the transaction."""
    unchanged = (col(Compte.id) == compte.id, col(Compte.mot_de_passe) == compte.mot_de_passe)
    db.exec(update(Compte).where(*unchanged).values(mot_de_passe=empreinte))


@cache
def _of_nobody() -> str:
    return hash_password("a password that no account has")
