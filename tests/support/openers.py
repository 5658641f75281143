"""Children of the nursery that do what a test says, with the rights of those that open uploads."""

import shutil
from pathlib import Path

import pytest

import app.files
from app.files import nursery

PROGRAMS = Path(app.files.__file__).parent


def replace_openers(folder: Path, patch: pytest.MonkeyPatch, source: str) -> None:
    """Have the nurseries that start from now on open nothing, and run `opened` of this source."""
    for path in PROGRAMS.glob("child*.py"):
        shutil.copy(path, folder)
    for kind in ("pdf", "image"):
        (folder / f"child_{kind}.py").write_text(source)
    patch.setattr(nursery, "CHILD", folder / "child.py")
