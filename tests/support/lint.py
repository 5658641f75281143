"""What must be true of every page, whatever it shows (RGAA 8.2, 8.5, 8.6, 9.1, 11.1; security)."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import html5lib

if TYPE_CHECKING:
    from tests.support.browser import Page

SERVICE = "Complémentaire santé solidaire"
BY_LINK = "/nouvelles/arret/"  # its address is the permission: mail software sends it without any form
# Plain words and what our templates escape cannot make markup right or wrong; of `type` alone the parser reads the value.
_PLAIN = r"(?:[\w \n\u00a0\u202f.,:;!?’«»()/%€…–—+*#=-]|&(?:lt|gt|amp|#34|#39);)*"
_TEXT = re.compile(rf"(?<=>)(?={_PLAIN}<)\s*[^\s<][^<]*(?=<)")
_VALUE = re.compile(rf'(?<=\s)((?!type=)[\w-]+=)"{_PLAIN}"')
_LEAKS = ("{{", "}}", "{%", "%}", "None", "&lt;b&gt;", "Undefined")


def lint(page: Page) -> None:
    """Fail on the first promise that this page breaks."""
    tree, where = page.tree, page.url
    faults = faults_of(markup(page.text))
    assert not faults, f"{where}: {faults}"
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
        if (form.attributes.get("action") or "").startswith(BY_LINK):
            continue
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


def markup(html: str) -> str:
    """This page with « x » for every plain text: wrong where the page is, and the same for many pages."""
    return _VALUE.sub(r'\1"x"', _TEXT.sub("x", html))


@cache
def faults_of(html: str) -> list[tuple[str, tuple[int, int]]]:
    """The first parse errors of a page, told once for all that have its markup: this parser is slow."""
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return [(error[1], error[0]) for error in parser.errors[:3]]
