"""A page of ours, read back: no text is lost, and what is not for paper is left."""

from typing import Any

import pytest

from app.web.blocks import read_blocks


def words(blocks: Any) -> str:
    """Every piece of text of blocks, in order; a line break is a bar."""
    match blocks:
        case list():
            return " ".join(filter(None, map(words, blocks)))
        case {"t": str(piece)}:
            return piece.strip()
        case {"br": True}:
            return "|"
        case dict():
            return " ".join(
                filter(None, (words(value) for value in blocks.values() if isinstance(value, list)))
            )
    return ""


@pytest.mark.parametrize(
    ("html", "kinds", "said"),
    [
        ("<p>Un <b>mot</b>.</p>", ["p"], "Un mot ."),
        ("<h2>A</h2>\n  <h3>B</h3>", ["h", "h"], "A B"),
        (
            "<ul>\n <li>un</li>\n <li><p>deux</p><ul><li>deux bis</li></ul></li></ul>",
            ["ul"],
            "un deux deux bis",
        ),
        ("<ol><li>un</li></ol>", ["ol"], "un"),
        (
            "<dl><div><dt>T</dt><dd>a<br>b</dd><dd>c</dd></div><dt>U</dt><dd>d</dd></dl>",
            ["dl"],
            "T a | b c U d",
        ),
        ("<details><summary>Q ?</summary><div><p>R.</p></div></details>", ["note"], "Q ? R."),
        ('<div class="reference"><p>a</p></div>', ["reference"], "a"),
        ('<div class="entete"><p>a</p><p>b</p></div>', ["entete"], "a b"),
        ("<section>nu<p>p</p>reste</section>", ["p", "p", "p"], "nu p reste"),
        ("<table><tr><th>a</th><td>b</td></tr></table>", ["p", "p"], "a b"),
        ('<p>vu<span class="vh"> caché</span><svg><path d="M0"/></svg></p>', ["p"], "vu"),
        ("<form><button>Non</button></form><p></p><p> </p>", [], ""),
    ],
)
def test_each_part_of_a_page_is_read(html: str, kinds: list[str], said: str) -> None:
    blocks = read_blocks(html)
    assert [block["k"] for block in blocks] == kinds
    assert words(blocks) == said


def test_spaces_are_those_a_browser_shows() -> None:
    (block,) = read_blocks("<p>\n  Un   mot<b> fort </b> et\u00a0: <br>\n la suite\n</p>")
    assert block["r"] == [
        {"t": "Un mot"},
        {"b": True, "t": " fort "},
        {"t": "et\u00a0:"},
        {"br": True},
        {"t": "la suite"},
    ]
