"""Files as people send them, made on the spot."""

import io
import random
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw, PngImagePlugin

from tests.support.pdfs import (
    MO,
    action,
    edited,
    heavy_pdf,
    page_tree_loop,
    pdf,
    pdf_of_hidden_objects,
    pdf_with_annotation,
    pdf_with_associated_file,
    pdf_with_attachment,
    pdf_with_form,
    pdf_with_javascript,
    pdf_with_launch,
    pdf_with_link,
    pdf_with_open_destination,
    pdf_with_opening,
    pdf_without_pages,
    protected_pdf,
)

__all__ = [
    "MO",
    "action",
    "animated_png",
    "archive",
    "edited",
    "grey_png_of_16_bits",
    "heavy_pdf",
    "heic_like",
    "huge_png",
    "mp4_like",
    "odt_like",
    "old_word_like",
    "other_image",
    "page_tree_loop",
    "pdf",
    "pdf_of_hidden_objects",
    "pdf_with_annotation",
    "pdf_with_associated_file",
    "pdf_with_attachment",
    "pdf_with_form",
    "pdf_with_javascript",
    "pdf_with_launch",
    "pdf_with_link",
    "pdf_with_open_destination",
    "pdf_with_opening",
    "pdf_without_pages",
    "photo",
    "plain_photo",
    "png",
    "protected_pdf",
    "several_photos_in_one",
    "transparent_png",
    "word_like",
]


def photo(
    width: int = 800,
    height: int = 600,
    orientation: int = 1,
    gps: bool = False,
    noise: bool = False,
    quality: int = 85,
    **options: bool,
) -> bytes:
    """Take a JPEG photo with its EXIF; its top left corner is red, as the phone held it. Noise makes it heavy."""
    image = _scene(width, height, noise)
    exif = Image.Exif()
    exif[0x0110] = "Téléphone de Nadia"
    exif[0x0112] = orientation
    if gps:
        exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)})
    said = {"exif": exif, "comment": b"maison", "icc_profile": b"profil de Nadia"}
    return _saved(image, "JPEG", quality=quality, **said, **options)


def plain_photo(width: int, height: int) -> bytes:
    """Make a grey JPEG of any number of pixels without drawing them: four blocks alike take three bytes."""
    block = _saved(Image.new("L", (8, 8), 128), "JPEG")
    frame, scan = block.index(b"\xff\xc0") + 5, block.index(b"\xff\xda") + 10
    blocks = -(-width // 8) * -(-height // 8)
    header = block[:frame] + struct.pack(">HH", height, width) + block[frame + 4 : scan]
    return header + b"\x28\xa2\x8a" * (blocks // 4) + b"\x28\xa2\xbf"[: blocks % 4] + b"\xff\xd9"


def png(
    width: int = 400, height: int = 300, mode: str = "RGB", noise: bool = False, **options: object
) -> bytes:
    """Take a screenshot, with words beside its pixels."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Nadia")
    return _saved(_scene(width, height, noise).convert(mode), "PNG", pnginfo=words, **options)


def grey_png_of_16_bits(width: int = 400, height: int = 300) -> bytes:
    """Scan a page as some scanners do."""
    return _saved(
        Image.frombytes("I;16", (width, height), random.Random(3).randbytes(width * height * 2)), "PNG"
    )


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
        return Image.frombytes("RGB", (width, height), random.Random(2).randbytes(width * height * 3))
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).rectangle((0, 0, width // 4, height // 4), fill="red")
    return image


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
