"""Ask for a verdict and expect its kind."""

import io

from PIL import Image

from app.files.inspection import Accepted, Refused, inspect
from app.files.nursery import Nursery

NURSERY = Nursery()


def kept(content: bytes, name: str = "avis") -> Accepted:
    result = inspect(name, content, NURSERY)
    assert isinstance(result, Accepted), result
    return result


def refused(content: bytes, name: str = "avis") -> Refused:
    result = inspect(name, content, NURSERY)
    assert isinstance(result, Refused)
    return result


def drawn(result: Accepted) -> Image.Image:
    return Image.open(io.BytesIO(result.content))
