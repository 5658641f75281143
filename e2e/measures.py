"""
What the démarche costs its reader: words, screens, where the first control and the forward button stand (spec §10).

On a phone of 320 × 640 with scripts, in the letters of an Android phone. The page notes its own measures when it has
loaded, so that a walk is measured while it is played, by the same hands as in every test.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from app.demo.states import STATES
from e2e.pages.consentement import Consentement
from e2e.pages.organisme import Organisme
from e2e.pages.organismes_du_foyer import OrganismesDuFoyer
from e2e.pages.pieces import Pieces
from e2e.pages.situation import Situation
from e2e.walks import demarre, depose, joint_son_avis, vers_l_organisme, vers_le_recapitulatif
from e2e.window import Window

WIDTH, SCREEN = 320, 640  # px
SCRIPT = Path(__file__).with_suffix(".js")

WORDS, SCREENS, PAGES, TOUCHES = 2_200, 36, 15, 30
FIRST, FORWARD = 900, 1_900  # px from the top, before any answer
FIRST_OF = {"/demande/consentement": 1_500, "/demande/validation": 1_500}
FORWARD_OF = {"/demande/pieces": 2_400, "/demande/beneficiaires/ajouter": 2_600}
REFUSED_AMOUNTS, REFUSED_HEIGHT = "montants-dix-enfants-vide", 5_000
UNMET = (  # pages of the démarche that Nadia does not meet; two kinds of amounts
    "moins-de-25-ans",
    "beneficiaire-vide",
    "organisme-cas-3",
    "organisme-cas-4",
    "organisme-plusieurs",
    "organismes-du-foyer-une-personne",
    "montants-remplis",
)


@dataclass(frozen=True)
class Measure:
    """
    A page as it arrives: words of `main` (closed details apart), px from the top; 0 for a button that it has not.

    `broken`: the words that a line ends in the middle of.
    """

    page: str
    words: int
    height: int
    first: int
    forward: int
    broken: list[str]

    @property
    def too_far(self) -> list[str]:
        """What stands lower than a page of the démarche may have it; a page without a way forward has no limit."""
        first, forward = FIRST_OF.get(self.page, FIRST), FORWARD_OF.get(self.page, FORWARD)
        far = []
        if self.forward and self.first > first and self.first != self.forward:
            far.append(f"{self.page}: first control at {self.first} px, {first} at most")
        if self.forward > forward:
            far.append(f"{self.page}: forward button at {self.forward} px, {forward} at most")
        return far


@dataclass(frozen=True)
class Walk:
    """A whole démarche, from « Mes démarches » to « terminée »."""

    pages: list[Measure]
    touches: int

    @property
    def words(self) -> int:
        return sum(page.words for page in self.pages)

    @property
    def screens(self) -> float:
        return sum(page.height for page in self.pages) / SCREEN


@contextmanager
def phone(browser: Browser, url: str) -> Iterator[Page]:
    """A tab that measures what it shows."""
    context = browser.new_context(
        base_url=url,
        locale="fr-FR",
        timezone_id="Europe/Paris",
        viewport={"width": WIDTH, "height": SCREEN},
    )
    context.add_init_script(path=SCRIPT)
    try:
        yield context.new_page()
    finally:
        context.close()


def nadia(page: Page) -> Walk:
    """Nadia with her two children, her caisse, no other resource and one avis."""
    window = Window(page)
    organisme = vers_l_organisme(demarre(window, "Nadia", Situation), Organisme)
    organisme.choisir_la_caisse()
    consentement = organisme.suivant(OrganismesDuFoyer).suivant(Consentement)
    pieces = vers_le_recapitulatif(consentement, "Nadia", "Lina").suivant(Pieces)
    pieces.figure_sur_mon_avis("Lina")
    depose(joint_son_avis(pieces, "Nadia"))
    notes: list[dict[str, Any]]
    notes, touches = page.evaluate(
        "['pages', 'touches'].map(name => JSON.parse(sessionStorage.getItem(name)))"
    )
    pages = [Measure(**note) for note in notes if not note["page"].startswith("/connexion")]
    return Walk(pages, touches - 1)  # the first touch signs in


def of_states(page: Page, states: Iterable[str]) -> Iterator[tuple[str, Measure]]:
    """Each of these states, as it arrives."""
    for nom in states:
        page.goto(f"/etats/{nom}")
        yield nom, replace(Measure(**page.evaluate("measure()")), page=STATES[nom].page)
