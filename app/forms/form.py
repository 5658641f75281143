"""Questions, what was sent, and the form that shows both: each word of a field is declared once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.domain.pieces import Fichier
from app.domain.saisie import en_clair
from app.files.inspection import RefusedFile
from app.forms.typography import typo

Drawing = Literal[
    "text", "password", "search", "textarea", "box", "select", "radio", "yes_no", "date", "amount", "boxes"
]
Value = str | tuple[str, ...]
YES_NO = (("oui", "Oui"), ("non", "Non"))
LONGEST = 2_000  # characters read of one field; more is no answer to any of our questions
_GROUPS = ("radio", "yes_no", "boxes")


@dataclass(frozen=True)
class Question:
    """One question: its label, its hint (format and example), and how it is drawn."""

    label: str
    hint: str = ""
    kind: Drawing = "text"
    optional: bool = False  # says « (facultatif) »
    required: bool = True  # says aria-required where the control may, unless optional
    options: Sequence[tuple[str, str]] = ()
    notes: Mapping[str, str] = field(default_factory=dict)  # a second line under an option
    size: Literal["", "c2", "c4", "c7", "c13"] = ""
    inputmode: str = ""
    autocomplete: str = "off"
    capitals: bool = False
    plain: str = ""  # said before the hint where no script runs
    hidden_label: str = ""  # read out after the label, for users who do not see the page
    drawings: Mapping[Value, dict[object, str]] = field(default_factory=dict, init=False, compare=False)

    def keep_drawings(self) -> None:
        """
        Say that its words name nobody: what is drawn of it may be kept, when empty or with an answer of ours in it.

        A question made from it (`dataclasses.replace`) keeps none, since its words may be a person's.
        """
        ours = ("oui",) if self.kind == "box" else dict(self.choices())
        object.__setattr__(self, "drawings", {value: {} for value in ("", *ours)})

    def choices(self) -> Sequence[tuple[str, str]]:
        """The options, value first."""
        return YES_NO if self.kind == "yes_no" else self.options


@dataclass(frozen=True)
class Field:
    """A question on the page: with what is typed in it, and what has to be said about it."""

    name: str
    question: Question
    value: Value
    error: str

    @property
    def anchor(self) -> str:
        """The id of its first control: where the error summary leads."""
        if self.question.kind in _GROUPS:
            return f"{self.name}_{self.question.choices()[0][0]}"
        return f"{self.name}_jour" if self.question.kind == "date" else self.name

    def part(self, index: int) -> str:
        """One of the three parts of a date."""
        return self.value[index] if isinstance(self.value, tuple) and len(self.value) > index else ""


@dataclass(eq=False, repr=False)
class Sent:
    """The fields of one submission, and the refusals they meet. No trace shows what was typed."""

    _fields: Mapping[str, Sequence[str]]
    files: Sequence[Fichier | RefusedFile] = ()
    errors: dict[str, str] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def names(self) -> Iterator[str]:
        """The names of the fields sent."""
        return iter(self._fields)

    def text(self, name: str) -> str:
        """
        What was typed, without the spaces around it; empty if nothing was sent.

        Digits of any script, spaces of any width and invisible signs are read here, for every field.
        """
        return en_clair((self._fields.get(name) or ("",))[0][:LONGEST]).strip()

    def raw(self, name: str) -> str:
        """What was typed, to the letter: a password."""
        return (self._fields.get(name) or ("",))[0][:LONGEST]

    def whole(self, name: str) -> str:
        """All that was typed, each line end a single character. For a long text: its page says what is too long."""
        text = (self._fields.get(name) or ("",))[0]
        return text.replace("\r\n", "\n").replace("\r", "\n").strip()

    def many(self, name: str) -> tuple[str, ...]:
        """Every value sent under this name."""
        return tuple(value[:LONGEST] for value in self._fields.get(name, ()))

    def box(self, name: str) -> bool:
        """The box was ticked."""
        return self.text(name) != ""

    def fill(self, name: str, value: str) -> None:
        """Write in a field what was typed elsewhere: the key, pasted with its number."""
        self._fields = {**self._fields, name: (value,)}

    def refuse(self, name: str, message: str, *, at: str = "") -> None:
        """Say what to do about a field; the first message for a field stays. `at`: the id to link to."""
        if name not in self.errors:
            self.errors[name] = typo(message)
            if at:
                self.anchors[name] = at

    def order(self, names: Iterable[str]) -> None:
        """Put the refusals in the order of the page, whose fields have these names; others come first."""
        rank = {name: index for index, name in enumerate(names)}
        self.errors = dict(sorted(self.errors.items(), key=lambda error: rank.get(error[0], -1)))

    def value(self, name: str, question: Question) -> Value:
        """What the page shows again in this field."""
        if question.kind == "date":
            return tuple(self.text(f"{name}_{part}") for part in ("jour", "mois", "annee"))
        if question.kind == "textarea":
            return self.whole(name)
        return self.many(name) if question.kind == "boxes" else self.text(name)


@dataclass(eq=False, repr=False)
class Form:
    """The questions of a page with their answers: stored ones, or those just sent and refused."""

    questions: Mapping[str, Question]
    values: Mapping[str, Value]
    errors: Mapping[str, str] = field(default_factory=dict)
    anchors: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[Fichier | RefusedFile] = ()  # those of the submission that was refused

    @classmethod
    def again(cls, questions: Mapping[str, Question], sent: Sent) -> "Form":
        """The form as it was sent, with what has to be said about it."""
        values = {name: sent.value(name, question) for name, question in questions.items()}
        return cls(questions, values, sent.errors, sent.anchors, sent.files)

    def __getitem__(self, name: str) -> Field:
        question = self.questions[name]
        return Field(name, question, self.values.get(name, ""), self.errors.get(name, ""))

    def __contains__(self, name: str) -> bool:
        return name in self.questions

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(id to lead to, message) for each refusal, in the order they were met; what several fields meet, once."""
        fields: dict[str, list[str]] = {}
        for name, message in self.errors.items():
            fields.setdefault(message, []).append(name)
        return [
            (
                self.anchors.get(names[0]) or self._anchor(names[0]),
                message if len(names) == 1 else f"{message} ({len(names)} réponses)",
            )
            for message, names in fields.items()
        ]

    @property
    def has_optional(self) -> bool:
        """A question of the page says « (facultatif) »."""
        return any(question.optional for question in self.questions.values())

    @property
    def keeps_others(self) -> bool:
        """Something was answered that is not to be corrected."""
        return any(any(value) for name, value in self.values.items() if name not in self.errors)

    def _anchor(self, name: str) -> str:
        return self[name].anchor if name in self.questions else name
