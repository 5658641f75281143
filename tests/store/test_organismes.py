"""La recherche d'un organisme par son nom : ce qu'elle pardonne, et ce qu'elle ne trouve plus."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.store import database
from app.store.database import reading, writing
from app.store.organismes import add_organismes, find_organismes, organisme
from app.store.tables import OrganismeGestionnaire
from app.store.text import indexed_words, normalise, searched_words
from app.store.versions import migrate
from tests.support.data import ENGINES, new_base, on_engine
from tests.support.liste import filled, rows


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    with on_engine(request.param), filled(tmp_path_factory.mktemp("liste")) as engine:
        yield engine


@pytest.fixture
def db(engine: sa.Engine) -> Iterator[Session]:
    with reading(engine) as db:
        yield db


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Cœur d'Exemple", "coeur d exemple"),
        ("ST ÉTIENNE", "saint etienne"),
        ("Ste-Cécile", "sainte cecile"),
        ("Beauce & Berry", "beauce et berry"),
        ("  ", ""),
        ("日本", ""),
    ],
)
def test_one_spelling(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_a_name_is_found_by_its_words_whole_or_joined() -> None:
    assert {"mfe", "m", "f", "e"} <= indexed_words("M.F.E.")
    assert {"grand", "large", "grandlarge"} <= indexed_words("Grand-Large")
    assert searched_words("Mutuelle de la Mer") == ["mutuelle", "mer"]
    assert searched_words("la") == ["la"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("solidaire", "Mutuelle Solidaire Inventée"),
        ("SOLIDAIRE inventee", "Mutuelle Solidaire Inventée"),
        ("soli inv", "Mutuelle Solidaire Inventée"),
        ("inventée solidaire", "Mutuelle Solidaire Inventée"),
        ("etoile", "MUTUELLE EXEMPLE DE L'ÉTOILE"),
        ("mutuelle de l’étoile", "MUTUELLE EXEMPLE DE L'ÉTOILE"),
        ("saint eloi", "Prévoyance Exemple St-Éloi"),
        ("St-Eloi", "Mutuelle Fictive Saint-Éloi"),
        ("sainte cécile", "Mutuelle Imaginaire Ste-Cécile"),
        ("oeuvre", "Œuvre Fictive de Prévoyance"),
        ("coeur", "Cœur d'Exemple Santé"),
        ("noel et zoe", "Assurance Inventée Noël & Zoé"),
        ("mfe", "M.F.E., Mutuelle Fictive des Écoliers"),
        ("m.f.e.", "M.F.E., Mutuelle Fictive des Écoliers"),
        ("lentraide factice", "L'Entraide Factice"),
        ("mutuexemple", "Mutu'Exemple"),
        ("porte bonheur", "Assurance Fictive Porte-Bonheur"),
        ("1901", "Prévoyance Factice 1901"),
        (
            "interprofessionnelle métiers vallées",
            "Mutuelle Exemple Interprofessionnelle des Métiers Imaginaires de la Mer, de la Montagne et des Vallées",
        ),
    ],
)
def test_a_name_is_found_however_it_is_spelt(db: Session, typed: str, said: str) -> None:
    assert said in {row.nom for row in find_organismes(db, typed, limit=500).rows}


def test_every_office_is_found_by_its_name_and_by_its_town(db: Session) -> None:
    """Each of them on one engine; one in ten on the other, which has the same questions."""
    every = 1 if db.get_bind().dialect.name == ENGINES[0] else 10
    for row in rows()[::every]:
        by_name = find_organismes(db, row["nom"], departement=row["departement"], limit=100)
        assert row["code"] in {found.code for found in by_name.rows}, row
        by_town = find_organismes(db, ville=row["commune"], departement=row["departement"], limit=100)
        assert row["code"] in {found.code for found in by_town.rows}, row
        by_code = find_organismes(db, ville=row["code_postal"], limit=100)
        assert row["code"] in {found.code for found in by_code.rows}, row


def test_a_beginning_in_the_middle_of_a_word_is_not_enough(db: Session) -> None:
    assert find_organismes(db, "olidaire").total == 0


@pytest.mark.parametrize(
    "text",
    [
        "%",
        "_",
        "'",
        '"; drop table organisme; --',
        "\x00",
        "a" * 100_000,
        "é" * 3_000,
        "x " * 5_000,
        "\\",
        "*",
        "\ud83d\ude00",
        "-1",
    ],
)
def test_hostile_text_never_fails(db: Session, text: str) -> None:
    for fields in ((text, "", ""), ("", text, ""), ("", "", text), (text, text, text)):
        assert find_organismes(db, *fields).total >= 0
    assert find_organismes(db, "mutuelle").total > 0


def test_a_longer_list_begins_with_the_shorter_one(db: Session) -> None:
    whole = find_organismes(db, "mutuelle", limit=500).rows
    for limit in range(5, 35, 5):
        assert find_organismes(db, "mutuelle", limit=limit).rows == whole[:limit]
    places = [(row.commune_cherchee, row.nom) for row in whole]
    assert places == sorted(places)


@pytest.mark.engines
def test_an_organisme_that_left_the_list_is_not_found(backend: str, tmp_path: Path) -> None:
    engine = database.open_database(new_base(tmp_path))
    migrate(engine)
    with reading(engine) as db:
        with writing(db):
            add_organismes(db, [row for row in rows() if row["commune"] == "Paris"])
            db.get_one(OrganismeGestionnaire, "DEMO-7504").actif = False
        assert "DEMO-7504" not in {row.code for row in find_organismes(db, ville="Paris", limit=100).rows}
        assert find_organismes(db, "l'aide exemple").total == 0
        assert find_organismes(db, ville="75004").total == 1
        assert organisme(db, "DEMO-7504") is None
        assert organisme(db, "inconnu") is None
        found = organisme(db, "DEMO-7505")
        assert found is not None
        assert found.code == "DEMO-7505"
    engine.dispose()


@pytest.mark.engines
def test_an_empty_list_finds_nothing(backend: str, tmp_path: Path) -> None:
    engine = database.open_database(new_base(tmp_path))
    migrate(engine)
    with reading(engine) as db:
        with writing(db):
            assert add_organismes(db, []) == 0
        for fields in (("a", "", ""), ("", "Paris", ""), ("", "", "01"), ("", "", "")):
            assert find_organismes(db, *fields).total == 0
    engine.dispose()
