"""What is kept of a photo: its pixels, upright, in 2 Mo."""

import io
from typing import cast

import pytest
from PIL import Image, ImageOps

from app.files import limits
from app.files.inspection import Reason, Refused
from tests.support import samples
from tests.support.verdicts import drawn, kept, refused


def test_nothing_but_the_pixels_of_a_photo_is_kept() -> None:
    result = kept(samples.photo(gps=True))
    assert (result.media_type, result.pages, result.reduced_from) == ("image/jpeg", None, None)
    assert not drawn(result).getexif()
    assert set(drawn(result).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Nadia" not in result.content


def test_nothing_but_the_pixels_of_a_png_is_kept() -> None:
    result = kept(samples.png())
    assert (result.media_type, drawn(result).size, drawn(result).info) == ("image/png", (400, 300), {})


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
    assert kept(content).media_type == "image/jpeg"


def test_a_heavy_photo_is_made_smaller() -> None:
    content = samples.photo(4000, 3000, noise=True, quality=60)
    result = kept(content)
    assert len(content) > limits.MAX_KEPT_BYTES
    assert result.reduced_from == len(content)
    assert len(result.content) <= limits.MAX_KEPT_BYTES
    assert max(drawn(result).size) >= 1600


def test_a_heavy_png_becomes_a_jpeg() -> None:
    content = samples.png(1600, 1200, noise=True)
    result = kept(content)
    assert (result.media_type, result.reduced_from) == ("image/jpeg", len(content))


def test_a_light_photo_does_not_grow_past_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    content = samples.photo(noise=True, quality=70)
    monkeypatch.setattr(limits, "MAX_KEPT_BYTES", len(content) + 10)
    result = kept(content)
    assert len(result.content) <= len(content) + 10
    assert result.reduced_from is None


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
    assert kept(content).media_type == "image/png"
    monkeypatch.setattr(limits, "MAX_KEPT_BYTES", limit)
    assert kept(content).media_type == "image/jpeg"


@pytest.mark.parametrize("content", [samples.animated_png(), samples.several_photos_in_one()])
def test_only_the_first_picture_of_several_is_kept(content: bytes) -> None:
    result = drawn(kept(content))
    assert getattr(result, "n_frames", 1) == 1
    red, _, blue = cast(tuple[int, ...], result.convert("RGB").getpixel((10, 10)))
    assert red > 200 > blue


@pytest.mark.parametrize(
    "content",
    [samples.photo()[:3000], b"\xff\xd8\xff" + bytes(500), samples.png()[:400], samples.huge_png(300, 300)],
    ids=["half a photo", "garbage", "half a png", "less than it says"],
)
def test_an_image_that_does_not_decode(content: bytes) -> None:
    assert refused(content) == Refused(Reason.IMAGE_UNREADABLE, size=len(content))


def test_an_image_absurdly_large_is_not_decoded() -> None:
    result = refused(samples.huge_png(100_000, 90_000))
    assert (result.reason, result.width, result.height) == (Reason.IMAGE_HUGE, 100_000, 90_000)


def test_a_photo_still_too_heavy_once_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_KEPT_BYTES", 10_000)
    result = refused(samples.photo(noise=True))
    assert result.reason is Reason.REDUCTION
    assert 10_000 < result.size < len(samples.photo(noise=True))
