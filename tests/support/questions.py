"""The tables of questions, and another answer than a given one: drawn from their kinds."""

from typing import Any

from app.domain._fige import Fige
from app.domain.dossier import Dossier
from app.forms.asked import Questionnaire
from app.forms.kinds import Kind, PerPerson
from app.journey import JOURNEY
from app.steps import beneficiaire
from app.steps._step import AskedStep
from app.steps.pieces import questions as pieces

TABLES: dict[str, Questionnaire[Any]] = {
    row.step.name: row.step.asked for row in JOURNEY.rows if isinstance(row.step, AskedStep)
} | {"beneficiaire": beneficiaire.ASKED, "pieces": pieces.ASKED}


def table_of(answers: type[Fige]) -> Questionnaire[Any] | None:
    """The questions whose answers this class keeps, itself or by the class it extends."""
    return next((table for table in TABLES.values() if issubclass(answers, table.answers)), None)


def otherwise(kind: Kind[Any], answer: Any, dossier: Dossier) -> Any:
    """Another answer of this kind, that this household may give."""
    if isinstance(kind, PerPerson):
        first, *_ = kind.of(dossier)
        given = {**kind.plainest(dossier), **(answer or {})}
        return {**given, first.cle: otherwise(kind.kind, given[first.cle], dossier)}
    return next(sample for sample in reversed(kind.samples()) if sample != answer)
