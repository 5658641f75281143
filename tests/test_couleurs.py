"""The colours of the identity: text at 7 to 1, borders and focus at 3 to 1, in the light and in the dark (RGAA 3.2, 3.3)."""

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest

SHEET = (Path(__file__).resolve().parents[1] / "static" / "c2s.css").read_text(encoding="utf-8")
TEXT, SHAPE = 7.0, 3.0  # our rule for text is that of level AAA
PAPERS = ("papier", "table", "champ")
STATES = ("erreur", "succes", "alerte", "info")
ON_TEXT = {  # colour of text → what it is written on
    "texte": (*PAPERS, "encre-fond", *(f"{state}-fond" for state in STATES)),
    "texte2": (*PAPERS, "encre-fond", "info-fond"),
    "encre": (*PAPERS, "encre-fond"),
    "encre-fort": (*PAPERS, "encre-fond"),
    "sur-encre": ("encre", "encre-fort"),
    **{state: (f"{state}-fond", "papier", "champ") for state in STATES},
}
ON_SHAPE = {  # borders of controls, focus, ticked boxes, icons, the rule of the margin
    "bord": PAPERS,
    "encre": (*PAPERS, "encre-fond", *(f"{state}-fond" for state in STATES)),
    "texte2": ("champ", "encre-fond"),
    "marge": ("papier", "table"),
    **{state: (f"{state}-fond", "papier", "champ") for state in STATES},
}


def themes() -> dict[str, Mapping[str, str]]:
    """The tokens of each theme; the dark one changes only some."""
    blocks = re.findall(r":root\s*\{(.*?)\}", SHEET, re.DOTALL)[:2]
    light, dark = (dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]+);", block)) for block in blocks)
    return {"light": light, "dark": light | dark}


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("table", "least"), [(ON_TEXT, TEXT), (ON_SHAPE, SHAPE)], ids=["text", "shapes"])
def test_contrast(theme: str, table: Mapping[str, tuple[str, ...]], least: float) -> None:
    tokens = themes()[theme]
    pairs = [pair for colour, grounds in table.items() for pair in product([colour], grounds)]
    weak = {
        (colour, ground): round(contrast(tokens[colour], tokens[ground]), 2)
        for colour, ground in pairs
        if contrast(tokens[colour], tokens[ground]) < least
    }
    assert weak == {}


def test_every_colour_of_the_sheet_is_a_token() -> None:
    """A colour written elsewhere than in the tokens would escape this table; paper is black on white."""
    rules = re.sub(r":root\s*\{.*?\}", "", SHEET, flags=re.DOTALL)
    screen = rules.split("@media print")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", screen) == []


def test_paper_takes_no_colour_from_a_dark_screen() -> None:
    """A link under the pointer was printed pale on white."""
    paper = re.search(r"@media print\s*\{\s*:root\s*\{(.*?)\}", SHEET, re.DOTALL)
    assert paper
    assert set(themes()["light"]) - set(re.findall(r"--([\w-]+):", paper[1])) == set()


def test_every_token_of_text_is_in_the_table() -> None:
    told = {*ON_TEXT, *ON_SHAPE, *PAPERS, "encre-fond", *(f"{state}-fond" for state in STATES)}
    assert set(themes()["light"]) - told == {"filet"}, "hairlines inform of nothing"


def test_the_ratio_is_that_of_wcag() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
