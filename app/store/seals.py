"""What is sealed under the data keys, and where: each seal names its table and its row, so swapped rows do not open."""

from dataclasses import dataclass

from app.files.sealing import KeyRing


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


COMPTE = Seal("compte", first=b"compte")
DEMANDE = Seal("demande")
LIEN = Seal("lien")
ECHANGE = Seal("echange", first=b"echange")
PIECE = Seal("piece")
PDF = Seal("pdf")
ABONNEMENT = Seal("abonnement")
