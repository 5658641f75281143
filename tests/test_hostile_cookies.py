"""Cookies and headers that were tampered with: they open nothing, and lose nothing of the true ones."""

from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.applications import Starlette

from app.web.draft import COOKIE as DRAFT
from app.web.session import COOKIE as SESSION
from tests.support import hostile
from tests.support.drafts import current
from tests.support.hostile import cookies, holding, written
from tests.support.waiting import PIECES


@pytest.fixture(scope="module")
def house(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    return hostile.shared_service(filled_folder, tmp_path_factory.mktemp("hostile"))


Change = Callable[[dict[str, str], dict[str, str]], dict[str, str] | str]
COOKIES: dict[str, Change] = {
    "brouillon coupé": lambda jar, _: jar | {DRAFT: jar[DRAFT][: len(jar[DRAFT]) // 2]},
    "brouillon coupé d'un signe": lambda jar, _: jar | {DRAFT: jar[DRAFT][:-1]},
    "brouillon allongé": lambda jar, _: jar | {DRAFT: jar[DRAFT] + "A"},
    "brouillon vide": lambda jar, _: jar | {DRAFT: ""},
    "brouillon long": lambda jar, _: jar | {DRAFT: "A" * 9_000},
    "brouillon d'une autre personne": lambda jar, other: jar | {DRAFT: other[DRAFT]},
    "session d'une autre personne": lambda jar, other: jar | {SESSION: other[SESSION]},
    "échangés": lambda jar, _: {SESSION: jar[DRAFT], DRAFT: jar[SESSION]},
    "session coupée": lambda jar, _: jar | {SESSION: jar[SESSION][:-1]},
    "session sans signature": lambda jar, _: jar | {SESSION: jar[SESSION].split(".")[0]},
    "session vide": lambda jar, _: jar | {SESSION: ""},
    "sans session": lambda jar, _: {DRAFT: jar[DRAFT]},
    "sans brouillon": lambda jar, _: {SESSION: jar[SESSION]},
    "deux brouillons": lambda jar, _: f"{written(jar)}; {DRAFT}=faux",
    "deux sessions": lambda jar, _: f"{SESSION}=faux; {written(jar)}; {SESSION}=faux",
    "guillemets": lambda jar, _: f'{SESSION}="{jar[SESSION]}"; {DRAFT}="\\377\\000;"',
    "octets": lambda jar, _: f"{SESSION}=\xff\xfe\xe9; =; ;;={DRAFT}={jar[DRAFT]}",
    **{
        f"brouillon touché au signe {place}": (
            lambda jar, _, place=place: jar | {DRAFT: _touched(jar[DRAFT], place)}  # type: ignore[misc]
        )
        for place in (0, 40, -50, -35, -3)
    },
}


def _touched(value: str, place: int) -> str:
    signs = list(value)
    signs[place] = "B" if signs[place] != "B" else "C"
    return "".join(signs)


@pytest.mark.parametrize("change", COOKIES.values(), ids=COOKIES)
def test_cookies_that_were_tampered_with_open_nothing_and_the_true_ones_still_do(
    house: Starlette, change: Change
) -> None:
    mine = hostile.arrive(house, "/demande/situation")
    other = hostile.arrive(house, "/demande/moins-de-25-ans")
    jar, token = cookies(mine), mine.token
    before = current(mine, house).demande
    given = change(jar, cookies(other))
    forged = given if isinstance(given, str) else written(given)
    thief = holding(house, forged)
    for url in ("/demande/recapitulatif", PIECES, "/demande", "/demarches", "/"):
        page = thief.get(url)
        assert page.path in ("/demande", "/demarches", "/connexion", "/session-expiree")
    answer = thief.client.post(
        "/demande/situation", data={"jeton": token, "nationalite": "ue"}, follow_redirects=False
    )
    assert answer.status_code in (303, 403)
    assert answer.headers.get("location", "/demande") in ("/demande", "/session-expiree")
    assert current(mine, house).demande == before
    assert mine.get("/demande/recapitulatif").path == "/demande/recapitulatif"


def test_a_draft_thrown_away_opens_nothing_more(house: Starlette) -> None:
    client = hostile.arrive(house, "/demande/situation")
    before = cookies(client)
    client.get("/demande?fait=effacer")
    client.press("Oui, tout effacer et recommencer")
    client.press("Je démarre ma demande")
    old = holding(house, written(before))
    assert old.get("/demande/recapitulatif").path == "/demande"
    assert "Vos réponses ne peuvent plus être lues" in old.page.main
    assert client.get("/demande/situation").value("nationalite") == ""


# Headers


@pytest.mark.parametrize(
    "target", ["", "main#contenu", "formulaire", "resultats_zone", "<c2s-intrus>", "a" * 999]
)
def test_a_part_of_a_page_that_nobody_draws(house: Starlette, target: str) -> None:
    client = hostile.arrive(house, "/demande/situation")
    headers = {"hx-request": "true", "hx-target": target}
    for url in (*hostile.PRIVATE, *hostile.PUBLIC):
        answer = client.client.get(url, headers=headers, follow_redirects=False)
        assert answer.status_code in (200, 204, 401), url
        posted = client.client.post(
            url, data={"jeton": client.token, "action": "afficher"}, headers=headers, follow_redirects=False
        )
        assert posted.status_code in (200, 204, 401, 403, 405, 422), url
        assert "location" not in posted.headers
        assert posted.status_code != 200 or DRAFT not in posted.headers.get("set-cookie", "")
        if url in ("/connexion", "/deconnexion", "/session-expiree"):
            client = hostile.arrive(house, "/demande/situation")


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "["},
        {"host": "hote-hostile.test/?"},
        {"host": ""},
        {"accept-encoding": "br;q=abc, gzip;q=, *;q=0"},
        {"accept-language": "x" * 3_000},
        {"x-forwarded-host": "hote-hostile.test"},
        {"x-forwarded-for": "'; --"},
        {"range": "bytes=0-1,5-"},
        {"if-none-match": "*"},
        {"x-http-method-override": "DELETE"},
        {"upgrade": "websocket", "connection": "upgrade"},
    ],
    ids=str,
)
def test_headers_that_make_no_sense_change_no_page(house: Starlette, headers: dict[str, str]) -> None:
    client = hostile.arrive(house, "/demande/recapitulatif")
    page = holding(house, written(cookies(client)), **headers).get("/demande/recapitulatif")
    assert page.h1 == "Récapitulatif de ma demande"
    assert "hote-hostile" not in page.text
