"""A shelf that several machines share: a bucket of a store that speaks S3."""

import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from app.files.shelf import ASIDE, EVERY_NAME, NAME, SIGNATURE, Shelf, Span, StoreFault, checked

CONNECTING, ANSWERING = "2s", "15s"  # 2 MB at a slow hour
RETRIES, RETRYING = 3, timedelta(seconds=15)


class ObjectShelf(Shelf):
    """
    `url`: `s3://bucket/folder?endpoint=https://…&region=…`.

    The keys of the store come from the environment, under the names that every client of S3 reads (AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY).
    """

    what = "stockage"

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.where = f"{parts.netloc}{parts.path}".rstrip("/")
        self.place = f"{asked['endpoint'].rstrip('/')}/{self.where}"
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            endpoint=asked["endpoint"],
            region=asked.get("region", "us-east-1"),
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": asked["endpoint"].startswith("http:"),
                "connect_timeout": CONNECTING,
                "timeout": ANSWERING,
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": RETRYING},
        )

    def room(self) -> None:
        return None

    @property
    def signature(self) -> str | None:
        with suppress(FileNotFoundError):
            return self._get(SIGNATURE).decode("ascii").strip() or None
        return None

    def sign(self, identity: str) -> None:
        self._put(SIGNATURE, f"{identity}\n".encode())

    @property
    def keeps_versions(self) -> bool:
        found = self._head(SIGNATURE)
        return bool(found and found["version"] not in (None, "null"))

    @property
    def overwrites(self) -> bool:
        probe = f"essai-{secrets.token_hex(8)}"
        try:
            for _ in range(2):
                self._put(probe, b"essai", mode="create")
        except FileExistsError:
            return False
        finally:
            self._delete(probe)
        return True

    def _keep(self, name: str, sealed: bytes) -> None:
        try:
            self._put(name, sealed, mode="create")
        except FileExistsError:
            if self._get(name) != sealed:  # else it is there since a first try, whose answer was lost
                raise

    def _put(self, path: str, data: bytes, *, mode: Literal["create", "overwrite"] = "overwrite") -> None:
        try:
            with _told():
                obstore.put(self._store, path, data, mode=mode, use_multipart=False)
        except FileNotFoundError:  # not the file, then
            raise StoreFault(errno.EHOSTUNREACH, "the store has no such bucket") from None

    def get(self, name: str) -> bytes:
        return self._get(checked(name))

    def _get(self, path: str) -> bytes:
        with _told():
            return bytes(obstore.get(self._store, path).bytes())

    def remove(self, name: str) -> None:
        self._delete(checked(name))

    def _delete(self, path: str) -> None:
        with _told(), suppress(FileNotFoundError):
            obstore.delete(self._store, path)

    def names(self, span: Span = EVERY_NAME) -> Iterator[str]:
        for path, _ in self._listed(after=span.start):
            if path >= span.end:  # a store lists in the order of bytes
                return
            if path >= span.start and NAME.fullmatch(path):
                yield path

    def size(self, name: str) -> int | None:
        found = self._head(checked(name))
        return int(found["size"]) if found else None

    def age(self, name: str) -> float:
        found = self._head(checked(name))
        return _age(found["last_modified"]) if found else 0

    def _head(self, path: str) -> Any:
        with suppress(FileNotFoundError), _told():
            return obstore.head(self._store, path)
        return None

    def set_aside(self, name: str) -> None:
        self._move(checked(name), f"{ASIDE}/{name}")

    def aside(self) -> dict[str, float]:
        there = ((path.removeprefix(f"{ASIDE}/"), moved) for path, moved in self._listed(f"{ASIDE}/"))
        return {name: _age(moved) for name, moved in there if NAME.fullmatch(name)}

    def bring_back(self, name: str) -> None:
        self._move(f"{ASIDE}/{name}", checked(name))

    def erase_aside(self, name: str) -> None:
        self._delete(f"{ASIDE}/{checked(name)}")

    def _move(self, path: str, to: str) -> None:
        """Cut short in between, the file is in both places: the next sweep moves it again."""
        with suppress(FileNotFoundError), _told():  # another service sweeps too
            obstore.copy(self._store, path, to)
            obstore.delete(self._store, path)

    def _listed(self, prefix: str = "", after: str = "") -> Iterator[tuple[str, datetime]]:
        with _told():
            for some in obstore.list(self._store, prefix or None, offset=after or None):
                for found in some:
                    yield found["path"], found["last_modified"]


def _age(since: datetime) -> float:
    return (datetime.now(UTC) - since).total_seconds()


@contextmanager
def _told() -> Iterator[None]:
    """Tell what went wrong as a folder would: the faults of a shelf have one set of names."""
    try:
        yield
    except AlreadyExistsError:
        raise FileExistsError from None
    except (PermissionDeniedError, UnauthenticatedError):
        raise StoreFault(errno.EACCES, "the store refuses these keys") from None
    except BaseError as error:
        raise StoreFault(errno.EHOSTUNREACH, f"the store does not answer ({type(error).__name__})") from None
