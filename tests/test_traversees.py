"""How many functions an answer crosses, and how many classes a file wears, from their arrival to the export."""

import sys
from collections.abc import Iterator
from inspect import isclass
from types import FrameType, SimpleNamespace
from typing import Any

import app.main  # noqa: F401  (every class is loaded)
from app.demo.comptes import account_entry, make_assure
from app.demo.reponses import answers_before
from app.domain.demande import Nationalite
from app.domain.dossier import Dossier
from app.domain.instantane import reponses
from app.forms.form import Field, Sent
from app.forms.words import NATIONALITES
from app.steps import situation
from app.steps._lines import Block, _asked, plain_lines
from app.web.submission import _clean
from app.web.templates import weld
from tests.conftest import TODAY
from tests.support.household import ETAPE_1

MOST_ROOMS = 20 - 1  # `app.web.submission._read`, which takes it out of the request, is not entered here
VALUE = (Nationalite.UE, NATIONALITES[Nationalite.UE])
MAY_WEAR = {"DescriptionDeFichier", "Fichier", "PieceEnAttente", "Piece", "PieceExportee"}
TELLS_OF_ONE = {
    "RefusedFile",
    "PiecePerdue",
    "FichierEnvoye",
    "_Rangee",
}  # not kept, lost, a line of a message, columns


def within(found: Any, deep: int = 2) -> Iterator[Any]:
    """The object, and what is in it: a page of answers is not opened, for it is carried and not looked into."""
    yield found
    inside = vars(found) if isinstance(found, Field) else found
    held = inside.values() if isinstance(inside, dict) else inside if isinstance(inside, list | tuple) else ()
    for one in held if deep else ():
        yield from within(one, deep - 1)


def test_an_answer_crosses_at_most_twenty_functions() -> None:
    """Read at étape 1, shown again, told by the récapitulatif and the accusé, then filed: the export copies that."""
    entered: set[str] = set()

    def watch(frame: FrameType, event: str, result: Any) -> None:
        code = frame.f_code
        name = code.co_qualname.split(".<locals>")[0]
        held = within([*frame.f_locals.values(), result], 3) if "/app/" in code.co_filename else ()
        if event == "return" and any(isinstance(one, str) and one in VALUE for one in held):
            entered.add(f"{code.co_filename.rpartition('/')[2]}:{name}")

    assure = make_assure(account_entry("nadia"), TODAY)
    dossier = Dossier(answers_before("pieces", "", assure, TODAY), assure, TODAY)
    step, visit = situation.STEP, SimpleNamespace(dossier=dossier)
    step.form(visit)["nationalite"]  # type: ignore[arg-type]  # the first page of a process prepares the others
    sys.setprofile(watch)
    try:
        sent = Sent({name: (_clean(value),) for name, value in (ETAPE_1 | {"nationalite": "ue"}).items()})
        dossier = visit.dossier = dossier.avec(step.read(visit, sent))  # type: ignore[arg-type]
        assert step.answered(dossier)
        shown = step.form(visit)["nationalite"].value  # type: ignore[arg-type]
        [[_, told]] = plain_lines([Block("", list(_asked(step, dossier)))])
        drawn = weld(VALUE[1])
        filed = reponses(dossier).foyer[0].nationalite
    finally:
        sys.setprofile(None)
    assert (shown, filed, drawn in str(told)) == ("ue", Nationalite.UE, True)
    entered.add("instantane.py:_personne")  # it copies the field straight into what is filed
    assert len(entered) <= MOST_ROOMS, sorted(entered)
    assert {"form.py:Sent.text", "kinds.py:OneOf.told", "_lines.py:_said"} <= entered


def test_a_file_wears_at_most_five_classes() -> None:
    """A class that says how many pages a file has describes a file."""
    ours = [module for name, module in sys.modules.items() if name.startswith("app.")]
    classes = {one for module in ours for one in vars(module).values() if isclass(one)}
    say = {
        one.__name__
        for one in classes
        if any("pages" in vars(base).get("__annotations__", {}) for base in one.__mro__)
    }
    assert say - TELLS_OF_ONE == MAY_WEAR
