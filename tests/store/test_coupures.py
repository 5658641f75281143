"""The database and the store of objects are killed for real: a page with a way on, then all goes on without a restart."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.files.objects import ObjectShelf
from app.files.transfer import transfer
from app.settings import SESSION_LIFETIME
from app.store.database import forget_for_good, reading, writing
from app.store.sweep import sweep
from app.store.tables import DemandeDeposee, PieceEnAttente, Satisfaction, SessionOuverte
from tests.store.test_postgresql import in_the_files_of_the_server
from tests.support import objects, postgres, samples
from tests.support.browser import Browser, Page
from tests.support.disk import on_disk
from tests.support.filed import compte_of
from tests.support.soon import eventually
from tests.support.waiting import send
from tests.support.walk import walk_to

pytestmark = pytest.mark.xdist_group("objets")
WRITERS, MANY = 4, 40
Make = Callable[..., Starlette]


def assert_told(page: Page) -> None:
    """A page that says so, and when to try again."""
    assert page.status == 503
    assert page.response.headers["retry-after"]
    assert page.main


@pytest.mark.engines("postgresql")
def test_a_demarche_that_the_database_cuts_short_is_begun_again_and_filed(make_service: Make) -> None:
    """No restart; what was under way is over, as after a sign-out, and the page says so."""
    service = make_service()
    nadia = Browser(TestClient(service))
    nadia.start("nadia")
    walk_to(nadia, "/demande/pieces")
    send(nadia, "avis_moi", ("avis.pdf", samples.pdf()))
    lost = set(waiting(service))
    form = nadia.page.hidden | {"bien": "non", "etranger": "non", "action": "suivant"}
    with postgres.crashed():
        assert_told(nadia.get("/demande/recapitulatif"))
        assert_told(Page(nadia.client.post("/demande/pieces", data=form)))
        assert_told(nadia.get("/connexion"))
        assert nadia.get("/sante").status == 503
    assert nadia.get("/demande/pieces").path == "/session-expiree"
    assert nadia.get("/sante").status == 200
    assert (len(lost), waiting(service)) == (1, [])
    nadia.start("nadia")
    page = walk_to(nadia, "/demande/terminee")
    with reading(service.state.house.engine) as db:
        [filed] = db.exec(select(DemandeDeposee).where(DemandeDeposee.compte_id == compte_of(db, "nadia").id))
        assert filed.reference in page.main
        forget_strays(db, service)
    assert not lost & set(service.state.house.shelf.names())


@pytest.mark.engines("postgresql")
def test_a_database_that_crashes_under_writers_keeps_what_it_acknowledged(make_service: Make) -> None:
    service = make_service()
    engine = service.state.house.engine
    nadia, benoit = Browser(TestClient(service)), Browser(TestClient(service))
    nadia.start("nadia")
    accepted = walk_to(nadia, "/demande/terminee").main
    benoit.start("benoit")
    with reading(engine) as db:
        secrets = set(db.exec(select(SessionOuverte.secret)))
        reference = max(db.exec(select(DemandeDeposee.reference)))
    assert reference in accepted
    kept: list[int | None] = []

    def write(_: int) -> None:
        with reading(engine) as db, suppress(sa.exc.DBAPIError):
            while True:
                note = Satisfaction(le=date(2026, 11, 24), note=5)
                with writing(db):
                    db.add(note)
                kept.append(note.id)

    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, at) for at in range(WRITERS)]
        eventually(lambda: len(kept) > MANY)
        with postgres.crashed():
            for writer in writers:
                writer.result()
            assert_told(benoit.get("/demande/situation"))
    assert benoit.get("/demande/situation").path == "/session-expiree", (
        "the sessions are over, and a sign-in is offered"
    )
    assert reference in nadia.sign_in("nadia").main
    with reading(engine) as db:
        assert set(kept) <= set(db.exec(select(Satisfaction.id)))
    assert not any(map(in_the_files_of_the_server, secrets))


@pytest.fixture
def on_store(make_service: Make, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    for name, value in objects.KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("app.files.objects.RETRIES", 0)
    url, first = objects.bucket(), make_service()
    for _ in transfer(first.state.house.shelf, ObjectShelf(url)):
        pass
    first.state.house.engine.dispose()
    return make_service(files_url=url)


@pytest.fixture
def nadia(on_store: Starlette) -> Browser:
    """Nadia, who has sent a file."""
    browser = Browser(TestClient(on_store))
    browser.start("nadia")
    walk_to(browser, "/demande/pieces")
    assert "avis.pdf" in send(browser, "avis_moi", ("avis.pdf", samples.pdf())).main
    return browser


def forget_strays(db: Session, service: Starlette) -> None:
    """A sweep that comes after a day."""
    house = service.state.house
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.store.sweep.SPARED", -1)
        patch.setattr("app.store.sweep.KEPT_ASIDE", -1)
        sweep(db, house.shelf, house.settings.clock())


def waiting(service: Starlette) -> list[str]:
    with reading(service.state.house.engine) as db:
        return list(db.exec(select(PieceEnAttente.id)))


def test_a_store_that_is_killed_is_found_again(on_store: Starlette, nadia: Browser) -> None:
    shelf = on_store.state.house.shelf
    [name] = waiting(on_store)
    sealed = shelf.get(name)
    with objects.crashed():
        assert_told(send(nadia, "avis_moi", ("autre.pdf", samples.pdf(pages=3))))
        assert nadia.get("/sante").status == 503
    assert nadia.get("/sante").status == 200
    assert waiting(on_store) == [name]
    assert shelf.get(name) == sealed
    nadia.get("/demande/pieces")
    assert "autre.pdf" in send(nadia, "avis_moi", ("autre.pdf", samples.pdf(pages=3))).main
    assert walk_to(nadia, "/demande/terminee").status == 200


@pytest.mark.parametrize("expires", [True, False])
def test_a_session_that_ends_leaves_no_object(on_store: Starlette, nadia: Browser, *, expires: bool) -> None:
    house = on_store.state.house
    [name] = waiting(on_store)
    assert name in set(house.shelf.names())
    if expires:
        with reading(house.engine) as db:
            sweep(db, house.shelf, house.settings.clock() + SESSION_LIFETIME)
    else:
        nadia.sign_out()
    assert name not in {*house.shelf.names(), *house.shelf.aside()}


def test_nobody_stays_signed_in_because_the_store_is_down(on_store: Starlette, nadia: Browser) -> None:
    house = on_store.state.house
    [name] = waiting(on_store)
    with reading(house.engine) as db:
        [secret] = db.exec(select(SessionOuverte.secret))
        [key] = db.exec(select(PieceEnAttente.cle))
    with objects.crashed():
        assert nadia.sign_out().h1 == "Vous avez quitté votre compte"
        assert nadia.get("/demande/pieces").path == "/connexion"
        forget_for_good(house.engine)
        written = on_disk(house.settings, store=False)
        assert not [what for what in (secret, key, name.encode()) if what in written]
    with reading(house.engine) as db:
        forget_strays(db, on_store)
    assert name not in {*house.shelf.names(), *house.shelf.aside()}


def test_a_session_that_expires_while_the_store_is_down_is_swept_once_it_answers(
    on_store: Starlette, nadia: Browser
) -> None:
    house, later = on_store.state.house, on_store.state.house.settings.clock() + SESSION_LIFETIME
    [name] = waiting(on_store)
    with reading(house.engine) as db:
        with objects.crashed(), pytest.raises(OSError, match="does not answer"):
            sweep(db, house.shelf, later)
        assert sweep(db, house.shelf, later).sessions == 1
    assert waiting(on_store) == []
    assert name not in {*house.shelf.names(), *house.shelf.aside()}
