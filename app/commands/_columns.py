"""The columns of the lists of organismes and caisses: what each accepts, as docs/imports.md says it."""

import re
from collections.abc import Callable, Mapping

from app.commands._lines import Column
from app.domain.demande import CAISSE
from app.store.communes import departements
from app.store.text import normalise, town_key

YES, NO = ("oui", "true", "1"), ("non", "false", "0")
TYPES = ("mutuelle", "prevoyance", "assurance")
_CODE = re.compile(r"[A-Za-z0-9._-]{1,40}")
_COURRIEL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")  # deliverability is the caisse's matter
_TELEPHONE = re.compile(r"[0-9+][0-9 .()-]{3,}")
_LONGEST_DELAY = 365  # days


def is_courriel(written: str) -> bool:
    """It has the shape of an e-mail address."""
    return _COURRIEL.fullmatch(written) is not None


def _matching(pattern: str | re.Pattern[str]) -> Callable[[str], str]:
    whole = re.compile(pattern)

    def read(written: str) -> str:
        if not whole.fullmatch(written):
            raise ValueError
        return written

    return read


def _text(longest: int, key: Callable[[str], str] = normalise) -> Callable[[str], str]:
    """A text that a search can find: it has a letter or a digit."""

    def read(written: str) -> str:
        if len(written) > longest or not key(written) or not written.isprintable():
            raise ValueError
        return written

    return read


def _code(written: str) -> str:
    if not _CODE.fullmatch(written) or written == CAISSE:  # that word means the caisse itself
        raise ValueError
    return written


def _departement(written: str) -> str:
    if written not in departements():
        raise ValueError
    return written


def _type(written: str) -> str:
    if (found := normalise(written)) not in TYPES:
        raise ValueError
    return found


def _yes_or_no(written: str) -> bool:
    if (said := written.casefold()) not in (*YES, *NO):
        raise ValueError
    return said in YES


def _days(written: str) -> int:
    days = int(written)
    if not 1 <= days <= _LONGEST_DELAY:
        raise ValueError
    return days


_CODE_POSTAL = Column("5 chiffres", "01000", _matching(r"[0-9]{5}"))
_DEPARTEMENT = Column("le code d'un département, avec son zéro", "01", _departement)

ORGANISMES: Mapping[str, Column] = {
    "code": Column(
        f"de 1 à 40 lettres sans accent, chiffres, points ou tirets, autre que « {CAISSE} »",
        "MUT-0101",
        _code,
    ),
    "nom": Column("un nom de 120 caractères au plus", "Mutuelle Factice des Volcans", _text(120)),
    "adresse": Column("une adresse de 200 caractères au plus", "1 rue de l'Exemple", _text(200)),
    "code_postal": _CODE_POSTAL,
    "commune": Column("une ville de 80 caractères au plus", "Bourg-en-Bresse", _text(80, town_key)),
    "departement": _DEPARTEMENT,
    "type": Column(", ".join(TYPES[:-1]) + f" ou {TYPES[-1]}", TYPES[0], _type),
}
CAISSES: Mapping[str, Column] = {
    "code": Column("de 1 à 10 lettres ou chiffres", "011", _matching(r"[A-Za-z0-9]{1,10}")),
    "nom": Column("un nom de 120 caractères au plus", "CPAM de l'Ain", _text(120)),
    "departement": _DEPARTEMENT,
    "ville": Column("une ville de 80 caractères au plus", "Bourg-en-Bresse", _text(80)),
    "adresse": Column(
        "l'adresse postale entière, 200 caractères au plus",
        "1 rue de l'Exemple, 01000 Bourg-en-Bresse",
        _text(200),
    ),
    "code_postal": _CODE_POSTAL,
    "telephone": Column("un numéro d'au moins 4 chiffres", "36 46", _matching(_TELEPHONE)),
    "courriel": Column("une adresse e-mail", "c2s@caisse.exemple.fr", _matching(_COURRIEL)),
    "dpo": Column(
        "comment écrire à la protection des données, 200 caractères au plus",
        "dpo@caisse.exemple.fr",
        _text(200),
    ),
    "service": Column(
        "le service qui étudie les demandes, 120 caractères au plus",
        "Service Complémentaire santé solidaire",
        _text(120),
    ),
    "recours": Column(
        "où contester une décision, 200 caractères au plus",
        "Commission de recours amiable, 1 rue de l'Exemple, 01000 Bourg-en-Bresse",
        _text(200),
    ),
    "delai_pieces_jours": Column(f"un nombre de jours, de 1 à {_LONGEST_DELAY}", "30", _days, optional=True),
    "regime_local": Column("oui ou non", "non", _yes_or_no, optional=True),
}
