"""A database and its files go together: another's files are never touched, and a mistake can be undone for a day."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlmodel import delete, select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.files.folder import FolderShelf
from app.files.shelf import PARTS, OtherShelf, Shelf
from app.main import SWEEP_EVERY
from app.settings import WrongSetting
from app.store.belonging import check, join, open_shelf, unknown_among
from app.store.database import writing
from app.store.sweep import FEW, KEPT_ASIDE, SPARED, Swept, sweep
from app.store.tables import EchangePdf, Installation
from tests.support.data import opens_the_file_of_sqlite, opens_the_folder_of_files
from tests.support.filed import database
from tests.support.runner import done, file_demande, refused, run
from tests.support.shelves import ageing
from tests.support.soon import eventually

STRAY = "egare" * 3
MakeService = Callable[..., Starlette]
MakeOlder = Callable[[str, float], None]
PutOld = Callable[..., None]


def folder_of(service: Starlette) -> Path:
    folder: Path = service.state.house.settings.files
    return folder


def shelf_of(service: Starlette) -> Shelf:
    shelf: Shelf = service.state.house.shelf
    return shelf


def sweep_now(service: Starlette, part: int | None = None) -> Swept:
    with database(service) as db:
        return sweep(db, shelf_of(service), service.state.house.settings.clock(), part=part)


@pytest.fixture
def make_older(service: Starlette, monkeypatch: pytest.MonkeyPatch) -> MakeOlder:
    return ageing(shelf_of(service), monkeypatch)


@pytest.fixture
def put_old(service: Starlette, make_older: MakeOlder) -> PutOld:
    """Files that no row knows, for longer than an arrival lasts."""

    def put(*names: str) -> None:
        for name in names:
            shelf_of(service).put(name, b"...")
            make_older(name, SPARED + 60)

    return put


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def filled(service: Starlette) -> Starlette:
    """A service that keeps files."""
    file_demande(service)
    assert list(shelf_of(service).names())
    return service


def forget_identity(service: Starlette) -> None:
    """As installations were before identities."""
    with database(service) as db, writing(db):
        db.exec(delete(Installation))
    shelf_of(service).sign("")


# Identity


def test_one_identity_is_drawn_and_written_in_both(filled: Starlette, make_service: MakeService) -> None:
    for _ in range(2):
        with database(filled) as db:
            (identity,) = db.exec(select(Installation.identite))
        assert len(identity) == 32
        assert shelf_of(filled).signature == identity
        make_service(data_dir=filled.state.house.settings.data_dir).state.house.engine.dispose()


def test_a_folder_that_another_service_makes_at_the_same_time_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FolderShelf(tmp_path / "fichiers").put("a" * 32, b"...")
    monkeypatch.setattr(Path, "exists", lambda _: False)  # as it was when both looked
    assert FolderShelf(tmp_path / "fichiers").get("a" * 32) == b"..."


def test_an_installation_without_identity_gets_one_when_base_and_files_agree(
    filled: Starlette, make_service: MakeService
) -> None:
    forget_identity(filled)
    again = make_service(data_dir=filled.state.house.settings.data_dir)
    assert len(shelf_of(again).signature or "") == 32
    again.state.house.engine.dispose()


@opens_the_file_of_sqlite
@pytest.mark.parametrize("signed", [True, False], ids=["signed", "from before identities"])
def test_a_new_base_beside_files_it_does_not_know_is_refused_and_they_all_stay(
    filled: Starlette, make_service: MakeService, signed: bool
) -> None:
    if not signed:
        forget_identity(filled)
    settings = filled.state.house.settings
    filled.state.house.engine.dispose()
    base, moved = settings.data_dir / "c2s.sqlite", settings.data_dir / "partie.sqlite"
    base.rename(moved)
    before = kept(settings.files)
    done(filled, "init")
    with pytest.raises(WrongSetting, match="Restaurez la base et ce dossier de la même sauvegarde"):
        make_service(data_dir=settings.data_dir)
    assert "ne va pas avec cette base" in refused(filled, "purge")
    assert kept(settings.files) == before
    moved.replace(base)
    make_service(data_dir=settings.data_dir).state.house.engine.dispose()


def test_a_base_whose_files_are_all_gone_is_refused_until_told_to_go_on(
    filled: Starlette, make_service: MakeService
) -> None:
    settings, shelf = filled.state.house.settings, shelf_of(filled)
    for name in shelf.names():
        shelf.remove(name)
    shelf.sign("")
    with pytest.raises(WrongSetting, match="Restaurez"):
        make_service(data_dir=settings.data_dir)
    done(filled, "init", "--associer")
    make_service(data_dir=settings.data_dir).state.house.engine.dispose()


@opens_the_folder_of_files
def test_a_folder_that_changes_while_the_service_runs_is_neither_swept_nor_written(
    filled: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(filled)
    folder.rename(folder.with_name("debranche"))
    other = FolderShelf(folder)
    other.sign("0" * 32)
    other.put(STRAY, b"d'une autre base")
    ageing(other, monkeypatch)(STRAY, SPARED + 60)
    with pytest.raises(OtherShelf):
        sweep_now(filled)
    with pytest.raises(OtherShelf):
        shelf_of(filled).put("nouveau" * 2, b"...")
    assert list(other.names()) == [STRAY]


def test_a_signature_that_cannot_be_told_is_not_taken_for_agreement(filled: Starlette) -> None:
    shelf_of(filled).sign("")
    with database(filled) as db, pytest.raises(OtherShelf):
        check(db, shelf_of(filled))
    with database(filled) as db:
        join(db, shelf_of(filled))  # a name in common is proof
        check(db, shelf_of(filled))


# The sweep


def test_a_file_that_no_row_knows_is_set_aside_for_a_day_then_erased(
    filled: Starlette, put_old: PutOld, make_older: MakeOlder
) -> None:
    put_old(STRAY)
    assert sweep_now(filled).strays == 1
    shelf = shelf_of(filled)
    assert list(shelf.aside()) == [STRAY]
    with pytest.raises(FileNotFoundError):
        shelf.get(STRAY)
    make_older(STRAY, KEPT_ASIDE - 60)
    sweep_now(filled)
    assert list(shelf.aside()) == [STRAY]
    make_older(STRAY, KEPT_ASIDE + 60)
    sweep_now(filled)
    assert not shelf.aside()


def test_a_file_that_has_just_arrived_is_left_to_its_row(filled: Starlette) -> None:
    shelf_of(filled).put(STRAY, b"...")
    assert sweep_now(filled).strays == 0
    assert shelf_of(filled).get(STRAY) == b"..."


def test_a_base_restored_within_the_day_finds_its_files_again(
    filled: Starlette, make_older: MakeOlder
) -> None:
    with database(filled) as db:
        name = db.exec(select(EchangePdf.id)).first()
        row = db.exec(select(EchangePdf).where(EchangePdf.id == name)).one().model_dump()
        with writing(db):
            db.exec(delete(EchangePdf).where(EchangePdf.id == name))
    content = shelf_of(filled).get(name)
    make_older(name, SPARED + 60)
    assert sweep_now(filled).strays == 1
    with database(filled) as db, writing(db):
        db.add(EchangePdf(**row))
    sweep_now(filled)
    assert shelf_of(filled).get(name) == content


def test_too_many_strays_are_left_and_the_sentence_says_what_to_do(
    filled: Starlette, put_old: PutOld
) -> None:
    names = [f"egare{number:03d}" for number in range(FEW + 1)]
    put_old(*names)
    swept = sweep_now(filled)
    assert (swept.strays, swept.refused) == (0, FEW + 1)
    assert set(names) <= set(shelf_of(filled).names())
    said = run(filled, "purge")
    assert said.exit_code == 1
    assert "Si cette base est bien la bonne, lancez : c2s purge --tous-les-fichiers" in said.stderr
    assert set(names) <= set(shelf_of(filled).names())
    assert f"mis de côté pour un jour : {FEW + 1}." in done(filled, "purge", "--tous-les-fichiers")
    assert not set(names) & set(shelf_of(filled).names())


# A large shelf


def noted(names: Iterable[str], into: list[str]) -> Iterator[str]:
    for name in names:
        into.append(name)
        yield name


@pytest.fixture
def names_asked(filled: Starlette, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a sweep asks the base about; one name is enough for a part to tell the share."""
    monkeypatch.setattr("app.store.sweep.ENOUGH", 1)
    asked: list[str] = []

    monkeypatch.setattr(
        "app.store.sweep.unknown_among", lambda db, names: unknown_among(db, noted(names, asked))
    )
    return asked


def test_a_sweep_reads_one_part_of_a_large_shelf(
    filled: Starlette, put_old: PutOld, names_asked: list[str]
) -> None:
    first, second, last = strays = ["00egare00", "02egare00", "ffegare00"]
    put_old(*strays)
    assert sweep_now(filled, 1 + PARTS).strays == 1
    assert second in names_asked
    assert not {first, last} & {*names_asked}


def test_all_of_a_large_shelf_is_swept_in_a_day(
    filled: Starlette, put_old: PutOld, names_asked: list[str]
) -> None:
    put_old(*(strays := ["0" * 8, "4f" * 6, "9z" * 6, "z" * 64]))
    kept = set(shelf_of(filled).names()) - set(strays)
    runs = 86_400 // SWEEP_EVERY
    assert sum(sweep_now(filled, 1000 + run).strays for run in range(runs)) == len(strays)
    assert set(shelf_of(filled).names()) == kept


def test_too_many_strays_in_a_part_are_left_there(
    filled: Starlette, put_old: PutOld, names_asked: list[str]
) -> None:
    put_old(*(f"000000{number:03d}" for number in range(FEW + 1)), "ffffffff")
    swept = [sweep_now(filled, part) for part in (0, PARTS - 1)]
    assert [(part.strays, part.refused) for part in swept] == [(0, FEW + 1), (1, 0)]


def test_a_part_that_is_too_small_to_tell_is_judged_with_the_whole(
    filled: Starlette, put_old: PutOld
) -> None:
    put_old(*(f"{number:02x}egare00" for number in range(FEW + 1)))
    swept = sweep_now(filled, 0)
    assert (swept.strays, swept.refused) == (0, FEW + 1), "two to a part would be few"


def test_few_names_are_held_at_a_time(filled: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.store.belonging.AT_A_TIME", 2)
    known = list(shelf_of(filled).names())[:1]
    names = ["aucune00", *known, "aucune01", "aucune02", "aucune03"]
    taken: list[str] = []
    asked_at: list[int] = []
    with database(filled) as db:
        sa.event.listen(db.get_bind(), "before_cursor_execute", lambda *_: asked_at.append(len(taken)))
        found = unknown_among(db, noted(names, taken))
    assert found == (5, [name for name in names if name not in known])
    assert asked_at == [2, 4, 5]


def test_each_run_of_a_service_goes_on_to_the_next_part(
    service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts: list[int] = []

    def swept(*_: object, part: int, patient: bool) -> Swept:
        assert not patient, "a start waits for no other service"
        parts.append(part)
        return Swept(0, 0)

    monkeypatch.setattr("app.main.sweep", swept)
    monkeypatch.setattr("app.main.SWEEP_EVERY", 0.001)
    with TestClient(service):
        eventually(lambda: len(parts) > 3)
    assert parts == list(range(parts[0], parts[0] + len(parts)))


def test_the_sweep_at_start_says_in_the_log_what_it_leaves(filled: Starlette, put_old: PutOld) -> None:
    put_old(*(f"egare{number:03d}" for number in range(FEW + 1)))
    with capture_logs() as entries, TestClient(filled):
        pass
    assert [entry["refus"][:21] for entry in entries if entry["event"] == "balayage"] == [
        "La base ne connaît pa"
    ]


def test_two_starts_at_once_write_one_identity(service: Starlette) -> None:
    """Each reads « no identity yet » before the other has written: the second finds what the first wrote."""
    with database(service) as db, writing(db):
        db.exec(delete(Installation))
    shelf_of(service).sign("")
    ready = Barrier(4)

    def start() -> None:
        with database(service) as db:
            ready.wait()
            join(db, open_shelf(service.state.house.settings))

    with ThreadPoolExecutor(4) as threads:
        for done_ in [threads.submit(start) for _ in range(4)]:
            done_.result()
    with database(service) as db:
        assert list(db.exec(select(Installation.identite))) == [shelf_of(service).signature]
