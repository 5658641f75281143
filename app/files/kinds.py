"""Which kind of file this is, by its first bytes and never by its name."""

PDF = "PDF"
JPEG = "JPEG"
PNG = "PNG"
HEIC = "HEIC"

OFFICE = frozenset({"Word", "OpenDocument", "RTF", "Excel", "PowerPoint", "Office"})

_PDF_HEADER_WITHIN = 1024
_TEXT_SAMPLE = 4096

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"{\\rtf", "RTF"),
    (b"%!PS", "PostScript"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x7fELF", "programme"),
    (b"\x1aE\xdf\xa3", "vidéo WebM"),
    (b"OggS", "son Ogg"),
    (b"ID3", "son MP3"),
)
_RIFF = {b"WEBP": "WebP", b"AVI ": "vidéo AVI", b"WAVE": "son WAV"}
_BRANDS = {  # ISO base media, `ftyp` box
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), HEIC),
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    b"qt  ": "vidéo QuickTime",
    b"M4A ": "son M4A",
}
_IN_ZIP = (
    (b"word/document", "Word"),
    (b"application/vnd.oasis.opendocument", "OpenDocument"),
    (b"xl/workbook", "Excel"),
    (b"ppt/presentation", "PowerPoint"),
)
_IN_OLE = (
    ("WordDocument".encode("utf-16-le"), "Word"),
    ("Workbook".encode("utf-16-le"), "Excel"),
    ("PowerPoint Document".encode("utf-16-le"), "PowerPoint"),
)
_MARKUP = (
    (b"<!doctype html", "page web"),
    (b"<html", "page web"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
)


def recognise(content: bytes) -> str | None:
    """Name the kind in French, as a sentence would; None when nothing is recognised."""
    for start, kind in _STARTS:
        if content.startswith(start):
            return kind
    if content.startswith(b"PK\x03\x04"):  # before PDF: a stored ZIP may show a PDF early on
        return _holding(content, _IN_ZIP) or "ZIP"
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _holding(content, _IN_OLE) or "Office"
    if content.startswith(b"RIFF") and (kind := _RIFF.get(content[8:12], "")):
        return kind
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "vidéo MP4")
    if content.startswith(b"BM") and content[6:10] == bytes(4):
        return "BMP"
    if content.startswith(b"MZ") and b"PE\x00\x00" in content[:1024]:
        return "programme"
    if b"%PDF-" in content[:_PDF_HEADER_WITHIN]:
        return PDF
    return _written(content)


def _holding(content: bytes, marks: tuple[tuple[bytes, str], ...]) -> str | None:
    return next((kind for mark, kind in marks if mark in content), None)


def _written(content: bytes) -> str | None:
    """Name the kind of a text, in UTF-8, UTF-16 or an old 8-bit alphabet."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "texte"
    sample = content.removeprefix(b"\xef\xbb\xbf")[:_TEXT_SAMPLE]
    start = sample.lstrip().lower()
    for mark, kind in _MARKUP:
        if start.startswith(mark):
            return kind
    controls = sum(byte < 0x20 and byte not in b"\t\n\f\r" for byte in sample)
    plain = sum(byte < 0x7F for byte in sample)
    return "texte" if not controls and plain * 2 > len(sample) else None
