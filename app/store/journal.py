"""
The security journal: one line for each thing a host may have to look into later, and nobody's name in any.

An account is a mark: a keyed hash of its number. The same account has the same mark on each line, which is enough to
follow it, and nobody reads the number back without the data keys. A new data key gives every account another mark.
"""

from enum import StrEnum

import structlog
from pydantic import ValidationError

from app.files.sealing import KeyMissing, KeyRing, SealBroken
from app.store.comptes import read_assure
from app.store.sessions import Opened
from app.store.tables import Compte

_log = structlog.get_logger("c2s.securite")
_MARK = 16  # characters
UNREADABLE = "illisible"


class Fait(StrEnum):
    """What is written down."""

    DEMARRAGE = "demarrage"
    CONNEXION = "connexion"
    CONNEXION_REFUSEE = "connexion_refusee"
    CONNEXION_EN_PAUSE = "connexion_en_pause"
    PAUSES_LEVEES = "pauses_levees"
    COMPTE_SUPPRIME = "compte_supprime"
    FRANCECONNECT_REFUSE = "franceconnect_refuse"
    LIEN_FAIT = "lien_fait"
    LIEN_REFUSE = "lien_refuse"
    LIEN_DEFAIT = "lien_defait"
    DECONNEXION = "deconnexion"
    ACCES_REFUSE = "acces_refuse"
    ENVOIS_LIMITES = "envois_limites"
    COPIE = "copie"
    NOUVELLES = "nouvelles"
    RESCELLEMENT = "rescellement"
    IMPORT = "import"
    EXPORT = "export"
    DECISION = "decision"


def note(fait: Fait, compte: str = "", **details: str | int | bool | list[str]) -> None:
    """Write a line; `compte` is the mark of an account, and no detail names anybody."""
    about = {"compte": compte} if compte else {}
    _log.info(fait, journal="securite", **about, **details)


def mark_of_number(ring: KeyRing, nir: str) -> str:
    """The mark of the account that has this number, or would have it."""
    return ring.blind_index(nir, "journal")[0].hex()[:_MARK]


def mark_of(ring: KeyRing, compte: Compte | Opened) -> str:
    """The mark of an account; that of an account that cannot be read is « illisible »: signing out goes on."""
    try:
        return mark_of_number(ring, read_assure(ring, compte).nir)
    except (KeyMissing, SealBroken, ValidationError):
        return UNREADABLE
