"""What happens by itself, a little later."""

import time
from collections.abc import Callable

SOON = 60  # seconds: a busy machine


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until it is so. Raises AssertionError if it never is."""
    end = time.monotonic() + SOON
    while not is_so():
        assert time.monotonic() < end
