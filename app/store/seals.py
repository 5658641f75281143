"""What is sealed under the data keys, and where: each seal names its table and its row, so swapped rows do not open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from app.files.sealing import KeyRing, SealBroken

Asked = ParamSpec("Asked")
Read = TypeVar("Read")


@dataclass(frozen=True)
class Seal:
    """
    How the rows of one table are sealed.

    `first`: the context of their seals of the first version, when it did not name the row. Those are still read,
    until `c2s doctor --resceller` has sealed them again.
    """

    table: str
    first: bytes | None = None

    def close(self, ring: KeyRing, row: int | str | None, clear: bytes) -> bytes:
        """Seal the content of this row (what names it: its id or reference)."""
        return ring.seal(clear, self._context(row))

    def open(self, ring: KeyRing, row: int | str | None, sealed: bytes) -> bytes:
        """Read the content of this row. Raises KeyMissing, SealBroken."""
        return ring.unseal(sealed, self._context(row), self.first)

    def _context(self, row: int | str | None) -> bytes:
        assert row is not None, "a row is sealed once it has its id"
        return f"{self.table} {row}".encode()


def unless_broken(read: Callable[Asked, Read], *asked: Asked.args, **more: Asked.kwargs) -> Read | None:
    """What is read so, or nothing if it was altered since it was sealed: the rest is still to be told."""
    try:
        return read(*asked, **more)
    except SealBroken:
        return None


COMPTE = Seal("compte", first=b"compte")
DEMANDE = Seal("demande")
LIEN = Seal("lien")
ECHANGE = Seal("echange", first=b"echange")
PIECE = Seal("piece")
PDF = Seal("pdf")
ABONNEMENT = Seal("abonnement")
