"""Forty times at once: files sent, removed and given up, people removed. No page breaks, and what is left is coherent."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.files.limits import FILES_PER_EMPLACEMENT
from app.store.database import reading
from app.store.tables import PieceEnAttente, SessionOuverte
from tests.support import hostile, samples
from tests.support.browser import Browser, Page
from tests.support.hostile import ADDED
from tests.support.waiting import PIECES, send, shelf, waiting

pytestmark = pytest.mark.engines
TIMES = 40
Press = Callable[[Browser, str, dict[str, str], Any], Page]


@pytest.fixture
def service(patient: None, make_service: Callable[[], Starlette]) -> Starlette:
    """A service of this test alone: what waits in it belongs to its event loop."""
    return make_service()


@pytest.fixture
def portal(service: Starlette) -> Iterator[BlockingPortal]:
    """One event loop for all the clients, as in production; the sweep has run at its start."""
    with TestClient(service) as main:
        assert main.portal is not None
        yield main.portal


@pytest.fixture
def client(service: Starlette, portal: BlockingPortal) -> Browser:
    """Nadia, with everything answered, on étape 6."""
    return hostile.arrive(service, PIECES)


@pytest.fixture
def at_once(client: Browser, service: Starlette, portal: BlockingPortal) -> Callable[..., list[Page]]:
    """Press all of this together, each from a browser that holds the same cookies."""
    jar, token = list(client.client.cookies.jar), client.token

    def press(request: tuple[str, dict[str, str], Any]) -> Page:
        url, fields, files = request
        browser = TestClient(service)
        browser.portal = portal
        for cookie in jar:
            browser.cookies.set(cookie.name, cookie.value or "", domain=cookie.domain, path=cookie.path)
        page = Page(browser.post(url, data={"jeton": token, **fields}, files=files))
        assert page.status != 500
        return page

    def all_together(*requests: tuple[str, dict[str, str], Any]) -> list[Page]:
        with ThreadPoolExecutor(TIMES) as pool:
            return list(pool.map(press, requests))

    return all_together


def upload(slot: str, content: bytes, name: str = "avis.pdf") -> tuple[str, dict[str, str], Any]:
    return PIECES, {"envoyer": slot}, [(f"fichier_{slot}", (name, content, "application/pdf"))]


def kept(client: Browser, service: Starlette) -> list[str]:
    """The names of the files; each has its bytes, and no bytes lie without a file."""
    files = waiting(client, service)
    with reading(service.state.house.engine) as db:
        mine = set(db.exec(select(PieceEnAttente.id)))
    assert {file.id for file in files} == mine
    assert mine <= set(shelf(service).names())
    return sorted(file.nom for file in files)


def test_the_same_file_is_kept_once(
    client: Browser, service: Starlette, at_once: Callable[..., list[Page]]
) -> None:
    pages = at_once(*[upload("avis_moi", samples.pdf())] * TIMES)
    assert Counter(page.status for page in pages) == {200: TIMES}
    assert kept(client, service) == ["avis.pdf"]


def test_a_document_takes_ten_files_and_not_one_more(
    client: Browser, service: Starlette, at_once: Callable[..., list[Page]]
) -> None:
    pages = at_once(*(upload("avis_moi", samples.pdf(1, f"page {n}"), f"{n:02}.pdf") for n in range(16)))
    assert Counter(page.status for page in pages) == {
        200: FILES_PER_EMPLACEMENT,
        422: 16 - FILES_PER_EMPLACEMENT,
    }
    refused = [page for page in pages if page.status == 422]
    assert all("compte déjà 10 fichiers" in page.errors[0] for page in refused)
    assert len(kept(client, service)) == FILES_PER_EMPLACEMENT


def test_a_file_removed_forty_times_is_gone_once(
    client: Browser, service: Starlette, at_once: Callable[..., list[Page]]
) -> None:
    send(client, "avis_moi", ("avis.pdf", samples.pdf()))
    before = set(shelf(service).names())
    identity = waiting(client, service)[0].id
    pages = at_once(*[(PIECES, {"supprimer": identity}, None)] * TIMES)
    said = Counter("Fichier supprimé" in page.main for page in pages)
    assert said == {True: 1, False: TIMES - 1}
    assert all("n'est plus là" in page.main for page in pages if "Fichier supprimé" not in page.main)
    assert set(shelf(service).names()) == before - {identity}
    assert kept(client, service) == []


def test_somebody_removed_forty_times_is_removed(
    client: Browser, service: Starlette, at_once: Callable[..., list[Page]]
) -> None:
    pages = at_once(
        *[("/demande/beneficiaires", {"retirer": ADDED}, None)] * 20,
        *[("/demande/foyer", {"retirer": "k7qd"}, None)] * 20,
    )
    assert all("ne fait plus partie de votre foyer" in page.main for page in pages)


def test_files_sent_while_one_signs_out_leave_nothing(
    client: Browser, service: Starlette, at_once: Callable[..., list[Page]]
) -> None:
    send(client, "avis_moi", ("avis.pdf", samples.pdf()))
    identity = waiting(client, service)[0].id
    others = set(shelf(service).names()) - {identity}
    uploads = [upload("avis_moi", samples.pdf(1, f"page {n}")) for n in range(12)]
    removals = [(PIECES, {"supprimer": identity}, None)] * 12
    pages = at_once(
        *chain(*zip(uploads, removals, strict=True)), ("/deconnexion", {"quitter": "oui"}, None), *uploads
    )
    assert {page.path for page in pages} <= {PIECES, "/deconnexion", "/session-expiree", "/connexion"}
    with reading(service.state.house.engine) as db:
        assert db.exec(select(SessionOuverte)).all() == []
        assert db.exec(select(PieceEnAttente)).all() == []
    assert set(shelf(service).names()) == others
