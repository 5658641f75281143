"""What is kept of a photo: its pixels, upright, in 2 Mo."""

import io
from pathlib import Path
from typing import cast

import pytest
from PIL import Image, ImageOps

from app.files import limits
from app.files.inspection import RefusalReason, RefusedFile
from tests.support import samples
from tests.support.verdicts import drawn, kept, refused


def test_nothing_but_the_pixels_of_a_photo_is_kept() -> None:
    result = kept(samples.photo(gps=True))
    assert (result.media, result.pages, result.avant) == ("image/jpeg", None, None)
    assert not drawn(result).getexif()
    assert set(drawn(result).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Nadia" not in result.contenu


def test_nothing_but_the_pixels_of_a_png_is_kept() -> None:
    result = kept(samples.png())
    assert (result.media, drawn(result).size, drawn(result).info) == ("image/png", (400, 300), {})


@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photo_is_turned_upright(orientation: int) -> None:
    content = samples.photo(120, 80, orientation)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    result = drawn(kept(content))
    assert result.size == expected.size
    corners = [(x, y) for x in (5, result.width - 5) for y in (5, result.height - 5)]
    assert [cast(tuple[int, ...], result.getpixel(corner))[1] > 128 for corner in corners] == [
        cast(tuple[int, ...], expected.getpixel(corner))[1] > 128 for corner in corners
    ]


def test_a_png_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert drawn(kept(samples.png(400, 300, exif=exif))).size == (300, 400)


def test_a_photo_with_bad_exif_is_still_a_good_photo() -> None:
    content = (
        samples.photo()
        .replace(b"Exif\x00\x00MM", b"Exif\x00\x00??")
        .replace(b"Exif\x00\x00II", b"Exif\x00\x00??")
    )
    assert kept(content).media == "image/jpeg"


@pytest.mark.parametrize("filled", [b"", b"\xff", b"\xff\x01"], ids=["plain", "filled", "with a bare marker"])
def test_a_jpeg_that_repeats_its_scans_is_not_read(filled: bytes) -> None:
    """Fifty kilobytes that would keep a decoder busy for seconds, or for minutes with more pixels."""
    whole = _progressive()
    end = whole.rindex(b"\xff\xd9")
    last = filled + whole[whole.rindex(b"\xff\xda") : end]
    assert kept(whole).media == "image/jpeg"
    assert refused(whole[:end] + 4_000 * last + whole[end:]).reason is RefusalReason.IMAGE_UNREADABLE


def test_a_film_after_a_photo_is_not_taken_for_its_scans() -> None:
    assert kept(_progressive() + 5_000 * b"\xff\xda").media == "image/jpeg"


def _progressive() -> bytes:
    written = io.BytesIO()
    Image.new("L", (1000, 1000), 128).save(written, "JPEG", progressive=True)
    return written.getvalue()


def test_a_heavy_photo_is_made_smaller() -> None:
    content = samples.photo(4000, 3000, noise=True, quality=60)
    result = kept(content)
    assert len(content) > limits.MAX_KEPT_BYTES
    assert result.avant == len(content)
    assert len(result.contenu) <= limits.MAX_KEPT_BYTES
    assert max(drawn(result).size) >= 1600


def test_a_heavy_png_becomes_a_jpeg() -> None:
    content = samples.png(1600, 1200, noise=True)
    result = kept(content)
    assert (result.media, result.avant) == ("image/jpeg", len(content))


def test_a_light_photo_does_not_grow_past_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    content = samples.photo(noise=True, quality=70)
    monkeypatch.setattr(limits, "MAX_KEPT_BYTES", len(content) + 10)
    result = kept(content)
    assert len(result.contenu) <= len(content) + 10
    assert result.avant is None


def test_what_was_transparent_is_white_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    content = samples.transparent_png(noise=True)
    assert drawn(kept(content)).mode == "RGBA"
    monkeypatch.setattr(limits, "MAX_KEPT_BYTES", 100_000)
    result = drawn(kept(content))
    assert (result.format, result.getpixel((result.width - 10, 10))) == ("JPEG", (255, 255, 255))


@pytest.mark.parametrize(
    ("content", "limit"),
    [
        (samples.png(4000, 4000, "1", noise=True), 1_500_000),
        (samples.png(mode="L", noise=True), 80_000),
        (samples.png(mode="P", noise=True), 80_000),
        (samples.png(mode="LA", noise=True), 80_000),
        (samples.png(mode="RGBA", noise=True), 80_000),
        (samples.grey_png_of_16_bits(), 80_000),
    ],
    ids=["1", "L", "P", "LA", "RGBA", "I;16"],
)
def test_a_png_of_any_mode_stays_a_png_or_becomes_a_jpeg(
    content: bytes, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept(content).media == "image/png"
    monkeypatch.setattr(limits, "MAX_KEPT_BYTES", limit)
    assert kept(content).media == "image/jpeg"


@pytest.mark.parametrize("content", [samples.animated_png(), samples.several_photos_in_one()])
def test_only_the_first_picture_of_several_is_kept(content: bytes) -> None:
    result = drawn(kept(content))
    assert getattr(result, "n_frames", 1) == 1
    red, _, blue = cast(tuple[int, ...], result.convert("RGB").getpixel((10, 10)))
    assert red > 200 > blue


def test_a_photo_of_an_iphone_becomes_a_jpeg() -> None:
    """The child reads it with a thread more, and nothing else of the system."""
    content = (Path(__file__).parent / "cases/photo.heic").read_bytes()
    result = kept(content, "IMG_0001.HEIC")
    assert (result.media, drawn(result).size) == ("image/jpeg", (120, 80))
    red, green, _ = cast(tuple[int, ...], drawn(result).getpixel((10, 10)))
    assert red > 200 > 100 > green
    assert not drawn(result).getexif()
    assert refused(content[:400]).reason is RefusalReason.HEIC


@pytest.mark.parametrize(
    ("missing", "options"),
    [(1, {}), (2, {}), (12, {}), (1, {"progressive": True}), (2, {"progressive": True})],
)
@pytest.mark.parametrize("noise", [False, True], ids=["light", "heavy"])
def test_a_photo_that_only_lacks_its_end_is_whole(
    noise: bool, missing: int, options: dict[str, bool]
) -> None:
    size = (2400, 1800) if noise else (800, 600)
    content = samples.photo(*size, noise=noise, quality=75, **options)
    assert (len(content) > limits.MAX_KEPT_BYTES) is noise
    result, whole = drawn(kept(content[:-missing])), drawn(kept(content))
    assert result.size == whole.size
    low = (5, whole.height - 20)
    assert result.getpixel(low) == whole.getpixel(low)


@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["baseline", "progressive"])
@pytest.mark.parametrize("lost", [0.05, 0.5])
def test_a_photo_that_lacks_rows_is_refused(lost: float, options: dict[str, bool]) -> None:
    content = samples.photo(noise=True, **options)
    assert refused(content[: int(len(content) * (1 - lost))]).reason is RefusalReason.IMAGE_UNREADABLE


def test_a_photo_that_lacks_a_scan_is_refused() -> None:
    """Drawn from the scans that are there, all its rows look whole, and its words cannot be read."""
    content = samples.photo(progressive=True)
    assert refused(content[: content.rindex(b"\xff\xda")]).reason is RefusalReason.IMAGE_UNREADABLE


@pytest.mark.parametrize("quality", [30, 75, 95])
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}])
def test_a_photo_is_never_heavier_than_what_was_sent(quality: int, options: dict[str, bool]) -> None:
    content = samples.photo(orientation=6, noise=True, quality=quality, **options)
    result = kept(content)
    assert len(result.contenu) <= len(content)
    assert drawn(result).size == (600, 800)


@pytest.mark.parametrize("pixels", [(8160, 6144), (9280, 6944), (12032, 9024), (16320, 12240)])
def test_a_photo_of_many_pixels_is_made_smaller(pixels: tuple[int, int]) -> None:
    """50, 64, 108 and 200 million: decoded whole, the last would take 600 MB."""
    assert drawn(kept(samples.plain_photo(*pixels))).width == 2400


def test_a_panorama_keeps_enough_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_KEPT_BYTES", 300_000)
    width, height = drawn(kept(samples.plain_photo(20_000, 2_500))).size
    assert (width, height) == (4800, 600)


@pytest.mark.parametrize(
    "content",
    [samples.photo()[:3000], b"\xff\xd8\xff" + bytes(500), samples.png()[:400], samples.huge_png(300, 300)],
    ids=["half a photo", "garbage", "half a png", "less than it says"],
)
def test_an_image_that_does_not_decode(content: bytes) -> None:
    assert refused(content) == RefusedFile(RefusalReason.IMAGE_UNREADABLE, size=len(content))


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (samples.huge_png(100_000, 90_000), (100_000, 90_000)),
        (samples.plain_photo(20_000, 10_001), (20_000, 10_001)),
    ],
    ids=["png", "jpeg"],
)
def test_an_image_absurdly_large_is_not_decoded(content: bytes, size: tuple[int, int]) -> None:
    result = refused(content)
    assert (result.reason, result.width, result.height) == (RefusalReason.IMAGE_HUGE, *size)


def test_a_photo_still_too_heavy_once_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_KEPT_BYTES", 10_000)
    result = refused(samples.photo(noise=True))
    assert result.reason is RefusalReason.REDUCTION
    assert 10_000 < result.size < len(samples.photo(noise=True))
