"""The browser of the tests, the gallery and the measures: an installed Chromium if there is one, and quiet."""

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def installed_chromium() -> str | None:
    """Its path; none when Playwright has its own."""
    path: str | None = runpy.run_path(str(ROOT / ".ci" / "navigateurs.py"))["installed"]()
    return path
