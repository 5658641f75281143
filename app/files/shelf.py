"""Where sealed bytes lie.

A folder is signed with the identity of the database it goes with: a name that one database does not know may be
the only copy of what another keeps.
"""

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

_NAME = re.compile(r"[a-z0-9]{8,64}")
SIGNATURE, ASIDE = "identite.txt", "mis-de-cote"  # neither is like a name


class OtherShelf(OSError):
    """The folder does not go with this database: its files were not touched. Its text is a sentence to show."""


class Shelf:
    """A folder of sealed files that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._aside = folder / ASIDE
        self._owner: str | None = None
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            _flush(folder.parent)

    @property
    def signature(self) -> str | None:
        """The identity of the database that this folder goes with, as its file says now."""
        try:
            return (self.folder / SIGNATURE).read_text("ascii").strip() or None
        except FileNotFoundError:
            return None

    def sign(self, identity: str) -> None:
        """Say which database this folder goes with."""
        fresh = self.folder / f"{SIGNATURE}.neuf"
        fresh.unlink(missing_ok=True)
        _write(fresh, f"{identity}\n".encode())
        fresh.rename(self.folder / SIGNATURE)
        _flush(self.folder)

    def require(self, identity: str) -> None:
        """Go on only while the folder is signed so, now and at each `put`. Raises OtherShelf."""
        self._owner = identity
        signed = self.signature
        if signed != identity:
            unknown = not (signed and identity)
            raise OtherShelf(
                f"Le dossier {self.folder} ne va pas avec cette base : aucun fichier n'y est touché. "
                "Restaurez la base et ce dossier de la même sauvegarde."
                + (" S'ils vont bien ensemble, lancez : c2s init --associer." if unknown else "")
            )

    def put(self, name: str, sealed: bytes) -> None:
        """
        Keep these bytes under a new name; once this returns, a power cut does not lose them.

        Raises OSError, and OtherShelf when the folder is not the one of the start: an unmounted disk, say.
        """
        path = self._path(name)
        if self._owner is not None:
            self.require(self._owner)
        _write(path, sealed)

    @contextmanager
    def putting(self, files: Mapping[str, bytes]) -> Iterator[set[str]]:
        """
        Put files, then let the block commit their rows and say which: the other files are removed.

        In this order the database is held for no longer than a row takes. Cut short in between, the files are
        strays, which the sweep takes once they are old enough.
        """
        committed: set[str] = set()
        try:
            for name, sealed in files.items():
                self.put(name, sealed)
            yield committed
        finally:
            for name in files.keys() - committed:
                with suppress(OSError):
                    self.remove(name)

    def get(self, name: str) -> bytes:
        """Read the bytes back; `FileNotFoundError` when they are gone."""
        return self._path(name).read_bytes()

    def remove(self, name: str) -> None:
        """Forget a name, known or not."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """Go through the names kept, in no order."""
        return _names(self.folder)

    def size(self, name: str) -> int | None:
        """How many sealed bytes there are; none if the file is gone."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return None

    def age(self, name: str) -> float:
        """For how many seconds the file has been there; none at all if it is gone."""
        return _age(self._path(name))

    def set_aside(self, name: str) -> None:
        """Take a file away from the names; `get` does not find it, `bring_back` does."""
        self._aside.mkdir(mode=0o700, exist_ok=True)
        path = self._path(name)
        with suppress(FileNotFoundError):  # another process sweeps too
            os.utime(path)  # first: its age is counted from now, even if this is cut short here
            path.rename(self._aside / name)

    def aside(self) -> dict[str, float]:
        """The names set aside, each with the seconds since then."""
        return (
            {name: _age(self._aside / name) for name in _names(self._aside)} if self._aside.exists() else {}
        )

    def bring_back(self, name: str) -> None:
        """Undo `set_aside`."""
        with suppress(FileNotFoundError):
            (self._aside / name).rename(self._path(name))

    def erase_aside(self, name: str) -> None:
        """Forget a name that was set aside."""
        (self._aside / name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("a name on the shelf is 8 to 64 small letters and digits")
        return self.folder / name


def _names(folder: Path) -> Iterator[str]:
    return (path.name for path in folder.iterdir() if _NAME.fullmatch(path.name))


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
