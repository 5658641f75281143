"""Count the pages of a PDF that only shows pages (run by `child`)."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Encryption, Name, PasswordError, Pdf, PdfError, Stream, String

ACTIVE_ACTIONS = frozenset(
    {
        *(Name.JavaScript, Name.Launch, Name.ImportData, Name.GoToE),
        *(Name.Rendition, Name.RichMediaExecute),
    }
)
ACTIVE_OBJECTS = frozenset(
    {Name.FileAttachment, Name.EmbeddedFile, Name.RichMedia, Name.Movie, Name.Sound, Name("/3D")}
)
HARMLESS_ON_OPENING = frozenset({Name.GoTo, Name.Named})
FILE_KEYS = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})
# No other call fits in it.
PRINT_BOX = re.compile(r"\s*(this\s*\.\s*)?print\s*\([\w\s:,{}]*\)\s*;?\s*", re.ASCII)
CONTENTS = re.compile(rb"/Contents\s*[0-9\[]")  # of a page; those of a note are a string
SIGNS_OF_LOSS = ("decoding stream data", "unfilterable stream", "parse error", "unexpected EOF")

# The library opens its source of randomness at the first AES-256 file: now, while a door is open.
Pdf.new().save(BytesIO(), encryption=Encryption(owner="", user=""))


def opened(content: bytes, order: dict[str, Any]) -> tuple[dict[str, str | int], bytes]:
    """Answer with the number of pages, or with the reason of a refusal."""
    try:
        pdf = Pdf.open(BytesIO(content))
    except PasswordError:
        return {"reason": "pdf_protege"}, b""
    except PdfError as problem:
        if "encryption" not in str(problem):
            raise
        return {"reason": "pdf_protege"}, b""  # locked for a certificate
    pages = len(pdf.pages)
    if not pages:
        return {"reason": "pdf_illisible"}, b""
    if pages > order["pages"]:
        return {"reason": "pdf_pages", "pages": pages}, b""
    if any(is_active(*entry) for top in (pdf.trailer, *pdf.objects) for entry in entries(top)):
        return {"reason": "pdf_actif"}, b""
    warnings = [str(warning) for warning in pdf.get_warnings()]
    if any("bad_alloc" in warning for warning in warnings):
        raise MemoryError
    if lost_something(pdf, content, warnings):
        return {"reason": "pdf_illisible"}, b""
    return {"pages": pages}, b""


def lost_something(pdf: Pdf, content: bytes, warnings: list[str]) -> bool:
    """Tell whether parts of the file were not read: cut short, or damaged where another reader may see more."""
    if any(sign in warning for warning in warnings for sign in SIGNS_OF_LOSS):
        return True
    if not any("reconstruct" in warning for warning in warnings):
        return False
    drawn = sum("/Contents" in page.obj for page in pdf.pages)
    return drawn < len(pdf.pages) and drawn < contents_said(pdf, content)


def contents_said(pdf: Pdf, content: bytes) -> int:
    """How many pages say where their drawing is. A blank page says nothing: it has lost nothing."""
    packed = (
        part.read_bytes()
        for part in pdf.objects
        if isinstance(part, Stream) and part.get("/Type") == Name.ObjStm
    )
    return sum(len(CONTENTS.findall(text)) for text in (content, *packed))


def entries(top: object) -> Iterator[tuple[str, object, Dictionary | Stream]]:
    """Go through the dictionaries of one object of the file: (key, value, dictionary). What it refers to is another's."""
    waiting = [top]
    while waiting:
        here = waiting.pop()
        inside: list[object] = []
        if isinstance(here, Array):
            inside = list(here)
        elif isinstance(here, Dictionary | Stream):
            for key, value in here.items():
                yield key, value, here
                inside.append(value)
        waiting += [part for part in inside if isinstance(part, Array | Dictionary) and not part.is_indirect]


def is_active(key: str, value: object, here: Dictionary | Stream) -> bool:
    """Tell whether an entry of `here` is a program, a file, or an action that nobody asks for.

    /JS and /EF, which may also be what a page calls its fonts, count only with the value of the real thing.
    """
    match key:
        case "/XFA" | "/RichMediaContent" | "/RichMediaSettings":
            return True
        case "/JavaScript" | "/EmbeddedFiles":
            return not is_harmless_tree(value)
        case "/S":
            return is_one_of(value, ACTIVE_ACTIONS) and not is_print_box(here)
        case "/Subtype" | "/Type":
            return is_one_of(value, ACTIVE_OBJECTS)
        case "/JS":
            return isinstance(value, String | Stream) and not is_print_box(here)
        case "/EF":
            return isinstance(value, Dictionary) and not FILE_KEYS.isdisjoint(value.keys())
        case "/OpenAction":
            return acts(value)
        case "/AA":
            return isinstance(value, Dictionary) and any(acts(action) for _, action in value.items())
    return False


def acts(action: object) -> bool:
    """Tell whether an action does more than show a place of the document or its print box.

    A bare destination is no dictionary.
    """
    return isinstance(action, Dictionary) and (
        "/Next" in action
        or not (is_one_of(action.get("/S", Name.GoTo), HARMLESS_ON_OPENING) or is_print_box(action))
    )


def is_print_box(action: Dictionary | Stream) -> bool:
    """Tell whether a script only opens the print box."""
    script = action.get("/JS")
    return (
        action.get("/S") == Name.JavaScript
        and isinstance(script, String)
        and PRINT_BOX.fullmatch(str(script)) is not None
    )


def is_harmless_tree(tree: object) -> bool:
    """Tell whether a tree of names holds nothing, but for print boxes."""
    if not isinstance(tree, Dictionary) or len(tree.get("/Kids", Array())):
        return False
    held = list(tree.get("/Names", Array()))[1::2]
    return all(isinstance(action, Dictionary) and is_print_box(action) for action in held)


def is_one_of(value: object, names: frozenset[Name]) -> bool:
    """Compare names as names: a name that is not UTF-8 cannot be compared as text."""
    return isinstance(value, Name) and value in names
