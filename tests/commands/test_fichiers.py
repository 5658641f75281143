"""`c2s fichiers transferer`: every file is in the other place, as it was, before anybody is told so."""

import errno
from collections.abc import Callable
from pathlib import Path

import obstore
import pytest
from starlette.applications import Starlette

from app.files.folder import FolderShelf
from app.files.objects import ObjectShelf
from app.files.shelf import HALF, Shelf
from app.settings import WrongSetting
from tests.support import objects
from tests.support.runner import done, refused, run
from tests.support.shelves import flipped

pytestmark = pytest.mark.xdist_group("objets")


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in objects.KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def shelf(service: Starlette, reference: str) -> Shelf:
    """What is kept of a demande that was filed, and a file more."""
    house = service.state.house
    found: Shelf = house.shelf
    found.put("fichier0", b"scelle")
    house.engine.dispose()  # the service has stopped
    return found


class Killed(BaseException):
    """The command ends there, and cleans nothing."""


def _killed(*_: object) -> None:
    raise Killed


def contents(shelf: Shelf) -> dict[str, bytes]:
    return {name: shelf.get(name) for name in shelf.names()}


@pytest.mark.engines
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
    said = refused(service, "fichiers", "transferer", store)
    assert "des fichiers qui ne sont pas ceux de cette base : rien n'est copié. Donnez-en un vide." in said
    assert contents(other) == {}
    assert other.signature == "une autre"


def test_a_place_that_others_fill_receives_nothing(service: Starlette, shelf: Shelf, tmp_path: Path) -> None:
    """What is theirs would be swept as strays once the service is there."""
    (tmp_path / "leur2024").write_bytes(b"leur")
    assert "rien n'est copié. Donnez-en un vide." in refused(service, "fichiers", "transferer", tmp_path)
    assert FolderShelf(tmp_path).signature is None


def test_a_service_that_runs_is_to_be_stopped_first(service: Starlette, shelf: Shelf, tmp_path: Path) -> None:
    engine = service.state.house.engine
    with engine.connect():
        pass  # it keeps its connections
    said = refused(service, "fichiers", "transferer", tmp_path / "ailleurs")
    assert said == "Le service, ou un autre programme, tient la base. Arrêtez-le, puis recommencez.\n"
    assert not (tmp_path / "ailleurs").exists()
    engine.dispose()
    done(service, "fichiers", "transferer", tmp_path / "ailleurs")


@pytest.fixture
def half(service: Starlette, shelf: Shelf, fault: BaseException) -> str:
    """The address of a store where a copy was cut short after one file."""
    store, put = objects.bucket(), ObjectShelf.put

    def put_one(self: ObjectShelf, name: str, sealed: bytes) -> None:
        if list(self.names()):
            raise fault
        put(self, name, sealed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ObjectShelf, "put", put_one)
        said = refused(service, "fichiers", "transferer", store)
    assert "recommencez" in said or "Relancez la même commande : elle reprend." in said
    assert len(contents(ObjectShelf(store))) == 1 < len(contents(shelf))
    return store


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), OSError(errno.ENOSPC, "")])
def test_cut_short_it_goes_on(service: Starlette, shelf: Shelf, half: str) -> None:
    assert "leur copie n'est pas terminée." in run(service, "doctor", C2S_FILES_URL=half).output
    assert "puis relancez : c2s fichiers transferer" in refused(service, "purge", C2S_FILES_URL=half)
    done(service, "fichiers", "transferer", half)
    assert contents(ObjectShelf(half)) == contents(shelf)
    assert "absents 0, altérés 0" in run(service, "doctor", C2S_FILES_URL=half).output


@pytest.mark.parametrize("fault", [KeyboardInterrupt()])
def test_no_service_starts_on_a_copy_that_was_cut_short(
    service: Starlette, half: str, make_service: Callable[..., Starlette]
) -> None:
    """One file in common would be proof that they go together."""
    with pytest.raises(WrongSetting, match="n'a pas encore tous les fichiers : aucun n'y est touché"):
        make_service(data_dir=service.state.house.settings.data_dir, files_url=half)


@pytest.mark.parametrize("fault", [KeyboardInterrupt()])
def test_nobody_can_say_that_half_a_copy_goes_with_the_base(service: Starlette, half: str) -> None:
    said = refused(service, "init", "--associer", C2S_FILES_URL=half)
    assert "n'a pas encore tous les fichiers" in said
    assert (ObjectShelf(half).signature or "").startswith(HALF)


def test_killed_while_it_tries_the_place_it_finds_it_empty_the_next_time(
    service: Starlette, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "ailleurs"
    with monkeypatch.context() as patch:
        patch.setattr(FolderShelf, "remove", _killed)
        with pytest.raises(Killed):
            run(service, "fichiers", "transferer", there)
    assert len(contents(FolderShelf(there))) == 1
    done(service, "fichiers", "transferer", there)
    assert contents(shelf).items() <= contents(FolderShelf(there)).items()


def test_a_file_that_does_not_read_back_keeps_the_place_closed(
    service: Starlette, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "ailleurs"
    put = FolderShelf.put
    with monkeypatch.context() as patch:
        patch.setattr(FolderShelf, "put", lambda self, name, sealed: put(self, name, flipped(sealed)))
        assert "ne se relit pas comme il était" in refused(service, "fichiers", "transferer", there)
    assert FolderShelf(there).signature != shelf.signature
    done(service, "fichiers", "transferer", there)


def test_the_same_place_by_another_name_is_left_as_it_is(
    service: Starlette, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = objects.bucket()
    done(service, "fichiers", "transferer", store)
    other = store.replace("127.0.0.1", "localhost")
    monkeypatch.delattr(
        ObjectShelf, "sign"
    )  # a mark that stays, if the command is killed, would close the place
    assert "C'est là que sont déjà" in refused(service, "fichiers", "transferer", other, C2S_FILES_URL=store)
    assert contents(ObjectShelf(store)) == contents(shelf)
    if isinstance(shelf, FolderShelf):
        (tmp_path / "lien").symlink_to(shelf.folder)
        assert "C'est là que sont déjà" in refused(service, "fichiers", "transferer", tmp_path / "lien")


def test_a_service_that_starts_during_a_copy_leaves_it_unfinished(
    service: Starlette, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL nothing keeps it from starting: the file that it receives may come after the names were listed."""
    there = tmp_path / "ailleurs"
    with monkeypatch.context() as patch:
        patch.setattr("app.commands.fichiers.is_shared", lambda _: True)
        assert "Un service a démarré pendant la copie." in refused(service, "fichiers", "transferer", there)
    assert FolderShelf(there).signature != shelf.signature
    shelf.put("fichier9", b"venu")
    done(service, "fichiers", "transferer", there)
    assert contents(FolderShelf(there)) == contents(shelf)


@pytest.mark.parametrize("to", ["", "fichiers", "S3://c2s", "http://objets.exemple.fr/c2s"])
def test_a_folder_is_named_in_full(
    service: Starlette, shelf: Shelf, to: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert "nommé depuis /" in refused(service, "fichiers", "transferer", to)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_where_nothing_can_be_written_is_named(
    service: Starlette, shelf: Shelf, tmp_path: Path
) -> None:
    (tmp_path / "fichier").touch()
    for to in (tmp_path / "fichier", tmp_path / "fichier" / "dedans"):
        said = refused(service, "fichiers", "transferer", to)
        assert said.startswith(f"Ce compte ne peut pas écrire dans {to} : rien n'est copié.")


def test_a_driver_that_is_missing_is_no_wrong_address(
    service: Starlette, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.settings.values.find_spec", {}.get)
    said = refused(service, "fichiers", "transferer", objects.bucket())
    assert said.startswith(
        "Rien n'est copié : il manque le pilote du stockage d'objets (obstore). Installez-le : "
    )


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
