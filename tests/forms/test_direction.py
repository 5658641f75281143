"""A name that is read from right to left does not disorder the sentence it stands in."""

from datetime import date

import pytest
from starlette.applications import Starlette

from app.forms.typography import isolated, typo
from app.store.comptes import read_assure, write_assure
from app.store.database import writing
from app.store.tables import Compte
from tests.support.browser import Browser
from tests.support.filed import compte_of, database, ring
from tests.support.household import ETAPE_1


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("محمد (12 mars 2016), enfant", "\u2068محمد\u2069 (12\u00a0mars 2016), enfant"),
        ("Sami, محمد علي : 2 fichiers", "Sami, \u2068محمد علي\u2069\u00a0: 2\u00a0fichiers"),
        ("שרה, محمد", "\u2068שרה\u2069, \u2068محمد\u2069"),
        ("Zoé, 2 fichiers", "Zoé, 2\u00a0fichiers"),
    ],
)
def test_words_of_another_direction_are_isolated_once(text: str, kept: str) -> None:
    assert isolated(typo(text)) == typo(typo(text)) == kept


def test_an_imported_name_is_isolated_on_its_pages(client: Browser, service: Starlette) -> None:
    with database(service) as db, writing(db):
        compte = db.get_one(Compte, compte_of(db, "nadia").id)
        assure = read_assure(ring(service), compte)
        first = assure.enfants[0].model_copy(update={"prenom": "محمد", "naissance": date(2017, 3, 12)})
        enfants = (first, *assure.enfants[1:])
        write_assure(ring(service), compte, assure.model_copy(update={"enfants": enfants}))
        db.add(compte)
    client.start("nadia")
    page = client.press("Suivant", ETAPE_1)
    assert page.h1 == "Composition du foyer"
    assert page.main.count("محمد") == page.main.count("\u2068محمد\u2069") > 1
