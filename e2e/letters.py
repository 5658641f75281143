"""
The letters the browsers draw with: those the tests bring, whatever the machine has.

Pages ask for the letters of the device. Roboto and Noto Serif are those of an Android phone. Lexend is wide, and people
with dyslexia choose it: a page meets it only where a style sheet of the reader asks for it.
"""

import os
from importlib.resources import files
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "build" / "lettres"
BROUGHT = [
    f"{files(package) / 'files'}" for package in ("fontpkg_roboto", "fontpkg_noto_serif", "fontpkg_lexend")
]
GENERIC = {"sans-serif": "Roboto", "serif": "Noto Serif"}
WIDE = "Lexend"
CHOSEN_BY_THE_READER = f"* {{ font-family: {WIDE} !important; }}"
FIREFOX_READS: dict[str, str | float | bool] = {
    "security.sandbox.content.read_path_whitelist": ",".join(f"{folder}/" for folder in BROUGHT)
}


def letters() -> dict[str, str]:
    """What the environment of a browser says, so that it finds these families and no other."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    folders = "".join(f"<dir>{folder}</dir>" for folder in BROUGHT)
    aliases = "".join(
        f"<alias binding='same'><family>{asked}</family><prefer><family>{family}</family></prefer></alias>"
        for asked, family in GENERIC.items()
    )
    path = FOLDER / "fonts.conf"
    draft = path.with_suffix(f".{os.getpid()}")  # another worker may be writing the same file
    draft.write_text(
        f"<fontconfig>{folders}<cachedir>{FOLDER}</cachedir>{aliases}</fontconfig>", encoding="utf-8"
    )
    draft.replace(path)
    return os.environ | {"FONTCONFIG_FILE": str(path)}
