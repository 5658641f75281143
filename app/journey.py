"""
THE TABLE: what is asked, in which order, and when. Read this first.

Answers are stored (`app.domain.demande`); the path, the guard, the next page and the way back are derived here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.dossier import Dossier
from app.steps import (
    autres_ressources,
    beneficiaires,
    complements,
    consentement,
    foyer,
    moins_de_25_ans,
    montants,
    organisme,
    organismes_du_foyer,
    pieces,
    recapitulatif,
    ressources,
    situation,
    validation,
)
from app.steps._step import Step

STAGES = (
    "Avant de commencer",
    "Ma situation actuelle",
    "Mon foyer",
    "Mon organisme",
    "Mon autorisation",
    "Mes ressources",
    "Mes pièces justificatives",
    "Validation",
)


def always(_: Dossier) -> bool:
    """Asked of everybody."""
    return True


@dataclass(frozen=True)
class Row:
    """A page of the démarche: the étape of the source it belongs to, and whom it is asked of."""

    stage: int
    step: Step
    when: Callable[[Dossier], bool] = always


class Journey:
    """The démarche as a table, and what follows from it for one person."""

    def __init__(self, *rows: Row) -> None:
        self.rows = rows
        self._by_slug = {row.step.slug: row for row in rows}

    def row(self, slug: str) -> Row | None:
        """The row of this page."""
        return self._by_slug.get(slug)

    def stage(self, step: Step) -> int:
        """The étape of a page (0 to 7)."""
        return self._by_slug[step.slug].stage

    def path(self, dossier: Dossier) -> tuple[Step, ...]:
        """Every page this person meets."""
        return dossier.une_fois(self._path)

    def first_open(self, dossier: Dossier) -> Step:
        """The first page still without an answer that holds; the last one if there is none."""
        return dossier.une_fois(self._first_open)

    def allows(self, step: Step, dossier: Dossier) -> bool:
        """The page is met by this person, and nothing before it is left unanswered."""
        path = self.path(dossier)
        return step in path and path.index(step) <= path.index(self.first_open(dossier))

    def after(self, step: Step, dossier: Dossier) -> Step:
        """Where « Suivant » leads."""
        path = self.path(dossier)
        following = path[min(path.index(step) + 1, len(path) - 1)]
        return following if self.allows(following, dossier) else self.first_open(dossier)

    def past(self, step: Step, dossier: Dossier) -> Step:
        """The next page that is open, for a person who does not meet this one; the first still unanswered if none is."""
        later = self.rows[self.rows.index(self._by_slug[step.slug]) :]
        met = (row.step for row in later if self.allows(row.step, dossier))
        return next(met, self.first_open(dossier))

    def before(self, step: Step, dossier: Dossier) -> str:
        """The address « Retour » leads to."""
        path = self.path(dossier)
        index = path.index(step)
        return path[index - 1].url if index else "/demande"

    def _path(self, dossier: Dossier) -> tuple[Step, ...]:
        return tuple(row.step for row in self.rows if row.when(dossier))

    def _first_open(self, dossier: Dossier) -> Step:
        path = self.path(dossier)
        return next((step for step in path if not step.answered(dossier)), path[-1])


JOURNEY = Journey(
    #   étape  page                        asked only when
    Row(0, moins_de_25_ans.STEP,           when=lambda dossier: dossier.a_moins_de_25_ans),
    Row(1, situation.STEP),
    Row(2, foyer.STEP),
    Row(2, beneficiaires.STEP),
    Row(3, organisme.STEP),
    Row(3, organismes_du_foyer.STEP,       when=lambda dossier: dossier.a_plusieurs_personnes),
    Row(4, consentement.STEP),
    Row(5, ressources.STEP),
    Row(5, autres_ressources.STEP),
    Row(5, montants.STEP,                  when=lambda dossier: bool(dossier.demande.autres_ressources)),
    Row(5, complements.STEP),
    Row(5, recapitulatif.STEP),
    Row(6, pieces.STEP),
    Row(7, validation.STEP),
)  # fmt: skip
STARTS = {row.stage: row.step.url for row in reversed(JOURNEY.rows)}  # étape → its first page
