"""What is typed leaves no trace: not on the disk, not in the logs, not in an address; and nothing at all afterwards."""

import base64
import gc
import logging
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.routing import Route
from structlog.testing import capture_logs

from app.domain.nir import cle_du_nir
from app.forms.typography import typo_kept
from app.main import _forget_once
from app.settings import SESSION_LIFETIME, Settings
from app.steps.situation import SituationStep
from app.store.database import forget_for_good, reading
from app.store.sweep import sweep
from app.store.tables import PieceEnAttente, SessionOuverte
from tests.support import samples
from tests.support.browser import Browser
from tests.support.disk import on_disk
from tests.support.hostile import cookies, holding, written
from tests.support.household import ETAPE_1, JULES
from tests.support.waiting import shelf
from tests.support.walk import forward, join, walk_to

pytestmark = pytest.mark.engines
NIR, CAF, FILE = "1130577712345", "7654321", "canari-secret.pdf"
PDF = samples.pdf(pages=2).replace(b"\n", b"\n%canari dans les octets\n", 1)
CANARIES = ("Canarix", "Canarinom", NIR, CAF, FILE, "canari au loto", "canari dans les octets", "8765,43")
CANARIX = {**JULES, "prenom": "Canarix", "nom": "Canarinom", "nir": NIR, "cle": cle_du_nir(NIR)}
ANSWERS: dict[str, Callable[[Browser], dict[str, Any]]] = {
    "/demande/situation": lambda _: ETAPE_1 | {"caf": "oui", "caf_numero": CAF},
    "/demande/autres-ressources": lambda _: {"ressource": ["autres"]},
    "/demande/montants": lambda client: {
        **{node.attributes["name"] or "": "8765,43" for node in client.page.tree.css('[name^="total_"]')},
        "libelle_autres": "canari au loto",
    },
}


def shapes(word: str) -> Iterator[bytes]:
    """The ways a word may lie in a file, an address or a line of log."""
    for text in {word, word.upper(), word.lower(), word.replace(",", ".")}:
        yield from (text.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
        clear = text.encode()
        yield clear.hex().encode()
        for before in range(3):  # in base64, wherever it starts among groups of three bytes
            encoded = base64.b64encode(b"\0" * before + clear)
            yield encoded[-(-8 * before // 6) : 8 * (before + len(clear)) // 6]


def assert_nothing_in_clear(where: bytes) -> None:
    assert [word for word in CANARIES if any(shape in where for shape in shapes(word))] == []


def test_the_search_finds_a_word_however_it_lies() -> None:
    for word in (
        b"Canarix",
        "Canarix".encode("utf-16"),
        base64.b64encode(b"a Canarix"),
        b"CANARIX".hex().encode(),
    ):
        with pytest.raises(AssertionError):
            assert_nothing_in_clear(b"before " + word + b" after")


@pytest.fixture
def addresses(client: Browser) -> list[str]:
    """Every address that the browser asks for."""
    asked: list[str] = []
    client.client.event_hooks = {"request": [lambda request: asked.append(unquote_plus(str(request.url)))]}
    return asked


@pytest.fixture(autouse=True)
def _no_file_of_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload that the parser would put down on the disk, even for a moment, fails the test."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("an upload is written in a temporary file")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)


def walk(client: Browser, after_each: Callable[[], None]) -> None:
    """Nadia, with a canary in every place, as far as the last page."""
    client.start("nadia")
    walk_to(client, "/demande/beneficiaires", ANSWERS)
    client.get("/demande/beneficiaires/ajouter")
    client.press("Enregistrer cette personne", CANARIX | {"cle": "00"})
    assert client.page.status == 422
    after_each()
    client.press("Enregistrer cette personne", CANARIX)
    assert "Canarix fait maintenant partie" in client.page.main
    while client.page.path != "/demande/pieces":
        forward(client, ANSWERS)
        after_each()
    join(client, "avis_moi", name=FILE, content=PDF)
    assert FILE in client.page.main
    join(client, "avis_moi", name=f"refuse-{FILE}", content=b"canari dans les octets")
    assert client.page.status == 422
    client.get("/demande/pieces")
    after_each()
    walk_to(client, "/demande/validation", {"/demande/pieces": lambda _: {"bien": "non", "etranger": "non", "pas_avis_m3xw": "oui"}})  # fmt: skip
    after_each()


def what_opens_it(service: Starlette) -> list[bytes]:
    """The bytes without which the copies of the cookies are noise, and those of the file."""
    with reading(service.state.house.engine) as db:
        session = db.exec(select(SessionOuverte)).one()
        piece = db.exec(select(PieceEnAttente)).one()
    sealed = shelf(service).get(piece.id)
    return [
        session.secret,
        session.id.encode(),
        piece.cle,
        piece.id.encode(),
        sealed[:64],
        sealed[-64:],
    ]


def sign_out(client: Browser, service: Starlette, settings: Settings) -> None:
    assert client.sign_out().path == "/deconnexion"


def expire(client: Browser, service: Starlette, settings: Settings) -> None:
    house = service.state.house
    with reading(house.engine) as db:
        assert sweep(db, house.shelf, settings.clock() + SESSION_LIFETIME + timedelta(seconds=1))


def remembered() -> bytes:
    """What was shown lately, and is kept to be shown sooner."""
    kept = [part for part in gc.get_referents(typo_kept) if isinstance(part, dict)]
    return "\n".join(str(text) for texts in kept for text in texts).encode()


@pytest.mark.parametrize("leave", [sign_out, expire])
def test_nothing_is_left_of_a_demande_that_was_not_filed(
    client: Browser,
    service: Starlette,
    settings: Settings,
    addresses: list[str],
    capfd: pytest.CaptureFixture[str],
    leave: Callable[[Browser, Starlette, Settings], None],
) -> None:
    walk(client, lambda: assert_nothing_in_clear(on_disk(settings)))
    keys, held = what_opens_it(service), written(cookies(client))
    piece = f"/demande/pieces/{keys[3].decode()}"
    assert all(key in on_disk(settings) for key in keys)
    assert "Canarix" in holding(service, held).get("/demande/recapitulatif").main
    assert holding(service, held).get(piece).response.content == PDF
    leave(client, service, settings)
    assert b"Canarix" in remembered()
    _forget_once(service.state.house)  # within a minute
    assert_nothing_in_clear(remembered())
    disk = on_disk(settings)
    assert [key for key in keys if key in disk] == []
    assert_nothing_in_clear(disk)
    for url in ("/demande", "/demande/recapitulatif", "/demande/pieces", "/demande/validation", piece):
        page = holding(service, held).get(url)
        assert page.path == "/session-expiree"
        assert_nothing_in_clear(page.text.encode())
    assert_nothing_in_clear("\n".join(addresses).encode())
    assert_nothing_in_clear("".join(capfd.readouterr()).encode())


def test_what_is_filed_lies_sealed(client: Browser, service: Starlette, settings: Settings) -> None:
    walk(client, lambda: None)
    keys = what_opens_it(service)
    assert forward(client).h1 == "Votre demande est maintenant terminée !"
    forget_for_good(service.state.house.engine)
    disk = on_disk(settings)
    assert_nothing_in_clear(disk)
    assert keys[2] not in disk, "the key of the file, sealed for a draft that is over"
    client.sign_out()
    assert_nothing_in_clear(on_disk(settings))


# Logs


def break_the_service(service: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: SituationStep, __: Any, sent: Any) -> None:
        raise ValueError(f"{sent.text('caf_numero')} {NIR}")

    monkeypatch.setattr(SituationStep, "read", fail)


def test_the_logs_say_nothing_of_anybody(
    client: Browser, service: Starlette, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as entries:
        walk(client, lambda: None)
        token = client.token
        client.get(f"/inconnue/{NIR}?nom=Canarix")
        client.get(f"/demande/organisme?ville=Canarix&organisme={NIR}")
        broken = f'--x\r\nContent-Disposition: form-data; name="nom"\r\n\r\nCanarix {NIR}\r\n-x'
        client.client.post(
            "/demande/situation", content=broken, headers={"content-type": "multipart/form-data; boundary=x"}
        )
        break_the_service(service, monkeypatch)
        fault = client.client.post(
            "/demande/situation", data={"jeton": token, "caf": "oui", "caf_numero": CAF, "nom": "Canarix"}
        )
    assert fault.status_code == 500
    known = {route.path for route in service.routes if isinstance(route, Route)} | {"inconnue"}
    requests = [entry for entry in entries if entry["event"] == "requete"]
    assert len(requests) > 40
    for entry in requests:
        assert set(entry) == {"event", "log_level", "methode", "page", "statut", "ms"}
        assert entry["page"] in known, "the pattern of the address, never the address"
    incident = next(entry for entry in entries if entry["event"] == "incident")
    assert set(incident) == {"event", "log_level", "incident", "genre", "lieu"}
    assert all(re.fullmatch(r"\w+\.py:\d+", place) for place in incident["lieu"])
    others = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    written = "\n".join(map(str, [*entries, *others]))
    assert_nothing_in_clear(written.encode())
    assert not re.search(r"\d{13}", re.sub(r"[\s.]", "", written)), "a number of 13 digits"
    assert "?" not in written
