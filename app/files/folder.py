"""A shelf that is a folder of this machine."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.files.shelf import ASIDE, EVERY_NAME, NAME, SIGNATURE, Shelf, Span, checked


class FolderShelf(Shelf):
    """A folder of sealed files that only its owner can read."""

    what = "dossier"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.where = str(folder)
        self.place = str(folder.resolve())
        self._aside = folder / ASIDE
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # another service starts too
            _flush(folder.parent)

    def room(self) -> int:
        return shutil.disk_usage(self.folder).free

    @property
    def signature(self) -> str | None:
        try:
            return (self.folder / SIGNATURE).read_text("ascii").strip() or None
        except FileNotFoundError:
            return None

    def sign(self, identity: str) -> None:
        fresh = self.folder / f"{SIGNATURE}.neuf"
        fresh.unlink(missing_ok=True)
        _write(fresh, f"{identity}\n".encode())
        fresh.rename(self.folder / SIGNATURE)
        _flush(self.folder)

    def _keep(self, name: str, sealed: bytes) -> None:
        _write(self._path(name), sealed)

    def get(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def remove(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def names(self, span: Span = EVERY_NAME) -> Iterator[str]:
        return _names(self.folder, span)

    def size(self, name: str) -> int | None:
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return None

    def age(self, name: str) -> float:
        return _age(self._path(name))

    def set_aside(self, name: str) -> None:
        self._aside.mkdir(mode=0o700, exist_ok=True)
        path = self._path(name)
        with suppress(FileNotFoundError):  # another process sweeps too
            os.utime(path)  # first: its age is counted from now, even if this is cut short here
            path.rename(self._aside / name)

    def aside(self) -> dict[str, float]:
        return (
            {name: _age(self._aside / name) for name in _names(self._aside)} if self._aside.exists() else {}
        )

    def bring_back(self, name: str) -> None:
        with suppress(FileNotFoundError):
            (self._aside / name).rename(self._path(name))

    def erase_aside(self, name: str) -> None:
        (self._aside / name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self.folder / checked(name)


def _names(folder: Path, span: Span = EVERY_NAME) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if span.start <= entry.name < span.end and NAME.fullmatch(entry.name):
                yield entry.name


def _age(path: Path) -> float:
    """By the clock of the machine, like the dates of files: that of the settings may be another."""
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _flush(path.parent)
    except OSError:  # a full disk: nothing half written stays
        path.unlink(missing_ok=True)
        raise


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
