"""Busy, full, read-only, damaged, gone: a page that says so in two seconds, nothing lost, and no restart afterwards."""

import asyncio
import hashlib
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.files.folder import FolderShelf
from app.main import PATIENCE
from app.settings import WrongSetting
from app.store import faults
from app.store.database import forget_deleted, reading, writing
from app.store.pieces import keep_file
from app.store.tables import Piece, PieceEnAttente, SessionOuverte
from tests.support import samples
from tests.support.browser import Browser, Page
from tests.support.data import opens_the_file_of_sqlite
from tests.support.drafts import current
from tests.support.filed import compte_of, damage, rows
from tests.support.locks import held
from tests.support.runner import refused
from tests.support.verdicts import kept
from tests.support.waiting import PIECES, ready, send, sent, sent_files, session_id, shelf, waiting
from tests.support.walk import forward, walk_to

pytestmark = opens_the_file_of_sqlite

SLACK = 3  # seconds, for a busy machine
DONE = "/demande/terminee"
KEY = hashlib.sha256(b"pannes").hexdigest()  # given: the demonstration would write its own first


def base_of(service: Starlette) -> Path:
    folder: Path = service.state.house.settings.data_dir
    return folder / "c2s.sqlite"


@contextmanager
def locked(service: Starlette) -> Iterator[None]:
    """Another process writes, for as long as the block lasts."""
    with held(base_of(service)):
        yield


@contextmanager
def gone(service: Starlette) -> Iterator[None]:
    """The base is moved away while the service runs."""
    forget_deleted(service.state.house.engine)  # what its journal held is in it
    base = base_of(service)
    base.rename(base.with_name("ailleurs"))
    yield
    assert not base.exists(), "no other base was made in its place"
    base.with_name("ailleurs").rename(base)


@contextmanager
def emptied(service: Starlette) -> Iterator[None]:
    """An empty file takes the place of the base."""
    with gone(service):
        base_of(service).touch()
        yield
        base_of(service).unlink()


@contextmanager
def damaged(service: Starlette) -> Iterator[None]:
    """Something else takes the place of the base."""
    with gone(service):
        base_of(service).write_bytes(b"\xff" * 8192)
        yield
        for path in base_of(service).parent.glob("c2s.sqlite*"):
            path.unlink()


@contextmanager
def another_shelf(service: Starlette) -> Iterator[None]:
    """The folder of the files is that of another base."""
    folder = service.state.house.settings.files
    folder.rename(folder.with_name("ailleurs"))
    other = FolderShelf(folder)
    other.sign("0" * 32)
    other.put("etranger", b"d'une autre base")
    yield
    assert list(other.names()) == ["etranger"], "its files are not touched"
    shutil.rmtree(folder)
    folder.with_name("ailleurs").rename(folder)


@contextmanager
def full(service: Starlette) -> Iterator[None]:
    """Nothing more fits on the disk."""
    filler = base_of(service).with_name("remplissage")
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"\0" * 4096):
                pass
        except OSError:
            yield
    filler.unlink()


@contextmanager
def read_only(service: Starlette) -> Iterator[None]:
    """The disk has gone read-only, as it does after an error."""
    service.state.house.engine.dispose()  # a disk with files open for writing is not remounted
    folder = base_of(service).parent
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    yield
    service.state.house.engine.dispose()
    subprocess.run(["mount", "-o", "remount,rw", folder], check=True)


@pytest.fixture
def small_disk(
    filled_folder: Path, tmp_path: Path, make_service: Callable[..., Starlette]
) -> Iterator[Starlette]:
    """A service whose data lie on a disk of their own."""
    disk = tmp_path / "disque"
    disk.mkdir()
    if (
        os.getuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk], check=False).returncode
    ):
        pytest.skip("only root mounts a small disk")
    try:
        shutil.copytree(filled_folder, disk, dirs_exist_ok=True)
        service = make_service(data_dir=disk)
        yield service
        service.state.house.engine.dispose()
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)


FILE = sent("avis_moi", "avis.pdf", samples.pdf(pages=2))
KEPT = "Vos réponses d'avant et vos fichiers sont gardés."
IN_THE_BROWSER = "Vos réponses d'avant sont dans ce navigateur."
WORDS = {
    "verrouillée": ("Ce service est très occupé", KEPT),
    "pleine": ("Ce service ne peut rien enregistrer en ce moment", KEPT),
    "lecture seule": ("Ce service ne peut rien enregistrer en ce moment", KEPT),
    "partie": ("Ce service ne retrouve plus ses données", IN_THE_BROWSER),
    "abîmée": ("Ce service ne retrouve plus ses données", IN_THE_BROWSER),
}
Fault = Callable[[Starlette], Any]
ANYWHERE: dict[str, tuple[Fault, str]] = {
    "locked": (locked, "verrouillée"),
    "gone": (gone, "partie"),
    "emptied": (emptied, "partie"),
    "damaged": (damaged, "abîmée"),
}
ON_A_DISK: dict[str, tuple[Fault, set[str]]] = {
    "full": (full, {"pleine"}),
    "read-only": (read_only, {"lecture seule", "partie"}),
}


def at_the_last_page(service: Starlette) -> Browser:
    client = Browser(TestClient(service))
    ready(client, service)
    send(client, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
    walk_to(client, "/demande/validation")
    return client


def assert_told(response: Any, fault: str) -> None:
    """The page of this fault: what happens, and only what is true of what is kept."""
    assert response.status_code == 503
    assert response.headers["retry-after"] == "60"
    page = Page(response)
    titre, kept = WORDS[fault]
    assert page.h1 == titre
    assert [sentence for sentence in (KEPT, IN_THE_BROWSER) if sentence in page.main] == [kept]


def assert_told_and_kept(client: Browser, service: Starlette, fault: Fault, named: set[str]) -> None:
    """A deposit, then a file, are refused by a page, in time; then the same press files the demande, as it was."""
    kept = sent_files(service)
    held, digest = dict(client.client.cookies), client.page.value("empreinte")
    fields = {"jeton": client.token, "certifie": "oui", "empreinte": digest}
    with fault(service):
        began = time.monotonic()
        with capture_logs() as entries:
            response = client.client.post("/demande/validation", data=fields)
        assert time.monotonic() - began < PATIENCE + SLACK
        upload = client.client.post(PIECES, data={"jeton": client.token, "envoyer": "avis_moi"}, files=[FILE])
    assert "set-cookie" not in response.headers
    said = [{name: e[name] for name in e if name != "log_level"} for e in entries if e["event"] == "panne"]
    assert [entry["base"] in named and len(entry) == 2 for entry in said] == [True]
    assert_told(response, said[0]["base"])
    assert_told(upload, said[0]["base"])
    assert sent_files(service) == kept
    assert dict(client.client.cookies) == held
    client.get("/demande/validation")
    assert forward(client).path == DONE


@pytest.mark.parametrize("name", ANYWHERE)
def test_a_fault_of_the_base_is_told_and_loses_nothing(service: Starlette, name: str) -> None:
    fault, named = ANYWHERE[name]
    assert_told_and_kept(at_the_last_page(service), service, fault, {named})


@pytest.mark.parametrize("name", ON_A_DISK)
def test_a_fault_of_the_disk_is_told_and_loses_nothing(small_disk: Starlette, name: str) -> None:
    fault, named = ON_A_DISK[name]
    assert_told_and_kept(at_the_last_page(small_disk), small_disk, fault, named)


def test_an_upload_that_meets_the_shelf_of_another_base_is_told_and_goes_in_afterwards(
    service: Starlette,
) -> None:
    client = Browser(TestClient(service))
    ready(client, service)
    fields = {"jeton": client.token, "envoyer": "avis_moi"}
    with another_shelf(service):
        assert_told(client.client.post(PIECES, data=fields, files=[FILE]), "partie")
    assert client.client.post(PIECES, data=fields, files=[FILE]).status_code == 200
    assert [file.nom for file in waiting(client, service)] == ["avis.pdf"]


def test_a_file_that_meets_a_lock_once_it_is_read_does_not_say_that_the_disk_is_full(
    service: Starlette,
) -> None:
    client = Browser(TestClient(service))
    ready(client, service)
    accepted = kept(samples.pdf(pages=2), "avis.pdf")
    draft, before = current(client, service), sent_files(service)
    with locked(service), reading(service.state.house.engine) as db, pytest.raises(OperationalError) as met:
        keep_file(db, shelf(service), session_id(client, service), draft.file_key, accepted)
    assert faults.fault_of(met.value) is faults.Fault.LOCKED
    assert sent_files(service) == before


@pytest.mark.parametrize("name", ANYWHERE)
def test_signing_out_always_takes_the_cookies(service: Starlette, name: str) -> None:
    client = at_the_last_page(service)
    form = {"jeton": client.token, "quitter": "oui"}
    with ANYWHERE[name][0](service):
        response = client.client.post("/deconnexion", data=form)
    assert response.status_code == 503
    assert "Ce navigateur a quitté votre compte" in response.text
    assert not {"c2s_session", "c2s_brouillon"} & set(client.client.cookies)
    assert client.get("/demarches").path == "/connexion"


def test_signing_out_of_an_account_that_cannot_be_read_takes_the_cookies(service: Starlette) -> None:
    client = at_the_last_page(service)
    with reading(service.state.house.engine) as db, writing(db):
        db.add(compte_of(db, "nadia").sqlmodel_update({"fiche": b"x" * 40}))
    response = client.client.post("/deconnexion", data={"jeton": client.token})
    assert response.url.path == "/deconnexion"
    assert response.status_code == 200
    assert not {"c2s_session", "c2s_brouillon"} & set(client.client.cookies)
    assert rows(service, SessionOuverte) == []


def test_signing_out_takes_the_cookies_whatever_goes_wrong(
    service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = at_the_last_page(service)
    monkeypatch.setattr("app.web.account.close_session", None)
    response = client.client.post("/deconnexion", data={"jeton": client.token, "quitter": "oui"})
    page = Page(response)
    assert page.status == 503
    assert page.h1 == "Ce navigateur a quitté votre compte"
    assert page.tree.css_first("b.nombre").text(), "the log has the same number"
    assert not {"c2s_session", "c2s_brouillon"} & set(client.client.cookies)


def test_a_waiting_file_that_does_not_open_stops_no_deposit(service: Starlette) -> None:
    """Its row is altered: étape 6 no longer shows it, and each press of the last button led back to the récapitulatif."""
    client = Browser(TestClient(service))
    ready(client, service)
    send(client, "avis_moi", ("page 1.pdf", samples.pdf()))
    send(client, "avis_moi", ("page 2.pdf", samples.pdf(pages=3)))
    first, second = waiting(client, service)
    with reading(service.state.house.engine) as db, writing(db):
        damage(db, PieceEnAttente, "cle", PieceEnAttente.id == second.id)
    assert second.nom not in client.get("/demande/pieces").main
    walk_to(client, "/demande/terminee")
    assert [piece.id for piece in rows(service, Piece)] == [first.id]
    assert second.id not in service.state.house.shelf.names()


@pytest.mark.parametrize("name", ["gone", "emptied", "damaged"])
def test_health_tells_that_the_base_is_not_the_one_that_was_opened(service: Starlette, name: str) -> None:
    client = TestClient(service)
    assert client.get("/sante").status_code == 200
    with ANYWHERE[name][0](service):
        assert client.get("/sante").status_code == 503
    assert client.get("/sante").status_code == 200


def test_health_tells_that_the_files_are_those_of_another_base(service: Starlette) -> None:
    signature = service.state.house.settings.files / "identite.txt"
    before = signature.read_text()
    signature.write_text("0" * 32)
    assert TestClient(service).get("/sante").status_code == 503
    signature.write_text(before)
    assert TestClient(service).get("/sante").status_code == 200


def test_those_who_ask_for_its_health_together_hold_one_thread(
    service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty of them held every page while the store of the files was slow."""
    asked: list[str] = []
    answer = threading.Event()

    async def all_at_once() -> list[int]:
        transport = httpx2.ASGITransport(service)
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            asking = [asyncio.create_task(client.get("/sante")) for _ in range(40)]
            for _ in range(100):  # more turns than each of them takes to get there
                await asyncio.sleep(0)
            answer.set()
            answers = [*await asyncio.gather(*asking), await client.get("/sante")]
        return [answered.status_code for answered in answers]

    def slow(shelf: FolderShelf, identity: str) -> None:
        asked.append(identity)
        assert answer.wait(60)

    monkeypatch.setattr(FolderShelf, "require", slow)
    assert asyncio.run(all_at_once()) == [200] * 41
    assert len(asked) == 2, "the forty share an answer; the next has its own"


def test_health_tells_that_there_is_no_room(small_disk: Starlette) -> None:
    assert TestClient(small_disk).get("/sante").status_code == 503, "64 Mo are less than a demande may take"


@pytest.mark.parametrize("name", ["emptied", "damaged"])
def test_a_start_on_a_base_that_cannot_be_read_is_a_sentence(
    service: Starlette, make_service: Callable[..., Starlette], name: str
) -> None:
    settings = service.state.house.settings
    service.state.house.engine.dispose()
    if name == "damaged":
        base_of(service).write_bytes(b"\xff" * 8192)
        with pytest.raises(WrongSetting, match="La base ne se lit pas"):
            make_service(data_dir=settings.data_dir)
    else:
        (settings.data_dir / "c2s.sqlite").unlink()
        (settings.data_dir / "c2s.sqlite").mkdir()
        with pytest.raises(WrongSetting, match="La base ne s'ouvre pas"):
            make_service(data_dir=settings.data_dir)


def test_a_start_in_a_folder_where_nothing_can_be_written_is_a_sentence(
    small_disk: Starlette, make_service: Callable[..., Starlette]
) -> None:
    folder = small_disk.state.house.settings.data_dir
    (folder / "c2s.sqlite").unlink()
    with read_only(small_disk):
        with pytest.raises(WrongSetting, match="Ce service ne peut pas écrire dans son dossier"):
            make_service(data_dir=folder, secret_keys=KEY, data_keys=KEY)
        said = refused(small_disk, "init", C2S_SECRET_KEYS=KEY, C2S_DATA_KEYS=KEY)
        assert "ne peut pas écrire dans son dossier" in said


def test_a_start_in_what_is_no_folder_is_a_sentence(
    make_service: Callable[..., Starlette], tmp_path: Path
) -> None:
    (tmp_path / "fichier").touch()
    with pytest.raises(WrongSetting, match="fichier ne peut pas servir"):
        make_service(data_dir=tmp_path / "fichier", secret_keys=KEY, data_keys=KEY)


@pytest.mark.parametrize("harm", ["gone", "cut short"])
def test_a_deposit_whose_file_is_gone_brings_back_to_it(service: Starlette, harm: str) -> None:
    client = at_the_last_page(service)
    (lost,) = waiting(client, service)
    path = service.state.house.settings.files / lost.id
    sealed = path.read_bytes()
    path.unlink()
    if harm == "cut short":
        path.write_bytes(sealed[:-1])
    page = forward(client)
    assert page.path == PIECES
    assert "Le fichier avis.pdf n'est plus disponible. Envoyez-le à nouveau" in page.main
    send(client, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
    (again,) = waiting(client, service)
    assert shelf(service).size(again.id) == len(sealed)
    walk_to(client, DONE)
