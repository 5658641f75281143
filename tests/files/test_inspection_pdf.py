"""Which PDFs are kept, and why the others are not."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from app.files import limits
from app.files.inspection import RefusalReason, RefusedFile
from tests.support import samples
from tests.support.verdicts import kept, refused

CASES = Path(__file__).parent / "cases"


def test_a_pdf_is_kept_as_it_came_and_its_pages_counted() -> None:
    content = samples.pdf(pages=4)
    result = kept(content)
    assert (result.contenu, result.media, result.pages) == (content, "application/pdf", 4)


def test_a_pdf_header_may_come_late() -> None:
    content = b"\r\n" * 500 + samples.pdf()
    assert kept(content).pages == 2


def test_a_heavy_pdf_is_not_opened() -> None:
    content = samples.heavy_pdf()
    assert refused(content) == RefusedFile(RefusalReason.PDF_HEAVY, size=len(content))


def test_a_pdf_that_asks_for_a_password() -> None:
    assert refused(samples.protected_pdf()).reason is RefusalReason.PDF_PROTECTED


def test_a_pdf_locked_for_a_certificate() -> None:
    assert refused((CASES / "pubkey.pdf").read_bytes()).reason is RefusalReason.PDF_PROTECTED


def test_a_light_pdf_that_is_long_to_read_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened to the end, it would hold a place that others wait for."""
    monkeypatch.setitem(limits.CHILD_CPU_SECONDS, "pdf", 1)
    content = samples.pdf_of_hidden_objects(zlib.compress(b"3 0 [" + b"<<>>" * 1_000_000 + b"]"))
    assert len(content) < 20_000
    assert refused(content).reason is RefusalReason.DELAY


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_a_pdf_that_only_forbids_printing_is_accepted(revision: int) -> None:
    strong = revision >= 4
    lock = pikepdf.Encryption(owner="maître", user="", R=revision, aes=strong, metadata=strong)  # type: ignore[arg-type]
    assert kept(samples.edited(lambda _: None, encryption=lock)).pages == 2


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n" + bytes(range(256)) * 20,
        b"%PDF-1.7\n" + b"[" * 100_000,
        samples.pdf(9)[: len(samples.pdf(9)) // 2],
        samples.pdf(9)[: samples.pdf(9).rindex(b" obj") - 2],
        samples.page_tree_loop(),
        samples.pdf_without_pages(),
        samples.pdf_of_hidden_objects(zlib.compress(b"3 0 <</S/JavaScript/JS(1)>>")[:-9] + bytes(9)),
    ],
    ids=["garbage", "nested", "half", "last object lost", "loop", "no page", "hidden objects damaged"],
)
def test_a_pdf_that_does_not_open(content: bytes) -> None:
    assert refused(content) == RefusedFile(RefusalReason.PDF_UNREADABLE, size=len(content))


def test_a_pdf_of_too_many_pages() -> None:
    assert kept(samples.pdf(200)).pages == 200
    assert refused(samples.pdf(201)).pages == 201
    assert refused(samples.pdf(201)).reason is RefusalReason.PDF_PAGES


def _tree(name: str, tree: object) -> Callable[[pikepdf.Pdf], None]:
    def edit(opened: pikepdf.Pdf) -> None:
        opened.Root.Names = Dictionary({f"/{name}": tree})

    return edit


def _blank_page(opened: pikepdf.Pdf) -> None:
    del opened.pages[1].obj["/Contents"]


ACTIVE = {
    "javascript": samples.pdf_with_javascript(),
    "packed": samples.pdf_with_javascript(object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "escaped": samples.pdf_with_javascript()
    .replace(b"/JavaScript", b"/Java#53cript")
    .replace(b"/JS", b"/J#53"),
    "hidden": samples.pdf_of_hidden_objects(zlib.compress(b"3 0 <</S/JavaScript/JS(1)>>")),
    "launch": samples.pdf_with_launch(),
    "attachment": samples.pdf_with_attachment(),
    "associated file": samples.pdf_with_associated_file(),
    "file annotation": samples.pdf_with_annotation(
        Dictionary(Subtype=Name.FileAttachment, Name=Name.PushPin)
    ),
    "rich media": samples.pdf_with_annotation(Dictionary(Subtype=Name.RichMedia)),
    "3D": samples.pdf_with_annotation(Dictionary(Subtype=Name("/3D"))),
    "rendition": samples.pdf_with_link(samples.action("Rendition", JS=String("1"))),
    "sends itself": samples.pdf_with_opening(samples.action("SubmitForm", F=String("https://exemple.fr"))),
    "import": samples.pdf_with_link(samples.action("ImportData", F=String("a.fdf"))),
    "prints, then": samples.pdf_with_opening(
        samples.action("JavaScript", JS=String("print(true);app.alert(1)"))
    ),
    "prints a call": samples.pdf_with_opening(samples.action("JavaScript", JS=String("print(app.alert(1))"))),
    "prints, next": samples.pdf_with_opening(
        samples.action("JavaScript", JS=String("print()"), Next=samples.action("URI"))
    ),
    "files in branches": samples.edited(_tree("EmbeddedFiles", Dictionary(Kids=Array([Dictionary()])))),
    "not a tree": samples.edited(_tree("JavaScript", String("x"))),
    "xfa": samples.pdf_with_form(Dictionary(XFA=Array([]), Fields=Array([]))),
    "opens a site": samples.pdf_with_opening(samples.action("URI", URI=String("https://exemple.fr"))),
    "opens, then": samples.pdf_with_opening(
        samples.action("GoTo", D=String("a"), Next=samples.action("URI"))
    ),
    "trigger": samples.pdf_with_annotation(Dictionary(AA=Dictionary(PO=samples.action("URI")))),
}


@pytest.mark.parametrize("content", ACTIVE.values(), ids=ACTIVE.keys())
def test_a_pdf_that_does_something(content: bytes) -> None:
    assert refused(content) == RefusedFile(RefusalReason.PDF_ACTIVE, size=len(content))


def _fonts_with_strange_names(opened: pikepdf.Pdf) -> None:
    font = opened.make_indirect(Dictionary(Type=Name.Font, ToUnicode=opened.make_stream(b"")))
    opened.pages[0].obj.Resources.Font = Dictionary(JS=font, EF=font, AF=font)


INNOCENT = {
    "destination": samples.pdf_with_open_destination(),
    "go to": samples.pdf_with_opening(samples.action("GoTo", D=Array([0, Name.Fit]))),
    "print": samples.pdf_with_opening(samples.action("Named", N=Name.Print)),
    "print box": samples.pdf_with_opening(
        samples.action("JavaScript", JS=String("this.print({bUI: true, bSilent: false});"))
    ),
    "print box by name": samples.edited(
        _tree(
            "JavaScript",
            Dictionary(Names=Array([String("a"), samples.action("JavaScript", JS=String("print(true);"))])),
        )
    ),
    "empty trees": (CASES / "empty_js_tree.pdf").read_bytes(),
    "no file": samples.edited(_tree("EmbeddedFiles", Dictionary(Names=Array([]), Kids=Array([])))),
    "submit button": (CASES / "submitform.pdf").read_bytes(),
    "blank page": samples.edited(_blank_page),
    "blank page, wrong table": samples.edited(_blank_page).replace(b"startxref\n", b"startxref\n9"),
    "link": samples.pdf_with_link(samples.action("URI", URI=String("https://www.impots.gouv.fr"))),
    "form": samples.pdf_with_form(Dictionary(Fields=Array([]))),
    "words": samples.pdf(words="/JavaScript /Launch /EmbeddedFile"),
    "old alphabet": samples.pdf(1).replace(
        b"/Catalog", b"/Catalog /K << /\xe9 /\xe9 /S /Num\xe9ro /Type (\xe9) >>"
    ),
    "fonts": samples.edited(_fonts_with_strange_names),
}


@pytest.mark.parametrize("content", INNOCENT.values(), ids=INNOCENT.keys())
def test_a_pdf_that_only_shows_pages(content: bytes) -> None:
    assert kept(content).contenu == content
