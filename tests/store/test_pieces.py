"""Waiting files: sealed, counted, and gone with their session."""

import errno
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select
from starlette.applications import Starlette

from app.domain.pieces import Emplacement, Fichier
from app.files.folder import FolderShelf
from app.files.sealing import new_key
from app.files.shelf import Shelf
from app.settings import SESSION_LIFETIME
from app.store.belonging import join
from app.store.comptes import find_demo
from app.store.database import forget_for_good, open_database, reading, writing
from app.store.pieces import Full, keep_file, read_file, remove_file, waiting_files
from app.store.sessions import close_session, hash_token, open_session
from app.store.sweep import sweep
from app.store.tables import PieceEnAttente
from tests.support.disk import on_disk

pytestmark = pytest.mark.engines
KEY = new_key()
CLEAR = b"%PDF-1.7 les ressources de Nadia"
NAME = "avis de Nadia.pdf"


@pytest.fixture
def shelf(service: Starlette, db: Session) -> Shelf:
    """An empty one: that of the service holds PDFs too."""
    empty = FolderShelf(service.state.house.settings.data_dir / "essai")
    join(db, empty, anyway=True)
    return empty


@pytest.fixture
def db(service: Starlette) -> Iterator[Session]:
    with reading(service.state.house.engine) as opened:
        yield opened


@pytest.fixture
def session_id(db: Session, service: Starlette) -> str:
    return signed_in(db, service)


def signed_in(db: Session, service: Starlette, compte: str = "nadia") -> str:
    with writing(db):
        found = find_demo(db, compte)
        assert found is not None
        return hash_token(open_session(db, found, service.state.house.settings.now(), SESSION_LIFETIME))


def pdf(slot: str = "avis_moi", content: bytes = CLEAR, name: str = NAME) -> Fichier:
    return Fichier.recu(Emplacement.de(slot), content, nom=name, media="application/pdf", pages=4)


def keep(
    db: Session,
    shelf: Shelf,
    session_id: str,
    content: bytes = CLEAR,
    slot: str = "avis_moi",
    key: bytes = KEY,
) -> Fichier:
    kept = keep_file(db, shelf, session_id, key, pdf(slot, content))
    assert isinstance(kept, Fichier), kept
    return kept


def test_what_is_kept_is_listed_in_the_order_it_came_and_read_back(
    db: Session, shelf: Shelf, session_id: str
) -> None:
    first = keep(db, shelf, session_id)
    said = {"nom": "caf.jpg", "media": "image/jpeg", "pages": None, "avant": 4_400_000}
    photo = Fichier.recu(Emplacement.de("rsa"), b"une photo", **said)
    second = keep_file(db, shelf, session_id, KEY, photo)
    assert waiting_files(db, session_id, KEY) == [first, second]
    assert (first.nom, first.taille, first.pages, first.avant) == (NAME, len(CLEAR), 4, None)
    assert isinstance(second, Fichier)
    assert (second.media, second.pages, second.avant) == ("image/jpeg", None, 4_400_000)
    assert read_file(db, shelf, session_id, KEY, second.id) == second.model_copy(
        update={"contenu": b"une photo"}
    )


def test_no_clear_byte_is_written(db: Session, service: Starlette, shelf: Shelf, session_id: str) -> None:
    kept = keep(db, shelf, session_id)
    written = on_disk(service.state.house.settings)
    assert shelf.get(kept.id) in written
    assert kept.id.encode() in written
    for secret in (CLEAR, CLEAR[9:], NAME.encode(), b"avis de Nadia", kept.empreinte.encode(), KEY):
        assert secret not in written


def test_without_the_key_of_the_draft_nothing_is_there(db: Session, shelf: Shelf, session_id: str) -> None:
    kept = keep(db, shelf, session_id)
    other = new_key()
    mine = keep(db, shelf, session_id, b"autre", key=other)
    assert waiting_files(db, session_id, other) == [mine]
    assert read_file(db, shelf, session_id, other, kept.id) is None


def test_another_session_neither_reads_nor_removes(
    db: Session, service: Starlette, shelf: Shelf, session_id: str
) -> None:
    kept = keep(db, shelf, session_id)
    other = signed_in(db, service)
    assert waiting_files(db, other, KEY) == []
    assert read_file(db, shelf, other, KEY, kept.id) is None
    assert not remove_file(db, shelf, other, kept.id)
    assert read_file(db, shelf, session_id, KEY, kept.id) is not None


def test_a_file_sent_twice_is_kept_once(db: Session, shelf: Shelf, session_id: str) -> None:
    first = keep(db, shelf, session_id)
    assert keep_file(db, shelf, session_id, KEY, pdf(name="le même.pdf")) == first
    assert keep(db, shelf, session_id, slot="fonciere").id != first.id
    assert len(list(shelf.names())) == 2


def test_two_files_of_the_same_name_are_told_apart(db: Session, shelf: Shelf, session_id: str) -> None:
    names = ["image.jpg", "IMAGE.JPG", "image.jpg (2)", "image.jpg", "autre.jpg"]
    slots = ["avis_moi", "fonciere"] * 3
    for rank, (name, slot) in enumerate(zip(names, slots, strict=False)):
        keep_file(db, shelf, session_id, KEY, pdf(slot, b"photo %d" % rank, name))
    told = [fichier.nom for fichier in waiting_files(db, session_id, KEY)]
    assert told == ["image.jpg", "IMAGE.JPG (2)", "image.jpg (2) (2)", "image.jpg (3)", "autre.jpg"]


def test_a_file_lost_by_the_disk_can_be_sent_again(db: Session, shelf: Shelf, session_id: str) -> None:
    lost = keep(db, shelf, session_id)
    shelf.remove(lost.id)
    assert read_file(db, shelf, session_id, KEY, lost.id) is None
    again = keep(db, shelf, session_id)
    assert waiting_files(db, session_id, KEY) == [again]


def test_ten_files_a_slot(db: Session, shelf: Shelf, session_id: str) -> None:
    for number in range(10):
        keep(db, shelf, session_id, b"page %d" % number)
    assert keep_file(db, shelf, session_id, KEY, pdf()) is Full.EMPLACEMENT
    keep(db, shelf, session_id, b"page 9")  # the one already there
    keep(db, shelf, session_id, slot="fonciere")
    assert len(list(shelf.names())) == 11


def test_forty_files_a_demande(db: Session, shelf: Shelf, session_id: str) -> None:
    for number in range(40):
        keep(db, shelf, session_id, b"page %d" % number, slot=f"avis_{number % 5}")
    assert keep_file(db, shelf, session_id, KEY, pdf("rsa")) is Full.DEMANDE
    assert len(list(shelf.names())) == 40
    assert remove_file(db, shelf, session_id, waiting_files(db, session_id, KEY)[0].id)
    keep(db, shelf, session_id, slot="rsa")


def at_once(service: Starlette, shelf: Shelf, session_id: str, slots: list[str]) -> list[Fichier | Full]:
    """Send a file to each of these slots, all at the same time; a command waits longer for its turn than a page."""
    engine = open_database(service.state.house.settings.database)

    def send(number: int) -> Fichier | Full:
        with reading(engine) as db:
            return keep_file(db, shelf, session_id, KEY, pdf(slots[number], b"envoi %d" % number))

    try:
        with ThreadPoolExecutor(len(slots)) as pool:
            return list(pool.map(send, range(len(slots))))
    finally:
        engine.dispose()


def test_two_files_sent_at_once_to_a_slot_of_nine_leave_ten(
    db: Session, service: Starlette, shelf: Shelf, session_id: str
) -> None:
    for number in range(9):
        keep(db, shelf, session_id, b"page %d" % number)
    outcomes = at_once(service, shelf, session_id, ["avis_moi", "avis_moi"])
    assert sum(outcome is Full.EMPLACEMENT for outcome in outcomes) == 1
    assert len(waiting_files(db, session_id, KEY)) == len(list(shelf.names())) == 10


def test_a_rush_never_exceeds_forty(db: Session, service: Starlette, shelf: Shelf, session_id: str) -> None:
    for number in range(35):
        keep(db, shelf, session_id, b"page %d" % number, slot=f"avis_{number % 5}")
    outcomes = at_once(service, shelf, session_id, [f"avis_{number}" for number in range(5, 25)])
    assert sum(outcome is Full.DEMANDE for outcome in outcomes) == 15
    ranks = db.exec(select(PieceEnAttente.rang).order_by(col(PieceEnAttente.rang))).all()
    assert list(ranks) == list(range(1, 41))
    assert len(list(shelf.names())) == 40


def test_a_full_disk_leaves_neither_row_nor_file(
    db: Session, shelf: Shelf, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "disque plein")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        assert keep_file(db, shelf, session_id, KEY, pdf()) is Full.DISK
    assert list(shelf.names()) == []
    assert db.exec(select(PieceEnAttente)).all() == []
    keep(db, shelf, session_id)


def test_a_fault_of_ours_leaves_neither_row_nor_file(
    db: Session, shelf: Shelf, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(name: str, sealed: bytes) -> None:
        Shelf.put(shelf, name, sealed)
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(shelf, "put", faulty)
        with pytest.raises(RuntimeError):
            keep_file(db, shelf, session_id, KEY, pdf())
    assert list(shelf.names()) == []
    assert db.exec(select(PieceEnAttente)).all() == []


def test_a_removed_file_is_gone(db: Session, shelf: Shelf, session_id: str) -> None:
    kept = keep(db, shelf, session_id)
    assert remove_file(db, shelf, session_id, kept.id)
    assert not remove_file(db, shelf, session_id, kept.id)
    assert list(shelf.names()) == []
    assert waiting_files(db, session_id, KEY) == []


def test_the_sweep_leaves_files_that_wait(
    db: Session, service: Starlette, shelf: Shelf, session_id: str
) -> None:
    kept = keep(db, shelf, session_id)
    assert sweep(db, shelf, service.state.house.settings.now()).files == 0
    assert list(shelf.names()) == [kept.id]


@pytest.mark.parametrize("end", ["sign-out", "expiry"])
def test_nothing_is_left_after_the_session(
    db: Session, service: Starlette, shelf: Shelf, session_id: str, end: str
) -> None:
    kept = keep(db, shelf, session_id)
    sealed = shelf.get(kept.id)
    if end == "sign-out":
        close_session(db, shelf, session_id)
    else:
        sweep(db, shelf, service.state.house.settings.now() + SESSION_LIFETIME + timedelta(seconds=1))
    assert list(shelf.names()) == []
    assert db.exec(select(PieceEnAttente)).all() == []
    forget_for_good(service.state.house.engine)  # PostgreSQL: within a minute
    written = on_disk(service.state.house.settings)
    assert sealed not in written
    assert kept.id.encode() not in written
