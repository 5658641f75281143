"""Every byte that a service has written, whichever engine and whichever shelf it has."""

from urllib.parse import urlsplit

import sqlalchemy as sa

from app.settings import Settings
from tests.support import objects, postgres
from tests.support.data import FILE


def on_disk(settings: Settings, *, store: bool = True) -> bytes:
    """With the names: the folder of its data, its part of a store, and what the server has written since it made this database."""
    folder = [path for path in sorted(settings.data_dir.rglob("*")) if path.is_file()]
    files = [str(path).encode() + b"\0" + path.read_bytes() for path in folder]
    url = sa.make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        assert any(path.name == FILE for path in folder)
    else:
        assert url.database
        files += postgres.contents(url.database)
    if store and settings.files_url:
        files += objects.contents(urlsplit(settings.files_url).path.strip("/"))
    return b"\0".join(file.rstrip(b"\0") for file in files)
