"""The files of one shelf, copied to another and read again there."""

from collections.abc import Iterator

from app.files.shelf import Shelf


def transfer(source: Shelf, target: Shelf) -> Iterator[str]:
    """
    Copy each file that is not there yet, then sign; gives the name of each file that is the same in both.

    Cut short, it goes on from there the next time. Raises OSError, also for a file that does not read back as it was.
    """
    for name in source.names():
        sealed = source.get(name)
        if not _is_there(target, name, sealed):
            target.remove(name)
            target.put(name, sealed)
            if not _is_there(target, name, sealed):
                raise OSError(f"{name} does not read back as it was written")
        yield name
    if (identity := source.signature) and target.signature != identity:
        target.sign(identity)


def _is_there(target: Shelf, name: str, sealed: bytes) -> bool:
    return target.size(name) == len(sealed) and target.get(name) == sealed
