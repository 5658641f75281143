"""docs/securite.md: every requirement is said once, and each test, page and count that it names exists."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/securite.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| .+ \| (.+) \|$", re.MULTILINE)
HOST, NO = "à faire par l'hébergeur : ", "non : "
# ASVS 5.0.0: how many requirements of levels 1 and 2 each section has; they come first, numbered from 1.
SECTIONS = {
    **{"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1},
    **{"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4},
    **{"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3},
    **{"6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1},
    **{"8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2},
    **{"10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2},
    **{"12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3},
    **{"15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4},
    "17.3": 2,
}


def rows() -> dict[str, str]:
    """Number → what holds it."""
    return dict(ROW.findall(PAGE.read_text(encoding="utf-8")))


def set_aside() -> list[str]:
    return [
        number
        for line in re.findall(r"^- \*\*V.+$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
        for number in re.findall(r"\d+\.\d+\.\d+", line)
    ]


@cache
def functions(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


@cache
def anchors(path: Path) -> set[str]:
    """Where a link may lead in a page."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def kind(held: str) -> str:
    if "::test_" in held:
        return "test"
    return next((start for start in (HOST, NO, "écrit : ") if held.startswith(start)), "")


def test_every_requirement_of_levels_1_and_2_is_said_once() -> None:
    said = [*(number for number, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))), *set_aside()]
    numbers = {f"{section}.{n}" for section, most in SECTIONS.items() for n in range(1, most + 1)}
    assert len(numbers) == 253
    assert Counter(said) == Counter(numbers)


def test_every_test_that_is_named_exists() -> None:
    for number, held in rows().items():
        for path, name in re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", held):
            assert name in functions(ROOT / path), f"{number}: {path}::{name}"


def test_every_row_has_a_test_a_page_a_host_or_a_no() -> None:
    assert {number: held for number, held in rows().items() if not kind(held)} == {}
    links = re.findall(r"\]\((?!http)([\w.]*)(?:#([^)]+))?\)", PAGE.read_text(encoding="utf-8"))
    for file, anchor in links:
        target = PAGE.parent / file if file else PAGE
        assert target.exists(), file
        assert not anchor or anchor in anchors(target), f"{file}#{anchor}"


def test_the_counts_are_those_of_the_rows() -> None:
    held = Counter(map(kind, rows().values()))
    counts = (*(held[name] for name in ("test", "écrit : ", HOST, NO)), len(set_aside()))
    assert f"| {sum(counts)} | " + " | ".join(map(str, counts)) + " |" in PAGE.read_text(encoding="utf-8")
