"""
What htmx 4.0.1 does with our pages, without a browser: what a control sends, and what its answer changes.

As far as our templates use it: attributes are read where they stand (none is inherited), `data-hx-vals` is JSON,
`data-hx-include` a selector, targets are ids.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from selectolax.lexbor import LexborHTMLParser, LexborNode

File = tuple[str, tuple[str, bytes, str]]
_GET, _POST = "data-hx-get", "data-hx-post"
CONTROLS = f"[{_GET}], [{_POST}]"
_FIELDS = ("input", "select", "textarea")


@dataclass(frozen=True)
class Sending:
    """A request, and where its answer goes."""

    url: str
    fields: Sequence[tuple[str, str]]
    target: str
    swap: str
    select: str = ""
    post: bool = True
    files: Sequence[File] = ()

    def by(self, client: Any, headers: Mapping[str, str] | None = None) -> Any:
        """Send it; without `headers`, as a browser without scripts would: redirections are followed."""
        how: dict[str, Any] = {"headers": headers, "follow_redirects": headers is None}
        if not self.post:
            path, _, query = self.url.partition("?")
            names = {name for name, _ in self.fields}
            kept = [(name, value) for name, value in parse_qsl(query) if name not in names]
            return client.get(f"{path}?{urlencode([*kept, *self.fields])}", **how)
        fields: dict[str, list[str]] = {}
        for name, value in self.fields:
            fields.setdefault(name, []).append(value)
        return client.post(self.url, data=fields, files=list(self.files) or None, **how)


class LivePage:
    """A page on which htmx runs. What the user ticks or types is written in its attributes."""

    def __init__(self, html: str) -> None:
        self.tree = LexborHTMLParser(html)
        self.left_for: str | None = None  # the address htmx was told to go to
        self._touched: dict[str, tuple[str, str | None]] = {}  # id → what the user has put in a field

    def one(self, selector: str) -> LexborNode:
        """The first element of this kind, which must be there."""
        node = self.tree.css_first(selector)
        assert node is not None, f"no {selector}"
        return node

    # What the user does

    def tick(self, selector: str) -> None:
        """Tick a box, or untick it, or choose a radio button."""
        node = self.one(selector)
        radio = node.attributes["type"] == "radio"
        for other in self.tree.css(f'input[name="{node.attributes["name"]}"]') if radio else ():
            self._touch(other, "checked", None)
        self._touch(node, "checked", None if "checked" in node.attributes else "")

    def type(self, selector: str, text: str) -> None:
        """Write in a field."""
        self._touch(self.one(selector), "value", text)

    def _touch(self, node: LexborNode, name: str, value: str | None) -> None:
        self._touched[node.attributes["id"] or ""] = name, value
        _set(node, name, value)

    # What htmx sends

    def sending(self, selector: str) -> Sending:
        """The request of this control, or of the one around it; a button is that of its form."""
        node = self.one(selector)
        pressed = node.tag == "button"
        inner = self.form_of(node) if pressed else node
        assert inner is not None
        source = next(part for part in (inner, *_parents(inner)) if {*part.attributes} & {_GET, _POST})
        post = _POST in source.attributes
        form = self.form_of(source) if post else None  # a GET takes no form along
        taken = self.owned(form) if form else [source] if source.tag in _FIELDS else []
        fields = [*successful(taken)]
        if pressed:
            fields.append((node.attributes["name"] or "", node.attributes["value"] or ""))
        for part in self.tree.css(source.attributes.get("data-hx-include") or "nothing"):
            known = {field.mem_id for field in taken}
            inside = [part] if part.tag in _FIELDS else part.css(", ".join(_FIELDS))
            more = [field for field in inside if field.mem_id not in known]
            fields += successful(more)
            taken += more
        values: dict[str, str] = json.loads(source.attributes.get("data-hx-vals") or "{}")
        fields = [field for field in fields if field[0] not in values] + list(values.items())
        url = source.attributes[_POST if post else _GET] or ""
        target, swap = source.attributes["data-hx-target"] or "", source.attributes["data-hx-swap"] or ""
        return Sending(url.split("#")[0], fields, target, swap, post=post)

    def headers(self, target: str) -> dict[str, str]:
        """What says that htmx asks, and what it will replace."""
        node = self.one(target)
        return {"HX-Request": "true", "HX-Target": f"{node.tag}#{node.attributes['id']}"}

    def form_of(self, node: LexborNode) -> LexborNode | None:
        """The form this element goes with."""
        if owner := node.attributes.get("form"):
            return self.one(f"form#{owner}")
        return next((part for part in (node, *_parents(node)) if part.tag == "form"), None)

    def owned(self, form: LexborNode, kind: str = ", ".join(_FIELDS)) -> list[LexborNode]:
        """The fields that go with a form, wherever they stand."""
        owners = ((node, self.form_of(node)) for node in self.tree.css(kind))
        return [node for node, owner in owners if owner and owner.mem_id == form.mem_id]

    # What the answer does

    def receive(self, sending: Sending, answer: Any) -> None:
        """Put the answer where it goes."""
        status, headers = str(answer.status_code), answer.headers
        config = json.loads(self.one('meta[name="htmx-config"]').attributes["content"] or "")
        self.left_for = headers.get("hx-redirect")
        if self.left_for or {status, f"{status[0]}xx"} & set(map(str, config["noSwap"])):
            return
        select = headers.get("hx-reselect", sending.select)
        style, _, options = headers.get("hx-reswap", sending.swap).partition(" ")
        whole = answer.text.lstrip().startswith("<!DOCTYPE")
        part = LexborHTMLParser(answer.text, is_fragment=not whole)
        aside = part.css("[data-hx-swap-oob]")
        elsewhere = [node.clone() for node in aside]
        if title := part.css_first("title"):
            self.one("title").replace_with(title)
            aside.append(title)
        for node in aside:
            node.remove()
        content = part.css(select) if select else list(part.root.iter(include_text=True)) if part.root else []
        # Where all of it goes elsewhere, the target stays as it is, unless an empty one is asked for.
        if "".join(node.html or "" for node in content).strip() or not elsewhere or options == "swapEmpty":
            self._put(headers.get("hx-retarget", sending.target), content, style)
        for node in elsewhere:
            style, _, target = (node.attributes["data-hx-swap-oob"] or "").partition(":")
            target = target or f"#{node.attributes['id']}"
            if self.tree.css_matches(target):
                self._put(target, list(node.iter(include_text=True)), style)

    def _put(self, selector: str, content: Sequence[LexborNode], style: str) -> None:
        target = self.one(selector)
        there = {node.attributes["id"] for node in target.css("[id]")} & set(self._touched)
        touched = {name: self._touched.pop(name) for name in there if name}
        if style.startswith("inner"):
            for old in list(target.iter(include_text=True)):
                old.remove()
            for new in content:
                target.insert_child(new)
        else:
            assert style in ("outerHTML", "outerMorph", "delete"), style
            for new in content:
                target.insert_before(new)
            target.remove()
        for name, (attribute, value) in touched.items() if style.endswith("Morph") else ():
            if node := self.tree.css_first(f"#{name}"):  # not replaced: it shows what the user has put there
                self._touch(node, attribute, value)


def successful(fields: Sequence[LexborNode]) -> Iterator[tuple[str, str]]:
    """What a browser sends of these fields, files apart."""
    for node in fields:
        name, kind = node.attributes.get("name"), node.attributes.get("type")
        if not name or kind == "file" or (kind in ("checkbox", "radio") and "checked" not in node.attributes):
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]") or node.css_first("option")
            yield name, (chosen.attributes.get("value") or "") if chosen else ""
        else:
            yield name, node.text() if node.tag == "textarea" else node.attributes.get("value") or ""


def _parents(node: LexborNode) -> Iterator[LexborNode]:
    while (above := node.parent) is not None:
        yield above
        node = above


def _set(node: LexborNode, name: str, value: str | None) -> None:
    """Write an attribute; None takes it away."""
    if value is not None:
        node.attrs[name] = value
    elif name in node.attributes:
        del node.attrs[name]
