"""Put a filed demande in the database of a service, so that a test starts after the deposit."""

import itertools
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, SQLModel, col, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.domain.accuse import Accuse
from app.domain.format import FORMAT
from app.domain.suivi import Etat
from app.files.sealing import KeyRing
from app.main import create_app
from app.settings import PARIS, load_settings
from app.store.comptes import find_demo, read_assure
from app.store.database import reading, writing
from app.store.export import pieces_of
from app.store.file_keys import open_filed
from app.store.suivi import seal_body
from app.store.tables import Compte, DemandeDeposee, Echange, Evenement, Piece
from tests.support.browser import Browser
from tests.support.data import copy_data

FILED = datetime(2026, 11, 24, 10, 42, tzinfo=PARIS)
_numbers = itertools.count(421)


def database(service: Starlette) -> Any:
    """A session on the database of the service."""
    return reading(service.state.house.engine)


@contextmanager
def once(filled: Path, folder: Path) -> Iterator[tuple[Path, Browser, Starlette]]:
    """A browser and a service on a copy of these data: what is done there is the start of every test of a module."""
    copy_data(filled, folder)
    app = create_app(load_settings(demo=True, data_dir=folder, today=FILED.date()))
    yield folder, Browser(TestClient(app)), app
    app.state.house.engine.dispose()


def ring(service: Starlette) -> KeyRing:
    found: KeyRing = service.state.house.ring
    return found


def compte_of(db: Session, cle: str) -> Compte:
    compte = find_demo(db, cle)
    assert compte is not None
    assert compte.id is not None
    return compte


def accuse(reference: str, **changes: Any) -> Accuse:
    """The accusé of a complete demande of Nadia; `changes` are fields of `Accuse`."""
    body: dict[str, Any] = {
        "reference": reference,
        "deposee_le": FILED.isoformat(),
        "prenom": "Nadia",
        "nom": "Exemple",
        "personnes": 3,
        "caisse": {
            "nom": "CPAM de la Seine-Saint-Denis",
            "service": "Service Complémentaire santé solidaire",
            "adresse": "1 rue de l'Exemple, 93000 Bobigny",
            "courriel": "cpam-931@exemple.invalid",
            "telephone": "36 46",
        },
        "acceptation": "2027-01-24",
        "pieces": [
            {"document": "Avis d'impôt : Nadia", "nom": "avis-1.jpg", "taille": 629_146, "pages": None},
            {"document": "Avis d'impôt : Nadia", "nom": "avis-2.jpg", "taille": 524_288, "pages": None},
            {"document": "Avis de taxe foncière", "nom": "taxe.pdf", "taille": 1_153_434, "pages": 4},
        ],
        "manquants": [],
        "date_limite": None,
        "periode": ["2025-10-01", "2026-09-30"],
        "engagements": [],
        "empreinte": "7f3a91c05be208d4" * 4,
        "declare": [["Informations personnelles", ["Nationalité : Française"]]],
    }
    return Accuse.model_validate_json(json.dumps(body | changes))


MISSING: dict[str, Any] = {
    "acceptation": None,
    "manquants": ["Avis d'impôt : Nadia", "Avis de taxe foncière"],
    "date_limite": "2026-12-24",
}


def file(
    service: Starlette,
    cle: str = "nadia",
    *,
    etat: Etat = Etat.DEPOSEE,
    missing: bool = False,
    events: Sequence[tuple[str, int]] = (),
    deposee_le: datetime = FILED,
    **changes: Any,
) -> str:
    """File a demande for this account; `events`: what happened, and how many days later. Returns its reference."""
    number = next(_numbers)
    reference = f"C2S-2026-{number:06d}"
    body = accuse(reference, **(MISSING if missing else {}))
    with database(service) as db, writing(db):
        compte = compte_of(db, cle)
        assert compte.id is not None
        demande = DemandeDeposee(
            reference=reference,
            compte_id=compte.id,
            caisse=read_assure(ring(service), compte).caisse,
            brouillon=f"brouillon-{number}",
            deposee_le=deposee_le,
            etat=etat,
            format=FORMAT,
            complete=not missing,
            date_limite=body.date_limite,
            empreinte=body.empreinte,
            instantane=b"",
            **changes,
        )
        db.add(demande)
        db.flush()
        assert demande.id is not None
        db.add(
            Echange(
                id=accuse_id(reference),
                compte_id=compte.id,
                demande_id=demande.id,
                le=deposee_le,
                genre="accuse",
                corps=seal_body(ring(service), accuse_id(reference), body),
            )
        )
        for quoi, days in (("deposee", 0), *events):
            le = deposee_le + timedelta(days=days)
            db.add(Evenement(demande_id=demande.id, le=le, qui="caisse" if days else "assuré", quoi=quoi))
    return reference


def accuse_id(reference: str) -> str:
    """The id of the accusé of a demande filed here."""
    return f"acc{int(reference[-6:])}"


def rows(service: Starlette, table: Any, *where: Any) -> list[Any]:
    """What a table holds."""
    with database(service) as db:
        return list(
            db.exec(select(table).where(*where).order_by(*(col(c) for c in table.__table__.primary_key)))
        )


def damage(db: Session, table: type[SQLModel], sealed: str, *where: Any) -> None:
    """A bit changes in what these rows seal."""
    for row in db.exec(select(table).where(*where)):
        whole = getattr(row, sealed)
        setattr(row, sealed, whole[:-1] + bytes([whole[-1] ^ 1]))
        db.add(row)


def filed_pieces(db: Session, ring: KeyRing, demande: DemandeDeposee) -> Iterator[tuple[Piece, str, bytes]]:
    """The documents of a demande, each with the name its owner gave it and its key."""
    for piece in pieces_of(db, demande):
        yield piece, *open_filed(ring, piece)
