"""Draw an image anew, upright and light enough, so that only its pixels are kept (run by `child`)."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import pi_heif
from PIL import Image, ImageChops, ImageFile, MpoImagePlugin  # noqa: F401  (for photos of several frames)

Steps = Sequence[tuple[int, dict[str, Any]]]  # the longest side, and how JPEG is told to write

FORMATS = ("JPEG", "PNG", "HEIF")
END_OF_JPEG = b"\xff\xd9"
ANY_BITS = b"\x55" * 1000  # what could have stood in place of the bytes that a JPEG lacks
FRAMES, SCAN = (0xC0, 0xC1, 0xC2), 0xDA  # the markers of a JPEG that are read here
BARE = (0x00, 0x01, *range(0xD0, 0xD9))  # what follows FF without a length: pixels, restarts
FILL, END = 0xFF, 0xD9
MOST_SCANNED = 4_000_000_000  # pixels, all scans together: 20 of the largest photo; a camera makes 10
LAST_ROWS = 16  # pixels: the last blocks of a JPEG, which are read with its end
FULL_SIZE = 65_500  # pixels, the longest side a JPEG may have
LIGHT_STEPS: Steps = ((FULL_SIZE, {"quality": 90}), (FULL_SIZE, {"quality": 80}))
HEAVY_STEPS: Steps = tuple(  # an A4 page at 205 to 137 dots an inch
    (side, {"quality": quality}) for side, quality in ((2400, 85), (2400, 75), (2000, 75), (1600, 70))
)

EXIF_ORIENTATION = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

Image.preinit()  # nothing can be imported later
ImageFile.MAXBLOCK = 4 * 1024 * 1024  # bytes: a progressive JPEG is written at once, or not at all
Image.MAX_IMAGE_PIXELS = None  # the limit of the order is stricter, and its refusal says the size
pi_heif.register_heif_opener(thumbnails=False)
pi_heif.options.DECODE_THREADS = 1


def opened(content: bytes, order: dict[str, Any]) -> tuple[dict[str, str | int], bytes]:
    """Answer with the image to keep, or with the reason of a refusal."""
    image: Image.Image = Image.open(BytesIO(content), formats=FORMATS)
    width, height = image.size
    form = image.format
    if width * height > order["pixels" if form in ("PNG", "HEIF") else "jpeg_pixels"]:
        return {"reason": "image_geante", "width": width, "height": height}, b""
    if form in ("JPEG", "MPO") and width * height * scans(content) > MOST_SCANNED:
        raise OSError("a decoder goes over its pixels for each scan, and no photo has so many")
    light = form != "HEIF" and len(content) <= order["kept"] and width * height <= order["pixels"]
    most = min(order["kept"], len(content)) if form in ("JPEG", "MPO") else order["kept"]
    steps = (*(as_it_was(image) or LIGHT_STEPS), *HEAVY_STEPS) if light else HEAVY_STEPS
    image = upright(decoded(image, content, light))
    if form == "PNG" and light and len(kept := encoded(image, "PNG")) <= most:
        return {}, kept
    image = on_white(image)
    tried = []
    for side, options in steps:
        image.thumbnail(box(image, side))
        tried.append(encoded(image, "JPEG", **options))
        if len(tried[-1]) <= most:
            break
    kept = min(tried, key=len)
    return ({}, kept) if len(kept) <= order["kept"] else ({"reason": "reduction", "size": len(kept)}, b"")


def as_it_was(image: Image.Image) -> Steps:
    """How to write a JPEG with its own rounding, then with more: anew, a photo is never heavier than what was sent."""
    tables = list(getattr(image, "quantization", {}).values())
    more = [[min(255, value * 5 // 4) for value in table] for table in tables]
    return [
        (FULL_SIZE, {"qtables": rounding, "progressive": progressive})
        for rounding, progressive in ((tables, False), (tables, True), (more, True))
        if rounding
    ]


def decoded(image: Image.Image, content: bytes, light: bool) -> Image.Image:
    """The image with its pixels; a JPEG that only lacks its end has it put back."""
    try:
        return loaded(image, light)
    except OSError:
        if image.format != "JPEG" or content.endswith(END_OF_JPEG) or not brings_all(content):
            raise
        ended, other = (
            loaded(Image.open(BytesIO(content.removesuffix(b"\xff") + end), formats=("JPEG",)), light)
            for end in (END_OF_JPEG, ANY_BITS + END_OF_JPEG)
        )
        lacking = ImageChops.difference(ended, other).getbbox()  # what the bytes that were sent do not settle
        if lacking and lacking[1] < ended.height - LAST_ROWS:
            raise
        return ended


def loaded(image: Image.Image, light: bool) -> Image.Image:
    """The image, decoded; a heavy JPEG at a smaller scale."""
    if not light:
        image.draft(None, box(image, HEAVY_STEPS[0][0]))
    image.load()
    return image


def segments(content: bytes) -> Iterator[tuple[int, int]]:
    """(marker, where its FF is) of a JPEG, up to its end: a phone may put a film after it."""
    at = 2
    while (at := content.find(b"\xff", at)) != -1 and at + 4 < len(content):
        marker = content[at + 1]
        if marker == END:
            return
        if marker == FILL:
            at += 1
            continue
        yield marker, at
        at += 2 + (0 if marker in BARE else int.from_bytes(content[at + 2 : at + 4]))


def scans(content: bytes) -> int:
    """How many times a decoder goes over the pixels of a JPEG."""
    return sum(marker == SCAN for marker, _ in segments(content))


def brings_all(content: bytes) -> bool:
    """Tell whether each component of a JPEG has a scan for the last bit of its 64 coefficients (ITU T.81, B.2)."""
    lacking: set[tuple[int, int]] = set()
    for marker, at in segments(content):
        size, parts = int.from_bytes(content[at + 2 : at + 4]), content[at + 4]
        if marker in FRAMES:
            components = content[at + 10 : at + 2 + size : 3]
            lacking = {(component, rank) for component in components for rank in range(64)}
        elif marker == SCAN:
            first, last, bits = content[at + 5 + 2 * parts : at + 8 + 2 * parts]
            if bits & 15 == 0:
                components = content[at + 5 : at + 5 + 2 * parts : 2]
                lacking -= {(component, rank) for component in components for rank in range(first, last + 1)}
    return not lacking


def box(image: Image.Image, side: int) -> tuple[int, int]:
    """The size an image may keep when an ordinary photo keeps this longest side; a panorama keeps as much to read."""
    width, height = image.size
    longest = max(width, height)
    wanted = side * max(1, longest / min(width, height) / 2) ** 0.5
    scale = min(1, wanted / longest, FULL_SIZE / longest)
    return max(1, round(width * scale)), max(1, round(height * scale))


def upright(image: Image.Image) -> Image.Image:
    """Turn the image as its EXIF says, then forget all it says but its transparent colour."""
    try:
        turn = TURNS.get(image.getexif().get(EXIF_ORIENTATION, 1))
    except Exception:  # EXIF written badly: the photo itself is good
        turn = None
    image = image if turn is None else image.transpose(turn)
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    return image


def on_white(image: Image.Image) -> Image.Image:
    """Give the image a mode that JPEG knows, on white paper where it is transparent."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point([value >> 8 for value in range(65_536)], "L")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear)
        return paper
    return image if image.mode in ("L", "RGB") else image.convert("RGB")


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    """Encode the pixels."""
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
