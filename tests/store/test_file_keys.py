"""The key of a file: under that of the draft while it waits, under the data keys once filed; never on another row."""

import base64
import json
from pathlib import Path

import pytest

from app.domain.pieces import Emplacement, Fichier
from app.files.folder import FolderShelf
from app.files.sealing import KeyRing, SealBroken, new_key, seal, unseal
from app.store import seals
from app.store.file_keys import (
    open_filed,
    open_waiting,
    read_sealed_file,
    seal_file,
    wrap_filed,
    wrap_waiting,
)
from app.store.tables import Piece, PieceEnAttente

DRAFT, RING, KEY = new_key(), KeyRing([new_key()]), new_key()
CONTENT = b"%PDF-1.7 avis"
FICHIER = Fichier.recu(
    Emplacement.de("avis_moi"), CONTENT, nom="avis de Nadia.pdf", media="application/pdf", pages=2
)
NAMED = b"piece " + FICHIER.id.encode()


def waiting(cle: bytes, identity: str = FICHIER.id) -> PieceEnAttente:
    return PieceEnAttente(
        id=identity, rang=1, session_id="j", emplacement="avis_moi", taille=FICHIER.taille, pages=2,
        media=FICHIER.media, cle=cle,
    )  # fmt: skip


def filed(cle: bytes, identity: str = FICHIER.id) -> Piece:
    return Piece(
        id=identity, demande_id=1, rang=1, document="avis", personne="", taille=1, pages=2, media="",
        empreinte="", cle=cle,
    )  # fmt: skip


def test_the_key_of_a_waiting_file_is_the_one_that_is_filed() -> None:
    opened = open_waiting(DRAFT, waiting(wrap_waiting(DRAFT, FICHIER, KEY)))
    assert opened == (FICHIER.model_copy(update={"contenu": b""}), KEY)
    assert open_filed(RING, filed(wrap_filed(RING, *opened))) == (FICHIER.nom, KEY)


def test_a_waiting_file_of_a_newer_version_is_read() -> None:
    """While services are replaced one by one, the files of one draft are sent to both."""
    told = json.loads(unseal(DRAFT, wrap_waiting(DRAFT, FICHIER, KEY), NAMED))
    more = seal(DRAFT, json.dumps(told | {"langue": "fr"}).encode(), NAMED)
    assert open_waiting(DRAFT, waiting(more)) == (FICHIER.model_copy(update={"contenu": b""}), KEY)


def test_keys_exchanged_between_two_waiting_files_do_not_open() -> None:
    sealed = wrap_waiting(DRAFT, FICHIER, KEY)
    with pytest.raises(SealBroken):
        open_waiting(DRAFT, waiting(sealed, "b2"))
    with pytest.raises(SealBroken):
        open_waiting(new_key(), waiting(sealed))


def test_keys_exchanged_between_two_filed_documents_do_not_open() -> None:
    with pytest.raises(SealBroken):
        open_filed(RING, filed(wrap_filed(RING, FICHIER, KEY), "b2"))


def test_bytes_exchanged_on_the_shelf_do_not_open(tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path)
    shelf.put("a" * 24, seal_file(KEY, "a" * 24, CONTENT))
    shelf.put("b" * 24, seal_file(KEY, "a" * 24, CONTENT))
    assert read_sealed_file(shelf, KEY, "a" * 24) == CONTENT
    with pytest.raises(SealBroken):
        read_sealed_file(shelf, KEY, "b" * 24)


def test_what_was_wrapped_before_this_module_still_opens() -> None:
    said = {"nom": "avis.pdf", "empreinte": "0" * 64, "cle": base64.b64encode(KEY).decode(), "avant": 5}
    clear = json.dumps(said).encode()
    fichier, key = open_waiting(DRAFT, waiting(seal(DRAFT, clear, b"piece a1"), "a1"))
    assert (fichier.nom, key, fichier.empreinte, fichier.avant) == ("avis.pdf", KEY, "0" * 64, 5)
    assert open_filed(RING, filed(seals.PIECE.close(RING, "a1", clear), "a1")) == ("avis.pdf", KEY)
