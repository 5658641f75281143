"""Bodies that no form of ours would send: each gets the right page, and the answers given before are still there."""

import gzip
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.support import hostile, samples
from tests.support.browser import Browser, Page
from tests.support.drafts import current
from tests.support.hostile import ADDED, cookies, written
from tests.support.waiting import PIECES, send, waiting

FORM, MULTI = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
TOKEN = b"%TOKEN%"


def part(name: str, value: bytes, more: str = "") -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"


ISSUER = {  # it is asked nothing: some addresses answer only when there is one
    "public_url": "http://testserver",
    "oidc_issuer": "https://fc.exemple/api/v2",
    "oidc_client_id": "c2s",
    "oidc_client_secret": "un secret partagé",
}
SIGNED = part("jeton", TOKEN)
UNREADABLE: Mapping[str, tuple[bytes, str]] = {  # no token of ours can be read in them
    "rien": (b"", FORM),
    "sans type": (b"jeton=" + TOKEN, ""),
    "JSON": (b'{"jeton": "' + TOKEN + b'", "nationalite": "ue"}', "application/json"),
    "texte": (b"jeton=" + TOKEN + b"&nationalite=ue", "text/plain"),
    "XML": (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "text/xml"),
    "comprimé": (gzip.compress(b"jeton=" + TOKEN), FORM),
    "signes seuls": (b"=&=&&&%zz%&;=;" + b"=" * 300, FORM),
    "mille champs": (b"jeton=" + TOKEN + b"&a=1" * 1_000, FORM),
    "mille parties": (SIGNED + b"".join(part(f"a{n}", b"1") for n in range(1_000)) + b"--x--\r\n", MULTI),
    "mille fichiers": (
        SIGNED
        + b"".join(part(f"fichier_a{n}", b"1", '; filename="a.pdf"') for n in range(1_000))
        + b"--x--\r\n",
        MULTI,
    ),
    "sans frontière": (SIGNED + b"--x--\r\n", "multipart/form-data"),
    "autre frontière": (SIGNED + b"--x--\r\n", "multipart/form-data; boundary=y"),
    "frontière vide": (SIGNED + b"--x--\r\n", "multipart/form-data; boundary="),
    "coupé dans un en-tête": (SIGNED[:-60], MULTI),
    "coupé dans une valeur": (SIGNED + part("nom", b"D'Al")[:-4], MULTI),
    "coupé dans un fichier": (
        SIGNED + part("fichier_avis_moi", samples.pdf()[:200], '; filename="a.pdf"')[:-2],
        MULTI,
    ),
    "partie sans nom": (SIGNED + b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n", MULTI),
    "partie aux mille paramètres": (SIGNED + part("nom", b"1", ";" * 1_000) + b"--x--\r\n", MULTI),
    "partie sans en-tête": (b"--x\r\n\r\n1\r\n--x--\r\n", MULTI),
    "jeu de caractères sans sens": (SIGNED + b"--x--\r\n", MULTI + "; charset=undefined"),
    # Read by nobody, whichever it is: 250 kB of punycode held every other visitor for 40 s.
    "jeu de caractères inconnu": (SIGNED + b"--x--\r\n", MULTI + "; charset=klingon"),
    "jeu de caractères d'échappement": (SIGNED + b"--x--\r\n", MULTI + "; charset=unicode_escape"),
}
READABLE: Mapping[str, tuple[bytes, str]] = {  # the token is there, and nonsense around it
    "jeton seul": (b"jeton=" + TOKEN, FORM),
    "octets invalides": (
        b"jeton=" + TOKEN + b"&nationalite=%ff%fe&nom=\xff\xfe\xf0\x9f&\xc3(=1&prenom=%c0%af",
        FORM,
    ),
    "demi-codets": (b"jeton=" + TOKEN + b"&prenom=%ED%A0%80%ED%B0%80&nom=\xed\xa0\x80", FORM),
    "octets nuls": (b"jeton=" + TOKEN + b"&prenom=%00&%00=1&retirer=%00", FORM),
    "noms étranges": (
        b"jeton=" + TOKEN + b"&a[b][]=1&__proto__=1&montre=%20&total_=1&avis_=1&pas_=1&stage_=1",
        FORM,
    ),
    "deux jetons": (b"jeton=" + TOKEN + b"&jeton=faux", FORM),
    "jeu de caractères d'avant": (
        SIGNED + part("prenom", b"Zo\xe9") + b"--x--\r\n",
        MULTI + "; charset=ISO-8859-1",
    ),
    "fichiers sans nom": (SIGNED + part("fichier_avis_moi", b"", '; filename=""') * 50 + b"--x--\r\n", MULTI),
    "fichier d'ailleurs": (
        SIGNED + part("fichier_avis_zzzz", b"%PDF-", '; filename="../a"') + b"--x--\r\n",
        MULTI,
    ),
    "fichier pour un champ": (SIGNED + part("prenom", b"Zoe", '; filename="prenom"') + b"--x--\r\n", MULTI),
}

A_STRANGER_IS_READ_LITTLE = {("/connexion", 413)}
REFUSED = {
    "L'envoi est trop lourd",
    "Le texte est trop long",
    "Ce service n'a pas compris l'envoi",
    "Cette page est ouverte depuis trop longtemps",
    "Ce service a besoin de cookies",
}


@pytest.fixture(scope="module")
def house(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    return hostile.shared_service(filled_folder, tmp_path_factory.mktemp("hostile"), **ISSUER)


def post(client: Browser, house: Starlette, url: str, body: tuple[bytes, str]) -> Any:
    """Send bytes as they are, from a browser that keeps no cookie it is given: what comes first is seen."""
    content, kind = body
    headers = {"cookie": written(cookies(client))} | ({"content-type": kind} if kind else {})
    content = content.replace(TOKEN, client.token.encode())
    return TestClient(house).post(url, content=content, headers=headers, follow_redirects=False)


def routes() -> list[str]:
    """The addresses that take a POST, whatever the service."""
    return [
        "/connexion",
        "/deconnexion",
        "/deconnexion/franceconnect",
        "/demande",
        *hostile.PAGES,
        *hostile.OTHER_PAGES[1:],
        "/demande/terminee",
        "/echanges/a000001",
        "/informations/franceconnect",
        "/informations/donnees",
        "/informations/nouvelles",
    ]


def test_every_address_that_takes_a_post_is_attacked(house: Starlette) -> None:
    attacked = {url.split("?")[0] for url in routes()}
    read_by_nobody = {"/nouvelles/arret/{jeton}"}  # its address says all, its body is left unread
    assert set(hostile.post_routes(house)) <= attacked | read_by_nobody


@pytest.mark.parametrize("url", routes())
def test_what_cannot_be_read_is_refused_and_loses_nothing(house: Starlette, url: str) -> None:
    client = hostile.arrive(house, "/demande/situation")
    before = current(client, house).demande
    for name, body in UNREADABLE.items():
        answer = post(client, house, url, body)
        assert answer.status_code in (400, 403) or (url, answer.status_code) in A_STRANGER_IS_READ_LITTLE, (
            name
        )
        assert "set-cookie" not in answer.headers
        assert Page(answer).h1 in REFUSED
    assert current(client, house).demande == before
    assert client.get("/demande/recapitulatif").path == "/demande/recapitulatif"


@pytest.mark.parametrize("url", routes())
def test_nonsense_in_a_form_of_ours_is_a_page(house: Starlette, url: str) -> None:
    client = hostile.arrive(house, "/demande/situation")
    form = client.page
    for name, body in READABLE.items():
        if "session" not in written(cookies(client)) or url in ("/connexion", "/deconnexion"):
            client = hostile.arrive(house, "/demande/situation")
            form = client.page
        client.page = form
        answer = post(client, house, url, body)
        assert answer.status_code in (200, 303, 400, 403, 404, 422), name
        client._arrive(answer)


def test_a_file_of_10_mo_renamed_is_refused_by_its_name_and_the_good_one_is_kept(house: Starlette) -> None:
    client = hostile.arrive(house, PIECES)
    before = current(client, house).demande
    page = client.press(
        "Suivant",
        {f"pas_rsa_{ADDED}": None},
        files=[
            ("fichier_avis_moi", ("avis.pdf", os.urandom(10 * 1_048_576), "application/pdf")),
            (f"fichier_rsa_{ADDED}", ("caf.pdf", samples.pdf(), "application/pdf")),
        ],
    )
    assert page.status == 422
    assert "avis.pdf" in page.errors[0]
    assert [file.nom for file in waiting(client, house)] == ["caf.pdf"]
    assert current(client, house).demande == before


def test_40_mo_are_refused_and_lose_nothing(house: Starlette) -> None:
    client = hostile.arrive(house, PIECES)
    send(client, "avis_moi", ("avis.pdf", samples.pdf()))
    before, files = current(client, house).demande, waiting(client, house)
    page = send(client, "avis_moi", ("grand.pdf", bytes(40 * 1_048_576)))
    assert page.status == 413
    assert page.links()["Reprendre ma demande"] == "/demande"
    assert (current(client, house).demande, waiting(client, house)) == (before, files)


@pytest.mark.parametrize("length", ["0", "1", "-1", "abc", "1e9", "99999999999999999999"])
def test_a_length_that_lies(house: Starlette, length: str) -> None:
    client = hostile.arrive(house, "/demande/situation")
    headers = {"content-length": length, "content-type": FORM, "cookie": written(cookies(client))}
    answer = TestClient(house).post("/demande/situation", content=b"jeton=x", headers=headers)
    assert Page(answer).status in (400, 403, 413)
