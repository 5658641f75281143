"""Draw an image anew, upright and light enough, so that only its pixels are kept (run by `child`)."""

from io import BytesIO
from typing import Any

import pi_heif
from PIL import Image, ImageFile, MpoImagePlugin  # noqa: F401  (for photos of several frames)

FORMATS = ("JPEG", "PNG", "HEIF")
END_OF_JPEG = b"\xff\xd9"
LAST_ROWS = 16  # pixels: the last blocks of a JPEG, which are read with its end
FULL_SIZE = 65_500  # pixels, the longest side a JPEG may have
LIGHT_STEPS = ((FULL_SIZE, 90), (FULL_SIZE, 80))
HEAVY_STEPS = ((2400, 85), (2400, 75), (2000, 75), (1600, 70))  # an A4 page at 205 to 137 dots an inch

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
    light = form != "HEIF" and len(content) <= order["kept"] and width * height <= order["pixels"]
    image = upright(decoded(image, content, light))
    if form == "PNG" and light and len(kept := encoded(image, "PNG")) <= order["kept"]:
        return {}, kept
    image = on_white(image)
    for side, quality in LIGHT_STEPS + HEAVY_STEPS if light else HEAVY_STEPS:
        image.thumbnail(box(image, side))
        kept = encoded(image, "JPEG", quality=quality)
        if len(kept) <= order["kept"]:
            return {}, kept
    return {"reason": "reduction", "size": len(kept)}, b""


def decoded(image: Image.Image, content: bytes, light: bool) -> Image.Image:
    """The image with its pixels; a JPEG that only lacks its end has it put back."""
    if not light:
        image.draft(None, box(image, HEAVY_STEPS[0][0]))  # has a JPEG decoded at a smaller scale
    try:
        image.load()
    except OSError:
        if image.format == "PNG" or content.endswith(END_OF_JPEG) or not lacks_only_its_end(content, light):
            raise
        return decoded(
            Image.open(BytesIO(content + END_OF_JPEG), formats=FORMATS), content + END_OF_JPEG, light
        )
    return image


def lacks_only_its_end(content: bytes, light: bool) -> bool:
    """Tell whether all but the last rows of a JPEG are there. Those that are not stay black."""
    upload = BytesIO(content)
    image: Any = Image.open(upload, formats=("JPEG",))
    if not light:
        image.draft(None, box(image, HEAVY_STEPS[0][0]))
    image.load_read = (
        upload.read
    )  # without the end that Pillow invents, after which all that lacks would be grey
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    image.load()
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    there = image.getbbox()
    return there is not None and there[3] >= image.height - LAST_ROWS


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


def encoded(image: Image.Image, form: str, **options: int) -> bytes:
    """Encode the pixels."""
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
