"""PDFs of ours, read back by tools that did not make them; and a deposit to have one."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdf

from tests.support import samples
from tests.support.browser import Browser
from tests.support.walk import walk_to


def pdf_of(client: Browser, echange: str, name: str = "accuse") -> bytes:
    answer = client.client.get(f"/echanges/{echange}/{name}.pdf")
    assert answer.status_code == 200
    content: bytes = answer.content
    return content


def squeezed(text: str) -> str:
    """Without what a line end adds or takes away."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text.replace("’", "'"))


def text_of(pdf: bytes) -> str:
    """What a copy-and-paste gives, without the foot of the pages."""
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    whole = "".join(re.sub(rf"\S+\s+Page {n} sur {len(pages)}", "", page) for n, page in enumerate(pages, 1))
    return squeezed(whole)


def tags(pdf: bytes) -> list[str]:
    """The kinds of the elements of the structure tree, in reading order."""

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, pikepdf.Array):
            for child in node:
                yield from walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield str(node.S)
            if "/K" in node:
                yield from walk(node.K)

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return list(walk(opened.Root.StructTreeRoot.K))


def deposit(client: Browser, *, joined: bool, compte: str = "nadia") -> str:
    """Nadia, or this account, files; returns the id of the accusé."""
    client.start(compte)
    walk_to(client, "/demande/pieces")
    if joined:
        for node in [n.attributes["name"] or "" for n in client.page.tree.css("main input[type=file]")]:
            slot = node.removeprefix("fichier_")
            client.press(
                "Envoyer ce fichier",
                {"bien": "non", "etranger": "non"},
                value=slot,
                files=[(node, ("avis.pdf", samples.pdf(pages=2), "application/pdf"))],
            )
    walk_to(
        client,
        "/demande/validation",
        {"/demande/pieces": lambda _: {"bien": "non", "etranger": "non"}} if joined else None,
    )
    page = client.press("Je valide ma demande", certifie="oui")
    assert page.path == "/demande/terminee"
    return page.links()["Voir mon accusé de réception"].rsplit("/", 1)[-1]
