"""What the style sheet and the scripts must never do: write words, move, hide, listen to a key."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[1] / "static"
SHEET = re.sub(r"/\*.*?\*/", "", (STATIC / "c2s.css").read_text(encoding="utf-8"), flags=re.DOTALL)
SCREEN = SHEET.split("@media print")[0]
OWN_SCRIPTS = sorted(path for path in STATIC.glob("*.js") if not path.name.startswith("htmx"))


def test_the_sheet_writes_no_word() -> None:
    """RGAA 10.2: what informs is in the page. A counter repeats the numbers of its list; paper prints addresses."""
    written = set(re.findall(r"(?<![-\w])content:\s*([^;}]+)", SCREEN))
    assert {text.strip() for text in written} <= {'""', "counter(n)"}


def test_a_mark_is_drawn_with_lines_alone() -> None:
    """RGAA 3.2: a ground painted beside words leaves a doubt about theirs, according to the letters of the device."""
    marks = re.findall(r"([^{}]*::(?:before|after)[^{}]*)\{([^{}]*)\}", SCREEN)
    assert len(marks) > 10
    painted = [selector.strip() for selector, body in marks if re.search(r"background|box-shadow", body)]
    assert painted == []


def test_nothing_moves() -> None:
    """RGAA 13.7, 13.8."""
    moving = re.findall(r"[^;{}]*\b(?:animation|transition|@keyframes|scroll-behavior)\b[^;{}]*", SCREEN)
    assert [rule for rule in moving if "none" not in rule and "auto" not in rule] == []


def test_nothing_sticks_over_what_has_the_focus() -> None:
    """WCAG 2.4.11."""
    assert re.findall(r"position:\s*(?:fixed|sticky)", SHEET) == []


def test_text_made_bigger_on_a_small_screen_has_no_drawing_beside_it() -> None:
    """RGAA 10.4: at 320 px with letters twice as big, half a column cut the words of a warning anywhere."""
    wide, small = SCREEN.split("@media (max-width: 15em)")
    small = small[: small.index("@media")]
    beside = re.findall(r"(\.message > svg|\.lettrine) \{ position: absolute", wide)
    assert len(beside) == 2
    assert [drawn for drawn in beside if f"{drawn} {{ position: static" not in small] == []
    assert ".message .titre { margin-left: 0; }" in small


def test_no_word_appears_under_the_pointer_or_the_focus() -> None:
    """RGAA 10.13, 10.14: a rule of :hover or :focus changes how things look, never whether they are there."""
    rules = re.findall(r"([^{}]*:(?:hover|focus)[^{}]*)\{([^{}]*)\}", SHEET)
    assert rules
    appearing = re.compile(r"\b(?:display|visibility|opacity|content|clip|clip-path|height|width)\s*:")
    assert [selector.strip() for selector, body in rules if appearing.search(body)] == []


def test_ground_and_text_are_set_together() -> None:
    """RGAA 10.5, for the page and for what is typed in: elsewhere both are inherited from them."""
    for selector in ("body", r"input\[type=text\][^{}]*", r"\.bouton"):
        bodies = re.findall(rf"(?:^|\}})\s*{selector}\s*\{{([^{{}}]*)\}}", SHEET)
        assert any("background" in body and re.search(r"(?:^|[;\s])color:", body) for body in bodies), (
            selector
        )


def test_the_sheet_loads_nothing() -> None:
    """No font, no image, no other sheet (spec §10)."""
    assert re.findall(r"url\(|@font-face|@import", SHEET) == []


def test_the_window_may_turn() -> None:
    """RGAA 13.9: nothing depends on the height or the orientation of the window."""
    assert re.findall(r"orientation|(?:min|max)-height:\s*\d+em\)", SHEET) == []


@pytest.mark.parametrize("path", OWN_SCRIPTS, ids=lambda path: path.name)
def test_our_scripts_listen_to_no_key_no_finger_and_no_sensor(path: Path) -> None:
    """RGAA 7.4, 12.10, 13.2, 13.10 to 13.12."""
    refused = r"key(?:down|up|press)|mouse\w+|touch\w+|pointer\w+|device(?:motion|orientation)|window\.open|\.submit\("
    assert re.findall(refused, path.read_text(encoding="utf-8")) == []
