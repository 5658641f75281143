"""
The kinds of answers: how each is drawn, read, shown again in its controls, told in words, and sampled.

A kind knows no page. What a page says of one question is in its `Asked` (`app.forms.asked`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from app.domain.caf import DefautCaf, defaut_du_caf, normalise_caf
from app.domain.dates import DefautDate
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.naissance import NaissanceIncomplete, est_zero, lit_naissance_incomplete
from app.domain.periode import douze_mois_avant
from app.forms.form import Drawing, Field, Question, Sent, Value
from app.forms.readers import PARTS, read_date, read_name
from app.forms.typography import jour
from app.forms.words import prenom

if TYPE_CHECKING:
    from app.forms.asked import Asked

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Kind(Generic[T]):
    """A kind of answer. `name` is the name of its first control in the form."""

    drawing: ClassVar[Drawing] = "text"
    layout: ClassVar[Mapping[str, Any]] = {}  # what else the control needs: fields of `Question`

    def question(self, asked: Asked[T], dossier: Dossier) -> Question:
        """How the first control is drawn: the same object all day, since a declaration names nobody."""
        return _declared(self, asked, dossier.le)

    def declare(self, asked: Asked[T], le: date) -> Question:
        """How the first control is drawn on this day."""
        return Question(
            asked.label,
            asked.hint.format(depuis=jour(douze_mois_avant(le))),
            kind=self.drawing,
            plain=asked.plain,
            optional=asked.optional,
            required=asked.required and bool(asked.missing),
            **self.layout,
        )

    def questions(self, name: str, asked: Asked[T], dossier: Dossier) -> dict[str, Question]:
        """Every control, by name."""
        return {name: self.question(asked, dossier)}

    def parse(self, typed: str) -> T | None:
        """The answer that a control holds; None for anything else."""
        raise NotImplementedError

    def read(self, name: str, asked: Asked[T], dossier: Dossier, sent: Sent) -> T | None:
        """The answer that was sent; refusals are left in `sent.errors`."""
        typed = sent.text(name)
        answer = self.parse(typed)
        if answer is None and (refusal := (typed and asked.unknown) or asked.missing):
            sent.refuse(name, refusal)
        return answer

    def shown(self, name: str, answer: T | None) -> dict[str, Value]:
        """What each control holds once this has been answered."""
        return {name: "" if answer is None else str(answer)}

    def told(self, answer: T) -> str:
        """The answer in words."""
        return str(answer)

    def samples(self) -> tuple[T, ...]:
        """Answers of this kind, the plainest first: for the demonstration and for tests."""
        raise NotImplementedError

    def plainest(self, dossier: Dossier) -> T:
        """The plainest answer of this household."""
        return self.samples()[0]

    def holds(self, answer: T | None, dossier: Dossier) -> bool:
        """A required answer is there, for everybody it is asked of."""
        return answer is not None

    def lines(
        self, name: str, asked: Asked[T], dossier: Dossier, answer: T | None
    ) -> Iterator[tuple[str, str, str, str]]:
        """(label, answer in words, id of the control, object of « Modifier ») for the récapitulatif."""
        question = self.question(asked, dossier)
        yield (
            asked.recap,
            asked.untold if answer is None else self.told(answer),
            Field(name, question, "", "").anchor,
            asked.modify or asked.recap,
        )


@lru_cache(512)  # every declaration, yesterday and today
def _declared(kind: Kind[Any], asked: Asked[Any], le: date) -> Question:
    question = kind.declare(asked, le)
    question.keep_drawings()
    return question


class YesNo(Kind[bool]):
    """Oui or Non, neither of them ticked beforehand."""

    drawing: ClassVar[Drawing] = "yes_no"

    def parse(self, typed: str) -> bool | None:
        return {"oui": True, "non": False}.get(typed)

    def shown(self, name: str, answer: bool | None) -> dict[str, Value]:
        return {name: "" if answer is None else "oui" if answer else "non"}

    def told(self, answer: bool) -> str:
        return "Oui" if answer else "Non"

    def samples(self) -> tuple[bool, ...]:
        return False, True


@dataclass(frozen=True, eq=False)
class Engagement(YesNo):
    """Oui or Non to a promise, in its own words."""

    drawing: ClassVar[Drawing] = "radio"
    taken: str = ""
    refused: str = ""

    def declare(self, asked: Asked[bool], le: date) -> Question:
        return replace(super().declare(asked, le), options=(("oui", self.taken), ("non", self.refused)))


@dataclass(frozen=True, eq=False)
class OneOf(Kind[E]):
    """One choice of a closed list."""

    drawing: ClassVar[Drawing] = "select"
    words: Mapping[E, str]

    def declare(self, asked: Asked[E], le: date) -> Question:
        return replace(super().declare(asked, le), options=tuple(self.words.items()))

    def parse(self, typed: str) -> E | None:
        return next((option for option in self.words if option == typed), None)

    def told(self, answer: E) -> str:
        return self.words[answer]

    def samples(self) -> tuple[E, ...]:
        return tuple(self.words)


class Box(Kind[bool]):
    """A box."""

    drawing: ClassVar[Drawing] = "box"

    def read(self, name: str, asked: Asked[bool], dossier: Dossier, sent: Sent) -> bool:
        ticked = sent.box(name)
        if not ticked and asked.missing:
            sent.refuse(name, asked.missing)
        return ticked

    def shown(self, name: str, answer: bool | None) -> dict[str, Value]:
        return {name: "oui" if answer else ""}

    def told(self, answer: bool) -> str:
        return "Oui" if answer else "Non"

    def samples(self) -> tuple[bool, ...]:
        return False, True


@dataclass(frozen=True, eq=False)
class Name(Kind[str]):
    """A first or last name. `called`: what it is; `examples`: its samples; `absent`: the box of those who have none."""

    called: str
    examples: tuple[str, str]
    absent: str

    def questions(self, name: str, asked: Asked[str], dossier: Dossier) -> dict[str, Question]:
        box = Question(self.absent, kind="box", required=False)
        return {name: self.question(asked, dossier), f"{name}_absent": box}

    def read(self, name: str, asked: Asked[str], dossier: Dossier, sent: Sent) -> str:
        if not sent.text(name) and sent.box(f"{name}_absent"):
            return ""
        sent.fill(f"{name}_absent", "")
        return read_name(sent, name, self.called, asked.missing)

    def shown(self, name: str, answer: str | None) -> dict[str, Value]:
        return {name: answer or "", f"{name}_absent": "oui" if answer == "" else ""}

    def samples(self) -> tuple[str, ...]:
        return self.examples


@dataclass(frozen=True, eq=False)
class CafNumber(Kind[str]):
    """Seven digits, as text: the first may be 0. `words`: what to do about each defect; `{n}`, how many were typed."""

    layout: ClassVar[Mapping[str, Any]] = {"size": "c7", "inputmode": "numeric"}
    words: Mapping[DefautCaf, str]

    def read(self, name: str, asked: Asked[str], dossier: Dossier, sent: Sent) -> str | None:
        numero = normalise_caf(sent.text(name))
        if not numero:
            if asked.missing:
                sent.refuse(name, asked.missing)
            return None
        if defaut := defaut_du_caf(numero):
            sent.refuse(name, self.words[defaut].format(n=len(numero)))
        return numero

    def samples(self) -> tuple[str, ...]:
        return "0123456", "7654321"


@dataclass(frozen=True, eq=False)
class ThreeBoxDate(Kind[date]):
    """A day, typed in three boxes. `words`: what to do about each defect but an empty date."""

    drawing: ClassVar[Drawing] = "date"
    words: Mapping[DefautDate, str]

    def read(self, name: str, asked: Asked[date], dossier: Dossier, sent: Sent) -> date | None:
        return read_date(sent, name, {DefautDate.VIDE: asked.missing, **self.words})

    def shown(self, name: str, answer: date | None) -> dict[str, Value]:
        return {name: (f"{answer:%d}", f"{answer:%m}", str(answer.year)) if answer else ""}

    def told(self, answer: date) -> str:
        return jour(answer)

    def samples(self) -> tuple[date, ...]:
        return date(2013, 5, 14), date(2008, 2, 29)


@dataclass(frozen=True, eq=False)
class BirthDate(ThreeBoxDate):
    """
    A day of birth. When its day is unknown (« 00 »), a box takes the month and the year, or the year alone.

    `box`: the name of that box. `unknown`: what to do about zeros when it is not ticked.
    """

    box: str
    label: str
    unknown: str

    def questions(self, name: str, asked: Asked[date], dossier: Dossier) -> dict[str, Question]:
        box = Question(self.label, kind="box", required=False)
        return {name: self.question(asked, dossier), self.box: box}

    def read(self, name: str, asked: Asked[date], dossier: Dossier, sent: Sent) -> date | None:
        day, month, year = (sent.text(f"{name}_{part}") for part in PARTS)
        if all(typed and not est_zero(typed) for typed in (day, month)):
            sent.fill(self.box, "")  # nothing is unknown
        elif sent.box(self.box):
            found = lit_naissance_incomplete(month, year)
            if isinstance(found, date):
                return found
            sent.refuse(name, self.words[found], at=f"{name}_annee")
            return None
        elif est_zero(day) or est_zero(month):
            sent.refuse(self.box, self.unknown)
            return None
        return super().read(name, asked, dossier, sent)

    def shown(self, name: str, answer: date | None) -> dict[str, Value]:
        if not isinstance(answer, NaissanceIncomplete):
            return {**super().shown(name, answer), self.box: ""}
        month = f"{answer:%m}" if answer.mois_connu else ""
        return {name: ("", month, str(answer.year)), self.box: "oui"}

    def samples(self) -> tuple[date, ...]:
        return *super().samples(), NaissanceIncomplete(2013, 5), NaissanceIncomplete(2013)


@dataclass(frozen=True, eq=False)
class BoxThen(Kind[T]):
    """
    A box, and the field that it opens: the answer is that of the field.

    `unticked`: what to do when the field is filled in and the box is not ticked. Nothing typed is lost in silence.
    """

    drawing: ClassVar[Drawing] = "box"
    opens: str  # the name of the field
    then: Asked[T]
    unticked: str
    aloud: tuple[str, str, str]  # said when the field appears, goes, or stays because it is filled in

    def __post_init__(self) -> None:
        object.__setattr__(self, "then", replace(self.then, required=False))  # the box decides

    def questions(self, name: str, asked: Asked[T], dossier: Dossier) -> dict[str, Question]:
        return {
            name: self.question(asked, dossier),
            self.opens: self.then.kind.question(self.then, dossier),
        }

    def read(self, name: str, asked: Asked[T], dossier: Dossier, sent: Sent) -> T | None:
        if sent.box(name):
            return self.then.kind.read(self.opens, self.then, dossier, sent)
        if sent.text(self.opens):
            sent.refuse(self.opens, self.unticked)
        return None

    def revealed(self, name: str, sent: Sent) -> str:
        """The field stays while it is filled in: nothing that was typed is hidden, and it would be refused."""
        shown, gone, filled = self.aloud
        return shown if sent.box(name) else filled if sent.text(self.opens) else gone

    def shown(self, name: str, answer: T | None) -> dict[str, Value]:
        return {name: "" if answer is None else "oui", **self.then.kind.shown(self.opens, answer)}

    def told(self, answer: T) -> str:
        return self.then.kind.told(answer)

    def samples(self) -> tuple[T, ...]:
        return self.then.kind.samples()


@dataclass(frozen=True, eq=False)
class PerPerson(Kind[Mapping[str, T]]):
    """
    The same question asked of several people: opaque key → answer.

    `of`: whom it is asked of. `label`: that of each person's control. The refusal may say `{prenom}`.
    """

    kind: Kind[T]
    of: Callable[[Dossier], Sequence[Membre]]
    label: str = "{prenom}"

    def question(self, asked: Asked[Mapping[str, T]], dossier: Dossier) -> Question:
        return self.kind.question(asked, dossier)  # type: ignore[arg-type]

    def questions(self, name: str, asked: Asked[Mapping[str, T]], dossier: Dossier) -> dict[str, Question]:
        """The question itself when one person answers it; else a first name under it for each person."""
        whole, membres = self.question(asked, dossier), self.of(dossier)
        if len(membres) == 1:
            # A copy keeps no drawing: the name of its control has the key of a person.
            return {name: whole, f"{name}_{membres[0].cle}": replace(whole)}
        each = replace(whole, hint="")
        return {name: whole} | {
            f"{name}_{membre.cle}": replace(each, label=self.label.format(prenom=prenom(dossier, membre)))
            for membre in membres
        }

    def read(self, name: str, asked: Asked[Mapping[str, T]], dossier: Dossier, sent: Sent) -> Mapping[str, T]:
        answers = {
            membre.cle: self.kind.read(
                f"{name}_{membre.cle}",
                replace(asked, missing=asked.missing.format(prenom=prenom(dossier, membre))),  # type: ignore[arg-type]
                dossier,
                sent,
            )
            for membre in self.of(dossier)
        }
        return {cle: answer for cle, answer in answers.items() if answer is not None}

    def shown(self, name: str, answer: Mapping[str, T] | None) -> dict[str, Value]:
        return {
            control: value
            for cle, one in (answer or {}).items()
            for control, value in self.kind.shown(f"{name}_{cle}", one).items()
        }

    def plainest(self, dossier: Dossier) -> Mapping[str, T]:
        return {membre.cle: self.kind.samples()[0] for membre in self.of(dossier)}

    def samples(self) -> tuple[Mapping[str, T], ...]:
        return ({},)

    def holds(self, answer: Mapping[str, T] | None, dossier: Dossier) -> bool:
        return all(membre.cle in (answer or {}) for membre in self.of(dossier))

    def lines(
        self, name: str, asked: Asked[Mapping[str, T]], dossier: Dossier, answer: Mapping[str, T] | None
    ) -> Iterator[tuple[str, str, str, str]]:
        for membre in self.of(dossier):
            whose = prenom(dossier, membre)
            told = self.kind.told(answer[membre.cle]) if answer and membre.cle in answer else asked.untold
            anchor = Field(f"{name}_{membre.cle}", self.question(asked, dossier), "", "").anchor
            yield whose, f"{asked.recap} {told.lower()}", anchor, f"{asked.recap}, {whose}"
