"""« Voir »: the file itself, to its owner only, and unable to do anything."""

from collections.abc import Callable

import pytest
from starlette.applications import Starlette

from tests.support import samples
from tests.support.browser import Browser
from tests.support.waiting import PIECES, ready, send, sent_files, shelf, waiting

PDF = samples.pdf(2)


def sent_file(
    client: Browser, service: Starlette, name: str = "avis de Nadia.pdf", content: bytes = PDF
) -> str:
    """Send a file, and return its address."""
    ready(client, service)
    page = send(client, "avis_moi", (name, content))
    return page.links()[f"Voir le fichier {name}"]


def test_a_pdf_is_a_download_under_a_neutral_name(client: Browser, service: Starlette) -> None:
    answer = client.client.get(sent_file(client, service))
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="document.pdf"'


@pytest.mark.parametrize(
    ("content", "media", "name"),
    [(samples.photo(gps=True), "image/jpeg", "photo.jpg"), (samples.png(), "image/png", "photo.png")],
)
def test_a_photo_is_shown_in_place(
    client: Browser, service: Starlette, content: bytes, media: str, name: str
) -> None:
    answer = client.client.get(sent_file(client, service, "photo", content))
    assert answer.headers["content-type"] == media
    assert answer.headers["content-disposition"] == f'inline; filename="{name}"'
    assert b"Nadia" not in answer.content


def test_a_file_can_do_nothing_in_the_browser(client: Browser, service: Starlette) -> None:
    headers = client.client.get(sent_file(client, service)).headers
    assert headers["content-security-policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_the_file_of_somebody_else_is_not_there(
    client: Browser, service: Starlette, make_client: Callable[[], Browser]
) -> None:
    address = sent_file(client, service)
    for compte in ("nadia", "lucie"):
        other = make_client()
        ready(other, service, compte)
        page = other.get(address)
        assert page.url == f"{PIECES}?fait=disparu"
        assert "n'est plus là" in page.main


@pytest.mark.parametrize("identity", ["inconnu", "..%2F..%2Fcles", "0" * 24])
def test_an_unknown_file_shows_the_documents_as_they_are(
    client: Browser, service: Starlette, identity: str
) -> None:
    ready(client, service)
    page = client.get(f"{PIECES}/{identity}")
    assert page.status in (200, 404)
    assert b"secret_keys" not in page.response.content


def test_a_file_the_disk_has_lost_is_to_be_sent_again(client: Browser, service: Starlette) -> None:
    address = sent_file(client, service)
    shelf(service).remove(waiting(client, service)[0].id)
    page = client.get(address)
    assert page.path == PIECES
    assert (
        "Le fichier avis de Nadia.pdf n'est plus disponible. Envoyez-le à nouveau, ou supprimez-le"
        in page.main
    )


def test_without_a_draft_there_is_no_file(client: Browser, service: Starlette) -> None:
    address = sent_file(client, service)
    client.client.cookies.delete("c2s_brouillon")
    assert client.get(address).path == "/demande"


def test_after_sign_out_nothing_is_left(client: Browser, service: Starlette) -> None:
    address = sent_file(client, service)
    client.sign_out()
    assert sent_files(service) == set()
    assert client.get(address).path == "/connexion"
