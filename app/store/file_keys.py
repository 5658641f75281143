"""The key of each file, and what is kept with it: wrapped under the draft's key, then under the data keys."""

import base64
import json

from app.domain.pieces import Emplacement, Fichier
from app.files.sealing import KeyRing, seal, unseal
from app.files.shelf import Shelf
from app.store import seals
from app.store.tables import Piece, PieceEnAttente


def wrap_waiting(file_key: bytes, fichier: Fichier, key: bytes) -> bytes:
    """Seal the key of a file, with what only its holders may read, under the key of the draft."""
    return seal(file_key, _clear(fichier, key), _waiting(fichier.id))


def wrap_filed(ring: KeyRing, fichier: Fichier, key: bytes) -> bytes:
    """Seal the same under the data keys."""
    return seals.PIECE.close(ring, fichier.id, _clear(fichier, key))


def open_waiting(file_key: bytes, row: PieceEnAttente) -> tuple[Fichier, bytes]:
    """The file of a row, and its key; what a newer version has added to it is left aside. Raises SealBroken."""
    said = json.loads(unseal(file_key, row.cle, _waiting(row.id)))
    key = base64.b64decode(said.pop("cle"))
    place = Emplacement.de(row.emplacement).model_dump(exclude={"requis"})
    told = {**row.model_dump(include=set(Fichier.model_fields)), **place, **said}
    return Fichier.model_validate(told, extra="ignore"), key


def open_filed(ring: KeyRing, row: Piece) -> tuple[str, bytes]:
    """The name its owner gave a filed document, and its key. Raises KeyMissing, SealBroken."""
    said = json.loads(seals.PIECE.open(ring, row.id, row.cle))
    return said["nom"], base64.b64decode(said["cle"])


def seal_file(key: bytes, identity: str, content: bytes) -> bytes:
    """The bytes of a file as the shelf keeps them, under this id."""
    return seal(key, content, identity.encode())


def read_sealed_file(shelf: Shelf, key: bytes, identity: str) -> bytes:
    """The bytes of a file that the shelf keeps. Raises OSError, SealBroken."""
    return unseal(key, shelf.get(identity), identity.encode())


def _clear(fichier: Fichier, key: bytes) -> bytes:
    said = fichier.model_dump(include={"nom", "empreinte", "avant"})
    return json.dumps(said | {"cle": base64.b64encode(key).decode()}).encode()


def _waiting(identity: str) -> bytes:
    return f"piece {identity}".encode()
