"""Count the pages of a PDF that only shows pages (run by `child`)."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pikepdf import Array, Dictionary, Encryption, Object, PasswordError, Pdf, Stream, String

ACTIVE_KEYS = frozenset({"/JavaScript", "/EmbeddedFiles", "/XFA", "/RichMediaContent", "/RichMediaSettings"})
ACTIVE_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/RichMediaExecute"}
)
ACTIVE_OBJECTS = frozenset({"/FileAttachment", "/EmbeddedFile", "/RichMedia", "/Movie", "/Sound", "/3D"})
HARMLESS_ON_OPENING = frozenset({"/GoTo", "/Named"})
FILE_KEYS = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})

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
    if any(is_active(part) for top in (pdf.trailer, *pdf.objects) for part in dictionaries(top)):
        return {"reason": "pdf_actif"}, b""
    missed = [warning for warning in pdf.get_warnings() if "decoding stream" in str(warning)]
    if any("bad_alloc" in str(warning) for warning in missed):
        raise MemoryError
    if missed:  # objects that were not looked at, and that another reader may see
        return {"reason": "pdf_illisible"}, b""
    return {"pages": pages}, b""


def dictionaries(top: object) -> Iterator[Object]:
    """Go through the dictionaries of one object of the file; what it refers to is another object's."""
    waiting = [top]
    while waiting:
        here = waiting.pop()
        inside: list[object] = []
        if isinstance(here, Array):
            inside = list(here)
        elif isinstance(here, Dictionary | Stream):
            yield here
            inside = [value for _, value in here.items()]
        waiting += [part for part in inside if isinstance(part, Array | Dictionary) and not part.is_indirect]


def is_active(part: Object) -> bool:
    """Tell whether a dictionary holds a program, a file, or an action that nobody asks for.

    /JS and /EF, which may also be what a page calls its fonts, count only with the value of the real thing.
    """
    files = part.get("/EF")
    return (
        not ACTIVE_KEYS.isdisjoint(part.keys())
        or str(part.get("/S")) in ACTIVE_ACTIONS
        or str(part.get("/Subtype")) in ACTIVE_OBJECTS
        or str(part.get("/Type")) in ACTIVE_OBJECTS
        or isinstance(part.get("/JS"), String | Stream)
        or (isinstance(files, Dictionary) and not FILE_KEYS.isdisjoint(files.keys()))
        or any(acts(action) for action in unasked(part))
    )


def unasked(part: Object) -> Iterator[object]:
    """Go through the actions of a dictionary that need no click: on opening, on showing a page."""
    yield part.get("/OpenAction")
    if isinstance(triggers := part.get("/AA"), Dictionary):
        yield from (action for _, action in triggers.items())


def acts(action: object) -> bool:
    """Tell whether an action does more than show a place of the document (a bare destination is no dictionary)."""
    return isinstance(action, Dictionary) and (
        "/Next" in action or str(action.get("/S", "/GoTo")) not in HARMLESS_ON_OPENING
    )
