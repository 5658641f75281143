"""A browser without JavaScript that is also a linter: every page it is given must be sound."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.testclient import TestClient

from tests.support.lint import lint

__all__ = ["Browser", "Page", "lint", "plain"]

Fields = Mapping[str, str | Sequence[str] | None]
Files = Sequence[tuple[str, tuple[str, bytes, str]]]


class Page:
    """A response, parsed once."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status: int = response.status_code
        self.url: str = str(response.url).removeprefix("http://testserver")
        self.text: str = response.text if "html" in response.headers.get("content-type", "") else ""
        self.tree = LexborHTMLParser(self.text)
        for word in self.tree.css("span.insec"):  # how a line ends: no part of the page
            word.unwrap()
        self.tree.merge_text_nodes()

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
        return [plain(line.text()) for line in self.tree.css("#erreurs li")]

    def error_fields(self) -> list[str]:
        """The id each line of the error summary leads to; empty where the line is about the whole page."""
        links = [line.css_first("a[href^='#']") for line in self.tree.css("#erreurs li")]
        return [(link.attributes["href"] or "").removeprefix("#") if link else "" for link in links]

    def buttons(self) -> list[str]:
        return [plain(button.text()) for button in self.tree.css("main button")]

    def links(self) -> dict[str, str]:
        """Text → address."""
        return {plain(link.text()): link.attributes.get("href") or "" for link in self.tree.css("a[href]")}

    @property
    def hidden(self) -> dict[str, str]:
        """What its form sends beside what is typed."""
        return {
            node.attributes["name"] or "": node.attributes["value"] or ""
            for node in self.tree.css("main input[type=hidden]")
        }

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
    """Walks the service as a user without JavaScript does, and checks each page it meets."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.page: Page = None

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

    def sign_out(self) -> Page:
        """« Se déconnecter », and « Quitter et tout effacer » where a demande under way would be lost."""
        page = self.press("Se déconnecter")
        return self.press("Quitter et tout effacer") if "Vous allez perdre" in page.h1 else page

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
            if name in sent and kind in ("checkbox", "hidden"):
                sent[name] = [*([sent[name]] if isinstance(sent[name], str) else sent[name]), given]
            else:
                sent[name] = given
        return sent
