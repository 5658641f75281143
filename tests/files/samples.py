"""Files as people send them, made on the spot."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageDraw, PngImagePlugin
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
        opened.Root.Scan = opened.make_stream(random.Random(1).randbytes(size))  # noqa: S311

    return edited(edit)


def protected_pdf(user: str = "secret") -> bytes:
    """Make a PDF that asks for a password; with `user=""`, one that only forbids printing."""
    allow = pikepdf.Permissions(print_lowres=False, print_highres=False)
    return edited(
        lambda _: None, encryption=pikepdf.Encryption(owner="maître", user=user, R=6, allow=allow)
    )


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


def pdf_with_javascript(**options: object) -> bytes:
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


def photo(
    width: int = 800,
    height: int = 600,
    orientation: int = 1,
    gps: bool = False,
    noise: bool = False,
    quality: int = 85,
) -> bytes:
    """Take a JPEG photo with its EXIF; its top left corner is red, as the phone held it. Noise makes it heavy."""
    image = _scene(width, height, noise)
    exif = Image.Exif()
    exif[0x0110] = "Téléphone de Nadia"
    exif[0x0112] = orientation
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)})
    return _saved(image, "JPEG", quality=quality, exif=exif, comment=b"maison", icc_profile=b"profil de Nadia")


def png(width: int = 400, height: int = 300, mode: str = "RGB", noise: bool = False, **options: object) -> bytes:
    """Take a screenshot, with words beside its pixels."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Nadia")
    return _saved(_scene(width, height, noise).convert(mode), "PNG", pnginfo=words, **options)


def transparent_png(width: int = 400, height: int = 300, noise: bool = False) -> bytes:
    """Draw an image whose right half lets the paper show."""
    image = _scene(width, height, noise).convert("RGBA")
    image.paste((0, 0, 0, 0), (width // 2, 0, width, height))
    return _saved(image, "PNG")


def animated_png() -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    return _saved(frames[0], "PNG", save_all=True, append_images=frames[1:])


def several_photos_in_one() -> bytes:
    """Make the MPO that some phones call a JPEG."""
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    return _saved(frames[0], "MPO", save_all=True, append_images=frames[1:])


def huge_png(width: int = 100_000, height: int = 100_000) -> bytes:
    """Declare more pixels than anyone can decode, in a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(999))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def heic_like() -> bytes:
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(500)


def mp4_like() -> bytes:
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(500)


def archive(*names: str) -> bytes:
    """Make a ZIP of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        for name in names:
            opened.writestr(name, "contenu")
    return out.getvalue()


def word_like() -> bytes:
    return archive("[Content_Types].xml", "word/document.xml")


def old_word_like() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600)


def odt_like() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return out.getvalue()


def other_image(form: str) -> bytes:
    """Save a small image in a format that is not accepted: GIF, WEBP, TIFF, BMP."""
    return _saved(Image.new("RGB", (20, 20), "red"), form)


def _scene(width: int, height: int, noise: bool) -> Image.Image:
    if noise:
        return Image.frombytes("RGB", (width, height), random.Random(2).randbytes(width * height * 3))  # noqa: S311
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill="red")
    return image


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
