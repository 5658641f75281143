"""What an answer weighs on the network: the same count for budgets and for the benchmark."""

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

STATUS_LINE = 60  # bytes, with the date and the empty line that a server adds
DRAFT = "c2s_brouillon"
ENCODING = {"accept-encoding": "br"}


def weight(answer: Any, *, cookies: bool = True) -> int:
    """Bytes as a browser that reads brotli receives them, headers included, the draft's cookie apart."""
    headers = [
        len(name) + len(value) + 4
        for name, value in answer.headers.multi_items()
        if name != "set-cookie" or (cookies and not value.startswith(DRAFT))
    ]
    return int(answer.headers.get("content-length") or 0) + sum(headers) + STATUS_LINE


def draft_weight(answer: Any) -> int:
    """Bytes of the cookie that carries the draft."""
    cookies = answer.headers.get_list("set-cookie")
    return sum(len("set-cookie: ") + len(cookie) + 2 for cookie in cookies if cookie.startswith(DRAFT))


def needed_to_paint(html: str) -> list[str]:
    """Addresses of what the first paint waits for: the style sheet and the scripts that are not deferred."""
    tree = LexborHTMLParser(html)
    return [
        *_addresses(tree, 'link[rel="stylesheet"]', "href"),
        *_addresses(tree, "script[src]:not([defer])", "src"),
    ]


def needed_later(html: str) -> list[str]:
    """Addresses of the rest: deferred scripts, icon."""
    tree = LexborHTMLParser(html)
    return [*_addresses(tree, "script[defer]", "src"), *_addresses(tree, 'link[rel="icon"]', "href")]


def _addresses(tree: LexborHTMLParser, selector: str, attribute: str) -> Iterator[str]:
    return (node.attributes[attribute] or "" for node in tree.css(selector))


def fetched(client: Any, addresses: Iterable[str]) -> int:
    """Bytes of these files."""
    return sum(weight(client.get(urljoin("/", address), headers=ENCODING)) for address in addresses)
