"""Sealed bytes lie in a folder that only its owner reads."""

import errno
import os
from pathlib import Path

import pytest

from app.files.shelf import Shelf

NAME = "a1b2c3d4e5f6"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "run" / "pieces")


def test_what_is_put_is_got_back(shelf: Shelf) -> None:
    shelf.put(NAME, b"scelle")
    assert shelf.get(NAME) == b"scelle"
    assert list(shelf.names()) == [NAME]


def test_only_the_owner_can_read(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(NAME, b"scelle")
    folder = tmp_path / "run" / "pieces"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / NAME).stat().st_mode & 0o777 == 0o600


def test_a_shelf_opens_again_on_what_it_holds(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put(NAME, b"scelle")
    assert Shelf(tmp_path / "run" / "pieces").get(NAME) == b"scelle"


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


def test_a_file_that_is_not_ours_is_not_named(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "run" / "pieces" / "lost+found").mkdir()
    assert list(shelf.names()) == []


def test_the_bytes_and_the_folder_are_flushed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: flushed.append(Path(f"/proc/self/fd/{handle}").readlink().name)
    )
    shelf.put(NAME, b"scelle")
    assert flushed == [NAME, "pieces"]


def test_nothing_half_written_stays(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "disque plein")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disque plein"):
        shelf.put(NAME, b"scelle")
    assert list(shelf.names()) == []
