"""What befalls the files of a service, whether they lie in a folder or in a store of objects."""

import os
import time
from collections.abc import Callable

import pytest

from app.files.folder import FolderShelf
from app.files.objects import ObjectShelf
from app.files.shelf import ASIDE, Shelf


def rewrite(shelf: Shelf, name: str, change: Callable[[bytes], bytes]) -> None:
    """A name that is taken is not put again, so it goes first."""
    content = shelf.get(name)
    shelf.remove(name)
    shelf.put(name, change(content))


def flipped(content: bytes) -> bytes:
    """One bit is another."""
    return content[:-1] + bytes([content[-1] ^ 1])


def ageing(shelf: Shelf, patch: pytest.MonkeyPatch) -> Callable[[str, float], None]:
    """What says of a file, where it lies now, that it has been there for so many seconds; a store is told so by hand."""
    told: dict[str, float] = {}
    age, aside = ObjectShelf.age, ObjectShelf.aside

    def place_of(name: str) -> str:
        return f"{ASIDE}/{name}" if name in shelf.aside() else name

    def make_older(name: str, seconds: float) -> None:
        if isinstance(shelf, FolderShelf):
            then = time.time() - seconds
            os.utime(shelf.folder / place_of(name), (then, then))
        told[place_of(name)] = seconds

    patch.setattr(ObjectShelf, "age", lambda self, name: told.get(name) or age(self, name))
    patch.setattr(
        ObjectShelf,
        "aside",
        lambda self: {name: told.get(f"{ASIDE}/{name}", age) for name, age in aside(self).items()},
    )
    return make_older
