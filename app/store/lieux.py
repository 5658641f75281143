"""Where the user searches: what was typed « Par ville » and « Par département », as a place of the list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from app.store import communes
from app.store.communes import AFTER, Ville, VilleCherchee
from app.store.tables import OrganismeGestionnaire as _Org

BY_TOWN = (col(_Org.commune_cherchee), col(_Org.nom), col(_Org.code))
BY_POSTCODE = (col(_Org.code_postal), *BY_TOWN)
BY_DEPARTEMENT = (col(_Org.departement), *BY_TOWN)
POSTCODE = 5  # digits


class Trouble(StrEnum):
    """Why a place cannot be searched."""

    DEPARTEMENT = "departement"  # unknown
    VILLE = "ville"  # unknown
    VILLES = "villes"  # the beginning of too many
    AILLEURS = "ailleurs"  # known, but not in this département


@dataclass(frozen=True)
class Lieu:
    """A place: what its rows have in common, their order, and what the user must be told about it."""

    where: Sequence[ColumnElement[bool]] = ()
    order: Sequence[Any] = BY_TOWN
    sans: str = ""  # the town or postcode without any: its département is searched instead
    departements: Sequence[str] = ()  # the names of the départements searched instead
    homonymes: bool = False
    trouble: Trouble | None = None


def find_lieu(db: Session, ville: str, departement: str) -> Lieu:
    """The place both fields describe; everywhere when they are empty."""
    codes = communes.find_departements(departement)
    if departement.strip() and not codes:
        return Lieu(trouble=Trouble.DEPARTEMENT)
    inside = (_in(codes),) if codes else ()
    if not ville.strip():
        return Lieu(inside, BY_DEPARTEMENT) if codes else Lieu()
    wanted = communes.read_ville(ville)
    for where, order in _served(wanted):
        if _is_served(db, (*where, *inside)):
            homonymes = not wanted.code_postal and _homonyms(wanted.cle, codes)
            return Lieu((*where, *inside), order, homonymes=homonymes)
    return _instead(wanted, ville, codes)


def _served(wanted: VilleCherchee) -> Iterator[tuple[tuple[ColumnElement[bool], ...], Sequence[Any]]]:
    """What to try in turn: the exact town or postcode, then with its article, then the beginning of a name."""
    town, code = col(_Org.commune_cherchee), wanted.code_postal
    if code:
        postcode = col(_Org.code_postal)
        exact = (
            postcode == code if len(code) == POSTCODE else sa.and_(postcode >= code, postcode < code + AFTER)
        )
        yield ((exact, town == wanted.cle) if wanted.cle else (exact,)), BY_POSTCODE
    elif wanted.cle:
        yield (town == wanted.cle,), BY_TOWN
        if not communes.villes_nommees(wanted.cle):
            yield (town.in_([article + wanted.cle for article in communes.ARTICLES]),), BY_TOWN
            yield (town >= wanted.cle, town < wanted.cle + AFTER), BY_TOWN


def _is_served(db: Session, where: Sequence[ColumnElement[bool]]) -> bool:
    return db.exec(select(_Org.code).where(col(_Org.actif), *where).limit(1)).first() is not None


def _instead(wanted: VilleCherchee, typed: str, codes: Sequence[str]) -> Lieu:
    """The département of a town that has no organisme; or why there is none to propose."""
    known = _known(wanted)
    if not known:
        return Lieu(trouble=Trouble.VILLE)
    here = [ville for ville in known if not codes or ville.departement in codes]
    if not here:
        return Lieu(trouble=Trouble.AILLEURS)
    found = tuple(sorted({ville.departement for ville in here}))
    names = {ville.nom for ville in here}
    whole = wanted.code_postal or communes.villes_nommees(wanted.cle)
    if len(found) > 1 and not (whole and len(wanted.code_postal) in (0, POSTCODE)):
        return Lieu(trouble=Trouble.VILLES)
    noms = tuple(communes.departements()[code] for code in found)
    sans = names.pop() if len(names) == 1 else " ".join(typed.split())
    return Lieu((_in(found),), BY_DEPARTEMENT, sans, noms, homonymes=len(found) > 1)


def _known(wanted: VilleCherchee) -> list[Ville]:
    cle, code = wanted
    if code:
        known = communes.villes_au_code(code)
        there = "" if known or len(code) != POSTCODE else communes.departement_du_code(code)
        return [Ville(code, there)] if there else known
    if not cle:
        return []
    return (
        communes.villes_nommees(cle)
        or [ville for article in communes.ARTICLES for ville in communes.villes_nommees(article + cle)]
        or communes.villes_qui_commencent(cle)
    )


def _homonyms(cle: str, codes: Sequence[str]) -> bool:
    places = {v.departement for v in communes.villes_nommees(cle)}
    return len(places.intersection(codes) if codes else places) > 1


def _in(codes: Sequence[str]) -> ColumnElement[bool]:
    departement = col(_Org.departement)
    return departement == codes[0] if len(codes) == 1 else departement.in_(codes)
