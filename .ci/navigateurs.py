"""
Make sure there is what the tests run beside the service.

Browsers: an installed Chromium, else Debian's, else Playwright's own; Debian's Firefox; and w3m. In front: nginx.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TOOLS = {"w3m": "w3m", "nginx": "nginx-light", "firefox-esr": "firefox-esr"}  # the program, and its package
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def installed() -> str | None:
    """The path of an installed Chromium."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> None:
    """Install what is missing; where one of the tools cannot be had, its tests say so."""
    chromium = installed()
    missing = [package for program, package in TOOLS.items() if not shutil.which(program, path=PATH)]
    root = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if root and (missing or not chromium):
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-qq", "-y"]
        subprocess.run([*apt, "update"], check=not chromium)
        install = [*apt, "install", "--no-install-recommends"]
        if not chromium:
            subprocess.run([*install, "chromium"], check=True)
        for package in missing:  # the tests run nginx themselves: no service is started
            subprocess.run([*install, package], check=False, env=os.environ | {"SYSTEMD_OFFLINE": "1"})
    elif not chromium:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__":
    main()
