"""The number of an account that is erased may be the next one's on SQLite: a request under way does not take one for the other."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.applications import Starlette

from app.settings import SESSION_LIFETIME
from app.store.comptes import add_compte, read_assure
from app.store.conservation import erase_compte
from app.store.database import writing
from app.store.liens import link
from app.store.sessions import SessionOver, find_session, open_session
from app.store.tables import Abonnement, Compte, LienFournisseur, SessionOuverte
from tests.support.browser import Browser
from tests.support.filed import compte_of, database, ring, rows
from tests.support.household import compte_de

pytestmark = pytest.mark.engines
NIR = "2910475111299"


def last_account(service: Starlette) -> str:
    """The one whose number SQLite gives again."""
    with database(service) as db:
        return str(db.exec(select(Compte.demo).order_by(col(Compte.id).desc())).first())


def replace(service: Starlette, cle: str) -> None:
    """The account is erased, and another is opened."""
    house = service.state.house
    assure = compte_de(service, cle)
    with database(service) as db:
        gone = compte_of(db, cle).id
        erase_compte(
            db, house.shelf, house.ring, gone, assure.nir, house.settings.day(), house.settings.clock()
        )
        with writing(db):
            new = add_compte(db, house.ring, assure.model_copy(update={"nir": NIR}), "")
        assert (new.id == gone) is db.get_bind().dialect.name.startswith("sqlite")


@pytest.mark.parametrize(
    "write",
    [
        lambda db, service, compte: open_session(
            db, compte, service.state.house.settings.clock(), SESSION_LIFETIME
        ),
        lambda db, service, compte: link(
            db, ring(service), compte, "un nom", service.state.house.settings.clock()
        ),
    ],
    ids=["sign-in", "link"],
)
def test_a_sign_in_opens_no_other_account(
    service: Starlette, write: Callable[[Session, Starlette, Compte], object]
) -> None:
    """Its password was being checked."""
    cle = last_account(service)
    with database(service) as db:
        found = compte_of(db, cle)
        replace(service, cle)
        with pytest.raises(SessionOver), writing(db):
            write(db, service, found)
    assert rows(service, SessionOuverte) == rows(service, LienFournisseur) == []


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        (
            "/informations/coordonnees",
            {"courriel": "une-autre@courriel.example", "telephone": "06 39 98 10 08"},
        ),
        ("/informations/nouvelles", {"recevoir": "oui", "courriel": "une-autre@courriel.example"}),
    ],
)
def test_a_form_changes_no_other_account(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch, page: str, fields: dict[str, Any]
) -> None:
    cle = last_account(service)
    client.sign_in(cle)
    client.get(page)
    find, before = find_session, compte_de(service, cle)

    def found_then_replaced(*asked: Any) -> Any:
        found = find(*asked)
        monkeypatch.setattr("app.web.ask.find_session", find)
        replace(service, cle)
        return found

    monkeypatch.setattr("app.web.ask.find_session", found_then_replaced)
    assert client.press("Enregistrer", fields).path == "/session-expiree"
    with database(service) as db:
        new = db.exec(select(Compte).order_by(col(Compte.id).desc())).first()
        assert new is not None
        assert read_assure(ring(service), new).model_copy(update={"nir": before.nir}) == before
    assert rows(service, Abonnement) == []
