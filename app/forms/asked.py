"""A question, declared once; and the questions of a page, as the fields of the class that keeps their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.domain._fige import Fige
from app.domain.dossier import Dossier
from app.forms.form import Question, Sent, Value
from app.forms.kinds import BoxThen, Kind

T = TypeVar("T")
A = TypeVar("A", bound=Fige)


@dataclass(frozen=True, eq=False)
class Asked(Generic[T]):
    """
    A question whose answer is one field of its page: everything about it is declared here.

    In `hint`, `{depuis}` is the day twelve months ago. Without `missing` the answer may be left out. Without `recap`
    the récapitulatif does not tell it. `required=False`: the page itself decides when the answer is missing.
    """

    kind: Kind[T]
    label: str
    hint: str = ""
    plain: str = ""  # said before the hint where no script runs
    recap: str = ""  # its name on the récapitulatif and on the accusé
    modify: str = ""  # read out after « Modifier », when it is not `recap`
    sentence: str = ""  # on the line of a person: `{}` is the answer in words; an unticked box says nothing
    untold: str = "Sans réponse"  # what the récapitulatif says without an answer
    missing: str = ""  # what to do when it is not answered
    unknown: str = ""  # what to do when the answer is none of ours
    optional: bool = False  # says « (facultatif) »
    required: bool = True  # says aria-required where the control may, unless optional
    control: str = ""  # the name of its first control, when it is not that of the field

    def said(self, answer: T | None) -> str:
        """The answer on the line of a person; empty when there is nothing to say."""
        return self.sentence.format(self.kind.told(answer)) if answer not in (None, False) else ""


class Questionnaire(Generic[A]):
    """
    The questions of a page: one `Asked` for each field of the class of its answers.

    `by_hand`: the fields that the page reads and shows itself. Raises TypeError, at start, naming any field that is
    not in both.
    """

    def __init__(
        self, answers: type[A], asked: Mapping[str, Asked[Any]], *, by_hand: frozenset[str] = frozenset()
    ) -> None:
        self.answers, self.asked = answers, asked
        fields = set(answers.model_fields) - by_hand
        for alone, lacks in (
            (fields - set(asked), "a field without its question"),
            (set(asked) - fields, "a question without its field"),
        ):
            if alone:
                raise TypeError(f"{answers.__name__}: {lacks}: {', '.join(sorted(alone))}")

    def questions(self, dossier: Dossier) -> dict[str, Question]:
        """Every control of the page, in the order of the questions."""
        return {
            control: question
            for name, asked in self.asked.items()
            for control, question in asked.kind.questions(asked.control or name, asked, dossier).items()
        }

    def values(self, answers: A | None) -> dict[str, Value]:
        """What the controls hold once these answers have been given."""
        if answers is None:
            return {}
        return {
            control: value
            for name, asked in self.asked.items()
            for control, value in asked.kind.shown(asked.control or name, getattr(answers, name)).items()
        }

    def read(self, dossier: Dossier, sent: Sent, before: A | None = None) -> dict[str, Any]:
        """
        Field → answer, `before` being those stored so far; refusals are left in `sent.errors`.

        Where each person answers, the answers of those who left stay: they may come back.
        """
        read = {
            name: asked.kind.read(asked.control or name, asked, dossier, sent)
            for name, asked in self.asked.items()
        }
        return {
            name: {**getattr(before, name, {}), **answer} if isinstance(answer, Mapping) else answer
            for name, answer in read.items()
        }

    def parsed(self, typed: Callable[[str], str], before: A | None = None) -> dict[str, Any]:
        """Field → what its control (`typed`, by name) holds; the answer of `before` where that is no answer."""
        return {
            name: getattr(before, name, None) if (answer := asked.kind.parse(typed(name))) is None else answer
            for name, asked in self.asked.items()
        }

    def revealed(self, sent: Sent) -> str:
        """What is said aloud of the field that a box opens, now that the box has changed."""
        for name, asked in self.asked.items():
            box = asked.control or name
            if isinstance(asked.kind, BoxThen) and sent.text("bloc") == f"{box}_suite":
                return asked.kind.revealed(box, sent)
        return ""

    def answered(self, dossier: Dossier, answers: A | None) -> bool:
        """Every required answer is there: drafts under way may lack one that is new."""
        return answers is not None and all(
            not asked.missing or asked.kind.holds(getattr(answers, name), dossier)
            for name, asked in self.asked.items()
        )

    def lines(self, dossier: Dossier, answers: A) -> Iterator[tuple[str, str, str, str]]:
        """(label, answer in words, id of its control, object of « Modifier ») for the récapitulatif."""
        for name, asked in self.asked.items():
            if asked.recap:
                yield from asked.kind.lines(asked.control or name, asked, dossier, getattr(answers, name))

    def sentences(self, answers: A) -> Iterator[tuple[str, str]]:
        """(field, sentence) for the line of a person."""
        for name, asked in self.asked.items():
            if sentence := asked.said(getattr(answers, name)):
                yield name, sentence

    def plainest(self, dossier: Dossier) -> A:
        """The plainest answers of this household: those that must be given, and no other."""
        asked = {name: asked for name, asked in self.asked.items() if asked.missing}
        return self.answers(**{name: asked.kind.plainest(dossier) for name, asked in asked.items()})
