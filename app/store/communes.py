"""The towns and départements of France, read once from `data/`: what a search by place is checked against."""

import csv
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from app.domain.saisie import chiffres_seuls
from app.settings import ROOT
from app.store.text import normalise, searched_words, split_town

DATA = ROOT / "data"
AFTER = "\uffff"  # sorts after every letter: the end of a range of prefixes
ARTICLES = ("le", "la", "les", "l")
_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)")
_DISTRICT_POSTCODES = {"paris": "750{:02}", "lyon": "690{:02}", "marseille": "130{:02}"}
_CORSICA = ("2A", "2B")
# Saint-Barthélemy and Saint-Martin have numbers of their own, and keep postcodes of Guadeloupe.
_COLLECTIVITIES = {"977": "97133", "978": "97150"}


class Ville(NamedTuple):
    """A town, in its département (a postcode alone does not tell it)."""

    nom: str
    departement: str


class VilleCherchee(NamedTuple):
    """What was typed « Par ville »: a name, a postcode or its beginning, or both."""

    cle: str
    code_postal: str


@lru_cache(maxsize=1)
def departements() -> Mapping[str, str]:
    """Code → name."""
    return {ligne["code"]: ligne["nom"] for ligne in _rows(DATA / "departements.csv")}


def find_departements(text: str) -> tuple[str, ...]:
    """The codes of what was typed « Par département »: « 1 », « 2a », « ain », « Haute Savoie », « Corse »."""
    if not (words := searched_words(text)):
        return ()
    if words == ["20"]:
        return _CORSICA
    if words[0] in _COLLECTIVITIES:
        return tuple({ville.departement for ville in villes_au_code(_COLLECTIVITIES[words[0]])})
    whole = [code for code, (_, searched) in _spelt().items() if searched == words]
    return tuple(
        whole
        or [code for code, (said, _) in _spelt().items() if all(_says(word, code, said) for word in words)]
    )


@lru_cache(maxsize=1)
def _spelt() -> Mapping[str, tuple[Sequence[str], Sequence[str]]]:
    """Code → the words of the name, and those that it is searched by."""
    return {code: (normalise(nom).split(), searched_words(nom)) for code, nom in departements().items()}


def _says(word: str, code: str, names: Sequence[str]) -> bool:
    return word.zfill(2) == code.lower() or any(said.startswith(word) for said in names)


def read_ville(text: str) -> VilleCherchee:
    """What « Par ville » means: « 75001 », « 750 », « 75012 Paris » and « Paris 12e » are understood."""
    digits = "".join(text.split())
    if chiffres_seuls(digits):
        return VilleCherchee("", _COLLECTIVITIES.get(digits[:3], digits))
    cle, district = split_town(_POSTCODE.sub(" ", text))
    # A CEDEX is in no list: its town says more.
    if (found := _POSTCODE.search(text)) and (not cle or villes_au_code(found[0])):
        return VilleCherchee(cle, found[0])
    return VilleCherchee(cle, _DISTRICT_POSTCODES[cle].format(district) if district else "")


def villes_nommees(cle: str) -> list[Ville]:
    """The towns of this exact name."""
    return _between(f"{cle}|", f"{cle}|{AFTER}")


def villes_qui_commencent(cle: str) -> list[Ville]:
    """The towns whose name begins so."""
    return _between(cle, cle + AFTER) if cle else []


def villes_au_code(code_postal: str) -> list[Ville]:
    """The towns whose postcode is this one, or begins so."""
    wanted = f" {code_postal}"
    return [_ville(line) for line in _towns() if wanted in line]


def departement_du_code(code_postal: str) -> str:
    """The département that the digits of a postcode say, for one that is in no list (CEDEX); empty if they say none."""
    if code_postal.startswith("20"):
        return _CORSICA[code_postal[2] not in "01"]
    code = code_postal[: 3 if code_postal.startswith("97") else 2]
    return code if code in departements() else ""


@lru_cache(maxsize=1)
def _towns() -> Sequence[str]:
    """« key|name|département| postcodes », sorted: one string a town, a few megabytes in all."""
    return sorted(_lines())


def _lines() -> Iterator[str]:
    for ligne in _rows(DATA / "communes.csv"):
        cle, district = split_town(ligne["nom"])
        if not district:  # the whole town is there too, with the postcodes of all its arrondissements
            yield f"{cle}|{ligne['nom']}|{ligne['departement']}| {ligne['codes_postaux']}"


def _between(start: str, end: str) -> list[Ville]:
    towns = _towns()
    return [_ville(line) for line in towns[bisect_left(towns, start) : bisect_left(towns, end)]]


def _ville(line: str) -> Ville:
    _, nom, departement, _ = line.split("|")
    return Ville(nom, departement)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")
