"""The number of an account that is erased may be the next one's on SQLite: a request under way does not take one for the other."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, select
from starlette.applications import Starlette

from app.settings import SESSION_LIFETIME
from app.store.abonnements import subscribe
from app.store.comptes import add_compte, read_assure
from app.store.conservation import belongings_of, erase_compte
from app.store.database import writing
from app.store.liens import link
from app.store.sessions import SessionOver, find_session, open_session
from app.store.tables import Abonnement, Compte, LienFournisseur, SessionOuverte
from tests.support.browser import Browser
from tests.support.filed import compte_of, database, ring, rows
from tests.support.household import compte_de
from tests.support.office import with_key
from tests.support.runner import run

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


def replaced_once_its_session_is_found(
    service: Starlette, cle: str, monkeypatch: pytest.MonkeyPatch, then: Callable[[], None] = lambda: None
) -> None:
    """The next request finds its session; before it goes on, its account is replaced."""
    find = find_session

    def found_then_replaced(*asked: Any) -> Any:
        found = find(*asked)
        monkeypatch.setattr("app.web.ask.find_session", find)
        replace(service, cle)
        then()
        return found

    monkeypatch.setattr("app.web.ask.find_session", found_then_replaced)


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
    before = compte_de(service, cle)
    replaced_once_its_session_is_found(service, cle, monkeypatch)
    assert client.press("Enregistrer", fields).path == "/session-expiree"
    with database(service) as db:
        new = newest(db)
        assert read_assure(ring(service), new).model_copy(update={"nir": before.nir}) == before
    assert rows(service, Abonnement) == []


def newest(db: Session) -> Compte:
    found = db.exec(select(Compte).order_by(col(Compte.id).desc())).first()
    assert found is not None
    return found


def give_news_and_a_link(service: Starlette) -> None:
    """The newest account is written to, FranceConnect opens it, and it is open."""
    now = service.state.house.settings.clock()
    with database(service) as db:
        compte = newest(db)
        assert compte.id is not None
        subscribe(db, ring(service), compte.id, "la-sienne@courriel.example", now)
        with writing(db):
            link(db, ring(service), compte, "son nom", now)
            open_session(db, compte, now, SESSION_LIFETIME)


def assert_nothing_of_the_new_account_is_gone(service: Starlette) -> None:
    for table in (Abonnement, LienFournisseur, SessionOuverte):
        assert len(rows(service, table)) == 1, table
    with database(service) as db:
        assert newest(db).delie_le is None


@pytest.mark.parametrize(
    ("page", "button", "fields"),
    [
        ("/informations/nouvelles", "Enregistrer", {"recevoir": None, "courriel": ""}),
        ("/informations", "Ne plus ouvrir ce compte avec FranceConnect", {}),
    ],
)
def test_what_a_person_stops_goes_on_for_another_account(
    client: Browser,
    service: Starlette,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    button: str,
    fields: dict[str, Any],
) -> None:
    cle = last_account(service)
    give_news_and_a_link(service)
    client.sign_in(cle)
    client.get(page)
    replaced_once_its_session_is_found(service, cle, monkeypatch, lambda: give_news_and_a_link(service))
    assert client.press(button, fields).path == "/session-expiree"
    assert_nothing_of_the_new_account_is_gone(service)


@pytest.mark.parametrize("command", ["delier", "supprimer"])
def test_a_command_reaches_no_other_account_than_that_of_its_number(
    service: Starlette, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """The account is replaced once it is found: for long, while the operator is asked whether to erase it."""
    cle = last_account(service)
    number = compte_de(service, cle).nir
    steps: dict[str, tuple[Any, str]] = {
        "delier": (writing, "app.commands.debloquer.writing"),
        "supprimer": (belongings_of, "app.commands.supprimer.belongings_of"),
    }
    step, where = steps[command]

    def replaced_before(*asked: Any) -> Any:
        replace(service, cle)
        give_news_and_a_link(service)
        return step(*asked)

    monkeypatch.setattr(where, replaced_before)
    result = run(service, "assures", command, given=f"{with_key(number)}\noui\n")
    assert result.exit_code == (1 if command == "delier" else 0), result.output
    assert_nothing_of_the_new_account_is_gone(service)
