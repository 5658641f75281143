"""The accounts that are imported: what a line must say of a person, and how it becomes an account."""

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, col, delete, select

from app.commands._lines import FileLine, Refusal
from app.domain.assure import Assure, Enfant
from app.domain.demande import MOI
from app.domain.naissance import premier_jour
from app.domain.nir import LONGUEUR_NIR, cle_correspond, defaut_du_nir, normalise_nir
from app.domain.noms import NOM_MAXIMAL
from app.files.sealing import KeyRing
from app.mail.courriel import kept_courriel
from app.steps.ressources import FAMILLES
from app.store.comptes import add_compte, find_compte, hold_compte, is_hash, read_assure, write_assure
from app.store.organismes import Changes
from app.store.seals import unless_broken
from app.store.tables import Caisse, SessionOuverte

SHORTEST_PASSWORD = 8  # characters; how it is chosen is the caisse's matter
LONGEST_PASSWORD = 1_000
_OLDEST = date(1900, 1, 1)
_PATH = re.compile(r"[a-z][a-z0-9_]{0,29}(\.([a-z][a-z0-9_]{0,29}|\d{1,3}))*")
_CLE = re.compile(r"[a-z0-9]{2,16}")
_COMMUNE = re.compile(r"((?!99)\d{2}|2[AB])\d{3}|")
_PAYS = re.compile(r"99\d{3}|")
_DATE = ("une date, année-mois-jour ; 00 pour un jour ou un mois de naissance inconnu", "1987-06-14")
_YES_NO = ("true ou false", "true")
_NAME = (
    f"un nom de {NOM_MAXIMAL} caractères au plus ; vide si la personne n'en a pas, et a l'autre",
    "Nadia",
)
EXPECTED: Mapping[str, tuple[str, str]] = {
    "nir": ("13 caractères, ou 15 avec la clé qui leur correspond", "2910475111234"),
    "naissance": _DATE,
    "depuis": _DATE,
    "prenom": _NAME,
    "nom": _NAME,
    "caisse": ("le code d'une caisse déjà importée", "931"),
    "courriel": ("une adresse e-mail, ou null", "nadia@courriel.exemple.fr"),
    "telephone": ("un numéro de téléphone, ou null", "06 39 98 10 01"),
    "droit_ouvert": _YES_NO,
    "coordonnees_a_confirmer": _YES_NO,
    "adresse_a_corriger": _YES_NO,
    "gere_c2s": _YES_NO,
    "actif": _YES_NO,
    "adresse": (
        "un objet",
        '{"voie": "12 rue de l\'Exemple", "code_postal": "93200", "commune": "Saint-Denis"}',
    ),
    "enfants": ("une liste de personnes", "[]"),
    "organismes": ("une liste d'organismes", "[]"),
    "familles_collectees": (f"une liste, parmi {', '.join(FAMILLES)}", '["activite"]'),
    "nom_naissance": (f"le nom de naissance, {NOM_MAXIMAL} caractères au plus", "Exemple"),
    "prenoms": ("la liste de tous les prénoms, dans l'ordre de l'état civil", '["Nadia", "Rose-Marie"]'),
    "sexe": ("F ou M", "F"),
    "lieu_naissance": ("le code INSEE de la commune de naissance, en France", "93066"),
    "pays_naissance": ("le code INSEE du pays de naissance, 99100 pour la France", "99100"),
    "cle": (
        f"de 2 à 16 lettres minuscules ou chiffres, une par enfant, autre que « {MOI} »",
        "k7qd",
    ),
    "mot_de_passe": (
        f"de {SHORTEST_PASSWORD} à {LONGEST_PASSWORD} caractères, avec un nouveau compte",
        "une phrase que la personne retient",
    ),
    "mot_de_passe_argon2": (
        "l'empreinte argon2id du mot de passe (64 Mio et 10 passes au plus), sans mot_de_passe à côté",
        "$argon2id$v=19$m=65536,t=3,p=4$…",
    ),
}
_OTHER = ("un champ décrit dans docs/imports.md", "prenom")


@dataclass(frozen=True)
class Account:
    """A person and, if it is given, a password: in clear, or as what is kept of it."""

    assure: Assure
    mot_de_passe: str
    empreinte: str


class AccountReader:
    """Reads accounts one after the other; a number met twice is refused."""

    def __init__(self, db: Session, ring: KeyRing, today: date) -> None:
        self._db, self._ring, self._today = db, ring, today
        self._caisses = set(db.exec(select(Caisse.code)))
        self._seen: dict[str, int] = {}

    def read(self, line: FileLine) -> tuple[Account | None, list[Refusal]]:
        """What a line says of a person; or what is refused of it, without a value."""
        values = dict(line.values)
        password, hashed = values.pop("mot_de_passe", None), values.pop("mot_de_passe_argon2", None)
        for person in (values, *_enfants(values)):
            person.update({name: "" for name in ("prenom", "nom") if person.get(name, "") is None})
        wrong = [*_plain_numbers(values)]
        new = False
        if not wrong:
            compte = find_compte(self._db, self._ring, values["nir"])
            # What does not open any more is written anew, and keeps its password.
            before = unless_broken(read_assure, self._ring, compte) if compte else None
            self._name_enfants(values, before)
            new = compte is None
        assure, invalid = _validated(values)
        wrong += invalid
        if assure is not None:
            wrong += self._doubts(assure)
        wrong += _wrong_password(password, hashed, needed=new)
        refusals = [
            Refusal(line.number, _shown(path), None, *_expected(path)) for path in dict.fromkeys(wrong)
        ]
        if assure is not None and not refusals:
            if first := self._seen.get(assure.nir):
                again = f"un numéro qui n'est pas déjà ligne {first}"
                return None, [Refusal(line.number, "nir", None, again, EXPECTED["nir"][1])]
            self._seen[assure.nir] = line.number
            return Account(assure, password or "", hashed or ""), []
        return None, refusals

    def _name_enfants(self, values: Mapping[str, Any], before: Assure | None) -> None:
        """A child listed without a key keeps its present key, which drafts know it by; a new child gets a new key."""
        known = {_who(dict(enfant)): enfant.cle for enfant in before.enfants} if before else {}
        for enfant in _enfants(values):
            if "cle" not in enfant:
                enfant["cle"] = known.get(_who(enfant), secrets.token_hex(4))

    def _doubts(self, assure: Assure) -> Iterator[str]:
        people: list[tuple[str, Assure | Enfant]] = [
            ("", assure),
            *((f"enfants.{n}.", enfant) for n, enfant in enumerate(assure.enfants, 1)),
        ]
        for path, person in people:
            for name, other in (("prenom", person.nom), ("nom", person.prenom)):
                written = getattr(person, name)
                if not (_is_name(written) or (written == "" and other)):  # some people have only one of them
                    yield path + name
            if not _OLDEST <= premier_jour(person.naissance) <= self._today:
                yield f"{path}naissance"
        keys = [enfant.cle for enfant in assure.enfants]
        for number, cle in enumerate(keys, 1):
            if not _CLE.fullmatch(cle) or cle == MOI or keys.count(cle) > 1:
                yield f"enfants.{number}.cle"
        if assure.nom_naissance and not _is_name(assure.nom_naissance):
            yield "nom_naissance"
        if not all(map(_is_name, assure.prenoms)):
            yield "prenoms"
        if not _COMMUNE.fullmatch(assure.lieu_naissance):
            yield "lieu_naissance"
        if not _PAYS.fullmatch(assure.pays_naissance):
            yield "pays_naissance"
        if assure.caisse not in self._caisses:
            yield "caisse"
        if assure.courriel is not None and not kept_courriel(assure.courriel):
            yield "courriel"
        if not set(assure.familles_collectees) <= FAMILLES.keys():
            yield "familles_collectees"


def file_accounts(db: Session, ring: KeyRing, accounts: Sequence[Account]) -> Changes:
    """
    Open these accounts, or update those that exist; the caller holds the transaction.

    An account given without a password keeps its own. Clear passwords are already hashed here: hashing takes longer
    than a transaction may.
    """
    added = changed = 0
    for account in accounts:
        compte = hold_compte(db, ring, account.assure.nir)  # before its sessions, as everywhere
        if compte is None:
            if account.empreinte or account.mot_de_passe:  # else it has been erased since its line was read
                add_compte(db, ring, account.assure, account.empreinte)
                added += 1
        else:
            changed += 1
            write_assure(ring, compte, account.assure)
            if account.empreinte:  # sign out any browser that used the old password
                compte.mot_de_passe = account.empreinte
                db.exec(delete(SessionOuverte).where(col(SessionOuverte.compte_id) == compte.id))
            db.add(compte)
    return Changes(added, changed, 0)


def _who(enfant: Mapping[str, Any]) -> str:
    """What a child is known by from one file to the next: its number, or else its first name and birth."""
    return str(enfant.get("nir") or f"{enfant.get('prenom')} {enfant.get('naissance')}")


def _is_name(written: str) -> bool:
    return bool(written.strip()) and written.isprintable() and len(written) <= NOM_MAXIMAL


def _enfants(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    enfants = values.get("enfants")
    return [enfant for enfant in enfants if isinstance(enfant, dict)] if isinstance(enfants, list) else []


def _plain_numbers(values: dict[str, Any]) -> Iterator[str]:
    """Bring each number to its thirteen characters; yield the path of each that is invalid or has a wrong key."""
    for path, person in [
        ("nir", values),
        *((f"enfants.{n}.nir", c) for n, c in enumerate(_enfants(values), 1)),
    ]:
        nir = normalise_nir(str(person.get("nir") or ""))
        if not nir and person is not values:  # a child who has none yet
            person["nir"] = None
            continue
        number, key = nir[:LONGUEUR_NIR], nir[LONGUEUR_NIR:]
        if defaut_du_nir(number) or (key and not cle_correspond(number, key)):
            yield path
        person["nir"] = number


def _validated(values: Mapping[str, Any]) -> tuple[Assure | None, list[str]]:
    try:
        return Assure.model_validate_json(json.dumps(values), strict=True), []
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        return None, [".".join(str(p + 1 if isinstance(p, int) else p) for p in e["loc"]) for e in found]


def _wrong_password(password: Any, hashed: Any, *, needed: bool) -> Iterator[str]:
    if hashed is not None and (password is not None or not isinstance(hashed, str) or not is_hash(hashed)):
        yield "mot_de_passe_argon2"
    elif password is None:
        if needed and hashed is None:
            yield "mot_de_passe"
    elif not isinstance(password, str) or not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        yield "mot_de_passe"


def _shown(path: str) -> str:
    """The name of a field, unless it may be a value that stands in the wrong place."""
    return path if _PATH.fullmatch(path) else "inconnue"


def _expected(path: str) -> tuple[str, str]:
    names = [part for part in path.split(".") if not part.isdigit()]
    return EXPECTED.get(names[-1], _OTHER) if names else _OTHER
