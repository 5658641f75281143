"""How answers are compressed as they leave: for what a page weighs, and for what it costs."""

from functools import partial

import brotli
from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware

QUALITY = 5  # the budgets of bytes need it
WINDOW = 16  # 64 KiB, as a power of two: a page is smaller


class Compression(CompressMiddleware):
    """
    Brotli with the memory that a page needs, gzip for older browsers.

    With its usual window of 4 MiB, brotli takes a megabyte from the system for each page and gives it back, which
    costs more than the compression itself; the page is no smaller for it.
    """

    __slots__ = ()

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, brotli_quality=QUALITY, zstd=False)
        assert self._brotli
        self._brotli.oneshot = partial(brotli.compress, quality=QUALITY, lgwin=WINDOW)
