"""The link between an account and an identity provider: made, followed, replaced, undone, kept through new keys."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from app.domain.pivot import Pivot
from app.files.sealing import KeyRing
from app.store.comptes import read_assure, write_assure
from app.store.database import writing
from app.store.keys import key_usage, needs, reseal
from app.store.liens import MOST_HOMONYMS, compte_of, link, linked_on, read_sub, unlink
from app.store.tables import Compte, LienFournisseur
from tests.support.disk import on_disk
from tests.support.filed import compte_of as demo_account
from tests.support.filed import damage, database, ring

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
NADIA, MARC = "https://fournisseur.exemple abc", "https://fournisseur.exemple def"


@pytest.fixture
def db(service: Any) -> Iterator[Session]:
    with database(service) as opened:
        yield opened


@pytest.fixture
def keys(service: Any) -> KeyRing:
    return ring(service)


def pivot_of(keys: KeyRing, compte: Compte, **other: Any) -> Pivot:
    """What the provider certifies of this person."""
    assure = read_assure(keys, compte)
    said = {
        "nom": assure.nom_naissance.upper(),
        "prenoms": assure.prenoms,
        "naissance": assure.naissance,
        "sexe": "F" if assure.nir[0] == "2" else "M",
        "commune": assure.nir[5:10],
    }
    return Pivot.model_validate(said | other)


def test_an_account_is_found_by_what_is_certified(db: Session, keys: KeyRing) -> None:
    nadia = demo_account(db, "nadia")
    assert compte_of(db, keys, NADIA, pivot_of(keys, nadia)) == nadia
    assert compte_of(db, keys, NADIA, pivot_of(keys, nadia, nom="AUTRE")) is None


def test_a_link_holds_when_the_birth_name_changes_and_not_when_the_person_does(
    db: Session, keys: KeyRing
) -> None:
    nadia = demo_account(db, "nadia")
    with writing(db):
        assert link(db, keys, nadia, NADIA, NOW)
    assert compte_of(db, keys, NADIA, pivot_of(keys, nadia, nom="AUTRE")) == nadia
    assert compte_of(db, keys, MARC, pivot_of(keys, nadia, nom="AUTRE")) is None
    born = {"nom": "AUTRE", "naissance": date(1970, 2, 2)}
    assert compte_of(db, keys, NADIA, pivot_of(keys, nadia, **born)) is None
    assert linked_on(db, nadia.id) == NOW


def test_a_link_that_contradicts_leaves_the_person_to_his_or_her_own_account(
    db: Session, keys: KeyRing
) -> None:
    nadia, marc = demo_account(db, "nadia"), demo_account(db, "marc")
    with writing(db):
        link(db, keys, nadia, MARC, NOW)
    assert compte_of(db, keys, MARC, pivot_of(keys, marc)) == marc
    with writing(db):
        assert link(db, keys, marc, MARC, NOW)
    assert (linked_on(db, nadia.id), linked_on(db, marc.id)) == (None, NOW)


def test_an_account_has_one_link_and_the_same_link_is_not_made_twice(db: Session, keys: KeyRing) -> None:
    nadia = demo_account(db, "nadia")
    with writing(db):
        assert link(db, keys, nadia, NADIA, NOW)
        assert not link(db, keys, nadia, NADIA, NOW)
        assert link(db, keys, nadia, MARC, NOW)
    assert read_sub(keys, db.get_one(LienFournisseur, nadia.id)) == MARC
    with writing(db):
        assert unlink(db, nadia.id, NOW)
        assert not unlink(db, nadia.id, NOW)
    assert linked_on(db, nadia.id) is None


def test_a_link_that_was_undone_is_made_again_by_a_number_only(db: Session, keys: KeyRing) -> None:
    nadia = demo_account(db, "nadia")
    with writing(db):
        link(db, keys, nadia, NADIA, NOW)
        unlink(db, nadia.id, NOW)
    db.expire_all()
    assert compte_of(db, keys, NADIA, pivot_of(keys, nadia)) is None
    with writing(db):
        assert link(db, keys, nadia, NADIA, NOW)
    assert compte_of(db, keys, NADIA, pivot_of(keys, nadia)) == nadia
    with writing(db):
        unlink(db, nadia.id, NOW)
        assert link(db, keys, nadia, NADIA, NOW)
    assert compte_of(db, keys, MARC, pivot_of(keys, nadia)) == nadia, "found again by its civil status too"


def test_of_homonyms_one_that_does_not_open_may_be_the_person(db: Session, keys: KeyRing) -> None:
    nadia, marc = demo_account(db, "nadia"), demo_account(db, "marc")
    pivot = pivot_of(keys, nadia)
    with writing(db):
        write_assure(keys, marc, read_assure(keys, nadia).model_copy(update={"nir": "2880693066104"}))
        db.add(marc)
    with writing(db):
        damage(db, Compte, "fiche", Compte.id == marc.id)
    assert compte_of(db, keys, NADIA, pivot) is None
    with writing(db):
        link(db, keys, nadia, NADIA, NOW)
    assert compte_of(db, keys, NADIA, pivot) == nadia, "her number and her password have said who she is"


def test_a_linked_account_that_does_not_open_is_none_and_no_other_is_hers(db: Session, keys: KeyRing) -> None:
    nadia, marc = demo_account(db, "nadia"), demo_account(db, "marc")
    pivot = pivot_of(keys, nadia)
    with writing(db):
        link(db, keys, marc, NADIA, NOW)
    with writing(db):
        damage(db, Compte, "fiche", Compte.id == marc.id)
    assert compte_of(db, keys, NADIA, pivot) is None
    with writing(db):
        link(db, keys, nadia, NADIA, NOW)
    assert compte_of(db, keys, NADIA, pivot) == nadia


def test_too_many_homonyms_are_nobody(db: Session, keys: KeyRing) -> None:
    """Among so many accounts under one name, one that is recognised is not certain to be the only one."""
    nadia = demo_account(db, "nadia")
    pivot = pivot_of(keys, nadia)
    with writing(db):
        for rank in range(MOST_HOMONYMS):
            other = read_assure(keys, nadia).model_copy(
                update={"nir": f"28606759901{rank + 10}"[:13], "prenoms": ("Lise",)}
            )
            compte = Compte(index_nir=f"x{rank}", fiche=b"", mot_de_passe="")
            db.add(compte)
            db.flush()
            write_assure(keys, compte, other.model_copy(update={"naissance": pivot.naissance}))
            db.add(compte)
    assert compte_of(db, keys, NADIA, pivot) is None


def test_a_link_is_sealed_again_under_a_new_key_and_found_under_it_alone(db: Session, keys: KeyRing) -> None:
    nadia = demo_account(db, "nadia")
    with writing(db):
        link(db, keys, nadia, NADIA, NOW)
    new = b"n" * 32
    both = KeyRing([new, *keys._keys.values()])
    assert needs(key_usage(db), keys.ids[0])["lien"] == 1
    assert all(reseal(db, both))
    alone = KeyRing([new])
    nadia = demo_account(db, "nadia")
    assert compte_of(db, alone, NADIA, pivot_of(alone, nadia, nom="AUTRE")) == nadia


def test_a_sub_has_a_meaning_for_its_issuer_only(db: Session, keys: KeyRing) -> None:
    nadia = demo_account(db, "nadia")
    with writing(db):
        link(db, keys, nadia, NADIA, NOW)
    unlike = pivot_of(keys, nadia, nom="AUTRE")
    assert compte_of(db, keys, NADIA, unlike) == nadia
    assert compte_of(db, keys, NADIA.replace("fournisseur", "autre"), unlike) is None


def test_neither_a_name_nor_a_sub_is_written_in_clear(db: Session, keys: KeyRing, service: Any) -> None:
    nadia = demo_account(db, "nadia")
    with writing(db):
        link(db, keys, nadia, NADIA, NOW)
    written = on_disk(service.state.house.settings)
    assert b"fournisseur.exemple" not in written
    assert NADIA.encode() not in written
