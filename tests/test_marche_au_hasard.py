"""
Walks at random: whatever is pressed, in whatever order, no step is skipped and no answer is lost.

They are the same walks each time. `MARCHES=500` asks for as many new ones, and makes short what one of them finds.
A walk is named by its seed: `GRAINE=7` plays those of this seed again (with the same `MARCHES`).
"""

import os
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test
from sqlmodel import select
from starlette.applications import Starlette

from app.domain.demande import Pieces
from app.store.database import reading
from app.store.tables import PieceEnAttente
from app.web.draft import COOKIE
from tests.support import samples
from tests.support.browser import Browser
from tests.support.waiting import PIECES, ready, sent, session_id
from tests.support.walk import ADDRESSES, CHANGES, GARBAGE, PEOPLE, answer
from tests.support.walker import PERSON, Walker

NEW_WALKS = int(os.environ.get("MARCHES", "0"))
TOGETHER = 2  # walks of one seed, in one test
SEEDS = range(1, 7)
PROFILE = settings(
    max_examples=TOGETHER,
    stateful_step_count=30,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink] if NEW_WALKS else [Phase.generate],
)
ACCOUNTS = ("nadia", "awa", "nadia", "awa", "leo", "lucie", "karim", "marc", "benoit")
PDFS = [samples.pdf(pages=pages) for pages in (1, 2, 3)]
chances = st.integers(0, 2**20).map(Random)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each seed is a test: workers share them, and the name of one that fails says how to play it again."""
    if "graine" in metafunc.fixturenames:
        new = Random(metafunc.config.getoption("randomly_seed")).sample(range(10**6), NEW_WALKS // TOGETHER)
        asked = [int(graine) for graine in os.environ.get("GRAINE", "").split()]
        metafunc.parametrize("graine", asked or new or SEEDS)


def test_no_step_is_skipped_and_no_answer_is_lost(filled_folder: Path, graine: int) -> None:
    run_state_machine_as_test(seed(graine)(lambda: Walk(filled_folder)), settings=PROFILE)  # type: ignore[arg-type]


def test_a_document_said_missing_once_and_joined_since_is_no_contradiction(
    client: Browser, service: Starlette
) -> None:
    """A walk found it: the page refused a box that it did not show, with a link that led nowhere."""
    ready(client, service, "benoit", pieces=Pieces(absentes=("avis_moi", "fonciere", "habitation")))
    client.press("Suivant", bien="non", etranger="non", files=[sent("fonciere", "taxe.pdf", PDFS[1])])
    client.get(PIECES)
    assert client.press("Suivant", bien="oui").path == "/demande/validation"


class Walk(Walker):
    @initialize(chance=chances, page=st.sampled_from(("situation", "recapitulatif", "validation")))
    def arrive(self, chance: Random, page: str) -> None:
        self.sign_in(chance)
        self.reach(f"/demande/{page}", chance)

    # What may be pressed: each rule draws one gesture of its kind

    @rule(chance=chances)
    def look_elsewhere(self, chance: Random) -> None:
        chance.choice((self.go_back, self.jump, self.jump_to_somebody, self.leave_a_tab_open))(chance)

    @rule(chance=chances)
    def change_the_household(self, chance: Random) -> None:
        gestures = (
            self.remove_or_put_back,
            self.add_somebody,
            self.remove_or_put_back,
            self.correct_somebody,
        )
        chance.choice(gestures)(chance)

    @rule(chance=chances)
    def send_and_delete_files(self, chance: Random) -> None:
        chance.choice((self.send_a_file, self.send_a_file, self.delete_a_file))(chance)

    @rule(chance=chances)
    def come_from_the_past(self, chance: Random) -> None:
        chance.choice((self.press_in_a_tab_left_open, self.lose_the_last_answers, self.press_twice))(chance)

    @precondition(lambda self: len(self.drafts) > 9)
    @rule(chance=chances)
    def leave(self, chance: Random) -> None:
        chance.choice((self.start_again, self.sign_out_and_in))(chance)

    @rule(chance=chances, pages=st.integers(1, 9))
    def go_forward(self, chance: Random, pages: int) -> None:
        self.be_in_the_demande()
        while pages and self.page.path != "/demande/validation":
            self.forward(chance)
            self.check()
            pages -= 1

    @rule(chance=chances, page=st.sampled_from(("montants", "complements", "pieces", "recapitulatif")))
    def go_far(self, chance: Random, page: str) -> None:
        self.reach(f"/demande/{page}", chance)
        self.forward(chance)

    @rule(chance=chances)
    def modify_from_the_recapitulatif(self, chance: Random) -> None:
        self.reach("/demande/recapitulatif", chance)
        if self.page.path == "/demande/recapitulatif":
            modify = [url for text, url in self.page.links().items() if text.startswith("Modifier")]
            self.client.get(chance.choice(modify).split("#")[0])
            self.forward(chance)

    @rule(chance=chances, garbage=st.sampled_from(GARBAGE))
    def type_garbage(self, chance: Random, garbage: str) -> None:
        self.be_in_the_demande()
        names = {node.attributes.get("name") or "": None for node in self.page.tree.css("main [name]")}
        fields = [name for name in names if name and name != "action" and not name.startswith("fichier_")]
        if button := self.forward_button():
            self.client.press(button, {chance.choice(fields): garbage})

    @precondition(lambda self: len(self.have_filed) < 4)
    @rule(chance=chances)
    def file_it(self, chance: Random) -> None:
        """At the end another person comes to the same browser."""
        self.reach("/demande/validation", chance)
        if self.forward_button() == "Je valide ma demande":
            self.client.press("Je valide ma demande", certifie=chance.choice(("oui", None)))
            self.check()
            if self.wanted is None:
                self.have_filed.add(self.compte)
                self.sign_out_and_in(chance)

    # The gestures

    def go_back(self, _: Random) -> None:
        self.be_in_the_demande()
        if back := self.page.links().get("Retour"):
            self.client.get(back)

    def jump(self, chance: Random) -> None:
        """Look at a page, or answer it again."""
        self.client.get(chance.choice(ADDRESSES))
        if chance.random() < 0.5:
            self.forward(chance)

    def jump_to_somebody(self, chance: Random) -> None:
        """A child of the account, a person added, or a person removed since."""
        people = list(self.wanted.names()) if self.wanted else ["moi"]
        page = chance.choice(("beneficiaires/", "organismes-du-foyer?personne="))
        self.client.get(f"/demande/{page}{chance.choice(people)}")
        self.forward(chance)

    def leave_a_tab_open(self, _: Random) -> None:
        self.tabs.append(self.page)

    def press_in_a_tab_left_open(self, chance: Random) -> None:
        if self.tabs:
            self.client.page = self.tabs.pop(chance.randrange(len(self.tabs)))
            if buttons := [text for text in self.page.buttons() if text]:
                self.client.press(chance.choice(buttons))

    def lose_the_last_answers(self, chance: Random) -> None:
        """The responses were lost on the network: the browser still holds a draft of before."""
        if self.drafts:
            cookie, wanted = chance.choice(self.drafts)
            self.hold(cookie)
            self.wanted = deepcopy(wanted)
            self.client.get("/demande/situation")

    def press_twice(self, chance: Random) -> None:
        self.be_in_the_demande()
        fields = answer(chance, self.client)
        if button := self.forward_button():
            self.send_twice(button, fields)

    def send_twice(self, button: str, fields: dict[str, Any]) -> None:
        page = self.page
        self.client.press(button, fields)
        self.settle()
        self.client.page = page
        self.client.press(button, fields)

    def add_somebody(self, chance: Random) -> None:
        self.reach("/demande/beneficiaires", chance)
        self.client.get("/demande/beneficiaires/ajouter")
        if self.forward_button() == PERSON:
            self.send_twice(PERSON, chance.choice(PEOPLE))

    def correct_somebody(self, chance: Random) -> None:
        if self.wanted and self.wanted.personnes:
            self.client.get(f"/demande/beneficiaires/{chance.choice(list(self.wanted.personnes))}")
            if self.forward_button() == PERSON:
                self.client.press(PERSON, chance.choice(CHANGES))

    def remove_or_put_back(self, chance: Random) -> None:
        self.reach(f"/demande/{chance.choice(('foyer', 'beneficiaires'))}", chance)
        if buttons := self.page.tree.css('button[name="retirer"], button[name="remettre"]'):
            button = chance.choice(buttons).attributes
            self.client.press("Retirer" if button["name"] == "retirer" else "Remettre", value=button["value"])
            self.check()
            for later in ("montants", "complements", "pieces"):
                self.client.get(f"/demande/{later}")
                self.forward(chance)

    def send_a_file(self, chance: Random) -> None:
        self.reach("/demande/pieces", chance)
        if slots := self.page.tree.css('button[name="envoyer"]'):
            code = chance.choice(slots).attributes["value"] or ""
            file = (f"fichier_{code}", (f"{code}.pdf", chance.choice(PDFS), "application/pdf"))
            button = chance.choice(("Envoyer ce fichier", "Suivant"))
            self.client.press(button, answer(chance, self.client), files=[file])

    def delete_a_file(self, chance: Random) -> None:
        self.reach("/demande/pieces", chance)
        if buttons := self.page.tree.css('button[name="supprimer"]'):
            self.client.press("Supprimer", value=chance.choice(buttons).attributes["value"])

    def start_again(self, chance: Random) -> None:
        """The draft of before is over, and opens nothing more."""
        self.client.get("/demande?fait=effacer")
        self.client.press("Oui, tout effacer et recommencer")
        self.client.press("Je démarre ma demande")
        self.check()
        mine = self.client.client.cookies[COOKIE]
        self.hold(chance.choice(self.lost))
        assert self.client.get("/demande/situation").path == "/demande"
        self.hold(mine)

    def sign_out_and_in(self, chance: Random) -> None:
        self.client.get("/demarches")
        session = session_id(self.client, self.service)
        self.client.sign_out()
        with reading(self.service.state.house.engine) as db:
            assert not db.exec(select(PieceEnAttente).where(PieceEnAttente.session_id == session)).all()
        self.sign_in(chance)

    def sign_in(self, chance: Random) -> None:
        self.compte = chance.choice([compte for compte in ACCOUNTS if compte not in self.have_filed])
        self.client.sign_in(self.compte)
        self.forget()
        self.start()
