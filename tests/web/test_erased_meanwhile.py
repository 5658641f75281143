"""A demande that is erased while a page reads it: it is not there any more, and the account stays open."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from app.store.conservation import erase_demande
from app.store.tables import DemandeDeposee, Echange
from tests.support.browser import Browser
from tests.support.filed import accuse_id, database, file, rows
from tests.support.runner import file_demande
from tests.support.samples import pdf
from tests.web.test_completer import shelf, upload

pytestmark = pytest.mark.engines
SUIVI, DONNEES = "/suivi/{reference}", "/informations/donnees"
READS = {
    SUIVI: "app.web.suivi.find_demande",
    f"{SUIVI}/completer": "app.web.suivi.find_demande",
    "/echanges/{accuse}": "app.web.echanges.find_echange",
    "/echanges/{accuse}/accuse.pdf": "app.web.message_pdf.find_echange",
    "/demarches": "app.web.dashboard.demandes_of",
    "/demande": "app.web.start.open_demande",
    DONNEES: "app.web.donnees.demandes_of",
    f"{DONNEES}/mes-donnees.html": "app.web.donnees.demandes_of",
    f"{DONNEES}/mes-donnees.json": "app.store.mes_donnees.demandes_of",
}
Erase = Callable[[str], None]


@pytest.fixture
def erase_once_found(service: Starlette, monkeypatch: pytest.MonkeyPatch) -> Erase:
    """From now on, every demande is erased as soon as this function has found what it looks for."""

    def set_up(name: str) -> None:
        module, _, function = name.rpartition(".")
        find = getattr(import_module(module), function)

        def found_then_erased(*asked: Any) -> Any:
            found = find(*asked)
            with database(service) as db:
                for demande in db.exec(select(DemandeDeposee)).all():
                    erase_demande(db, service.state.house.shelf, demande)
            return found

        monkeypatch.setattr(name, found_then_erased)

    return set_up


@pytest.mark.parametrize("page", READS)
def test_a_page_that_read_it_answers(
    client: Browser, service: Starlette, erase_once_found: Erase, page: str
) -> None:
    reference = file_demande(service)
    (accuse,) = rows(
        service, Echange, col(Echange.id).startswith("a0"), Echange.demande_id == number(reference)
    )
    client.sign_in("nadia")
    erase_once_found(READS[page])
    answer = client.client.get(page.format(reference=reference, accuse=accuse.id))
    assert answer.status_code in (200, 404)
    assert rows(service, DemandeDeposee) == []


def number(reference: str) -> int:
    return int(reference[-6:])


def test_what_is_written_to_it_finds_nothing(
    client: Browser, service: Starlette, erase_once_found: Erase
) -> None:
    reference = file(service)
    client.sign_in("nadia")
    erase_once_found(READS[SUIVI])
    page = client.post(
        f"/suivi/{reference}/completer", {"message": "Bonjour."}, files=[upload("un.pdf", pdf())]
    )
    assert page.status == 404
    assert rows(service, Echange) == shelf(service) == []


def test_its_message_is_not_marked_as_read(
    client: Browser, service: Starlette, erase_once_found: Erase
) -> None:
    reference = file(service)
    client.sign_in("nadia")
    erase_once_found(READS["/echanges/{accuse}"])
    assert client.post(f"/echanges/{accuse_id(reference)}", {}).status == 404
    assert client.get("/demarches").status == 200


def test_a_demande_that_was_given_its_number_receives_nothing(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite gives the number of the last demande again, once it is erased."""
    reference = file(service)
    client.sign_in("nadia")
    (before,) = rows(service, DemandeDeposee, DemandeDeposee.reference == reference)
    find = import_module("app.web.suivi").find_demande
    taken: list[str] = []

    def found_then_replaced(*asked: Any) -> Any:
        found = find(*asked)
        with database(service) as db:
            erase_demande(db, service.state.house.shelf, db.get_one(DemandeDeposee, before.id))
        taken.append(file(service, "benoit", id=before.id))
        monkeypatch.setattr("app.web.suivi.find_demande", find)
        return found

    monkeypatch.setattr("app.web.suivi.find_demande", found_then_replaced)
    assert client.post(f"/suivi/{reference}/completer", {"message": "Bonjour."}).status == 404
    (only,) = rows(service, Echange, Echange.demande_id == before.id)
    assert only.id == accuse_id(taken[0])
