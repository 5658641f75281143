"""The browser of the tests, the gallery and the measures: an installed Chromium if there is one, and quiet."""

import runpy
from pathlib import Path
from typing import Any

from e2e.letters import letters

ROOT = Path(__file__).resolve().parents[1]
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def how_to_launch(*more: str) -> dict[str, Any]:
    """What `chromium.launch` is told; it finds Playwright's own browser when none is installed."""
    path: str | None = runpy.run_path(str(ROOT / ".ci" / "navigateurs.py"))["installed"]()
    return {"executable_path": path, "args": [*QUIET, *more], "env": letters()}
