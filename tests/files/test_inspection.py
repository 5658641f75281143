"""What an upload is taken for, and that opening it can do no harm."""

import os
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.pieces import Fichier
from app.files import limits, nursery
from app.files.inspection import RefusalReason, RefusedFile
from app.files.nursery import Nursery
from tests.support import samples
from tests.support.openers import replace_openers
from tests.support.verdicts import kept, refused, verdict

# What it is


@pytest.mark.parametrize("name", ["avis.pdf", "avis.jpg", "avis", "AVIS.DOCX"])
def test_the_content_decides_and_not_the_name(name: str) -> None:
    assert kept(samples.pdf(), name).media == "application/pdf"


def test_an_empty_file() -> None:
    assert refused(b"") == RefusedFile(RefusalReason.EMPTY)


def test_more_than_is_read() -> None:
    size = limits.MAX_READ_BYTES + 1
    assert refused(b"\xff\xd8\xff".ljust(size, b"\x00")) == RefusedFile(RefusalReason.TOO_HEAVY, size=size)


@pytest.mark.parametrize(
    ("content", "reason", "found"),
    [
        (samples.heic_like(), RefusalReason.HEIC, "HEIC"),
        (samples.word_like(), RefusalReason.WORD, "Word"),
        (samples.old_word_like(), RefusalReason.WORD, "Word"),
        (samples.odt_like(), RefusalReason.WORD, "OpenDocument"),
        (samples.archive("xl/workbook.xml"), RefusalReason.WORD, "Excel"),
        (b"{\\rtf1\\ansi Bonjour}", RefusalReason.WORD, "RTF"),
        (samples.archive("avis.pdf"), RefusalReason.TYPE, "ZIP"),
        (samples.mp4_like(), RefusalReason.TYPE, "vidéo MP4"),
        (samples.other_image("GIF"), RefusalReason.TYPE, "GIF"),
        (samples.other_image("WEBP"), RefusalReason.TYPE, "WebP"),
        (samples.other_image("TIFF"), RefusalReason.TYPE, "TIFF"),
        (samples.other_image("BMP"), RefusalReason.TYPE, "BMP"),
        (b"\n<!DOCTYPE html><p>Connectez-vous", RefusalReason.TYPE, "page web"),
        ("Avis d'impôt, à garder".encode(), RefusalReason.TYPE, "texte"),
        ("Avis d'impôt, à garder".encode("latin-1"), RefusalReason.TYPE, "texte"),
        ("Avis d'impôt".encode("utf-16"), RefusalReason.TYPE, "texte"),
        (bytes(range(256)), RefusalReason.TYPE_UNKNOWN, ""),
    ],
)
def test_another_type_is_named(content: bytes, reason: RefusalReason, found: str) -> None:
    assert refused(content) == RefusedFile(reason, found=found, size=len(content))


@pytest.mark.parametrize(
    ("name", "announced"),
    [("a.pdf", "un PDF"), ("a.JPG", "un JPEG"), ("a.jpeg", "un JPEG"), ("a.png", "un PNG")],
)
def test_a_name_that_announces_another_type(name: str, announced: str) -> None:
    content = samples.word_like()
    assert refused(content, name) == RefusedFile(
        RefusalReason.TYPE_NAME, found="Word", announced=announced, size=len(content)
    )


def test_a_renamed_iphone_photo_is_still_told_how_to_send_a_jpeg() -> None:
    assert refused(samples.heic_like(), "photo.jpg").reason is RefusalReason.HEIC


def test_ten_million_zeros_called_pdf() -> None:
    assert refused(bytes(10_000_000), "avis.pdf").reason is RefusalReason.TYPE_UNKNOWN


# Delays of ours

SAY = "import os\nfor n in range(3, 20):\n try: os.write(n, {!r})\n except OSError: pass\nos._exit(0)"


@pytest.fixture
def opened_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Nursery]]:
    """Children that run this code on the file instead of opening it."""
    found = Nursery()

    def opened_by(code: str) -> Nursery:
        replace_openers(
            tmp_path, monkeypatch, "def opened(content, order):\n" + textwrap.indent(code, "    ")
        )
        return found

    yield opened_by
    found.close()


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import os; os._exit(3)",
        "raise MemoryError",
        "import module_that_is_not_there",
        "open('/etc/hostname')",
        SAY.format(b"bonjour\n"),
        SAY.format(b"[]\n"),
        SAY.format(b"[" * 100_000),
        SAY.format(b"{}\n<html>"),
        SAY.format(b"{}\n" + b"x" * 3_000_000),
        "return {'reason': 'autre'}, b''",
        "import ctypes; ctypes.string_at(0)",
    ],
)
def test_a_child_that_does_not_answer_is_a_delay(
    opened_by: Callable[[str], Nursery], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(limits, "CHILD_WALL_SECONDS", 2)
    nursery = opened_by(
        code
    )  # once: the parent of the second child reads this code while the first is refused
    for content in (samples.pdf(), samples.photo(40, 30)):
        assert refused(content, nursery=nursery) == RefusedFile(RefusalReason.DELAY, size=len(content))


def test_a_child_that_cannot_start_is_a_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nulle/part")
    assert refused(samples.pdf(), nursery=Nursery()) == RefusedFile(
        RefusalReason.DELAY, size=len(samples.pdf())
    )


@pytest.mark.parametrize(
    "content",
    [samples.png(5000, 4000), samples.pdf_of_hidden_objects(zlib.compress(b"3 0 <<>>" + b" " * 100_000_000))],
    ids=["image", "pdf"],
)
def test_a_child_out_of_memory_is_a_delay(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CHILD_MEMORY_BYTES", 100 * samples.MO)
    assert refused(content).reason is RefusalReason.DELAY


# No harm


def confined(code: str) -> subprocess.CompletedProcess[str]:
    """Run code with the rights of the child and one second of processor."""
    start = (
        f"import runpy, sys; child = runpy.run_path({str(nursery.CHILD)!r}); child['confine'](1 << 30, 1)\n"
        "filter = child['neighbour']('child_filter')\n"
    )
    return subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", start + code],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )


def test_the_child_cannot_write_a_byte_to_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "clair"
    result = confined(f"open({str(path)!r}, 'wb', 0).write(b'x')")
    assert "File too large" in result.stderr
    assert path.read_bytes() == b""


@pytest.mark.parametrize("code", ["open('/etc/hostname')", "import socket; socket.socket()"])
def test_the_child_cannot_open_anything_once_it_reads_the_upload(code: str) -> None:
    result = confined("import socket; child['close_doors']();" + code)
    assert "Too many open files" in result.stderr


def test_the_child_cannot_run_for_ever() -> None:
    assert confined("while True: pass").returncode < 0


@pytest.mark.parametrize(
    "code",
    [
        "os.unlink({path!r})",
        "os.rename({path!r}, {path!r} + '.autre')",
        "os.truncate({path!r}, 0)",
        "os.stat({path!r})",
        "os.listdir({path!r})",
        "open({path!r})",
        "os.kill({parent}, 0)",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "socket.socket()",
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)",
        "resource.getrlimit(resource.RLIMIT_CPU)",
    ],
)
def test_the_child_is_refused_all_but_memory_and_its_socket(code: str, tmp_path: Path) -> None:
    path = tmp_path / "piece"
    path.write_bytes(b"une autre personne")
    if confined("sys.exit(not filter['refuse_the_rest']())").returncode:
        pytest.skip("this system filters no system calls")
    result = confined(
        "import os, resource, signal, socket\nfilter['refuse_the_rest']()\nprint('confined', flush=True)\n"
        + code.format(path=str(path), parent=os.getpid())
    )
    assert result.stdout == "confined\n"
    assert "PermissionError" in result.stderr
    assert path.read_bytes() == b"une autre personne"


def test_the_child_is_told_no_secret(
    opened_by: Callable[[str], Nursery], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "DATA_KEYS", "secret")
    told = opened_by("import os; return {'pages': int('DATA_KEYS' in os.environ)}, b''")
    assert kept(samples.pdf(), nursery=told).pages == 0


NAMES = st.sampled_from(["avis.pdf", "photo.jpg", "", "..", "a.png\x00"])
STARTS = st.sampled_from(
    [b"", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"RIFF", b"MZ"]
)


@settings(max_examples=30, deadline=None, database=None)
@given(NAMES, STARTS, st.binary(max_size=600))
def test_any_bytes_get_a_verdict(name: str, start: bytes, rest: bytes) -> None:
    result = verdict(start + rest, name)
    assert isinstance(result, Fichier) or result.reason is not RefusalReason.DELAY


WHOLE = st.sampled_from([samples.pdf(), samples.protected_pdf(""), samples.photo(gps=True), samples.png()])


@settings(max_examples=40, deadline=None, database=None)
@given(WHOLE, st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_gets_a_verdict(content: bytes, damages: list[tuple[float, int]]) -> None:
    damaged = bytearray(content)
    for place, byte in damages:
        damaged[int(place * len(content))] = byte
    result = verdict(bytes(damaged))
    assert isinstance(result, Fichier) or result.reason is not RefusalReason.DELAY
