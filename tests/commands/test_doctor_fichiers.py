"""`c2s doctor` : les fichiers que la base connaît sont là, entiers ; sinon, il dit quelles demandes sont touchées."""

import shutil
from datetime import datetime, time
from pathlib import Path

import pytest
from starlette.applications import Starlette
from typer.testing import Result

from app.commands._files import compare
from app.settings import PARIS, Settings
from app.store.tables import EchangePdf, Piece
from tests.support import samples
from tests.support.browser import Browser
from tests.support.data import opens_the_folder_of_files
from tests.support.filed import database, once, rows
from tests.support.runner import file_demande, reference_of, run
from tests.support.shelves import flipped, rewrite
from tests.support.waiting import ready, send, waiting
from tests.support.walk import walk_to


@pytest.fixture(scope="module")
def filled_folder(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data once Nadia has filed: one document, beside the PDF of the accusé."""
    with once(filled_folder, tmp_path_factory.mktemp("depose") / "donnees") as (folder, client, service):
        ready(client, service)
        send(client, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
        walk_to(client, "/demande/terminee")
    return folder


@pytest.fixture
def reference(service: Starlette) -> str:
    """The number of that demande."""
    return reference_of(service, "nadia")


def name_of(service: Starlette, reference: str, table: type[Piece] | type[EchangePdf]) -> str:
    """The file of this demande: its document, or the PDF of its accusé."""
    number = int(reference[-6:])
    its = Piece.demande_id == number if table is Piece else EchangePdf.echange_id == f"a{number:06d}"
    (row,) = rows(service, table, its)
    return str(row.id)


def line(result: Result) -> str:
    (said,) = [line for line in result.stdout.splitlines() if "fichiers :" in line]
    return said


def test_every_file_is_there(service: Starlette, reference: str) -> None:
    count = len(rows(service, Piece)) + len(rows(service, EchangePdf))
    result = run(service, "doctor", "--tout")
    assert result.exit_code == 0
    assert line(result) == (
        f"ok       fichiers : attendus {count}, absents 0, altérés 0, relus en entier {count} ; "
        "inconnus de la base 0, mis de côté 0."
    )


def test_a_frozen_day_that_begins_again_is_no_slow_clock(
    service: Starlette, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    midnight = datetime.combine(datetime.now(PARIS), time(), PARIS)
    monkeypatch.setattr(Settings, "clock", lambda _: midnight)
    assert run(service, "doctor").exit_code == 0


def test_a_file_absent_or_cut_short_touches_its_demande(service: Starlette, reference: str) -> None:
    other = file_demande(service, "benoit")
    shelf = service.state.house.shelf
    shelf.remove(name_of(service, reference, Piece))
    rewrite(shelf, name_of(service, other, EchangePdf), lambda content: content[:-1])
    result = run(service, "doctor")
    assert result.exit_code == 1
    said = line(result)
    assert said.startswith("à faire  fichiers : ")
    assert "absents 1, altérés 1 ;" in said
    assert f"Demandes touchées : {reference}, {other}. Reprenez ces fichiers dans leur dernière" in said
    assert "Nadia" not in result.output


@pytest.mark.parametrize("table", [Piece, EchangePdf])
def test_a_changed_content_is_seen_only_when_every_byte_is_read(
    service: Starlette, reference: str, table: type[Piece] | type[EchangePdf]
) -> None:
    rewrite(service.state.house.shelf, name_of(service, reference, table), flipped)
    assert run(service, "doctor").exit_code == 0
    result = run(service, "doctor", "--tout")
    assert result.exit_code == 1
    assert "absents 0, altérés 1, relus" in line(result)
    assert f"Demandes touchées : {reference}." in line(result)


def test_a_file_not_yet_filed_touches_no_demande(client: Browser, service: Starlette) -> None:
    ready(client, service, "benoit")
    send(client, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
    (file,) = waiting(client, service)
    service.state.house.shelf.remove(file.id)
    result = run(service, "doctor", "--tout")
    assert result.exit_code == 1
    assert "absents 1" in line(result)
    assert "Pas encore déposés : 1." in line(result)
    assert "Demandes touchées" not in line(result)


def test_what_the_base_does_not_know_is_counted(service: Starlette) -> None:
    shelf = service.state.house.shelf
    for name in ("inconnu1", "inconnu2", "inconnu3"):
        shelf.put(name, b"...")
    shelf.set_aside("inconnu3")
    assert line(run(service, "doctor")).endswith("; inconnus de la base 2, mis de côté 1.")


def test_the_shelf_of_another_base_is_not_compared(service: Starlette) -> None:
    shelf = service.state.house.shelf
    shelf.sign("0" * 32)
    result = run(service, "doctor")
    assert result.exit_code == 1
    assert f"la base et leur {shelf.what} ne vont pas ensemble." in line(result)
    assert f"Restaurez la base et ce {shelf.what} de la même sauvegarde." in line(result)


@opens_the_folder_of_files
def test_a_folder_absent_or_unreadable_is_told(service: Starlette) -> None:
    folder = service.state.house.settings.files
    (folder / "identite.txt").unlink()
    (folder / "identite.txt").mkdir()
    assert "identite.txt ne se lit pas (Is a directory)" in line(run(service, "doctor"))
    shutil.rmtree(folder)
    assert "n'existe pas, attendus" in line(run(service, "doctor"))
    assert not folder.exists(), "doctor writes nothing"


def test_a_bar_says_how_far_the_reading_is(
    service: Starlette, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = service.state.house.settings
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with database(service) as db:
        compare(db, settings, thorough=True)
    assert "Fichiers" in capsys.readouterr().err
