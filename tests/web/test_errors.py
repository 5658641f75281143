"""Error pages: what happens, what is kept, what to do, a link; and nothing of what was typed, anywhere."""

import logging
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from app.store.database import writing
from app.store.tables import Compte
from app.web.ask import Ask, public
from app.web.error_words import ERROR_WORDS, HOME, RESUME, ErrorWords
from app.web.submission import LARGEST_FORM
from tests.support.browser import Browser, Page, lint, plain
from tests.support.filed import accuse_id, compte_of, damage, database, file

NIR = "2910475111234"
TOO_LONG = "x" * (LARGEST_FORM + 1)


def provoke(service: Starlette, status: int, detail: str = "", headers: dict[str, str] | None = None) -> str:
    """Add a page that answers with this status; its address."""

    async def refuse(_: Request) -> None:
        raise HTTPException(status, detail, headers)

    service.router.routes.insert(0, Route("/provoque", refuse, methods=["GET", "POST"]))
    return "/provoque"


def arrive(response: Any, status: int) -> Page:
    """The page, sound, with this status."""
    page = Page(response)
    assert page.status == status
    assert response.headers["content-type"].startswith("text/html"), response.text[:80]
    assert response.headers["cache-control"] == "no-store"
    assert "content-security-policy" in response.headers
    lint(page)
    return page


def addresses(routes: list[BaseRoute]) -> set[str]:
    return {route.path for route in routes if isinstance(route, Route)}


@pytest.mark.parametrize(("status", "detail"), ERROR_WORDS)
def test_each_status_says_what_happens_what_is_kept_what_to_do_and_where_to_go(
    client: Browser, service: Starlette, status: int, detail: str
) -> None:
    fault: ErrorWords = ERROR_WORDS[status, detail]
    url = provoke(service, status, detail)
    client.start("nadia")
    files = [("fichier_avis", ("a.txt", b"a", "text/plain"))] if (status, detail) == (413, "") else None
    page = arrive(client.client.post(url, files=files), status)
    assert page.h1 == fault.titre
    assert str(status) not in page.h1
    assert page.main.endswith(f"Code de cette page : {status}")
    assert plain(f"{fault.garde} {fault.perdu}".strip()) in page.main
    assert "{" not in page.main
    links = [(link.attributes["href"], plain(link.text())) for link in page.tree.css("main .liens a")]
    assert links == list(fault.liens)
    assert {link for link, _ in links} <= addresses(service.routes)


@pytest.mark.parametrize(("status", "detail"), ERROR_WORDS)
def test_nothing_is_kept_of_a_visitor_nor_to_be_resumed(
    client: Browser, service: Starlette, status: int, detail: str
) -> None:
    fault: ErrorWords = ERROR_WORDS[status, detail]
    page = arrive(client.client.get(provoke(service, status, detail)), status)
    assert not fault.garde or plain(fault.garde) not in page.main
    assert plain(fault.perdu) in page.main
    assert not {RESUME, HOME} & {
        (link.attributes["href"], plain(link.text())) for link in page.tree.css("main a")
    }
    assert not fault.liens or page.tree.css("main a"), "a way out"


def test_what_is_kept_is_said_where_a_draft_may_be(client: Browser) -> None:
    """The draft's cookie is only sent to the pages of the démarche: elsewhere an open session tells enough."""
    kept = "Vos réponses sont gardées."
    client.sign_in("nadia")
    assert kept in client.get("/inconnue").main
    page = client.get("/demande/inconnue")
    assert kept not in page.main
    assert page.links()[plain(HOME[1])] == HOME[0], "who is signed in is not asked to sign in"
    client.get("/demarches")
    client.sign_out()
    client.start("nadia")
    page = client.get("/demande/inconnue")
    assert kept in page.main
    assert page.links()["Reprendre ma demande"] == "/demande"
    client.client.cookies.clear()
    assert kept not in client.get("/inconnue").main


def test_the_guide_is_one_link_away_when_a_file_is_too_large() -> None:
    assert ("/aide/reduire-un-document", "Réduire un document") in ERROR_WORDS[413, ""].liens


def test_an_unknown_detail_is_never_shown(client: Browser, service: Starlette) -> None:
    page = arrive(client.client.get(provoke(service, 403, f"secret {NIR}")), 403)
    assert page.h1 == ERROR_WORDS[403, ""].titre
    assert NIR not in page.text


def test_a_status_without_words_is_a_400(client: Browser, service: Starlette) -> None:
    arrive(client.client.get(provoke(service, 418)), 400)


@pytest.mark.parametrize(
    ("seconds", "status", "words"),
    [
        pytest.param("90", 429, "une pause de 2 minutes.", id="429"),
        pytest.param("1", 503, "Réessayez dans 1 minute.", id="503"),
        pytest.param("3600", 429, "Attendez jusqu'à ", id="429, l'heure"),
    ],
)
def test_how_long_to_wait_is_said_and_sent(
    client: Browser, service: Starlette, seconds: str, status: int, words: str
) -> None:
    response = client.client.get(provoke(service, status, headers={"Retry-After": seconds}))
    assert response.headers["retry-after"] == seconds
    assert words in arrive(response, status).main


@pytest.mark.parametrize("status", [429, 503])
def test_no_wait_is_announced_that_nobody_knows(client: Browser, service: Starlette, status: int) -> None:
    response = client.client.get(provoke(service, status))
    assert "retry-after" not in response.headers
    assert "quelques minutes" in arrive(response, status).main


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_fault_of_ours_tells_nothing_of_what_was_typed(
    client: Browser,
    service: Starlette,
    method: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(ask: Ask) -> None:
        raise RuntimeError(f"le numéro {NIR} de {ask.sent.text('nir')}")

    service.router.routes.insert(0, Route("/provoque", public(fail), methods=["GET", "POST"]))
    client.start("nadia")
    token, kept = client.token, dict(client.client.cookies)
    with caplog.at_level(logging.DEBUG):
        response = client.client.request(method, "/provoque", data={"jeton": token, "nir": NIR})
    page = arrive(response, 500)
    incident = page.tree.css_first("b.nombre").text()
    written = "".join(capfd.readouterr()) + caplog.text
    assert incident in written
    assert "RuntimeError" in written
    assert NIR not in written
    assert NIR not in page.text
    assert "Vous étiez en train de valider ?" in page.main
    assert "set-cookie" not in response.headers
    assert dict(client.client.cookies) == kept  # the draft is still there


@pytest.mark.parametrize("fiche", ["altered", "of no key"])
def test_an_account_that_does_not_open_leaves_its_messages_and_the_way_out(
    client: Browser, service: Starlette, fiche: str
) -> None:
    reference = file(service)
    client.sign_in("nadia")
    with database(service) as db, writing(db):
        if fiche == "altered":
            damage(db, Compte, "fiche", Compte.demo == "nadia")
        else:
            db.add(compte_of(db, "nadia").sqlmodel_update({"fiche": b"x" * 40}))
    response = client.client.get("/informations")
    page = arrive(response, 500)
    assert page.h1 == "Une partie de vos données ne se lit plus"
    assert "Appelez votre caisse au 36 46" in page.main
    there = [
        *(url for url in page.links().values() if url.startswith("/")),
        "/aide",
        "/delais",
        "/echanges",
        f"/echanges/{accuse_id(reference)}",
    ]
    for url in (*there, f"/suivi/{reference}"):
        page = client.get(url)
        assert page.status == 200, url
    assert "Ce service ne lit plus votre compte. Appelez le" in page.tree.css_first("section.marge").text()
    assert client.press("Se déconnecter").path == "/deconnexion"
    assert client.get("/demarches").path == "/connexion"


def test_no_page_of_error_needs_the_database(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in("nadia")
    monkeypatch.setattr(service.state.house, "engine", None)
    arrive(client.client.get("/inconnue"), 404)
    arrive(client.client.get("/plan"), 500)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("/inconnue", id="inconnue"),
        pytest.param("/demande/inconnue", id="page de la demande"),
        pytest.param("/static/inconnu.css", id="fichier"),
        pytest.param("/%ff%fe%00%0d%0a", id="octets"),
        pytest.param("/%7B%7B7*7%7D%7D", id="accolades"),
        pytest.param("/<script>alert(1)</script>", id="balises"),
        pytest.param("/../../etc/passwd", id="dossiers"),
        pytest.param("/é’ €/🙂", id="lettres"),
        pytest.param("/" + "a" * 50_000, id="très longue"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_and_not_repeated(client: Browser, url: str) -> None:
    page = arrive(client.client.get(url), 404)
    assert "alert(" not in page.text
    assert "aaaa" not in page.text
    assert "49" not in page.main


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_a_method_nobody_expects_is_a_page_of_ours(client: Browser, service: Starlette, method: str) -> None:
    for url in sorted(addresses(service.routes)):
        response = client.client.request(method, url.replace("{", "").replace("}", ""))
        arrive(response, 405)
        assert "GET" in response.headers["allow"]


def test_a_page_that_receives_nothing_refuses_a_post(client: Browser, service: Starlette) -> None:
    read_only = [
        route.path
        for route in service.routes
        if isinstance(route, Route) and "POST" not in (route.methods or ())
    ]
    assert "/aide" in read_only
    for url in read_only:
        arrive(client.client.post(url.replace("{", "").replace("}", "")), 405)


def test_a_head_changes_nothing(client: Browser, service: Starlette) -> None:
    client.start("nadia")
    for url in sorted(url for url in addresses(service.routes) if "{" not in url and url != "/sante"):
        response = client.client.head(url, follow_redirects=False)
        assert response.status_code in (200, 303), url
        assert not response.content
        assert "c2s_brouillon" not in response.headers.get("set-cookie", ""), url


def test_too_long_a_text_is_refused_with_our_page(client: Browser) -> None:
    client.get("/connexion")
    page = arrive(client.client.post("/connexion", data={"jeton": client.token, "nir": TOO_LONG}), 413)
    assert "trop long" in page.main
    assert "xxxx" not in page.text


def test_too_long_a_text_of_unknown_length_is_refused_with_our_page(client: Browser) -> None:
    client.get("/connexion")
    parts = (part.encode() for part in [f"jeton={client.token}&nir=", TOO_LONG])
    headers = {"content-type": "application/x-www-form-urlencoded"}
    arrive(client.client.post("/connexion", content=parts, headers=headers), 413)


@pytest.mark.parametrize("url", ["/inconnue", "/plan"])
def test_too_long_a_text_where_none_is_read_is_refused_with_our_page(client: Browser, url: str) -> None:
    arrive(client.client.post(url, data={"nir": TOO_LONG}), 413)


def test_too_long_a_text_where_files_are_sent_is_refused_too(client: Browser) -> None:
    client.start("nadia")
    text = {"jeton": client.token, "action": "suivant", "precision": TOO_LONG}
    page = arrive(client.client.post("/demande/pieces", data=text), 413)
    assert "trop long" in page.main


def test_too_large_a_file_leads_to_the_guide(client: Browser) -> None:
    client.start("nadia")
    files = [("fichier_avis", ("avis.pdf", b"x" * (34 * 1_048_576), "application/pdf"))]
    page = arrive(client.client.post("/demande/pieces", data={"jeton": client.token}, files=files), 413)
    assert page.links()["Réduire un document"] == "/aide/reduire-un-document"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        pytest.param(b"a=1", "multipart/form-data", id="sans frontière"),
        pytest.param(b"n'importe quoi", "multipart/form-data; boundary=x", id="sans partie"),
        pytest.param(
            b"&".join(b"a=1" for _ in range(600)), "application/x-www-form-urlencoded", id="600 champs"
        ),
    ],
)
def test_what_cannot_be_read_is_said(client: Browser, content: bytes, kind: str) -> None:
    client.get("/connexion")
    arrive(client.client.post("/connexion", content=content, headers={"content-type": kind}), 400)


def test_a_post_from_another_site_is_refused(client: Browser) -> None:
    client.get("/connexion")
    headers = {"sec-fetch-site": "cross-site"}
    page = arrive(client.client.post("/connexion", data={"jeton": client.token}, headers=headers), 403)
    assert "ne vient pas de ce site" in page.main


def test_a_form_of_another_browser_is_refused(client: Browser) -> None:
    client.get("/connexion")
    page = arrive(client.client.post("/connexion", data={"jeton": "0" * 44, "compte": "nadia"}), 403)
    assert page.h1 == "Cette page est ouverte depuis trop longtemps"


def test_a_browser_without_cookies_is_told_so(client: Browser) -> None:
    client.get("/connexion")
    token = client.token
    client.client.cookies.clear()
    page = arrive(client.client.post("/connexion", data={"jeton": token, "compte": "nadia"}), 403)
    assert page.h1 == "Ce service a besoin de cookies"
    assert page.links()["Me connecter"] == "/connexion"
