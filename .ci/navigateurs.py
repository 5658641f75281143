"""
Make sure there is what the tests run beside the service.

Browsers: Debian's Chromium without windows, else one that is installed, else Playwright's own; Debian's Firefox; and w3m. In front: nginx.
Behind: PostgreSQL. `navigateurs.py nginx initdb` looks for these alone.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"  # the same engine, without windows: a third quicker to open a page
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TOOLS = {  # the program, and its package
    SHELL: SHELL,
    "w3m": "w3m",
    "nginx": "nginx-light",
    "firefox-esr": "firefox-esr",
    "initdb": "postgresql",
}
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq", "-y")
INSTALL = (*APT, "install", "--no-install-recommends")
PATH = ":".join(
    [os.environ.get("PATH", ""), "/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
)


def installed() -> str | None:
    """The path of an installed Chromium."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main(*programs: str) -> None:
    """Install what is missing of these; where one of the tools cannot be had, its tests say so."""
    wanted = programs or tuple(TOOLS)
    missing = [TOOLS[program] for program in wanted if not shutil.which(program, path=PATH)]
    no_browser = SHELL in wanted and not installed()
    root = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if root and (missing or no_browser):
        subprocess.run([*APT, "update"], check=False)
        for package in missing:  # the tests run nginx and PostgreSQL themselves: no service is started
            subprocess.run([*INSTALL, package], check=False, env=os.environ | {"SYSTEMD_OFFLINE": "1"})
        if no_browser and not installed():  # a Debian that has no headless shell
            subprocess.run([*INSTALL, "chromium"], check=True)
    elif no_browser:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
