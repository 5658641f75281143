"""What the C library does with memory that the service no longer uses."""

import ctypes

LARGE = 512 * 1024  # bytes: an upload, a sealed file; never what it takes to answer with a page
_M_MMAP_THRESHOLD = -3  # malloc.h of glibc


def give_back_large_blocks() -> None:
    """
    Have the system take a large block back as soon as it is freed.

    glibc does so too at first. But each large block that is freed raises its limit, up to 32 MiB: from then on uploads
    come from the heaps of the threads, which do not shrink again, and a busy hour is held until the next start.
    Another C library is left as it is.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(_M_MMAP_THRESHOLD, LARGE)
