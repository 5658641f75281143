"""Ask for a verdict and expect its kind."""

import io
from dataclasses import replace

from PIL import Image

from app.domain.pieces import Emplacement, Fichier
from app.files.inspection import RefusedFile, inspect
from app.files.nursery import Nursery

NURSERY = Nursery()


def verdict(content: bytes, name: str = "avis", nursery: Nursery = NURSERY) -> Fichier | RefusedFile:
    return inspect(name, Emplacement.de("avis_moi"), content, nursery)


def kept(content: bytes, name: str = "avis", nursery: Nursery = NURSERY) -> Fichier:
    result = verdict(content, name, nursery)
    assert isinstance(result, Fichier), result
    return result


def refused(content: bytes, name: str = "avis", nursery: Nursery = NURSERY) -> RefusedFile:
    """The verdict, without the name and the document that came with the file."""
    result = verdict(content, name, nursery)
    assert isinstance(result, RefusedFile)
    assert (result.nom, result.emplacement) == (name, "avis_moi")
    return replace(result, nom="", emplacement="")


def drawn(result: Fichier) -> Image.Image:
    return Image.open(io.BytesIO(result.contenu))
