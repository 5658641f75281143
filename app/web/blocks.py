"""A page of ours, read back: its headings, paragraphs and lists, as plain data for another layout."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

Run = dict[str, Any]  # some text: {"t": text}, with "b" bold, "n" not to be broken, "f" figures; {"br": true}
Block = dict[str, Any]  # {"k": kind, …}: `templates/lettre.typ` says how each is drawn

_SPACES = re.compile("[ \t\r\n\f]+")  # those of HTML: a space that does not break is kept
_VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "wbr"))
_INLINE = frozenset(("a", "abbr", "b", "br", "code", "em", "i", "q", "small", "span", "strong", "svg", "wbr"))
_UNSEEN = frozenset(("svg", "form", "button", "script", "style"))  # nothing to read on paper
_BOXES = ("reference", "entete")
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
_STYLES: dict[str, Run] = {"b": {"b": True}, "strong": {"b": True}}


def read_blocks(html: str) -> list[Block]:
    """The headings, paragraphs and lists of a page of ours, in their order; none of its text is lost."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return _blocks(tree.root.children)


@dataclass
class _Node:
    tag: str
    classes: frozenset[str] = frozenset()
    children: "list[_Node | str]" = field(default_factory=list)

    @property
    def unseen(self) -> bool:
        return self.tag in _UNSEEN or "vh" in self.classes

    def all(self, *tags: str) -> "list[_Node]":
        """What is inside, of these tags, in order."""
        inside = [child for child in self.children if isinstance(child, _Node)]
        return [found for child in inside for found in ([child] if child.tag in tags else child.all(*tags))]


class _Tree(HTMLParser):
    """The elements of a text that is known to be sound HTML (the test client checks each page)."""

    def __init__(self) -> None:
        super().__init__()
        self.root = _Node("main")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        node = _Node(tag, frozenset((dict(attrs).get("class") or "").split()))
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(_Node(tag))

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open[-1].tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def _blocks(children: "Iterable[_Node | str]") -> list[Block]:
    found: list[Block] = []
    for inline, group in groupby(children, lambda child: isinstance(child, str) or child.tag in _INLINE):
        if not inline:
            found += [block for node in group if isinstance(node, _Node) for block in _block(node)]
        elif runs := _runs(group):  # text that lies between blocks, or that is all there is
            found.append({"k": "p", "r": runs})
    return found


def _block(node: _Node) -> list[Block]:
    if node.unseen:
        return []
    if node.tag in _HEADINGS:
        return [{"k": "h", "l": _HEADINGS[node.tag], "r": _runs(node.children)}]
    match node.tag:
        case "p":
            runs = _runs(node.children, bold="titre" in node.classes)
            return [{"k": "p", "r": runs, "petit": "petit" in node.classes}] if runs else []
        case "ul" | "ol":
            return [{"k": node.tag, "i": [_blocks(item.children) for item in node.all("li")]}]
        case "dl":
            return [{"k": "dl", "i": _pairs(node.all("dt", "dd"))}]
        case "details":
            rest = [child for child in node.children if isinstance(child, _Node) and child.tag != "summary"]
            return [{"k": "note", "r": _runs(node.all("summary")[0].children), "b": _blocks(rest)}]
    inside = _blocks(node.children)
    return next(([{"k": box, "b": inside}] for box in _BOXES if box in node.classes), inside)


def _pairs(parts: Iterable[_Node]) -> list[Block]:
    """A list of terms: {"r": the term, "b": its description}."""
    pairs: list[Block] = []
    for part in parts:
        if part.tag == "dt":
            pairs.append({"r": _runs(part.children), "b": []})
        else:
            pairs[-1]["b"] += _blocks(part.children)
    return pairs


def _runs(children: "Iterable[_Node | str]", *, bold: bool = False) -> list[Run]:
    """Text, with what sets pieces of it apart; its spaces are those that a browser shows."""
    runs: list[Run] = []
    for piece in _pieces(children, {"b": True} if bold else {}):
        if "br" in piece:
            _trim(runs)
            runs.append(piece)
            continue
        text = _SPACES.sub(" ", piece["t"])
        if not runs or "br" in runs[-1] or runs[-1]["t"].endswith(" "):
            text = text.lstrip(" ")
        if text:
            runs.append({**piece, "t": text})
    _trim(runs)
    return runs


def _pieces(children: "Iterable[_Node | str]", style: Run) -> Iterator[Run]:
    for child in children:
        if isinstance(child, str):
            yield {**style, "t": child}
        elif child.tag == "br":
            yield {"br": True}
        elif not child.unseen:
            yield from _pieces(child.children, style | _STYLES.get(child.tag, {}) | _styles_of(child.classes))


def _styles_of(classes: frozenset[str]) -> Run:
    return {mark: True for name, mark in (("insec", "n"), ("nombre", "f")) if name in classes}


def _trim(runs: list[Run]) -> None:
    """No space at the end of a line."""
    if runs and "t" in runs[-1] and not runs[-1]["t"].rstrip(" "):
        runs.pop()
    elif runs and "t" in runs[-1]:
        runs[-1]["t"] = runs[-1]["t"].rstrip(" ")
