"""Draw an image anew, upright and light enough, so that only its pixels are kept (run by `child`)."""

from io import BytesIO
from typing import Any

from PIL import Image, MpoImagePlugin  # noqa: F401  (for photos of several frames)

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


def opened(content: bytes, order: dict[str, Any]) -> tuple[dict[str, str | int], bytes]:
    """Answer with the image to keep, or with the reason of a refusal."""
    image: Image.Image = Image.open(BytesIO(content), formats=("JPEG", "PNG"))
    width, height = image.size
    if width * height > order["pixels"]:
        return {"reason": "image_geante", "width": width, "height": height}, b""
    light = len(content) <= order["kept"]
    if not light:
        image.draft(None, (HEAVY_STEPS[0][0], HEAVY_STEPS[0][0]))  # has a JPEG decoded at a smaller scale
    image.load()
    is_png = image.format == "PNG"
    image = upright(image)
    if is_png and light and len(kept := encoded(image, "PNG")) <= order["kept"]:
        return {}, kept
    image = on_white(image)
    for side, quality in LIGHT_STEPS + HEAVY_STEPS if light else HEAVY_STEPS:
        image.thumbnail((side, side))
        kept = encoded(image, "JPEG", quality=quality)
        if len(kept) <= order["kept"]:
            return {}, kept
    return {"reason": "reduction", "size": len(kept)}, b""


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
