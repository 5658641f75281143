"""`c2s satisfaction` : combien d'avis, leur moyenne, leur répartition."""

import json

from starlette.applications import Starlette

from app.store.database import writing
from app.store.tables import Satisfaction
from tests.conftest import TODAY
from tests.support.filed import database
from tests.support.runner import done


def give(service: Starlette, *notes: int) -> None:
    with database(service) as db, writing(db):
        db.add_all(Satisfaction(le=TODAY, note=note) for note in notes)


def test_without_any_answer(service: Starlette) -> None:
    assert done(service, "satisfaction") == "Aucun avis pour le moment.\n"
    assert json.loads(done(service, "satisfaction", "--json")) == {
        "nombre": 0,
        "moyenne": None,
        "repartition": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 0},
    }


def test_the_mean_and_the_shares(service: Starlette) -> None:
    give(service, 5, 5, 4, 1, 5, 4)
    said = done(service, "satisfaction").splitlines()
    assert said[0] == "6 avis. Note moyenne : 4 sur 5."
    assert [line.rstrip("# ").rsplit(maxsplit=1) for line in said[1:]] == [
        ["5, tout à fait", "3"],
        ["4, plutôt oui", "2"],
        ["3, moyennement", "0"],
        ["2, plutôt non", "0"],
        ["1, pas du tout", "1"],
    ]
    assert json.loads(done(service, "satisfaction", "--json"))["repartition"] == {
        "1": 1, "2": 0, "3": 0, "4": 2, "5": 3,
    }  # fmt: skip


def test_the_mean_has_one_decimal_rounded(service: Starlette) -> None:
    give(service, 4, 3, 3, 4)
    assert "Note moyenne : 3,5 sur 5." in done(service, "satisfaction")
    assert json.loads(done(service, "satisfaction", "--json"))["moyenne"] == 3.5
