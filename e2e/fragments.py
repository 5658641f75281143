"""The parts of a page that change alone: how each is pressed, and what is there once it has worked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, expect

from app.domain.demande import Beneficiaires, Foyer
from tests.support.household import une_personne


def click(button: Locator) -> None:
    button.click()


def turn(box: Locator) -> None:
    """Ticked again, if it is ticked already."""
    if box.is_checked():
        box.press("Space")
        expect(box.page.locator("#panne")).to_have_count(0)
    box.press("Space")


def write(search: Locator) -> None:
    """Three letters; then one more."""
    search.press_sequentially("n" if search.input_value() else "lyo")


@dataclass(frozen=True)
class Fragment:
    """A part of a page that changes alone."""

    name: str
    url: str
    press: Callable[[Locator], None]
    pressed: str  # a selector
    done: str  # what there is once it has worked
    answered: Mapping[str, str] = field(default_factory=dict)  # selector → value, or "" to choose
    before: Mapping[str, Any] = field(default_factory=dict)  # fields of `Demande`

    def __str__(self) -> str:
        return self.name


JULES, LOU = une_personne("jjjj"), une_personne("llll", prenom="Lou")
CHILDREN: dict[str, Any] = {"foyer": Foyer(vu=True, retires=("m3xw",))}
ADDED: dict[str, Any] = {
    "beneficiaires": Beneficiaires(personnes=(JULES, LOU), retires=("llll",), vu=True),
}
TYPED = {"#nationalite": "ue"}
MINE, THEIRS = "/demande/organisme", "/demande/organismes-du-foyer?personne=k7qd"
ORGANISME, SECOND = {"#gestionnaire_organisme": ""}, {"#o_2": ""}
MORE = "a[data-hx-get]"

FRAGMENTS = [
    Fragment("caf", "/demande/situation", turn, "#caf", "#caf_numero:visible", TYPED),
    Fragment("changement", "/demande/situation", turn, "#changement", "#changement_type:visible", TYPED),
    *(
        Fragment(f"{page} {press}", f"/demande/{page}", click, f"[name={press}][value={who}]",
                 f"[name={back}][value={who}]", before=before)
        for page, before, here, gone in (("foyer", CHILDREN, "k7qd", "m3xw"), ("beneficiaires", ADDED, "jjjj", "llll"))
        for press, back, who in (("retirer", "remettre", here), ("remettre", "retirer", gone))
    ),
    Fragment("search", MINE, write, "#ville", "#resultats", ORGANISME),
    Fragment("search for Sami", THEIRS, write, "#ville", "#resultats", ORGANISME),
    Fragment("more", f"{MINE}?ville=lyon", click, MORE, "#o_6", SECOND),
    Fragment("more for Sami", f"{THEIRS}&ville=lyon", click, MORE, "#o_6", SECOND),
]  # fmt: skip
