"""The people of the demonstration, their caisses and organismes: loaded once into an empty database."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from app.demo.demandes import file_demo_demande
from app.domain.assure import Adresse, Assure, Enfant, OrganismeConnu
from app.domain.nir import cle_du_nir
from app.domain.periode import ajoute_mois
from app.files.shelf import Shelf
from app.settings import ROOT, Settings
from app.store.comptes import add_compte, hash_password
from app.store.database import Turn, writing
from app.store.organismes import add_organismes
from app.store.tables import Caisse, Compte

DATA = ROOT / "data"
ACCOUNTS = DATA / "demo" / "assures.json"


@dataclass(frozen=True)
class CompteDeDemo:
    """What the sign-in page says of a demonstration account."""

    cle: str
    prenom: str
    description: str


def demo_accounts() -> list[CompteDeDemo]:
    """The demonstration accounts, in the order the sign-in page shows them."""
    return [CompteDeDemo(c["cle"], c["prenom"], c["description"]) for c in _read(ACCOUNTS)]


def load_demo(db: Session, settings: Settings, shelf: Shelf) -> None:
    """Fill an empty database; one that has accounts already stays as it is."""
    if _has_account(db):
        return
    le = settings.day()
    accounts = _read(ACCOUNTS)
    with writing(db, Turn.DEMONSTRATION):
        if _has_account(db):  # a service that starts with this one was quicker
            return
        db.add_all(Caisse(**caisse) for caisse in _read(DATA / "caisses.json"))
        with (DATA / "demo" / "organismes.csv").open(encoding="utf-8", newline="") as file:
            add_organismes(db, csv.DictReader(file, delimiter=";"))
        for compte in accounts:
            password = hash_password(compte["mot_de_passe"])
            add_compte(db, settings.data_ring, make_assure(compte, le), password, compte["cle"])
    for compte in accounts:
        if compte["demande_en_cours"]:
            file_demo_demande(db, settings, shelf, compte["cle"])


def _has_account(db: Session) -> bool:
    return db.exec(select(Compte.id).limit(1)).first() is not None


def account_entry(cle: str) -> dict[str, Any]:
    """What the file of the demonstration says of an account. Raises StopIteration if it says nothing."""
    found: dict[str, Any] = next(compte for compte in _read(ACCOUNTS) if compte["cle"] == cle)
    return found


def has_real_account(db: Session) -> bool:
    """The database holds an account that is not part of the demonstration."""
    return db.exec(select(Compte.id).where(Compte.demo == None).limit(1)).first() is not None  # noqa: E711


def make_assure(compte: dict[str, Any], le: date) -> Assure:
    """The account as it is on this day: ages hold whatever the day."""
    naissance = _birth(compte["naissance"], le)
    return Assure(
        prenom=compte["prenom"],
        nom=compte["nom"],
        naissance=naissance,
        nir=_nir(compte["nir"], naissance),
        caisse=compte["caisse"],
        courriel=compte["courriel"],
        telephone=compte["telephone"],
        adresse=Adresse(**{champ: valeur or "" for champ, valeur in compte["adresse"].items()}),
        coordonnees_a_confirmer=compte["coordonnees_a_confirmer"],
        adresse_a_corriger=compte["adresse_a_corriger"],
        droit_ouvert=compte["droit_ouvert"],
        organismes=tuple(
            OrganismeConnu(**{**organisme, "depuis": ajoute_mois(le, -organisme["depuis"]["il_y_a_mois"])})
            for organisme in compte["organismes"]
        ),
        enfants=tuple(_enfant(enfant, le) for enfant in compte["enfants"]),
        familles_collectees=tuple(compte["familles_collectees"]),
        nom_naissance=compte["nom_naissance"],
        prenoms=tuple(compte["prenoms"]),
    )


def _enfant(enfant: dict[str, Any], le: date) -> Enfant:
    naissance = _birth(enfant["naissance"], le)
    return Enfant(**{**enfant, "naissance": naissance, "nir": _nir(enfant["nir"], naissance)})


def _birth(written: dict[str, int], le: date) -> date:
    """The birth date of a person who has this age on this day and was born on this day of the year."""
    birthday = (written["mois"], written["jour"])
    return date(le.year - written["age"] - ((le.month, le.day) < birthday), *birthday)


def _nir(written: dict[str, Any], naissance: date) -> str:
    """A fictitious number (13 characters) that agrees with the birth date."""
    place = f"{written['departement']}{written['commune']}{written['ordre']}"
    nir = f"{written['sexe']}{naissance:%y%m}{place}"
    cle_du_nir(nir)  # a malformed number stops the loading
    return nir


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
