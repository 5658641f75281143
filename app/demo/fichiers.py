"""Small files for the states that show one: right ones, and one for each common refusal. Each is made when it is first asked for."""

import io
import zipfile
from functools import cache

from app.files.limits import MAX_KEPT_BYTES


def one_page_pdf() -> bytes:
    return _pdf(1)


def two_page_pdf() -> bytes:
    return _pdf(2)


def heavy_pdf() -> bytes:
    return _pdf(1, padding=MAX_KEPT_BYTES + 1)


def protected_pdf() -> bytes:
    return _pdf(1, password="demonstration")  # noqa: S106


@cache
def _pdf(pages: int, *, padding: int = 0, password: str = "") -> bytes:
    import pikepdf  # 5 MiB that a service does without: it opens files in a process of their own

    made = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        if padding:
            pdf.Root.Remplissage = pdf.make_stream(b"0" * padding)
        encryption = pikepdf.Encryption(user=password, owner=password) if password else None
        pdf.save(made, encryption=encryption or False, compress_streams=False, deterministic_id=not password)
    return made.getvalue()


def heic() -> bytes:
    return b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)


@cache
def word() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return made.getvalue()


def unknown() -> bytes:
    return bytes(range(256)) * 40
