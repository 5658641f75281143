"""The key of each file, and what is kept with it: wrapped under the draft's key, then under the data keys."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Self

from app.files.inspection import Accepted
from app.files.sealing import KeyRing, new_key, seal, unseal
from app.files.shelf import Shelf
from app.store import seals
from app.store.tables import Piece, PieceEnAttente


@dataclass(frozen=True)
class FileKey:
    """The key of a file, with what only its holders may read."""

    key: bytes
    nom: str  # the one its owner gave it
    empreinte: str  # SHA-256 of the content, hex
    avant: int | None  # bytes of a photo before this service reduced it

    @classmethod
    def draw(cls, nom: str, file: Accepted) -> Self:
        """A new key, for a file that passed inspection."""
        return cls(new_key(), nom, hashlib.sha256(file.content).hexdigest(), file.reduced_from)

    def wrap_waiting(self, file_key: bytes, identity: str) -> bytes:
        """Seal all of it under the key of the draft, for the file of this id."""
        return seal(file_key, self._clear(), _waiting(identity))

    def wrap_filed(self, ring: KeyRing, identity: str) -> bytes:
        """Seal all of it under the data keys."""
        return seals.PIECE.close(ring, identity, self._clear())

    @classmethod
    def of_waiting(cls, file_key: bytes, row: PieceEnAttente) -> Self:
        """Open what `wrap_waiting` made. Raises SealBroken."""
        return cls._read(unseal(file_key, row.cle, _waiting(row.id)))

    @classmethod
    def of_filed(cls, ring: KeyRing, row: Piece) -> Self:
        """Open what `wrap_filed` made. Raises KeyMissing, SealBroken."""
        return cls._read(seals.PIECE.open(ring, row.id, row.cle))

    def _clear(self) -> bytes:
        key = base64.b64encode(self.key).decode()
        return json.dumps(
            {"nom": self.nom, "empreinte": self.empreinte, "cle": key, "avant": self.avant}
        ).encode()

    @classmethod
    def _read(cls, clear: bytes) -> Self:
        said = json.loads(clear)
        return cls(base64.b64decode(said["cle"]), said["nom"], said["empreinte"], said["avant"])


def seal_file(key: bytes, identity: str, content: bytes) -> bytes:
    """The bytes of a file as the shelf keeps them, under this id."""
    return seal(key, content, identity.encode())


def read_sealed_file(shelf: Shelf, key: bytes, identity: str) -> bytes:
    """The bytes of a file that the shelf keeps. Raises OSError, SealBroken."""
    return unseal(key, shelf.get(identity), identity.encode())


def _waiting(identity: str) -> bytes:
    return f"piece {identity}".encode()
