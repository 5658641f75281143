"""The two drawings: small, ours, and never alone — each number of a drawing is a line of the list beside it."""

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborNode
from starlette.applications import Starlette

from app.domain.nir import cle_du_nir
from tests.states import STATES, open_state

PARTIAL = Path(__file__).resolve().parents[2] / "templates" / "partials" / "dessins.html"
SHOWN = {
    "connexion-vide": "carte Vitale",
    "beneficiaire-vide": "carte Vitale",
    "pieces": "avis d’impôt",
    "aide": "avis d’impôt",
}
CIRCLE = "a8 8 0 1 0 .1 0"


def drawing(service: Starlette, nom: str) -> LexborNode:
    """The first drawing of this state."""
    found = open_state(service, STATES[nom]).tree.css_first("svg.dessin")
    assert found is not None
    return found


def test_each_drawing_weighs_less_than_a_kilobyte() -> None:
    drawings = re.findall(r"<svg.*?</svg>", PARTIAL.read_text(encoding="utf-8"), re.DOTALL)
    assert len(drawings) == 2
    assert [len(svg) for svg in drawings if len(svg) >= 1_000] == []
    assert [svg for svg in drawings if re.search(r"style=|fill=\"#|href|<text", svg)] == []


@pytest.mark.parametrize(("nom", "paper"), SHOWN.items())
def test_a_drawing_stands_in_a_closed_detail_beside_the_same_in_words(
    service: Starlette, nom: str, paper: str
) -> None:
    svg = drawing(service, nom)
    assert svg.attributes["aria-hidden"] == "true"
    text = svg.parent
    assert text is not None
    assert text.parent is not None
    assert text.parent.tag == "details"
    assert "open" not in text.parent.attributes
    assert paper in text.text()
    lines = text.css("ol > li")
    assert len(lines) == (svg.html or "").count(CIRCLE) > 1
    assert all(line.text(strip=True) for line in lines)


def test_the_number_that_is_shown_has_its_own_key(service: Starlette) -> None:
    text = drawing(service, "connexion-vide").parent
    assert text is not None
    number, key = [re.sub(r"\D", "", line.text().split(":")[1]) for line in text.css("ol > li")]
    assert (len(number), key) == (13, cle_du_nir(number))
