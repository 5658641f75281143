"""
Make sure there is what the tests run beside the service.

Browsers: Debian's Chromium without windows, else one that is installed, else Playwright's own; Debian's Firefox; and w3m. In front: nginx.
"""

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"  # the same engine, without windows: a third quicker to open a page
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TOOLS = {  # the program, and its package
    SHELL: SHELL,
    "w3m": "w3m",
    "nginx": "nginx-light",
    "firefox-esr": "firefox-esr",
}
APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq", "-y")
INSTALL = (*APT, "install", "--no-install-recommends")
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def installed() -> str | None:
    """The path of an installed Chromium."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> None:
    """Install what is missing; where one of the tools cannot be had, its tests say so."""
    missing = [package for program, package in TOOLS.items() if not shutil.which(program, path=PATH)]
    root = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if root and (missing or not installed()):
        subprocess.run([*APT, "update"], check=False)
        for package in missing:  # the tests run nginx themselves: no service is started
            subprocess.run([*INSTALL, package], check=False, env=os.environ | {"SYSTEMD_OFFLINE": "1"})
        if not installed():  # a Debian that has no headless shell
            subprocess.run([*INSTALL, "chromium"], check=True)
    elif not installed():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    main()
