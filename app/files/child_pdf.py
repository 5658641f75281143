"""Count the pages of a PDF that only shows pages (run by `child`)."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Encryption, Name, PasswordError, Pdf, Stream, String

ACTIVE_ACTIONS = frozenset(
    {
        *(Name.JavaScript, Name.Launch, Name.SubmitForm, Name.ImportData, Name.GoToE),
        *(Name.Rendition, Name.RichMediaExecute),
    }
)
ACTIVE_OBJECTS = frozenset(
    {Name.FileAttachment, Name.EmbeddedFile, Name.RichMedia, Name.Movie, Name.Sound, Name("/3D")}
)
HARMLESS_ON_OPENING = frozenset({Name.GoTo, Name.Named})
FILE_KEYS = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})
SIGNS_OF_LOSS = ("decoding stream data", "unfilterable stream", "parse error", "unexpected EOF")

# The library opens its source of randomness at the first AES-256 file: now, while a door is open.
Pdf.new().save(BytesIO(), encryption=Encryption(owner="", user=""))


def opened(content: bytes, order: dict[str, Any]) -> tuple[dict[str, str | int], bytes]:
    """Answer with the number of pages, or with the reason of a refusal."""
    try:
        pdf = Pdf.open(BytesIO(content))
    except PasswordError:
        return {"reason": "pdf_protege"}, b""
    pages = len(pdf.pages)
    if not pages:
        return {"reason": "pdf_illisible"}, b""
    if pages > order["pages"]:
        return {"reason": "pdf_pages", "pages": pages}, b""
    if any(is_active(key, value) for top in (pdf.trailer, *pdf.objects) for key, value in entries(top)):
        return {"reason": "pdf_actif"}, b""
    warnings = [str(warning) for warning in pdf.get_warnings()]
    if any("bad_alloc" in warning for warning in warnings):
        raise MemoryError
    if lost_something(pdf, warnings):
        return {"reason": "pdf_illisible"}, b""
    return {"pages": pages}, b""


def lost_something(pdf: Pdf, warnings: list[str]) -> bool:
    """Tell whether parts of the file were not read: cut short, or damaged where another reader may see more."""
    if any(sign in warning for warning in warnings for sign in SIGNS_OF_LOSS):
        return True
    return any("reconstruct" in warning for warning in warnings) and any(
        "/Contents" not in page.obj for page in pdf.pages
    )


def entries(top: object) -> Iterator[tuple[str, object]]:
    """Go through the dictionaries of one object of the file; what it refers to is another object's."""
    waiting = [top]
    while waiting:
        here = waiting.pop()
        inside: list[object] = []
        if isinstance(here, Array):
            inside = list(here)
        elif isinstance(here, Dictionary | Stream):
            for key, value in here.items():
                yield key, value
                inside.append(value)
        waiting += [part for part in inside if isinstance(part, Array | Dictionary) and not part.is_indirect]


def is_active(key: str, value: object) -> bool:
    """Tell whether an entry is a program, a file, or an action that nobody asks for.

    /JS and /EF, which may also be what a page calls its fonts, count only with the value of the real thing.
    """
    match key:
        case "/JavaScript" | "/EmbeddedFiles" | "/XFA" | "/RichMediaContent" | "/RichMediaSettings":
            return True
        case "/S":
            return is_one_of(value, ACTIVE_ACTIONS)
        case "/Subtype" | "/Type":
            return is_one_of(value, ACTIVE_OBJECTS)
        case "/JS":
            return isinstance(value, String | Stream)
        case "/EF":
            return isinstance(value, Dictionary) and not FILE_KEYS.isdisjoint(value.keys())
        case "/OpenAction":
            return acts(value)
        case "/AA":
            return isinstance(value, Dictionary) and any(acts(action) for _, action in value.items())
    return False


def acts(action: object) -> bool:
    """Tell whether an action does more than show a place of the document (a bare destination is no dictionary)."""
    return isinstance(action, Dictionary) and (
        "/Next" in action or not is_one_of(action.get("/S", Name.GoTo), HARMLESS_ON_OPENING)
    )


def is_one_of(value: object, names: frozenset[Name]) -> bool:
    """Compare names as names: a name that is not UTF-8 cannot be compared as text."""
    return isinstance(value, Name) and value in names
