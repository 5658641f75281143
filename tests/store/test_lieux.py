"""La recherche d'un organisme par ville et par département : ce qui est compris, ce qui est dit."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.store import communes
from app.store.database import reading
from app.store.lieux import Trouble
from app.store.organismes import Found, find_organismes
from app.store.text import town_key
from tests.support.data import ENGINES, on_engine
from tests.support.liste import filled, rows


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    with on_engine(request.param), filled(tmp_path_factory.mktemp("liste")) as engine:
        yield engine


@pytest.fixture
def db(engine: sa.Engine) -> Iterator[Session]:
    with reading(engine) as db:
        yield db


def towns(found: Found) -> set[str]:
    return {town_key(row.commune) for row in found.rows}


@pytest.mark.parametrize(
    ("typed", "town"),
    [
        ("Paris", "paris"),
        ("PARIS", "paris"),
        ("st brieuc", "saintbrieuc"),
        ("Saint-Brieuc", "saintbrieuc"),
        ("bourg-en-bresse", "bourgenbresse"),
        ("Bourg en Br", "bourgenbresse"),
        ("Villeneuve d’Ascq", "villeneuvedascq"),
        ("villeneuve dascq", "villeneuvedascq"),
        ("vandoeuvre les nancy", "vandoeuvrelesnancy"),
        ("le havre", "lehavre"),
        ("havre", "lehavre"),
        ("Lyon Cedex 03", "lyon"),
        ("69439 Lyon Cedex 03", "lyon"),
        ("76059 Le Havre Cedex", "lehavre"),
        ("Marseille 13e arrondissement", "marseille"),
    ],
)
def test_a_town_is_found_however_it_is_spelt(db: Session, typed: str, town: str) -> None:
    found = find_organismes(db, ville=typed, limit=500)
    assert towns(found) == {town}, found.lieu
    assert not found.lieu.sans


def test_a_postcode_of_business_mail_says_its_departement(db: Session) -> None:
    alone, said = (find_organismes(db, ville=typed, limit=100) for typed in ("69399", "69399 CEDEX"))
    assert (said.rows, said.lieu.sans) == (alone.rows, "69399")
    assert said.lieu.departements == ("Rhône",)


def test_an_exact_town_comes_before_those_that_begin_so(db: Session) -> None:
    assert towns(find_organismes(db, ville="Bû", limit=100)) == {"bu"}
    assert towns(find_organismes(db, ville="Paris", limit=100)) == {"paris"}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("75001", {"75001"}),
        ("75 001", {"75001"}),
        ("75012 Paris", {"75012"}),
        ("Paris 12e", {"75012"}),
        ("Paris 12", {"75012"}),
        ("0100", {"01000"}),
        ("978", {"97150"}),
    ],
)
def test_a_post_code_or_its_beginning(db: Session, typed: str, codes: set[str]) -> None:
    assert {row.code_postal for row in find_organismes(db, ville=typed, limit=100).rows} == codes


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("01", {"01"}),
        ("1", {"01"}),
        ("ain", {"01"}),
        ("L’Ain", {"01"}),
        ("01 - Ain", {"01"}),
        ("2a", {"2A"}),
        ("Corse-du-Sud", {"2A"}),
        ("corse du sud", {"2A"}),
        ("corse", {"2A", "2B"}),
        ("20", {"2A", "2B"}),
        ("Haute Savoie", {"74"}),
        ("savoie", {"73"}),
        ("cote d or", {"21"}),
        ("974", {"974"}),
        ("978", {"971"}),
        ("977", {"971"}),
        ("la reunion", {"974"}),
    ],
)
def test_a_departement_by_its_name_or_its_number(db: Session, typed: str, codes: set[str]) -> None:
    found = find_organismes(db, departement=typed, limit=500)
    assert {row.departement for row in found.rows} == codes
    assert found.total == sum(row["departement"] in codes for row in rows())


def test_the_fields_complete_each_other(db: Session) -> None:
    every = find_organismes(db, "mutuelle", limit=500)
    in_paris = find_organismes(db, "mutuelle", "Paris", limit=500)
    assert 0 < in_paris.total < every.total
    assert {row.commune for row in in_paris.rows} == {"Paris"}
    assert find_organismes(db, "mutuelle", "Paris", "Paris", limit=500).total == in_paris.total
    assert find_organismes(db, "mutuelle", "Paris", "01").lieu.trouble is Trouble.AILLEURS


def test_a_town_without_organisme_shows_those_of_its_departement(db: Session) -> None:
    found = find_organismes(db, ville="ambronay", limit=100)
    assert (found.lieu.sans, found.lieu.departements) == ("Ambronay", ("Ain",))
    assert {row.departement for row in found.rows} == {"01"}
    assert find_organismes(db, ville="Ambrona", limit=100).lieu.sans == "Ambronay"
    assert find_organismes(db, "exemple", "ambronay", limit=100).total < found.total


def test_the_departement_comes_from_the_town_and_not_from_the_post_code(db: Session) -> None:
    found = find_organismes(db, ville="Saint-Pierre-Laval", limit=100)  # 42620, in the Allier
    assert found.lieu.departements == ("Allier",)
    assert {row.departement for row in found.rows} == {"03"}


def test_a_post_code_without_organisme_shows_the_departement(db: Session) -> None:
    found = find_organismes(db, ville="01300", limit=100)
    assert (found.lieu.sans, found.lieu.departements) == ("01300", ("Ain",))


@pytest.mark.parametrize(
    ("typed", "sans", "departement"),
    [
        ("977", "Saint-Barthélemy", "Guadeloupe"),
        ("76059", "76059", "Seine-Maritime"),
        ("20700", "20700", "Haute-Corse"),
    ],
)
def test_a_code_that_is_in_no_list_shows_its_departement(
    db: Session, typed: str, sans: str, departement: str
) -> None:
    found = find_organismes(db, ville=typed, limit=100)
    assert (found.lieu.sans, "".join(found.lieu.departements)) == (sans, departement)
    assert found.total


def test_a_town_on_a_river_is_abbreviated() -> None:
    assert town_key("Chalon s/Saône") == town_key("Chalon S/ Saône") == town_key("Chalon-sur-Saône")


def test_towns_of_the_same_name_are_told_apart(db: Session) -> None:
    served = find_organismes(db, ville="Saint-Denis", limit=100)
    assert {row.departement for row in served.rows} == {"93", "974"}
    assert served.lieu.homonymes
    in_aude = find_organismes(db, ville="Saint-Denis", departement="11", limit=100)
    assert (in_aude.lieu.sans, in_aude.lieu.homonymes) == ("Saint-Denis", False)
    none = find_organismes(db, ville="Saint-Sauveur", limit=5)
    assert len(none.lieu.departements) > 10
    assert none.lieu.homonymes


@pytest.mark.parametrize(
    ("ville", "departement", "trouble"),
    [
        ("Zzyzx", "", Trouble.VILLE),
        ("99999", "", Trouble.VILLE),
        ("123456789", "", Trouble.VILLE),
        ("日本", "", Trouble.VILLE),
        ("", "Zz", Trouble.DEPARTEMENT),
        ("", "99", Trouble.DEPARTEMENT),
        ("", "!!!", Trouble.DEPARTEMENT),
        ("Paris", "Zz", Trouble.DEPARTEMENT),
        ("Lyon", "Ain", Trouble.AILLEURS),
        ("Saint-Sulp", "", Trouble.VILLES),
    ],
)
def test_an_unknown_place_is_told(db: Session, ville: str, departement: str, trouble: Trouble) -> None:
    found = find_organismes(db, ville=ville, departement=departement)
    assert (found.total, list(found.rows), found.lieu.trouble) == (0, [], trouble)


def test_towns_are_read_only_once() -> None:
    communes._towns.cache_clear()
    assert communes._towns() is communes._towns()
    assert sum(len(line) for line in communes._towns()) < 3_000_000
