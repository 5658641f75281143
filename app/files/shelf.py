"""Where sealed bytes lie: a folder, or a store of objects that several machines share.

A shelf is signed with the identity of the database it goes with: a name that one database does not know may be the
only copy of what another keeps.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple

NAME = re.compile(r"[a-z0-9]{8,64}")
SIGNATURE, ASIDE = "identite.txt", "mis-de-cote"  # neither is like a name
HALF = "transfert "  # before the identity, until all the files are there
PARTS = 128  # of a shelf: one every ten minutes, and all in a day


class Span(NamedTuple):
    """The names from `start` on, in the order of their bytes, up to `end` and without it."""

    start: str = ""
    end: str = "{"  # what comes after « z »


EVERY_NAME = Span()


def part_of_names(number: int) -> Span:
    """One of the `PARTS` that names are shared between: as many in each, since they are drawn in hexadecimal."""
    first, width = number % PARTS, 256 // PARTS
    return Span(
        f"{first * width:02x}" if first else EVERY_NAME.start,
        f"{(first + 1) * width:02x}" if first + 1 < PARTS else EVERY_NAME.end,
    )


class OtherShelf(OSError):
    """The shelf does not go with this database: its files were not touched. Its text is a sentence to show."""


class HalfShelf(OtherShelf):
    """Files are being copied there, and not all have come."""


class StoreFault(OSError):
    """A store of objects does not answer, or refuses our keys: no folder of this machine is at fault."""


class Shelf(ABC):
    """Sealed files by name, and those set aside. Every verb may raise OSError."""

    what: str  # « dossier » or « stockage »
    where: str  # which one
    place: str  # the same in full: no other shelf has it

    _owner: str | None = None

    def require(self, identity: str) -> None:
        """Go on only while the shelf is signed so, now and at each `put`. Raises OtherShelf."""
        self._owner = identity
        signed = self.signature
        if identity and signed == f"{HALF}{identity}":
            raise HalfShelf(
                f"Le {self.what} {self.where} n'a pas encore tous les fichiers : aucun n'y est touché. "
                "Redonnez au service l'ancien endroit des fichiers, puis relancez : c2s fichiers transferer"
            )
        if signed != identity:
            unknown = not (signed and identity)
            raise OtherShelf(
                f"Le {self.what} {self.where} ne va pas avec cette base : aucun fichier n'y est touché. "
                f"Restaurez la base et ce {self.what} de la même sauvegarde."
                + (" S'ils vont bien ensemble, lancez : c2s init --associer." if unknown else "")
            )

    def put(self, name: str, sealed: bytes) -> None:
        """
        Keep these bytes under a new name; once this returns, a power cut does not lose them.

        Raises OSError, and OtherShelf when the shelf is not the one of the start: an unmounted disk, say.
        """
        checked(name)
        if self._owner is not None:
            self.require(self._owner)
        self._keep(name, sealed)

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

    def discard(self, names: Iterable[str]) -> bool:
        """
        Remove files that no row knows any more; says whether they have all gone.

        What the shelf keeps back holds nobody up: no key opens it, and the sweep takes it.
        """
        try:
            for name in names:
                self.remove(name)
        except OSError:
            return False
        return True

    @property
    def keeps_versions(self) -> bool:
        """What is erased can still be read."""
        return False

    @property
    def overwrites(self) -> bool:
        """A name that is taken can be taken again."""
        return False

    @property
    @abstractmethod
    def signature(self) -> str | None:
        """The identity of the database that this shelf goes with, as it says now."""

    @abstractmethod
    def sign(self, identity: str) -> None:
        """Say which database this shelf goes with."""

    @abstractmethod
    def _keep(self, name: str, sealed: bytes) -> None:
        """As `put`. Raises FileExistsError for a name that is taken."""

    @abstractmethod
    def get(self, name: str) -> bytes:
        """Read the bytes back; `FileNotFoundError` when they are gone."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """Forget a name, known or not."""

    @abstractmethod
    def names(self, span: Span = EVERY_NAME) -> Iterator[str]:
        """Go through the names kept, in no order and one at a time: there may be millions."""

    @abstractmethod
    def size(self, name: str) -> int | None:
        """How many sealed bytes there are; none if the file is gone."""

    @abstractmethod
    def age(self, name: str) -> float:
        """For how many seconds the file has been there; none at all if it is gone."""

    @abstractmethod
    def set_aside(self, name: str) -> None:
        """Take a file away from the names; `get` does not find it, `bring_back` does."""

    @abstractmethod
    def aside(self) -> dict[str, float]:
        """The names set aside, each with the seconds since then."""

    @abstractmethod
    def bring_back(self, name: str) -> None:
        """Undo `set_aside`."""

    @abstractmethod
    def erase_aside(self, name: str) -> None:
        """Forget a name that was set aside."""

    @abstractmethod
    def room(self) -> int | None:
        """How many bytes more there is room for; none where there is no telling."""


def checked(name: str) -> str:
    """This name, if it may be one on a shelf. Raises ValueError."""
    if not NAME.fullmatch(name):
        raise ValueError("a name on the shelf is 8 to 64 small letters and digits")
    return name
