"""Where sealed bytes lie.

This is the whole interface: put, get, remove, names. An object store may take the place of the
folder one day by offering these four.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

_NAME = re.compile(r"[a-z0-9]{8,64}")


class Shelf:
    """A folder of sealed files that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True)
            _flush(folder.parent)

    def put(self, name: str, sealed: bytes) -> None:
        """Keep these bytes under a new name; once this returns, a power cut does not lose them."""
        path = self._path(name)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            _flush(self._folder)
        except OSError:  # a full disk: nothing half written stays
            path.unlink(missing_ok=True)
            raise

    def get(self, name: str) -> bytes:
        """Read the bytes back; `FileNotFoundError` when they are gone."""
        return self._path(name).read_bytes()

    def remove(self, name: str) -> None:
        """Forget a name, known or not."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """Go through the names kept, in no order."""
        return (path.name for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("a name on the shelf is 8 to 64 small letters and digits")
        return self._folder / name


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
