"""A browser without JavaScript that is also a linter: every page it is given must be sound."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import html5lib
from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.testclient import TestClient

Fields = Mapping[str, str | Sequence[str] | None]
Files = Sequence[tuple[str, tuple[str, bytes, str]]]
SERVICE = "Complémentaire santé solidaire"
_LEAKS = ("{{", "}}", "{%", "%}", "None", "&lt;b&gt;", "Undefined")


class Page:
    """A response, parsed once."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status: int = response.status_code
        self.url: str = str(response.url).removeprefix("http://testserver")
        self.text: str = response.text if "html" in response.headers.get("content-type", "") else ""
        self.tree = LexborHTMLParser(self.text)

    @property
    def path(self) -> str:
        return self.url.split("?")[0].split("#")[0]

    @property
    def h1(self) -> str:
        return plain(self.tree.css_first("h1").text()) if self.tree.css_first("h1") else ""

    @property
    def title(self) -> str:
        return plain(self.tree.css_first("title").text())

    @property
    def main(self) -> str:
        """The text of the page, with plain spaces and apostrophes."""
        return plain(self.tree.css_first("main").text(separator=" "))

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        return [plain(link.text()) for link in self.tree.css("#erreurs li a")]

    def error_fields(self) -> list[str]:
        """The ids the error summary leads to."""
        return [(link.attributes["href"] or "").removeprefix("#") for link in self.tree.css("#erreurs li a")]

    def buttons(self) -> list[str]:
        return [plain(button.text()) for button in self.tree.css("main button")]

    def links(self) -> dict[str, str]:
        """Text → address."""
        return {plain(link.text()): link.attributes.get("href") or "" for link in self.tree.css("a[href]")}

    def value(self, name: str) -> str:
        """What a text field, list or group of radios holds."""
        for node in self.tree.css(f'[name="{name}"]'):
            if node.tag == "select":
                chosen = node.css_first("option[selected]")
                return (chosen.attributes.get("value") or "") if chosen else ""
            if node.attributes.get("type") in ("radio", "checkbox"):
                if "checked" in node.attributes:
                    return node.attributes.get("value") or ""
                continue
            return (node.attributes.get("value") or "") if node.tag == "input" else node.text()
        return ""


def plain(text: str) -> str:
    """With plain spaces and apostrophes, so that tests read as the copy is written."""
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("\u00a0", " ")).strip()


class Browser:
    """Walks the service as somebody without JavaScript does, and checks each page it meets."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page: Page = None  # type: ignore[assignment]

    def get(self, url: str) -> Page:
        return self._arrive(self.client.get(url, follow_redirects=True))

    def sign_in(self, compte: str) -> Page:
        self.get("/connexion")
        return self.press("Se connecter en tant que", compte=compte)

    def start(self, compte: str) -> Page:
        """Sign in and begin a demande."""
        self.sign_in(compte)
        self.get("/demande")
        return self.press("Je démarre ma demande")

    def press(
        self,
        button: str,
        fields: Fields | None = None,
        *,
        value: str | None = None,
        files: Files = (),
        **more: Any,
    ) -> Page:
        """
        Press the button whose text starts so, with these fields typed in its form.

        `value` picks among buttons that share a name; a field set to None is not sent.
        """
        node = self._button(button, value or more.get("compte"))
        form = self._form_of(node)
        sent = self._defaults(form)
        name = node.attributes.get("name")
        if name:
            sent[name] = node.attributes.get("value") or ""
        for field, given in {**(fields or {}), **more}.items():
            if given is None:
                sent.pop(field, None)
            else:
                sent[field] = given if isinstance(given, str) else list(given)
        action = (form.attributes.get("action") or self.page.url).split("#")[0]
        if (form.attributes.get("method") or "get").lower() == "get":
            return self._arrive(self.client.get(action, params=sent, follow_redirects=True))
        return self._arrive(
            self.client.post(action, data=sent, files=list(files) or None, follow_redirects=True)
        )

    def post(
        self, url: str, fields: Fields | None = None, *, files: Files = (), token: str | None = None
    ) -> Page:
        """Send a form that no page showed, with the token of the current page."""
        sent = {"jeton": self.token if token is None else token, **(fields or {})}
        return self._arrive(
            self.client.post(url, data=sent, files=list(files) or None, follow_redirects=True)
        )

    @property
    def token(self) -> str:
        node = self.page.tree.css_first('input[name="jeton"]')
        return (node.attributes["value"] or "") if node else ""

    def _arrive(self, response: Any) -> Page:
        self.page = Page(response)
        assert self.page.status != 500, f"500 on {self.page.url}"
        if self.page.text:
            lint(self.page)
        return self.page

    def _button(self, text: str, value: str | None) -> LexborNode:
        found = [
            node
            for node in self.page.tree.css("button")
            if plain(node.text()).startswith(text) and value in (None, node.attributes.get("value"))
        ]
        assert found, f"no button « {text} » on {self.page.url}: {self.page.buttons()}"
        return found[0]

    def _form_of(self, node: LexborNode) -> LexborNode:
        if owner := node.attributes.get("form"):
            form = self.page.tree.css_first(f"form#{owner}")
            assert form is not None, f"the button owns no form {owner}"
            return form
        parent = node.parent
        while parent is not None and parent.tag != "form":
            parent = parent.parent
        assert parent is not None, "the button is in no form"
        return parent

    def _defaults(self, form: LexborNode) -> dict[str, Any]:
        """What the browser would send for this form, untouched."""
        identity = form.attributes.get("id")
        own = [
            node
            for node in form.css("input, select, textarea")
            if node.attributes.get("form") in (None, identity)
        ]
        if identity:
            own += self.page.tree.css(f'input[form="{identity}"], select[form="{identity}"]')
        sent: dict[str, Any] = {}
        for node in own:
            name, kind = node.attributes.get("name"), node.attributes.get("type")
            if not name or kind == "file":
                continue
            if node.tag == "select":
                chosen = node.css_first("option[selected]")
                given = (chosen.attributes.get("value") or "") if chosen else ""
            elif kind in ("checkbox", "radio"):
                if "checked" not in node.attributes:
                    continue
                given = node.attributes.get("value") or "on"
            else:
                given = node.text() if node.tag == "textarea" else (node.attributes.get("value") or "")
            if name in sent and kind == "checkbox":
                sent[name] = [*([sent[name]] if isinstance(sent[name], str) else sent[name]), given]
            else:
                sent[name] = given
        return sent


def lint(page: Page) -> None:
    """What must be true of every page (RGAA 8.2, 8.5, 8.6, 9.1, 11.1; security)."""
    tree, where = page.tree, page.url
    parser = html5lib.HTMLParser()
    parser.parse(page.text)
    assert not parser.errors, f"{where}: {[(error[1], error[0]) for error in parser.errors[:3]]}"
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    twice = {name for name in ids if ids.count(name) > 1}
    assert not twice, f"{where}: ids used twice {twice}"
    assert len(tree.css("h1")) == 1, f"{where}: {len(tree.css('h1'))} h1"
    title = page.title.removeprefix("Erreur : ")
    assert title.startswith(page.h1), f"{where}: title « {title} » is not h1 « {page.h1} »"
    assert title.endswith(SERVICE), where
    assert page.title.startswith("Erreur : ") == (page.status >= 400), f"{where}: {page.title}"
    levels = [int(node.tag[1]) for node in tree.css("main h1, main h2, main h3, main h4")]
    after_h1 = levels[levels.index(1) :]
    assert all(b <= a + 1 for a, b in pairwise(after_h1)), f"{where}: headings {levels}"
    known = set(ids)
    for node in tree.css("input, select, textarea"):
        if node.attributes.get("type") == "hidden":
            continue
        name = node.attributes.get("id")
        assert name, f"{where}: a field without id {node.html}"
        assert tree.css(f'label[for="{name}"]'), f"{where}: no label for {name}"
    for attribute in ("aria-describedby", "aria-labelledby", "for", "form"):
        for node in tree.css(f"[{attribute}]"):
            for target in (node.attributes[attribute] or "").split():
                assert target in known, f"{where}: {attribute}={target} leads nowhere"
    for link in tree.css('main a[href^="#"]'):
        target = (link.attributes["href"] or "#")[1:]
        assert target in known, f"{where}: link to #{target} leads nowhere"
    for fieldset in tree.css("fieldset"):
        first = fieldset.child
        while first is not None and first.tag == "-text":
            first = first.next
        legend = first.text(strip=True) if first is not None and first.tag == "legend" else ""
        assert legend, f"{where}: fieldset without legend"
    for form in tree.css('form[method="post"]'):
        owner = form.attributes.get("id")
        fields = form.css('input[name="jeton"]') or (
            owner and tree.css(f'input[name="jeton"][form="{owner}"]')
        )
        assert fields, f"{where}: a form without token {form.attributes}"
    for node in tree.css("*"):
        for name in node.attributes:
            assert not name.startswith("on"), f"{where}: handler {name}"
            assert name != "style", f"{where}: inline style"
            assert not name.startswith("hx-"), f"{where}: {name}"
    assert not tree.css("script:not([src]), style, iframe, [target]"), where
    body = tree.body.text(separator=" ")
    for leak in _LEAKS:
        assert leak not in body, f"{where}: « {leak} » leaks"
    straight = re.search(r"\w'\w", body)
    assert not straight, (
        f"{where}: straight apostrophe near « {body[max(0, straight.start() - 20) : straight.end() + 20]} »"
    )
    loose = re.search(r"[^\s] [:;?!»]|« ", body)
    assert not loose, f"{where}: loose space near « {body[max(0, loose.start() - 25) : loose.end() + 10]} »"
