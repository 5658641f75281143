"""What every answer tells a browser, whatever it is: a page, a file, a text, a redirection, a refusal."""

import re
from collections.abc import Callable

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.web.assets import Assets
from tests.support.browser import Browser

ELSEWHERE = {"origin": "https://autre.exemple.fr"}
YEAR = 31_536_000  # seconds
NAMES_ITS_CHARSET = re.compile(r"^(text/.+; charset=utf-8|image/svg\+xml|application/pdf|image/png)$")


@pytest.fixture
def client(make_service: Callable[..., Starlette]) -> Browser:
    """A browser that TLS brings to the service, signed in as Nadia."""
    client = Browser(TestClient(make_service(cookies_secure=True), base_url="https://testserver"))
    client.sign_in("nadia")
    return client


def test_every_answer_is_closed_to_other_sites(client: Browser) -> None:
    served = Assets().names()
    asked = [
        *("/", "/connexion", "/demarches", "/plan", "/nulle-part", "/demarches/", "/sante"),
        *("/.well-known/security.txt", "/accessibilite/resultats.csv"),
        *(f"/static/{name}" for name in served.values()),
    ]
    answers = [client.client.get(url, headers=ELSEWHERE, follow_redirects=False) for url in asked]
    answers.append(client.client.post("/avis", headers=ELSEWHERE))
    for answer in answers:
        headers, where = answer.headers, f"{answer.request.method} {answer.request.url.path}"
        age = re.fullmatch(r"max-age=(\d+); includeSubDomains", headers["strict-transport-security"])
        assert int(age[1]) >= YEAR, where
        assert headers["x-content-type-options"] == "nosniff", where
        assert headers["cross-origin-resource-policy"] == "same-origin", where
        assert not [name for name in headers if name.startswith("access-control-")], where
        assert "server" not in headers, where
        if answer.content:
            assert NAMES_ITS_CHARSET.match(headers["content-type"]), where
        if "/static/" not in where:
            policy = headers["content-security-policy"]
            assert policy.startswith("default-src 'none'"), where
            assert "frame-ancestors 'none'" in policy, where


def test_a_page_runs_our_scripts_alone_and_tells_other_sites_nothing(client: Browser) -> None:
    headers = client.get("/demarches").response.headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert {name: policy[name] for name in ("script-src", "object-src", "base-uri", "form-action")} == {
        "script-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    assert policy["require-trusted-types-for"] == "'script'"
    assert headers["referrer-policy"] == "same-origin"


def test_what_is_personal_is_kept_by_no_cache_and_what_is_kept_is_not_personal(client: Browser) -> None:
    for url in (
        "/demarches",
        "/informations",
        "/echanges",
        "/demande",
        "/demande/pieces/inconnue",
        "/nulle-part",
    ):
        assert client.client.get(url, follow_redirects=False).headers["cache-control"] == "no-store", url
    for name in Assets().names().values():
        answer = client.client.get(f"/static/{name}")
        assert "immutable" in answer.headers["cache-control"]
        assert "set-cookie" not in answer.headers


def test_a_page_of_another_version_has_the_style_of_this_one_until_it_is_replaced(client: Browser) -> None:
    here = client.client.get(f"/static/{Assets().names()['c2s.css']}")
    there = client.client.get("/static/c2s.01234567.css")
    assert (there.content, there.headers["content-type"]) == (here.content, here.headers["content-type"])
    assert there.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "VENDORED.md",
        "pyproject.01234567.toml",
        "c2s.css",
        "..%2fpyproject.toml",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/app/main.py",
        "%00",
    ],
)
def test_only_the_files_of_the_pages_are_served(client: Browser, name: str) -> None:
    assert client.client.get(f"/static/{name}").status_code == 404


def test_trace_is_refused(client: Browser) -> None:
    """It would show a script the cookies that no script reads."""
    answer = client.client.request("TRACE", "/demarches", headers={"x-secret": "canari"})
    assert answer.status_code == 405
    assert "canari" not in answer.text
