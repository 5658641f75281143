"""The files of one shelf, copied to another and read again there: until all have come, no service starts on it."""

import secrets
from collections.abc import Callable, Iterator
from itertools import islice

from app.files.shelf import HALF, Shelf

TRIAL = "essai"  # prefix of the file put in one place to see whether it appears in the other
LOOKED_AT = 1000  # names: a copy that was cut short has nothing but those of its source


class TargetTaken(Exception):
    """The target has what this source did not bring: nothing was changed."""


class Same(Exception):
    """The target is the source, by another name: a link, another name of the machine."""


class FileDiffers(Exception):
    """A file does not read back as it was written; its name."""


class NotAlone(Exception):
    """A service has opened the database since the copy began: it may have received files that were not seen."""


def transfer(
    source: Shelf, target: Shelf, is_still_alone: Callable[[], object] = lambda: True
) -> Iterator[str]:
    """
    Copy each file that is not there yet, then sign; gives the name of each file that is the same in both.

    Services refuse the target meanwhile. Cut short, it goes on from there the next time. `is_still_alone` is asked
    before the last signature: no service has brought the source a file that was not seen. Raises TargetTaken, Same,
    FileDiffers, NotAlone and OSError.
    """
    identity = source.signature or ""
    half = f"{HALF}{identity}"
    if target.signature not in (identity, half) and not _may_claim(source, target):
        raise TargetTaken
    if _is_the_same(source, target):
        raise Same
    target.sign(half)
    for name in source.names():
        sealed = source.get(name)
        if not _is_there(target, name, sealed):
            target.remove(name)
            target.put(name, sealed)
            if not _is_there(target, name, sealed):
                raise FileDiffers(name)
        yield name
    if not is_still_alone():
        raise NotAlone
    target.sign(identity)


def _is_the_same(source: Shelf, target: Shelf) -> bool:
    """A file that is put in one shows in the other; the sweep takes it away if this is cut short."""
    trial = TRIAL + secrets.token_hex(16)
    target.put(trial, b"\0")
    try:
        return source.size(trial) is not None
    finally:
        target.remove(trial)


def _may_claim(source: Shelf, target: Shelf) -> bool:
    """
    Nobody has signed it, and it is empty or has a file in common: names are drawn at random.

    The trial of a copy that was killed counts for nothing.
    """
    there = [name for name in islice(target.names(), LOOKED_AT) if not name.startswith(TRIAL)]
    known = any(source.size(name) is not None for name in there)
    return target.signature is None and (known or not there)


def _is_there(target: Shelf, name: str, sealed: bytes) -> bool:
    return target.size(name) == len(sealed) and target.get(name) == sealed
