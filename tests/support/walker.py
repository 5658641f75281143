"""A user who walks the démarche at random, and what must be true after each press."""

import hashlib
import shutil
import tempfile
from collections import Counter
from copy import deepcopy
from pathlib import Path
from random import Random

from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlmodel import col, func, select

from app.domain.dossier import Dossier
from app.journey import JOURNEY
from app.main import create_app
from app.settings import load_settings
from app.store.database import reading
from app.store.demandes import read_instantane
from app.store.tables import DemandeDeposee
from app.web.draft import COOKIE, Draft
from tests.conftest import TODAY
from tests.support.browser import Browser, Page
from tests.support.data import copy_data
from tests.support.drafts import current
from tests.support.expected import Expected, Post, Recorder, amount
from tests.support.household import compte_de
from tests.support.waiting import waiting
from tests.support.walk import FORWARD, answer

LARGEST = 3_900  # bytes of a draft cookie, name included
DONE = "/demande/terminee"
PERSON = "Enregistrer cette personne"


class Walker(RuleBasedStateMachine):
    """A service of its own, a browser, and the answers that must be found again. The rules say what it presses."""

    def __init__(self, filled_folder: Path) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="c2s-marche-"))
        copy_data(filled_folder, self.folder / "donnees")
        self.service = create_app(load_settings(demo=True, data_dir=self.folder / "donnees", today=TODAY))
        self.recorder = Recorder(self.service)
        self.client = Browser(self.recorder)
        self.compte = ""
        self.have_filed: set[str] = set()
        self.met: Counter[str] = Counter()
        self.forget()

    def teardown(self) -> None:
        self.service.state.house.engine.dispose()
        shutil.rmtree(self.folder)

    def forget(self) -> None:
        """Nothing is under way."""
        self.wanted: Expected | None = None
        self.drafts: list[tuple[str, Expected]] = []  # every cookie of this draft, and what it must hold
        self.lost: list[str] = []  # cookies of drafts that are over
        self.tabs: list[Page] = []
        self.files: set[tuple[str, str]] = set()  # (slot, SHA-256)
        self.file_ids: dict[str, tuple[str, str]] = {}

    # Gestures that rules share

    @property
    def page(self) -> Page:
        return self.client.page

    def start(self) -> None:
        self.client.get("/demande")
        self.press_if_there("Je démarre ma demande")
        self.settle()

    def be_in_the_demande(self) -> None:
        """On a page of answers, if a demande can be begun."""
        if not self.page.path.startswith("/demande/") or self.page.path == DONE:
            self.client.get("/demande")
            if resume := self.page.links().get("Reprendre ma demande"):
                self.client.get(resume)
            else:
                self.start()

    def forward_button(self) -> str:
        path = self.page.path
        known = FORWARD.get(path, PERSON if path.startswith("/demande/beneficiaires/") else "Suivant")
        if "personne=" in self.page.url and "Enregistrer" in self.page.buttons():
            known = "Enregistrer"
        return known if any(text.startswith(known) for text in self.page.buttons()) else ""

    def forward(self, hasard: Random) -> None:
        fields = answer(hasard, self.client)
        if button := self.forward_button():
            self.client.press(button, fields)
        self.settle()

    def reach(self, path: str, hasard: Random) -> None:
        """Be on this page, if it is for this person: at once, or after having answered those before it."""
        if self.client.get(path).path == path:
            return
        self.be_in_the_demande()
        for _ in range(20):
            if self.page.path in (path, "/demande/validation") or not self.forward_button():
                break
            self.forward(hasard)
            self.check()

    def press_if_there(self, button: str) -> None:
        if any(text.startswith(button) for text in self.page.buttons()):
            self.client.press(button)

    def hold(self, cookie: str | None) -> None:
        """Make this the draft cookie of the browser."""
        self.client.client.cookies.delete(COOKIE)
        if cookie:
            self.client.client.cookies.set(COOKIE, cookie, domain="testserver.local", path="/demande")

    # What was sent changes what must be found

    def settle(self) -> None:
        """Take note of the forms sent since the last time."""
        for post in self.recorder.posts:
            if post.location.startswith("/deconnexion"):
                self.forget()
            elif post.path == "/demande":
                self._begun(post)
            elif post.path == "/demande/validation" and post.location == DONE:
                if self.wanted is not None:
                    self._filed(self.wanted)
                self._over()
            elif self.wanted is not None:
                self._answered(post, self.wanted)
        self.recorder.posts.clear()

    def _begun(self, post: Post) -> None:
        if post.writes or "recommencer" in post.fields:
            self._over()
        if post.writes:
            self.wanted = Expected(compte_de(self.service, self.compte), TODAY)

    def _over(self) -> None:
        self.lost += [cookie for cookie, _ in self.drafts]
        self.wanted, self.drafts, self.files = None, [], set()

    def _answered(self, post: Post, wanted: Expected) -> None:
        if post.writes:
            wanted.take(post, self.draft().demande)
        if post.path != "/demande/pieces" or not (post.writes or post.status == 422):
            return
        possible = wanted.slots(bien=True, etranger=True)
        for field, (_, content, _) in post.files:
            if (slot := field.removeprefix("fichier_")) in possible:
                self.files.add((slot, hashlib.sha256(content).hexdigest()))
        self.files.discard(self.file_ids.get(post.text("supprimer"), ("", "")))

    def _filed(self, wanted: Expected) -> None:
        """What the caisse receives is what was said, of those who are there."""
        house, foyer = self.service.state.house, wanted.foyer()
        with reading(house.engine) as db:
            newest = select(DemandeDeposee).order_by(col(DemandeDeposee.id).desc())
            filed = read_instantane(house.ring, db.exec(newest).first())
        moi = filed.reponses.foyer[0]
        for name, answer_given in wanted.situation.items():
            assert getattr(filed.reponses if hasattr(filed.reponses, name) else moi, name) == answer_given, (
                name
            )
        assert [personne.cle for personne in filed.reponses.foyer] == foyer
        assert {(t.ressource, t.personne): t.euros for t in filed.reponses.ressources} == {
            (kind, cle): total
            for (kind, cle), total in wanted.totaux.items()
            if kind in (wanted.ressources or ()) and cle in foyer
        }
        slots = wanted.slots(bien=wanted.bien, etranger=wanted.etranger)
        pieces = {(f"{p.document}_{p.personne}".rstrip("_"), p.empreinte) for p in filed.pieces}
        assert pieces == {(slot, digest) for slot, digest in self.files if slot in slots}

    def draft(self) -> Draft:
        return current(self.client, self.service)

    # What must be true

    @invariant()
    def check(self) -> None:
        if self.page is None:
            return
        self.settle()
        self.met[f"{self.page.status} {self.page.path}"] += 1
        self._one_open_demande()
        if self.wanted is None:
            return
        demande = self.draft().demande
        self.wanted.check(demande)
        cookie = self.client.client.cookies[COOKIE]
        assert len(COOKIE) + 1 + len(cookie) < LARGEST
        if not self.drafts or self.drafts[-1][0] != cookie:
            self.drafts.append((cookie, deepcopy(self.wanted)))
        waiting_now = waiting(self.client, self.service)
        self.file_ids = {file.id: (file.emplacement, file.empreinte) for file in waiting_now}
        assert set(self.file_ids.values()) == self.files
        dossier = Dossier(demande, self.wanted.assure, TODAY, lambda: waiting_now)
        self._no_step_is_skipped(dossier)
        if self.page.status == 200:
            self._everything_is_shown_where_it_belongs(self.wanted)

    def _no_step_is_skipped(self, dossier: Dossier) -> None:
        row = JOURNEY.row(self.page.path.removeprefix("/demande/").split("/")[0])
        if row is None or self.page.status not in (200, 422) or self.page in self.tabs:
            return
        path = JOURNEY.path(dossier)
        assert row.step in path, f"{self.page.url} is not for this person"
        left = [step.slug for step in path[: path.index(row.step)] if not step.answered(dossier)]
        assert not left, f"{self.page.url} is shown before {left} is answered"

    def _everything_is_shown_where_it_belongs(self, wanted: Expected) -> None:
        page, tree = self.page, self.page.tree
        if page.path == "/demande/pieces":
            shown = {(node.attributes["id"] or "").removeprefix("slot_") for node in tree.css("[id^=slot_]")}
            assert shown == wanted.slots(bien=wanted.bien, etranger=wanted.etranger)
        for node in tree.css('input[name^="total_"]'):
            kind, _, cle = (node.attributes["name"] or "").removeprefix("total_").rpartition("_")
            value = node.attributes.get("value")
            assert (amount(value) if value else None) == wanted.totaux.get((kind, cle))
            label = tree.css_first(f'label[for="{node.attributes["id"]}"]').text()
            assert label.startswith(wanted.names()[cle]), f"{label} names another person than {cle}"
        for name, known in (("stage", wanted.stage), ("arret", wanted.arret)):
            for cle in {n.attributes["name"].split("_")[1] for n in tree.css(f'input[name^="{name}_"]')}:
                assert page.value(f"{name}_{cle}") == {True: "oui", False: "non", None: ""}[known.get(cle)]
        person = wanted.personnes.get(page.path.removeprefix("/demande/beneficiaires/"))
        if person:
            assert [page.value(name) for name in ("prenom", "nom", "nir")] == [
                person["prenom"],
                person["nom"],
                person["nir"] or "",
            ]

    def _one_open_demande(self) -> None:
        house = self.service.state.house
        with reading(house.engine) as db:
            open_ones = db.exec(
                select(func.count()).where(DemandeDeposee.ouverte).group_by(col(DemandeDeposee.compte_id))
            ).all()
            assert max(open_ones) == 1
