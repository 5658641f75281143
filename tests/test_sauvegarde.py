"""docs/exploitation/sauvegarde.py: what was deposited is in the copy, and no draft outlives its session in it."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.settings import ROOT
from app.store.database import open_database, reading
from app.store.sweep import sweep
from app.store.tables import Piece, PieceEnAttente, SessionOuverte
from app.store.versions import migrate
from tests.support import samples
from tests.support.browser import Browser
from tests.support.data import opens_the_file_of_sqlite, opens_the_folder_of_files
from tests.support.runner import done, reference_of
from tests.support.waiting import ready, send
from tests.support.walk import walk_to

pytestmark = opens_the_file_of_sqlite

SCRIPT = ROOT / "docs" / "exploitation" / "sauvegarde.py"


def backup(service: Starlette, target: Path) -> "subprocess.CompletedProcess[str]":
    folder = service.state.house.settings.data_dir
    return subprocess.run(
        [sys.executable, SCRIPT, folder, target], capture_output=True, text=True, check=False
    )


@pytest.fixture
def lived_in(service: Starlette) -> Starlette:
    """A service where one person has filed a demande with a piece, and another is half way."""
    nadia, benoit = (Browser(TestClient(service)) for _ in range(2))
    ready(nadia, service)
    send(nadia, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
    walk_to(nadia, "/demande/terminee")
    ready(benoit, service, "benoit")
    send(benoit, "avis_moi", ("avis.pdf", samples.pdf(pages=3)))
    return service


def exported(service: Starlette, reference: str, folder: Path) -> dict[str, str]:
    """The digest of each file of an export; its date, which is that of today, apart."""
    done(service, "demandes", "export", reference, folder)
    digests = {}
    for path in (folder / reference).iterdir():
        content = path.read_bytes()
        if path.name == "demande.json":
            content = json.dumps(json.loads(content) | {"exportee_le": ""}).encode()
        digests[path.name] = hashlib.sha256(content).hexdigest()
    return digests


def wipe_and_restore(service: Starlette, copy: Path) -> None:
    """As docs/exploitation.md says; the keys of a demonstration, which are not in the copy, stay."""
    folder = service.state.house.settings.data_dir
    service.state.house.engine.dispose()
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "cles-de-demonstration.json":
            path.unlink()
    shutil.copy2(copy / "c2s.sqlite", folder)
    shutil.copytree(copy / "fichiers", folder / "fichiers")
    done(service, "init")
    assert "absents 0, altérés 0" in done(service, "doctor", "--tout")


def test_a_restore_gives_back_what_is_filed_and_the_demarche_goes_on(
    lived_in: Starlette, make_service: Callable[..., Starlette], tmp_path: Path
) -> None:
    reference = reference_of(lived_in, "nadia")
    before = exported(lived_in, reference, tmp_path / "avant")
    assert set(before) == {"01-avis.pdf", "accuse.pdf", "demande.json"}
    assert backup(lived_in, tmp_path / "copie").returncode == 0
    wipe_and_restore(lived_in, tmp_path / "copie")
    service = make_service(data_dir=lived_in.state.house.settings.data_dir)
    assert exported(service, reference, tmp_path / "apres") == before

    nadia, benoit = (Browser(TestClient(service)) for _ in range(2))
    nadia.sign_in("nadia")
    nadia.get(f"/suivi/{reference}/completer")
    sent = nadia.press("Envoyer à ma caisse", {"message": "Voici la suite."})
    assert "Votre message est envoyé à votre caisse." in sent.main
    ready(benoit, service, "benoit")
    send(benoit, "avis_moi", ("avis.pdf", samples.pdf(pages=3)))
    walk_to(benoit, "/demande/terminee")
    assert reference_of(service, "benoit") != reference
    with reading(service.state.house.engine) as db:
        assert sweep(db, service.state.house.shelf, service.state.house.settings.clock()).strays == 0
    service.state.house.engine.dispose()


def test_a_backup_has_no_session_and_no_waiting_file(lived_in: Starlette, tmp_path: Path) -> None:
    with reading(lived_in.state.house.engine) as db:
        secrets = list(db.exec(select(SessionOuverte.secret)))
        (waiting,) = db.exec(select(PieceEnAttente.id))
    copy = tmp_path / "copie"
    assert backup(lived_in, copy).returncode == 0
    content = b"".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
    assert len(secrets) == 2
    assert not any(secret in content for secret in secrets)
    assert waiting.encode() not in content
    assert not (copy / "fichiers" / waiting).exists()


@opens_the_folder_of_files
def test_a_backup_without_the_files_of_the_base_says_so(lived_in: Starlette, tmp_path: Path) -> None:
    """They are in a store, or lost: the host must not find out on the day of a restore."""
    house = lived_in.state.house
    with reading(house.engine) as db:
        kept = list(db.exec(select(Piece.id)))
    for name in kept:
        house.shelf.remove(name)
    made = backup(lived_in, tmp_path / "copie")
    assert made.returncode == 1
    assert f"il en manque {len(kept)}, par exemple {max(kept)}." in made.stderr
    assert "copiez-les avec ses outils" in made.stderr


def test_a_base_that_no_service_has_started_on_is_saved_whole(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'c2s.sqlite'}"
    engine = open_database(url)
    migrate(engine)
    engine.dispose()
    copied = subprocess.run(
        [sys.executable, SCRIPT, tmp_path, tmp_path / "copie"], capture_output=True, text=True, check=False
    )
    assert (copied.returncode, copied.stderr) == (0, "")
    assert "La base et 0 fichiers" in copied.stdout


def test_only_its_owner_reads_a_backup(service: Starlette, tmp_path: Path) -> None:
    copy = tmp_path / "copie"
    backup(service, copy)
    assert {path.stat().st_mode & 0o077 for path in (copy, *copy.rglob("*"))} == {0}


def test_a_backup_does_not_overwrite_another(service: Starlette, tmp_path: Path) -> None:
    assert backup(service, tmp_path / "copie").returncode == 0
    again = backup(service, tmp_path / "copie")
    assert again.returncode == 1
    assert again.stderr == (
        f"Rien n'est sauvegardé : {tmp_path / 'copie'} a déjà une sauvegarde. Donnez un autre nom.\n"
    )


def test_a_backup_that_cannot_be_made_says_why(service: Starlette, tmp_path: Path) -> None:
    service.state.house.engine.dispose()
    folder = service.state.house.settings.data_dir
    (folder / "fichiers" / "identite.txt").unlink()
    halfway = backup(service, tmp_path / "copie")
    assert halfway.returncode == 1
    assert "il en manque 1, par exemple identite.txt." in halfway.stderr
    (folder / "c2s.sqlite").write_bytes(b"abime" * 1000)
    damaged = backup(service, tmp_path / "abimee")
    assert damaged.returncode == 1
    assert f"Effacez {tmp_path / 'abimee'}, puis recommencez." in damaged.stderr
    (folder / "c2s.sqlite").unlink()
    nothing = backup(service, tmp_path / "autre")
    assert nothing.returncode == 1
    assert nothing.stderr == f"Rien n'est sauvegardé : {folder / 'c2s.sqlite'} n'existe pas.\n"
    assert not (tmp_path / "autre").exists()
