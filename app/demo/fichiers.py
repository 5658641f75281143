"""Small files for the states that show one: right ones, and one for each common refusal."""

import io
import zipfile

import pikepdf

from app.files.limits import MAX_KEPT_BYTES


def _pdf(pages: int, *, padding: int = 0, password: str = "") -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        if padding:
            pdf.Root.Remplissage = pdf.make_stream(b"0" * padding)
        encryption = pikepdf.Encryption(user=password, owner=password) if password else None
        pdf.save(made, encryption=encryption or False, compress_streams=False, deterministic_id=not password)
    return made.getvalue()


def _word() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return made.getvalue()


ONE_PAGE_PDF = _pdf(1)
TWO_PAGE_PDF = _pdf(2)
HEAVY_PDF = _pdf(1, padding=MAX_KEPT_BYTES + 1)
PROTECTED_PDF = _pdf(1, password="demonstration")  # noqa: S106
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
WORD = _word()
