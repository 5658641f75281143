"""A page as it is once its scripts have run, and what is found wrong in it."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode


class Finding(NamedTuple):
    """A defect: the criterion of the RGAA it breaks (or of WCAG 2.2, where the RGAA has none; or « mise en page »), and where."""

    critere: str
    texte: str


class Seen:
    """One page, parsed once."""

    def __init__(self, html: str, statut: int) -> None:
        self.html = html
        self.statut = statut
        self.tree = LexborHTMLParser(html)

    def css(self, selector: str) -> list[LexborNode]:
        return self.tree.css(selector)

    @property
    def main(self) -> LexborNode:
        found = self.tree.css_first("main")
        assert found is not None
        return found


Rule = Callable[[Seen], Iterator[Finding]]


def words(node: LexborNode | None) -> str:
    """The text of a node, on one line."""
    return _line(node.text()) if node else ""


def prose(node: LexborNode | None) -> str:
    """The text of a large part of the page, its blocks apart from one another."""
    return _line(node.text(separator=" ")) if node else ""


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\xa0", " ").replace("\xad", "")).strip()


def attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def tag(node: LexborNode) -> str:
    """The opening tag: enough to find a node again."""
    return (node.html or "").split(">", 1)[0][:120] + ">"


def inside(node: LexborNode, *tags: str) -> LexborNode | None:
    """The nearest ancestor with one of these tags."""
    parent = node.parent
    while parent is not None and parent.tag not in tags:
        parent = parent.parent
    return parent


def child(node: LexborNode) -> LexborNode | None:
    """The first element inside."""
    found = node.child
    while found is not None and found.tag.startswith("-"):
        found = found.next
    return found
