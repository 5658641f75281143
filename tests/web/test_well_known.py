"""security.txt: as RFC 9116 writes it, with the contact of the host."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette
from starlette.testclient import TestClient


def test_a_weakness_is_told_to_the_operator(make_service: Callable[..., Starlette]) -> None:
    service = make_service(operateur_courriel="securite@exemple.fr", public_url="https://c2s.exemple.fr/")
    answer = TestClient(service).get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:securite@exemple.fr"
    assert fields["Canonical"] == "https://c2s.exemple.fr/.well-known/security.txt"
    assert fields["Preferred-Languages"].startswith("fr")
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)


def test_an_empty_contact_is_that_of_the_demonstration(make_service: Callable[..., Starlette]) -> None:
    answer = TestClient(make_service(operateur_courriel="")).get("/.well-known/security.txt")
    assert answer.text.startswith("Contact: mailto:service@exemple.invalid\n")


def test_without_a_public_address_none_is_said(service: Starlette) -> None:
    assert "Canonical" not in TestClient(service).get("/.well-known/security.txt").text
