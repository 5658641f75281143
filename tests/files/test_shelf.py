"""Sealed bytes lie in a folder that only its owner reads, or in a store of objects; the verbs are the same."""

import errno
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import obstore
import pytest

from app.files.folder import FolderShelf
from app.files.objects import ObjectShelf
from app.files.shelf import EVERY_NAME, PARTS, OtherShelf, Shelf, Span, StoreFault, part_of_names
from app.store.faults import Fault, fault_of
from tests.support import objects

pytestmark = pytest.mark.xdist_group("objets")  # one store for all
NAME, OTHER = "a1b2c3d4e5f6", "f6e5d4c3b2a1"


@pytest.fixture
def folder(tmp_path: Path) -> FolderShelf:
    return FolderShelf(tmp_path / "run" / "pieces")


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in objects.KEYS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def bucket(keys: None) -> ObjectShelf:
    return ObjectShelf(objects.bucket())


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    made: Shelf = request.getfixturevalue(request.param)
    return made


def test_what_is_put_is_got_back(shelf: Shelf) -> None:
    shelf.put(NAME, b"scelle")
    assert shelf.get(NAME) == b"scelle"
    assert list(shelf.names()) == [NAME]


def test_only_the_owner_can_read(folder: FolderShelf, tmp_path: Path) -> None:
    folder.put(NAME, b"scelle")
    place = tmp_path / "run" / "pieces"
    assert place.stat().st_mode & 0o777 == 0o700
    assert (place / NAME).stat().st_mode & 0o777 == 0o600


def test_a_shelf_opens_again_on_what_it_holds(folder: FolderShelf, tmp_path: Path) -> None:
    folder.put(NAME, b"scelle")
    assert FolderShelf(tmp_path / "run" / "pieces").get(NAME) == b"scelle"


def test_a_name_is_used_once(shelf: Shelf) -> None:
    shelf.put(NAME, b"premier")
    with pytest.raises(FileExistsError):
        shelf.put(NAME, b"second")
    assert shelf.get(NAME) == b"premier"


def test_what_is_gone_is_gone(shelf: Shelf) -> None:
    shelf.put(NAME, b"scelle")
    shelf.remove(NAME)
    shelf.remove(NAME)
    with pytest.raises(FileNotFoundError):
        shelf.get(NAME)
    assert list(shelf.names()) == []


@pytest.mark.parametrize(
    "name", ["", "court", "../../etc/passwd", "A1B2C3D4", "a1b2c3d4.pdf", "a1b2c3d4\n", "a" * 65]
)
def test_a_name_that_could_lead_elsewhere_is_refused(shelf: Shelf, name: str) -> None:
    for use in (shelf.get, shelf.remove, lambda name: shelf.put(name, b"")):
        with pytest.raises(ValueError, match="letters and digits"):
            use(name)


def test_a_file_that_is_not_ours_is_not_named(folder: FolderShelf, tmp_path: Path) -> None:
    (tmp_path / "run" / "pieces" / "lost+found").mkdir()
    assert list(folder.names()) == []


def test_a_shelf_is_signed_and_refuses_another_base(shelf: Shelf) -> None:
    assert shelf.signature is None
    shelf.sign("celle-ci")
    shelf.require("celle-ci")
    shelf.put(NAME, b"scelle")
    shelf.sign("une autre")
    with pytest.raises(OtherShelf, match="ne va pas avec cette base"):
        shelf.put(OTHER, b"scelle")
    assert list(shelf.names()) == [NAME]


def test_what_is_set_aside_comes_back_or_goes(shelf: Shelf) -> None:
    shelf.put(NAME, b"premier")
    shelf.put(OTHER, b"second")
    for name in (NAME, OTHER, OTHER):  # another service sweeps too
        shelf.set_aside(name)
    assert list(shelf.names()) == []
    assert shelf.aside().keys() == {NAME, OTHER}
    shelf.bring_back(NAME)
    shelf.erase_aside(OTHER)
    assert shelf.aside() == {}
    assert shelf.get(NAME) == b"premier"


def test_names_are_gone_through_between_two(shelf: Shelf) -> None:
    names = ["0" * 8, "9z" * 4, "a0" + "0" * 22, NAME, OTHER, "z" * 64]
    for name in names:
        shelf.put(name, b"scelle")
    shelf.put("n" * 8, b"scelle")
    shelf.set_aside("n" * 8)  # lies among the objects, and is no name
    assert sorted(shelf.names()) == names
    assert sorted(shelf.names(Span("9zz", OTHER))) == names[2:4]
    assert sorted(shelf.names(Span("a0", "a0"))) == []
    assert list(shelf.names(Span("f7"))) == ["z" * 64]


def test_each_name_is_in_one_part() -> None:
    spans = [part_of_names(number) for number in range(PARTS)]
    assert [span.end for span in spans[:-1]] == [span.start for span in spans[1:]]
    assert Span(spans[0].start, spans[-1].end) == EVERY_NAME
    assert part_of_names(3 + 5 * PARTS) == spans[3]
    drawn = [sum(span.start <= f"{two:02x}aa" < span.end for two in range(256)) for span in spans]
    assert set(drawn) == {256 // PARTS}, "as many in each"


def test_a_file_has_a_size_and_an_age(shelf: Shelf) -> None:
    shelf.put(NAME, b"scelle")
    assert (shelf.size(NAME), shelf.size(OTHER)) == (6, None)
    assert -2 < shelf.age(NAME) < 60  # a store counts whole seconds
    assert shelf.age(OTHER) == 0


def test_a_put_whose_answer_was_lost_is_made_again(bucket: ObjectShelf) -> None:
    bucket.put(NAME, b"scelle")
    bucket.put(NAME, b"scelle")
    with pytest.raises(FileExistsError):
        bucket.put(NAME, b"autre chose")


def test_a_store_that_does_not_answer_is_a_fault_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.files.objects.RETRIES", 0)
    gone = ObjectShelf("s3://c2s?endpoint=http://127.0.0.1:1")
    for verb in (gone.get, gone.remove, gone.size, lambda name: gone.put(name, b"")):
        with pytest.raises(OSError, match="does not answer") as raised:
            verb(NAME)
        assert fault_of(raised.value) is Fault.GONE


@contextmanager
def answering(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[ObjectShelf]:
    """A shelf whose store answers each question so."""
    handler = type(
        "Handler",
        (BaseHTTPRequestHandler,),
        {"do_GET": answer, "do_PUT": answer, "log_message": lambda *_: None},
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield ObjectShelf(f"s3://c2s?endpoint=http://127.0.0.1:{server.server_port}")
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.usefixtures("keys")
def test_a_store_that_says_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person is told, rather than left to wait."""
    monkeypatch.setattr("app.files.objects.ANSWERING", "1s")
    monkeypatch.setattr("app.files.objects.RETRIES", 1)
    told, asked = threading.Event(), list[str]()

    def keep_silent(question: BaseHTTPRequestHandler) -> None:
        asked.append(question.path)
        assert told.wait(60)

    with answering(keep_silent) as silent:
        try:
            with pytest.raises(StoreFault, match="does not answer"):
                silent.get(NAME)
        finally:
            told.set()
    assert asked == [f"/c2s/{NAME}"] * 2


def answer_put(question: BaseHTTPRequestHandler, status: int) -> None:
    question.rfile.read(int(question.headers["Content-Length"]))
    question.send_response(status)
    for name, value in {"Content-Length": "0", "ETag": '"1"'}.items():
        question.send_header(name, value)
    question.end_headers()


@pytest.mark.usefixtures("keys")
def test_a_store_without_the_bucket_is_a_fault_with_its_name() -> None:
    """S3 answers 404 then, as it does for a file that is gone: a file that is only being written is not."""
    with answering(lambda question: answer_put(question, 404)) as other:
        for verb in (other.sign, lambda name: other.put(name, b"")):
            with pytest.raises(StoreFault, match="has no such bucket") as raised:
                verb(NAME)
            assert fault_of(raised.value) is Fault.GONE


def test_the_store_of_the_tests_is_waited_for_while_another_program_has_its_port() -> None:
    asked: list[str] = []

    def be_another_at_first(question: BaseHTTPRequestHandler) -> None:
        asked.append(question.path)
        answer_put(question, 404 if len(asked) < 3 else 200)

    with answering(be_another_at_first) as store, subprocess.Popen(["sleep", "60"]) as alive:
        objects.wait(store.place.removesuffix("/c2s"), alive)
        alive.kill()
    assert len(asked) == 3


@pytest.mark.usefixtures("keys")
def test_a_store_that_is_busy_for_a_moment_is_asked_again() -> None:
    asked: list[str] = []

    def be_busy_at_first(question: BaseHTTPRequestHandler) -> None:
        asked.append(question.path)
        question.send_response(503 if len(asked) < 3 else 200)
        for name, value in {
            "Content-Length": "6",
            "ETag": '"1"',
            "Last-Modified": "Tue, 24 Nov 2026 10:00:00 GMT",
        }.items():
            question.send_header(name, value)
        question.end_headers()
        question.wfile.write(b"scelle")

    with answering(be_busy_at_first) as busy:
        assert busy.get(NAME) == b"scelle"
    assert len(asked) == 3


def test_a_store_that_keeps_what_is_written_over_says_so(
    bucket: ObjectShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.sign("celle-ci")
    assert not bucket.keeps_versions
    keeping = ObjectShelf(objects.versioned())
    keeping.sign("celle-la")
    assert keeping.keeps_versions
    head = obstore.head  # as other stores say it
    for said, keeps in ((None, False), ("null", False), ("3sL4kqtJlcpXroDTDmJ", True)):
        monkeypatch.setattr(obstore, "head", lambda *asked, said=said: {**head(*asked), "version": said})
        assert bucket.keeps_versions is keeps


def test_a_store_that_refuses_our_keys_is_a_fault_with_its_name(
    bucket: ObjectShelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "une-autre")
    with pytest.raises(StoreFault, match="refuses these keys") as raised:
        ObjectShelf(objects.bucket()).get(NAME)
    assert fault_of(raised.value) is Fault.READ_ONLY


def test_the_bytes_and_the_folder_are_flushed(folder: FolderShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: flushed.append(Path(f"/proc/self/fd/{handle}").readlink().name)
    )
    folder.put(NAME, b"scelle")
    assert flushed == [NAME, "pieces"]


def test_nothing_half_written_stays(folder: FolderShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "disque plein")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disque plein"):
        folder.put(NAME, b"scelle")
    assert list(folder.names()) == []
