"""`c2s fichiers transferer`: every file is in the other place, as it was, before anybody is told so."""

from pathlib import Path

import obstore
import pytest
from starlette.applications import Starlette

from app.files.folder import FolderShelf
from app.files.objects import ObjectShelf
from app.files.shelf import Shelf
from tests.support import objects
from tests.support.runner import done, refused, run

pytestmark = pytest.mark.xdist_group("objets")


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in objects.KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def shelf(service: Starlette, reference: str) -> Shelf:
    """What is kept of a demande that was filed, and a file more."""
    found: Shelf = service.state.house.shelf
    found.put("fichier0", b"scelle")
    return found


def contents(shelf: Shelf) -> dict[str, bytes]:
    return {name: shelf.get(name) for name in shelf.names()}


def test_to_a_store_and_back(service: Starlette, shelf: Shelf, tmp_path: Path) -> None:
    store, back = objects.bucket(), tmp_path / "retour"
    said = done(service, "fichiers", "transferer", store)
    assert f"Fichiers copiés et relus : {len(contents(shelf))}." in said
    assert f"C2S_FILES_URL={store}" in said
    assert contents(ObjectShelf(store)) == contents(shelf)
    assert "absents 0, altérés 0" in done(service, "doctor", "--tout", C2S_FILES_URL=store)
    done(service, "fichiers", "transferer", back, C2S_FILES_URL=store)
    assert contents(FolderShelf(back)) == contents(shelf)
    assert FolderShelf(back).signature == shelf.signature


def test_what_is_set_aside_stays_and_is_told(service: Starlette, shelf: Shelf, tmp_path: Path) -> None:
    shelf.set_aside("fichier0")
    said = done(service, "fichiers", "transferer", tmp_path / "ailleurs")
    assert f"faites de {tmp_path / 'ailleurs'} le dossier « fichiers » de C2S_DATA_DIR." in said
    assert "Mis de côté, que la base ne connaît pas, et non copiés : 1." in said
    assert list(shelf.aside()) == ["fichier0"]
    assert contents(FolderShelf(tmp_path / "ailleurs")) == contents(shelf)


def test_stopped_it_goes_on_and_mends_what_differs(service: Starlette, shelf: Shelf) -> None:
    store = objects.bucket()
    other = ObjectShelf(store)
    other.put("fichier0", b"SCELLE")
    done(service, "fichiers", "transferer", store)
    assert contents(other) == contents(shelf)


def test_the_shelf_of_another_base_receives_nothing(service: Starlette, shelf: Shelf) -> None:
    store = objects.bucket()
    other = ObjectShelf(store)
    other.sign("une autre")
    assert "va avec une autre base. Rien n'est copié." in refused(service, "fichiers", "transferer", store)
    assert contents(other) == {}


@pytest.mark.parametrize("to", ["s3:", "s3://cle@c2s", "s3://c2s", "s3://c2s?endpoint=objets.exemple.fr"])
def test_what_is_no_place_is_refused(service: Starlette, shelf: Shelf, to: str) -> None:
    said = refused(service, "fichiers", "transferer", to)
    assert said.startswith("VERS n'est pas l'adresse d'un stockage S3. Exemple : s3://c2s?endpoint=https://")


def test_where_the_files_are_already_nothing_is_copied(service: Starlette, shelf: Shelf) -> None:
    settings = service.state.house.settings
    assert "C'est là que sont déjà" in refused(
        service, "fichiers", "transferer", settings.files_url or settings.files
    )


def test_doctor_refuses_a_store_that_writes_over_a_name(
    service: Starlette, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, put = objects.bucket(), obstore.put
    done(service, "fichiers", "transferer", store)
    monkeypatch.setattr(obstore, "put", lambda to, name, content, **_: put(to, name, content))
    result = run(service, "doctor", C2S_FILES_URL=store)
    assert "Choisissez un stockage qui respecte If-None-Match." in result.output
    assert not [path for path, _ in ObjectShelf(store)._listed() if path.startswith("essai")]


def test_doctor_refuses_a_store_that_keeps_versions(
    service: Starlette, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = objects.bucket()
    done(service, "fichiers", "transferer", store)
    monkeypatch.setattr(ObjectShelf, "keeps_versions", property(lambda _: True))
    result = run(service, "doctor", C2S_FILES_URL=store)
    assert result.exit_code == 1
    assert "Coupez le versionnage de ce stockage" in result.output
