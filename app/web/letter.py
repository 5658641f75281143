"""A message as a letter: the exact words of its page, set by typst in an accessible PDF (PDF/UA-1)."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.domain.noms import deplie
from app.forms.typography import isolated, typo
from app.processor import apart
from app.settings import ROOT
from app.web.blocks import read_blocks

LAYOUT: Final = ROOT / "templates" / "lettre.typ"
UNWRITABLE: Final = "□"  # stands for a character that no font of typst has, in a file name for instance
_REPLACED = f"Le signe {UNWRITABLE} remplace un caractère que ce document ne sait pas écrire."
_UNWRITABLE = (
    # all but Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, punctuation and arrows; an accent that makes no letter
    # of its own is out too: readers would then see it on every such letter of the document
    re.compile(
        "[^ -\u02ff\u0370-\u0482\u048a-\u04ff\u05d0-\u05f4\u0621-\u063a\u0640-\u0655\u0660-\u0669\u0900-\u097f"
        f"\u1d00-\u1dbf\u1e00-\u2040\u2190-\u21ff\u20ac\u2116\u2122{UNWRITABLE}]"
    ),
    # then all but Latin: two characters that the fonts have may still combine into one that they lack
    re.compile(f"[^ -\u024f\u2010-\u2027\u202f-\u203a\u20ac{UNWRITABLE}]"),
)
# Controls, turns of direction, and the soft hyphen, which readers then see in place of every hyphen.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TOO_LONG = re.compile(r"\S{30}(?=\S)")
_HELD = re.compile(r"(\b\d{5}|\u00a0\w+) (?=[A-Z]|\d{4}\b)")  # a date and its year, a postcode and its town


class NotMade(Exception):
    """This letter cannot be set."""


@dataclass(frozen=True)
class Letter:
    """What is set: its title, when it was written, the foot of each page, and the HTML it reads."""

    title: str
    written: datetime
    foot: str
    html: str


def typeset(letter: Letter) -> bytes:
    """The PDF of a letter: the same letter is always the same bytes. Raises NotMade."""
    le = letter.written.astimezone(UTC)
    content = {
        "titre": typo(letter.title),
        "date": [le.year, le.month, le.day, le.hour, le.minute, le.second],
        "pied": letter.foot,
        "blocs": read_blocks(letter.html),
    }
    widest, latin = _UNWRITABLE
    try:
        return _compile(_writable(content, widest))
    except NotMade:
        return _compile(_writable(content, latin))


def _compile(content: Any) -> bytes:
    import typst  # not before: it takes 30 MiB, which a worker that makes no letter does without

    written = json.dumps(content, ensure_ascii=False)
    if UNWRITABLE in written:
        content["blocs"].append({"k": "p", "r": [{"t": typo(_REPLACED)}], "petit": True})
        written = json.dumps(content, ensure_ascii=False)
    try:
        with apart():
            pdf = typst.compile(
                LAYOUT,
                root=LAYOUT.parent,
                format="pdf",
                ignore_system_fonts=True,  # the same letter on every machine
                sys_inputs={"lettre": written},
                pdf_standards=["ua-1"],
            )
    except typst.TypstError as error:
        raise NotMade from error
    assert isinstance(pdf, bytes)
    return pdf


def _writable(value: Any, unwritable: re.Pattern[str]) -> Any:
    """The same content: replace each character that no font has, let words longer than a line break."""
    match value:
        case str():
            shown = isolated(unwritable.sub(UNWRITABLE, _UNSEEN.sub("", deplie(value))))
            return _HELD.sub("\\1\u00a0", _TOO_LONG.sub("\\g<0>\u200b", shown))
        case list():
            return [_writable(part, unwritable) for part in value]
        case dict():
            return {name: _writable(part, unwritable) for name, part in value.items()}
    return value
