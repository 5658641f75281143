"""Do on a page what a user may do there, with htmx and without, and compare the two pages."""

import re
from collections.abc import Iterator
from difflib import unified_diff

import brotli
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from sqlmodel import Session, delete, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.demo.fichiers import two_page_pdf, word
from app.store.database import reading, writing
from app.store.tables import PieceEnAttente
from app.web.house import House
from tests.support.browser import Browser
from tests.support.swaps import CONTROLS, LivePage, Sending, successful

Gesture = tuple[str, ...]  # a method of `Replay`, and what it takes
GOOD, BAD = "avis.pdf", "avis.docx"
FILES = {GOOD: two_page_pdf(), BAD: word()}
BACK = {
    one: other
    for pair in (("retirer", "remettre"), ("alternee", "pas_alternee"))
    for one, other in (pair, pair[::-1])
}
TYPED = {
    "organisme": ("bleuet", "introuvable"),
    "ville": ("Lyon", "Atlantide"),
    "departement": ("Ain", "Atlantide"),
}


def gestures(live: LivePage) -> Iterator[list[Gesture]]:
    """What may be done there, and undone: every control of htmx, and every field of a file."""
    for control in live.tree.css(CONTROLS):
        here = f"#{control.attributes.get('id')}"
        match control.tag, control.attributes.get("type"):
            case "form", _:
                for button in live.owned(control, "button"):
                    name, value = button.attributes["name"] or "", button.attributes["value"] or ""
                    back = BACK.get(name)
                    yield [("press", name, value), *([("undo", back, value)] if back else [])]
            case "input", "checkbox":
                yield [("tick", here), ("tick", here)]
            case "input", "search":
                found, lost = TYPED[control.attributes["id"] or ""]
                yield [
                    ("type", here, found),
                    ("choose",),
                    ("see_all",),
                    ("type", here, lost),
                    ("type", here, found),
                ]
            case "a", _:
                yield [("see_all",)]
            case "div", _:  # a question: each of its answers, then the first again
                fields = control.css("input")
                again = [] if goes_unticked(live, fields[0]) else [fields[0]]
                yield [("tick", f"#{field.attributes['id']}") for field in (*fields, *again)]
            case unknown:
                raise AssertionError(f"how does one use {unknown}?")
    for field in live.tree.css("input[type=file]"):
        code = (field.attributes["name"] or "").removeprefix("fichier_")
        yield [("upload", code, GOOD), ("upload", code, BAD), ("empty", code)]


def goes_unticked(live: LivePage, box: LexborNode) -> bool:
    """« Je n'ai pas ce document » is ticked, and a file has come since: unticked, it is not offered again."""
    _, of_a_document, code = (box.attributes["name"] or "").rpartition("pas_")
    files = live.tree.css(f"#slot_{code} button[name=supprimer]") if of_a_document else ()
    return "checked" in box.attributes and bool(files)


def replayed(client: Browser, service: Starlette) -> Iterator[tuple[list[Gesture], int]]:
    """Do everything the current page allows: what was done, and the bytes of its heaviest fragment."""
    moment = Moment(client.client, service.state.house)
    for done in gestures(LivePage(client.page.text)):
        moment.come_back()
        replay = Replay(client, service)
        for gesture in done:
            replay.do(gesture)
        yield done, max(replay.weights, default=0)


class Replay:
    """A page open in a browser that runs htmx; each thing done there is done without htmx too."""

    def __init__(self, client: Browser, service: Starlette) -> None:
        self.live = LivePage(client.page.text)
        self.weights: list[int] = []  # bytes of each fragment as sent
        self._client, self._house = client.client, service.state.house

    def do(self, gesture: Gesture) -> None:
        """What `gestures` tells."""
        getattr(self, gesture[0])(*gesture[1:])

    def tick(self, selector: str) -> None:
        """Tick or untick; the control around it answers."""
        self.live.tick(selector)
        self._send(self.live.sending(selector))

    def type(self, selector: str, text: str) -> None:
        """Write, and wait for the answer; to see the search, the user has ticked what static/c2s.js shows it for."""
        for hidden in self.live.tree.css("#choisir.a-reveler"):
            hidden.attrs["class"] = "suite-de"
            self.live.tick("#gestionnaire_organisme")
        self.live.type(selector, text)
        self._send(self.live.sending(selector))

    def press(self, name: str, value: str) -> None:
        """Press a button."""
        self._send(self.live.sending(f'button[name="{name}"][value="{value}"]'))

    def undo(self, name: str, value: str) -> None:
        """Press the button that undoes what was pressed; there is none if that was refused."""
        button = f'button[name="{name}"][value="{value}"]'
        refused, there = (bool(self.live.tree.css(part)) for part in ("#erreurs", button))
        assert refused != there, button
        if there:
            self.press(name, value)

    def choose(self) -> None:
        """Tick the last result of a search, if it says that it found one: nothing is sent yet."""
        results = self.live.tree.css("input[name=choix_organisme]")
        said = self.live.one("#resultats_zone").text()
        assert bool(results) != ("Aucun organisme trouvé" in said), said
        for result in results[-1:]:
            self.live.tick(f"#{result.attributes['id']}")

    def see_all(self) -> None:
        """« Voir plus », to the end."""
        while self.live.tree.css("a[data-hx-get]"):
            self._send(self.live.sending("a[data-hx-get]"))

    def upload(self, code: str, name: str) -> None:
        """Choose a file: static/pieces.js sends it, and puts its document in its place."""
        form, slot = self.live.one("#f_pieces"), f"#slot_{code}"
        fields = [*successful(self.live.owned(form)), ("envoyer", code)]
        files = [(f"fichier_{code}", (name, FILES[name], "application/octet-stream"))]
        url = (form.attributes["action"] or "").split("#")[0]
        zone = next(zone for zone in self.live.tree.css("[id^=slots_]") if zone.css(slot))
        sending = Sending(url, fields, slot, "outerMorph", slot, files=files)
        self._send(sending, f"#{zone.attributes['id']}")

    def empty(self, code: str) -> None:
        """Remove every file of a document."""
        self.live.one(f"#slot_{code} button[name=supprimer]")
        while button := self.live.tree.css_first(f"#slot_{code} button[name=supprimer]"):
            self.press("supprimer", button.attributes["value"] or "")

    def _send(self, sending: Sending, asked: str = "") -> None:
        before = Moment(self._client, self._house)
        drawn = sending.by(self._client)
        before.come_back()
        answer = sending.by(self._client, self.live.headers(asked or sending.target))
        assert answer.status_code == drawn.status_code, f"{answer.status_code}, not {drawn.status_code}"
        page = LexborHTMLParser(drawn.text)
        if sending.files and answer.status_code == 422:
            # The script takes the messages of the page it is given, and leaves its own as it is.
            assert page.css(f"{sending.target} .envoi .msg")
            return
        if answer.status_code == 200:
            self.weights.append(len(brotli.compress(answer.content, quality=5)))
            if self.live.tree.css("#erreurs") and "c2s_brouillon" not in answer.headers.get("set-cookie", ""):
                page = self._still_refused(page, sending.target)
        self.live.receive(sending, answer)
        shown, expected = list(lines(self.live.tree.css_first("html"))), list(lines(page.css_first("html")))
        if shown != expected:
            pytest.fail("\n".join(unified_diff(expected, shown, "page", "fragment", lineterm="", n=2)))

    def _still_refused(self, page: LexborHTMLParser, target: str) -> LexborHTMLParser:
        """
        The page as it is, with the parts of another that are redrawn.

        A reveal, a search or a file answers nothing: what the refusal says of the rest stays until the form is sent
        again, or the user would lose the list of what is left to correct.
        """
        refused = LexborHTMLParser(self.live.tree.html or "")
        for part in (target, "#fait", "#reste", "#recherche"):
            if place := refused.css_first(part):
                place.replace_with(page.css_first(part))
        return refused


def lines(part: LexborNode) -> Iterator[str]:
    """A page or a part of it, one line a tag or a text, without what differs between two drawings of it."""
    files: dict[str, int] = {}  # the name of a file is drawn when it arrives
    for node in part.traverse(include_text=True):
        if node.is_text_node:
            words = " ".join((node.text_content or "").split())
            if (
                words and node.parent and node.parent.id != "statut"
            ):  # heard, not seen: only a fragment says it
                yield words
            continue
        attributes = {name: value or "" for name, value in node.attributes.items()}
        if attributes.get("name") == "jeton":
            del attributes["value"]  # drawn for each answer
        told = " ".join([node.tag or "", *(f"{name}={attributes[name]}" for name in sorted(attributes))])
        yield re.sub(
            r"\b[0-9a-f]{24}\b", lambda found: f"file {files.setdefault(found[0], len(files))}", told
        )


class Moment:
    """What a browser and the service know of a demande under way, to come back to it."""

    def __init__(self, client: TestClient, house: House) -> None:
        self._jar, self._house = client.cookies.jar, house
        self._cookies = list(self._jar)
        with reading(house.engine) as db:
            self._rows = [row.model_dump() for row in db.exec(select(PieceEnAttente)).all()]
        there = {row["id"] for row in self._rows} & set(house.shelf.names())  # a state may have lost one
        self._files = {name: house.shelf.get(name) for name in there}

    def come_back(self) -> None:
        """Forget what was done since."""
        self._jar.clear()
        for cookie in self._cookies:
            self._jar.set_cookie(cookie)
        with Session(self._house.engine) as db, writing(db):
            db.exec(delete(PieceEnAttente))
            db.add_all([PieceEnAttente(**row) for row in self._rows])
        for name in self._files.keys() - set(self._house.shelf.names()):
            self._house.shelf.put(name, self._files[name])
