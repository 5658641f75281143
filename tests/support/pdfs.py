"""PDFs as people, offices and attackers make them (`samples` hands them on)."""

import io
import random
import struct
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from reportlab.pdfgen.canvas import Canvas

MO = 1024 * 1024


def pdf(pages: int = 2, words: str = "Avis d'impôt") -> bytes:
    """Make a PDF of text, as the tax office sends it."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    for number in range(1, pages + 1):
        canvas.drawString(72, 760, f"{words}, page {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def edited(edit: Callable[[Pdf], None], source: bytes = b"", **options: object) -> bytes:
    """Change a PDF with pikepdf, then save it."""
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(source or pdf())) as opened:
        edit(opened)
        opened.save(out, **options)  # type: ignore[arg-type]
    return out.getvalue()


def heavy_pdf(size: int = 3 * MO) -> bytes:
    def edit(opened: Pdf) -> None:
        opened.Root.Scan = opened.make_stream(random.Random(1).randbytes(size))

    return edited(edit)


def protected_pdf(user: str = "secret") -> bytes:
    """Make a PDF that asks for a password; with `user=""`, one that only forbids printing."""
    allow = pikepdf.Permissions(print_lowres=False, print_highres=False)
    return edited(lambda _: None, encryption=pikepdf.Encryption(owner="maître", user=user, R=6, allow=allow))


def action(kind: str, **entries: object) -> Dictionary:
    return Dictionary({"/S": Name("/" + kind), **{"/" + key: value for key, value in entries.items()}})


def pdf_with_opening(opening: Dictionary | Array) -> bytes:
    def edit(opened: Pdf) -> None:
        opened.Root.OpenAction = opening

    return edited(edit)


def pdf_with_open_destination() -> bytes:
    """Make a PDF that opens on its first page, as word processors do."""

    def edit(opened: Pdf) -> None:
        opened.Root.OpenAction = Array([opened.pages[0].obj, Name.Fit])

    return edited(edit)


def pdf_with_javascript(**options: Any) -> bytes:
    def edit(opened: Pdf) -> None:
        script = opened.make_indirect(action("JavaScript", JS=String("app.alert(1)")))
        opened.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))

    return edited(edit, **options)


def pdf_with_launch() -> bytes:
    return pdf_with_link(action("Launch", F=String("calc.exe")))


def pdf_with_link(clicked: Dictionary) -> bytes:
    """Make a PDF whose first page does something when clicked."""
    return pdf_with_annotation(Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 99, 99]), A=clicked))


def pdf_with_annotation(annotation: Dictionary) -> bytes:
    def edit(opened: Pdf) -> None:
        opened.pages[0].obj.Annots = Array([opened.make_indirect(annotation)])

    return edited(edit)


def pdf_with_attachment() -> bytes:
    def edit(opened: Pdf) -> None:
        opened.attachments["note.txt"] = b"bonjour"

    return edited(edit)


def pdf_with_associated_file() -> bytes:
    """Make a PDF with a file of its own, as an electronic invoice: named by /AF only."""

    def edit(opened: Pdf) -> None:
        held = opened.make_stream(b"<xml/>")
        opened.Root.AF = Array([Dictionary(Type=Name.Filespec, F=String("a.xml"), EF=Dictionary(F=held))])

    return edited(edit)


def pdf_with_form(fields: Dictionary) -> bytes:
    def edit(opened: Pdf) -> None:
        opened.Root.AcroForm = fields

    return edited(edit)


def page_tree_loop() -> bytes:
    """Make a PDF whose page tree contains itself."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>endobj\n"
        b"trailer<</Root 1 0 R/Size 3>>\n%%EOF\n"
    )


def pdf_without_pages() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R/Size 3>>\n%%EOF\n"
    )


def pdf_of_hidden_objects(hidden: bytes) -> bytes:
    """Make a PDF whose object 3 is packed in an object stream, deflated as given."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/OpenAction 3 0 R>>",
        2: b"<</Type/Pages/Kids[5 0 R]/Count 1>>",
        4: b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
        % (len(hidden), hidden),
        5: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>",
    }
    body = b"%PDF-1.5\n"
    rows = {0: (0, 0, 0), 3: (2, 4, 0)}
    for number, words in objects.items():
        rows[number] = (1, len(body), 0)
        body += b"%d 0 obj%s endobj\n" % (number, words)
    rows[6] = (1, len(body), 0)
    table = b"".join(struct.pack(">BIB", *rows[number]) for number in sorted(rows))
    return (
        body
        + b"6 0 obj<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n%s\nendstream endobj\n"
        % (len(table), table)
        + b"startxref\n%d\n%%%%EOF\n" % rows[6][1]
    )
