"""Open one upload in a process that can write nothing and reach nothing.

`inspection` runs this file by its path, `python -I child.py ORDER`. ORDER is JSON: the kind, "pdf"
or "image", and the limits. The upload comes in on stdin; stdout answers with one line of JSON, then
the image to keep. Isolated Python cannot import `app`: this file and the opener it runs know only
the standard library, pikepdf and Pillow. The words they answer with are those of `Reason`.
"""

import errno
import json
import resource
import runpy
import sys
from pathlib import Path


def confine(memory_bytes: int, cpu_seconds: int) -> None:
    """Give up, for good, the right to grow, to last and to write a byte to a disk."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def close_doors() -> None:
    """Give up opening anything more, file or socket; stdin and stdout stay."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def main() -> None:
    """Answer one order; a failure that is ours, not the file's, ends the process without an answer."""
    order = json.loads(sys.argv[1])
    confine(order["memory"], order["cpu"])
    opener = runpy.run_path(str(Path(__file__).with_name(f"child_{order['kind']}.py")))["opened"]
    close_doors()
    try:
        answer, kept = opener(sys.stdin.buffer.read(), order)
    except (MemoryError, ImportError):
        raise
    except Exception as problem:
        if getattr(problem, "errno", None) == errno.EMFILE:  # a module that came late to a closed door
            raise
        answer, kept = {"reason": f"{order['kind']}_illisible"}, b""
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + kept)


if __name__ == "__main__":
    main()
