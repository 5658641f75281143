"""The key of a file: under that of the draft while it waits, under the data keys once filed; never on another row."""

import base64
import json
from pathlib import Path

import pytest

from app.files.inspection import Accepted
from app.files.sealing import KeyRing, SealBroken, new_key, seal
from app.files.shelf import Shelf
from app.store import seals
from app.store.file_keys import FileKey, read_sealed_file, seal_file
from app.store.tables import Piece, PieceEnAttente

DRAFT, RING = new_key(), KeyRing([new_key()])
FILE = Accepted(b"%PDF-1.7 avis", "application/pdf", pages=2)
KEY = FileKey.draw("avis de Nadia.pdf", FILE)


def waiting(identity: str, cle: bytes) -> PieceEnAttente:
    return PieceEnAttente(
        id=identity, rang=1, session_id="j", emplacement="avis_moi", taille=1, pages=2, media="", cle=cle
    )


def filed(identity: str, cle: bytes) -> Piece:
    return Piece(
        id=identity, demande_id=1, rang=1, document="avis", personne="", taille=1, pages=2, media="",
        empreinte="", cle=cle,
    )  # fmt: skip


def test_the_key_of_a_waiting_file_is_the_one_that_is_filed() -> None:
    opened = FileKey.of_waiting(DRAFT, waiting("a1", KEY.wrap_waiting(DRAFT, "a1")))
    assert opened == KEY
    assert FileKey.of_filed(RING, filed("a1", opened.wrap_filed(RING, "a1"))) == KEY


def test_keys_exchanged_between_two_waiting_files_do_not_open() -> None:
    sealed = KEY.wrap_waiting(DRAFT, "a1")
    with pytest.raises(SealBroken):
        FileKey.of_waiting(DRAFT, waiting("b2", sealed))
    with pytest.raises(SealBroken):
        FileKey.of_waiting(new_key(), waiting("a1", sealed))


def test_keys_exchanged_between_two_filed_documents_do_not_open() -> None:
    with pytest.raises(SealBroken):
        FileKey.of_filed(RING, filed("b2", KEY.wrap_filed(RING, "a1")))


def test_bytes_exchanged_on_the_shelf_do_not_open(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shelf.put("a" * 24, seal_file(KEY.key, "a" * 24, FILE.content))
    shelf.put("b" * 24, seal_file(KEY.key, "a" * 24, FILE.content))
    assert read_sealed_file(shelf, KEY.key, "a" * 24) == FILE.content
    with pytest.raises(SealBroken):
        read_sealed_file(shelf, KEY.key, "b" * 24)


def test_what_was_wrapped_before_this_module_still_opens() -> None:
    said = {"nom": KEY.nom, "empreinte": KEY.empreinte, "cle": base64.b64encode(KEY.key).decode(), "avant": 5}
    clear = json.dumps(said).encode()
    opened = FileKey.of_waiting(DRAFT, waiting("a1", seal(DRAFT, clear, b"piece a1")))
    assert (opened.nom, opened.key, opened.empreinte, opened.avant) == (KEY.nom, KEY.key, KEY.empreinte, 5)
    assert FileKey.of_filed(RING, filed("a1", seals.PIECE.close(RING, "a1", clear))) == opened
