"""What a page and an answer cost, in what can be counted: questions to the database, connections, drawings."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
import sqlalchemy as sa
from sqlmodel import Session
from starlette.applications import Starlette

from app.domain.demande import Demande
from app.domain.dossier import Dossier
from app.forms.form import Question, Value
from app.settings import Settings
from app.steps import situation
from app.store.database import reading, writing
from app.store.prepared import Prepared
from app.store.tables import Caisse
from app.web import ask, draft, house
from tests.conftest import TODAY
from tests.support.browser import Browser
from tests.support.drafts import arrive_at
from tests.support.household import ETAPE_1, compte_de
from tests.web.test_draft import big_household

PAGE = "/demande/situation"


@contextmanager
def counted(service: Starlette) -> Iterator[SimpleNamespace]:
    """What is asked of the database, on how many connections, by how many sessions of the ORM that reach it."""
    engine, found = service.state.house.engine, SimpleNamespace(asked=[], connections=0, sessions=0)
    put_to_the_driver = Prepared.first

    def first(*about: Any, **values: Any) -> Any:
        found.asked.append("SELECT")
        return put_to_the_driver(*about, **values)

    def ask(_: Any, __: Any, statement: str, *___: Any) -> None:
        found.asked.append(statement.split()[0])

    def connect(*_: Any) -> None:
        found.connections += 1

    def begin(*_: Any) -> None:
        found.sessions += 1

    watched = (
        (engine, "before_cursor_execute", ask),
        (engine, "checkout", connect),
        (Session, "after_begin", begin),
    )
    for where, what, how in watched:
        sa.event.listen(where, what, how)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Prepared, "first", first)
            yield found
    finally:
        for where, what, how in watched:
            sa.event.remove(where, what, how)


def test_a_page_of_the_demarche_asks_for_its_session_and_nothing_else(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive_at(client, service, "situation")
    monkeypatch.delattr(ask, "reading")  # no session of the ORM is even made
    with counted(service) as cost:
        assert client.get(PAGE).status == 200
    assert (cost.asked, cost.connections, cost.sessions) == (["SELECT"], 1, 0)


def test_an_answer_asks_for_its_session_and_writes_nothing(client: Browser, service: Starlette) -> None:
    arrive_at(client, service, "situation")
    sent = {"jeton": client.token, **ETAPE_1, "action": "suivant"}
    with counted(service) as cost:
        assert client.client.post(PAGE, data=sent, follow_redirects=False).status_code == 303
    assert (cost.asked, cost.connections, cost.sessions) == (["SELECT"], 1, 0)


def test_a_handler_that_writes_does_so_on_the_connection_of_its_request(
    client: Browser, service: Starlette
) -> None:
    client.sign_in("nadia")
    client.get("/demande")
    with counted(service) as cost:
        client.press("Je démarre ma demande")
    assert cost.asked.count("BEGIN") == 1
    assert cost.connections == 2  # one for the answer, one for the page it leads to


def test_the_frame_is_drawn_once(
    client: Browser, make_client: Callable[[], Browser], service: Starlette
) -> None:
    cadre = service.state.house.env.globals["cadre"]
    arrive_at(client, service, "foyer")
    client.get("/demande/foyer")
    drawn = {name: macro.cache_info().misses for name, macro in vars(cadre).items()}
    assert all(drawn.values())
    other = make_client()
    arrive_at(other, service, "foyer", compte="awa")
    other.get("/demande/foyer")
    assert {name: macro.cache_info().misses for name, macro in vars(cadre).items()} == drawn


def test_what_is_drawn_once_is_told_nothing_of_anybody(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = service.state.house.env
    told: list[Any] = []

    def telling(macro: Any) -> Any:
        def draw(*about: Any) -> Any:
            told.extend(about)
            return macro(*about)

        return draw

    telltale = SimpleNamespace(**{name: telling(macro) for name, macro in vars(env.globals["cadre"]).items()})
    monkeypatch.setitem(env.globals, "cadre", telltale)  # tests share their templates
    arrive_at(client, service, "validation")
    client.press("Je valide ma demande", certifie="oui")
    for path in ("/demarches", "/echanges", "/informations", *client.page.links().values()):
        if path.startswith("/"):
            client.get(path)
    assert {type(said) for said in told} == {bool, int, str}
    assert {said for said in told if isinstance(said, str)} <= env.globals["CADRE"] | {""}


def test_a_field_is_drawn_once_and_what_is_typed_in_it_every_time(
    client: Browser, make_client: Callable[[], Browser], service: Starlette
) -> None:
    for question in _declared(service).values():
        question.keep_drawings()  # none so far, whatever ran before
    arrive_at(client, service, "situation")
    client.get(PAGE)
    kept = _drawings(service)
    assert {name for _, (_, name, *_) in kept} == {
        "caf",
        "caf_numero",
        "changement",
        "changement_type",
        "nationalite",
    }
    other = make_client()
    arrive_at(other, service, "situation", compte="awa")
    other.get(PAGE)
    assert _drawings(service) == kept
    other.press("Suivant", caf="oui", caf_numero="7654321", nationalite="fr")
    other.get(PAGE)
    refused = {"action": "suivant", "nationalite": "Wakanda", "caf": "peut-être"}
    assert "Choisissez une des trois" in other.post(PAGE, refused).text
    assert {value for value, _ in _drawings(service)} == {"", "oui", "fr"}


def _drawings(service: Starlette) -> set[tuple[Value, Any]]:
    """What is kept of what was drawn of étape 1, today."""
    return {
        (value, what)
        for question in _declared(service).values()
        for value, drawn in question.drawings.items()
        for what in drawn
    }


def _declared(service: Starlette) -> dict[str, Question]:
    dossier = Dossier(Demande(id="x", ouverte_le=TODAY), compte_de(service, "nadia"), TODAY)
    return situation.ASKED.questions(dossier)


def test_a_question_made_for_a_person_keeps_no_drawing(service: Starlette) -> None:
    declared = _declared(service)["nationalite"]
    assert declared.drawings
    assert not replace(declared, label="Nationalité de Léo").drawings


def test_a_page_is_compressed_with_the_memory_that_it_needs(client: Browser) -> None:
    with client.client.stream("GET", "/connexion", headers={"Accept-Encoding": "br"}) as answer:
        raw = next(answer.iter_raw())
    assert answer.headers["content-encoding"] == "br"
    assert raw[0] & 1 == 0  # RFC 7932, 9.1: a window of 64 KiB; a larger one costs more than the compression


def test_a_caisse_is_read_again_after_a_minute(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(house, "time", SimpleNamespace(monotonic=lambda: clock.now))
    client.sign_in("nadia")
    with reading(service.state.house.engine) as db, writing(db):
        db.execute(sa.update(Caisse).values(nom="Une autre caisse"))
    clock.now += house.CAISSE_IS_RECENT - 1
    assert "Une autre caisse" not in client.get("/demarches").text
    clock.now += 1
    assert "Une autre caisse" in client.get("/demarches").text


def test_short_answers_are_compressed_fast_and_long_ones_well(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    qualities: list[tuple[bool, int]] = []

    def compress(clear: bytes, quality: int, lgwin: int) -> bytes:
        qualities.append((len(clear) < draft.SHORT, quality))
        return bytes(brotli.compress(clear, quality=quality, lgwin=lgwin))

    monkeypatch.setattr(draft, "brotli", SimpleNamespace(compress=compress))
    for demande in (Demande(id="x", ouverte_le=TODAY), big_household(30)):
        draft.seal_draft(settings, draft.Draft(demande, b"k" * 32), "t" * 43, b"s" * 32)
    assert qualities == [(True, draft.FAST), (False, draft.BEST)]
