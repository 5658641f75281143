"""What a POST may carry: files only where they are asked for, and from a user who is signed in."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest
from starlette.applications import Starlette

from app.domain.pieces import Emplacement
from app.files import inspection
from app.files.nursery import Nursery
from app.web import submission
from tests.support import samples
from tests.support.browser import Browser
from tests.support.waiting import PIECES, ready, waiting


@pytest.fixture
def inspected(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were opened."""
    names: list[str] = []
    real = inspection.inspect

    def watched(nom: str, place: Emplacement, content: bytes, nursery: Nursery) -> object:
        names.append(nom)
        return real(nom, place, content, nursery)

    monkeypatch.setattr(submission, "inspect", watched)
    return names


@pytest.mark.parametrize("url", ["/connexion", "/deconnexion", "/demande", "/demande/situation", "/avis"])
def test_a_page_without_files_opens_none(client: Browser, inspected: list[str], url: str) -> None:
    client.sign_in("nadia")
    files = [("fichier_avis_moi", ("a.pdf", samples.pdf(1), "application/pdf"))]
    answer = client.client.post(url, data={"jeton": client.token}, files=files)
    assert answer.status_code == 400
    assert inspected == []


@pytest.mark.parametrize("url", ["/demande/pieces", "/suivi/C2S-2026-000001/completer"])
def test_a_stranger_s_files_are_not_opened(
    make_client: Callable[[], Browser], service: Starlette, inspected: list[str], url: str
) -> None:
    stranger = make_client()
    stranger.get("/connexion")
    files = [("fichier_avis_moi", ("a.pdf", samples.pdf(1), "application/pdf"))]
    answer = stranger.client.post(url, data={"jeton": stranger.token}, files=files, follow_redirects=False)
    assert answer.status_code in (303, 403)
    assert inspected == []


def test_the_files_of_a_session_that_is_over_are_not_opened(client: Browser, inspected: list[str]) -> None:
    client.start("nadia")
    cookies = [(c.name, c.value or "", c.domain, c.path) for c in client.client.cookies.jar]
    token = client.token
    client.sign_out()
    for name, value, domain, path in cookies:
        client.client.cookies.set(name, value, domain=domain, path=path)
    files = [("fichier_avis_moi", ("a.pdf", samples.pdf(1), "application/pdf"))]
    answer = client.client.post("/demande/pieces", data={"jeton": token}, files=files)
    assert str(answer.url).endswith("/session-expiree")
    assert inspected == []


@pytest.mark.parametrize("field", ["fichier_", "fichier_autre", "fichier_avis2_moi", "photo"])
def test_a_file_for_no_document_is_not_opened(
    client: Browser, service: Starlette, inspected: list[str], field: str
) -> None:
    ready(client, service)
    client.client.post(PIECES, data={"jeton": client.token}, files={field: ("a.pdf", samples.pdf(1))})
    assert inspected == []
    assert waiting(client, service) == []


PHOTO = samples.photo(400, 300, noise=True)
LARGE = samples.heavy_pdf(1_500_000)


def test_without_a_file_nobody_waits_for_a_place(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(client, service)
    service.state.house.uploads = asyncio.Semaphore(0)
    monkeypatch.setattr(submission, "LONGEST_UPLOAD", 0.3)
    empty = {"fichier_avis_moi": ("", b"", "application/octet-stream")}
    fields = {
        "jeton": client.token,
        "bien": "non",
        "etranger": "non",
        "pas_avis_moi": "oui",
        "action": "suivant",
    }
    answer = client.client.post(PIECES, data=fields, files=empty, follow_redirects=False)
    assert answer.status_code in (303, 422)
    assert client.client.post(PIECES, data=fields, follow_redirects=False).status_code == answer.status_code


@pytest.mark.parametrize("content", [PHOTO, LARGE], ids=["small", "large"])
def test_waiting_for_a_place_counts_in_the_time_of_an_upload(
    client: Browser, service: Starlette, inspected: list[str], monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    ready(client, service)
    service.state.house.uploads = asyncio.Semaphore(0)
    monkeypatch.setattr(submission, "LONGEST_UPLOAD", 0.3)
    answer = client.client.post(
        PIECES, data={"jeton": client.token}, files={"fichier_avis_moi": ("a.pdf", content)}
    )
    assert answer.status_code == 503
    assert inspected == []
    assert waiting(client, service) == []


@pytest.mark.parametrize(
    ("content", "length", "status"),
    [
        pytest.param(LARGE, 1.0, 200, id="kept"),
        pytest.param(LARGE, 0.5, 400, id="cut short"),
        pytest.param(b"%PDF-1.7", 1.0, 422, id="refused"),
    ],
)
def test_a_place_is_given_back(
    client: Browser, service: Starlette, content: bytes, length: float, status: int
) -> None:
    ready(client, service)
    service.state.house.uploads = asyncio.Semaphore(1)
    form = {"jeton": client.token, "bien": "non", "etranger": "non", "envoyer": "avis_moi"}
    request = client.client.build_request(
        "POST", PIECES, data=form, files={"fichier_avis_moi": ("a.pdf", content)}
    )
    body = request.read()
    sent = body[: int(len(body) * length)]
    answer = client.client.post(
        PIECES, content=sent, headers={"content-type": request.headers["content-type"]}
    )
    assert answer.status_code == status
    assert not service.state.house.uploads.locked()


class Of:
    """A guard that lets everything pass."""

    def __init__(self, account: int) -> None:
        self.account = account

    async def form(self, token: str) -> None: ...
    async def files(self, count: int) -> None: ...


def test_the_files_of_an_account_wait_for_each_other_and_not_those_of_another(service: Starlette) -> None:
    house = service.state.house
    order: list[str] = []

    async def upload(name: str, account: int, until: asyncio.Event) -> None:
        async with AsyncExitStack() as held:
            await submission._Place(house, Of(account), held).take()
            order.append(name)
            await until.wait()

    async def three() -> None:
        first, at_once = asyncio.Event(), asyncio.Event()
        at_once.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(upload("nadia", 1, first))
            group.create_task(upload("nadia again", 1, at_once))
            await group.create_task(upload("leo", 2, at_once))
            assert order == ["nadia", "leo"]
            first.set()

    asyncio.run(three())
    assert order == ["nadia", "leo", "nadia again"]
    assert not house.turns


@pytest.mark.parametrize("url", ["/demande/situation", "/demande/pieces", "/deconnexion", "/avis"])
@pytest.mark.parametrize("back_at_the_door", [True, False])
def test_a_page_left_open_says_that_one_has_signed_out_elsewhere(
    client: Browser, url: str, back_at_the_door: bool
) -> None:
    client.start("nadia")
    token = client.token
    client.sign_out()
    if back_at_the_door:
        client.get("/connexion")  # draws a visitor's cookie
    page = client.post(url, token=token)
    assert page.h1 == "Votre session est terminée"
    assert "vous quittez votre compte" in page.main
    fragment = client.client.post(url, data={"jeton": token}, headers={"hx-request": "true"})
    assert fragment.status_code == 401


@pytest.mark.parametrize("url", ["/demande/pieces", "/suivi/C2S-2026-000001/completer"])
def test_the_files_of_a_form_that_is_not_ours_are_not_opened(
    client: Browser, inspected: list[str], url: str
) -> None:
    """Opened first, they would cost without being counted among the files of the hour."""
    client.start("nadia")
    files = [("fichier_avis_moi", ("a.pdf", samples.pdf(1), "application/pdf"))]
    for token in ({}, {"jeton": "faux"}, {"jeton": ["faux", client.token]}):
        assert client.client.post(url, data=token, files=files).status_code == 403
    assert inspected == []
