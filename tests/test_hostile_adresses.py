"""Addresses that no honest user asks for: the right page, no data of another person, nothing lost."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.journey import JOURNEY
from app.steps._said import Said
from tests.support import hostile, samples
from tests.support.browser import Browser, Page
from tests.support.drafts import current
from tests.support.hostile import ADDED, REMOVED
from tests.support.waiting import PIECES, send, waiting
from tests.test_hostile import WORDS, assert_untouched

# fmt: off
PARAMETERS = (
    "fait", "qui", "personne", "retour", "page", "organisme", "ville", "departement", "modifier", "suite", "recommencer",
)
SAID = (*(word for words in Said.__subclasses__() for word in words), "effacer", "recommencer", "revalidation")
NAMES = (
    "", ".", "..", "%2e%2e%2f%2e%2e%2fc2s.sqlite", "..%5c..%5c", "cles-de-demonstration.json", "%00", "a" * 300,
    "1;DROP", "{id}", "%F0%9F%92%A5", "%ff%fe", "-1", "0", "a000002",
)
AFTERWARDS = (
    "//[", "http://[", "https://exemple.fr", "//exemple.fr/demande", "/\\exemple.fr", "/demande/../../x", "\x00",
    "/demande\r\nSet-Cookie: a=1", "?suite=", "/" * 500,
)
SEARCHED = (
    "balise", "attribut", "sql", "sens d'écriture", "grand nombre", "autres chiffres", "octets nuls", "non caractères",
    "fins de ligne", "dossiers", "très long", "vide",
)
# fmt: on
WHO = ("zzzz", REMOVED, "99", "moi", "avis_zzzz", ADDED, "-1")


@pytest.fixture(scope="module")
def house(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    return hostile.shared_service(filled_folder, tmp_path_factory.mktemp("hostile"))


# What the address asks


@pytest.mark.parametrize("url", [*hostile.PRIVATE, *hostile.PUBLIC])
def test_nothing_in_the_query_is_more_than_a_text(house: Starlette, url: str) -> None:
    client = hostile.arrive(house, "/demande/situation")
    before = hostile.cookies(client)
    for name in SEARCHED:
        word = WORDS[name][:1_000]
        page = client._arrive(client.client.get(url, params=dict.fromkeys(PARAMETERS, word)))
        assert page.status == 200
        assert_untouched(page)
        assert hostile.cookies(client) == before


@pytest.mark.parametrize("url", hostile.PAGES)
def test_a_sentence_about_nobody_is_not_said(house: Starlette, url: str) -> None:
    """An address kept, or made up: what it says did not happen, or is about a person who is gone."""
    client = hostile.arrive(house, url)
    for rank, said in enumerate(SAID):
        page = client.get(f"{url}{'&' if '?' in url else '?'}fait={said}&qui={WHO[rank % len(WHO)]}")
        assert page.status == 200
        assert "zzzz" not in page.main


@pytest.mark.parametrize("url", hostile.PAGES)
def test_a_word_that_no_page_knows_says_nothing(house: Starlette, url: str) -> None:
    client = hostile.arrive(house, url)
    before = client.get(url).main
    assert client.get(f"{url}{'&' if '?' in url else '?'}fait=inconnu&qui={ADDED}").main == before


def test_the_search_that_a_form_says_is_nothing_but_a_search(house: Starlette) -> None:
    """It stands in the place of an address: a person, a way back or a sentence would be believed there."""
    url = f"/demande/organismes-du-foyer?personne={ADDED}"
    client = hostile.arrive(house, url)
    said = f"ville=Lyon&personne=zzzz&retour=recapitulatif&fait=choisi&qui={ADDED}"
    page = client.post(url, {"enregistrer": ADDED, "vu_recherche": said})
    assert (page.status, page.url) == (422, url), "the answer is still about the person of the address"
    assert page.value("ville") == "Lyon"
    assert page.value("retour") == ""


@pytest.mark.parametrize("url", AFTERWARDS)
def test_one_signs_in_whatever_page_was_asked_for(house: Starlette, url: str) -> None:
    client = Browser(TestClient(house))
    client._arrive(client.client.get("/connexion", params={"suite": url}))
    page = client.press("Se connecter en tant que", compte="benoit")
    assert page.path in ("/demarches", "/demande", "/x")
    assert page.response.url.host == "testserver"


# What the address names


@pytest.mark.parametrize(
    "pattern",
    [
        "/static/{}",
        "/echanges/{}",
        "/suivi/{}",
        "/suivi/{}/completer",
        f"{PIECES}/{{}}",
        "/demande/beneficiaires/{}",
    ],
)
def test_a_name_that_is_nothing_here(house: Starlette, pattern: str) -> None:
    client = hostile.arrive(house, PIECES)
    for name in NAMES:
        page = client.get(pattern.format(name))
        assert page.status in (200, 404, 405)
        assert "secret_keys" not in page.response.text
        assert b"SQLite format" not in page.response.content
        if page.status == 200:
            assert page.path in ("/demarches", "/echanges", "/demande", "/demande/beneficiaires", PIECES)


@pytest.mark.parametrize("page", ["/suivi/{}", "/suivi/{}/completer", "/echanges/{}"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_somebody_else_s_is_as_unknown_as_what_does_not_exist(
    house: Starlette, page: str, method: str
) -> None:
    fatou, nadia = hostile.arrive(house, "/suivi/C2S-2026-000001/completer"), hostile.arrive(house, "/avis")
    hers, nobody_s = ("a000001", "a999999") if "echanges" in page else ("C2S-2026-000001", "C2S-2026-999999")
    assert fatou.get(page.format(hers)).status == 200

    def asked(name: str) -> Page:
        files = [("fichier_complement", ("a.pdf", b"x", "application/pdf"))] if "completer" in page else None
        sent: dict[str, Any] = {"data": {"jeton": nadia.token}, "files": files} if method == "POST" else {}
        return Page(nadia.client.request(method, page.format(name), **sent))

    answers = [asked(hers), asked(nobody_s)]
    assert answers[0].status == (405 if method == "POST" and page == "/suivi/{}" else 404)
    assert answers[0].status == answers[1].status
    assert answers[0].text == answers[1].text
    assert "C2S-2026" not in answers[0].text


def test_the_file_of_another_session_is_nobody_s(house: Starlette) -> None:
    one, other = hostile.arrive(house, PIECES), hostile.arrive(house, PIECES)
    send(one, "avis_moi", ("avis.pdf", samples.pdf()))
    identity = waiting(one, house)[0].id
    assert other.get(f"{PIECES}/{identity}").url == f"{PIECES}?fait=disparu"
    other.post(PIECES, {"supprimer": identity})
    assert [file.id for file in waiting(one, house)] == [identity]


def test_out_of_order_one_is_led_to_the_first_question(client: Browser, service: Starlette) -> None:
    client.start("nadia")
    before = current(client, service).demande
    for row in JOURNEY.rows[2:]:
        page = client.get(row.step.url)
        assert page.path == "/demande/situation"
        assert re.search("La page demandée (vient plus tard|ne concerne pas)", page.main)
        assert client.post(row.step.url, {"accord": "oui", "action": "suivant"}).path == "/demande/situation"
    assert current(client, service).demande == before
