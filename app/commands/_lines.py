"""The files that are imported: read line by line, each line under its number, refusals in words."""

import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

SEPARATOR = ";"
STDIN = Path("-")
LONGEST_SHOWN = 60  # characters of a value in a refusal
Values = Mapping[str, Any]


class Unreadable(Exception):
    """Nothing can be imported from this file: the message says why, and what to do."""


@dataclass(frozen=True)
class FileLine:
    """A line of a file, under the number a text editor shows."""

    number: int
    values: Values


@dataclass(frozen=True)
class Refusal:
    """What is wrong on a line. `value` is None where it may not be shown: a person's number, name or password."""

    line: int
    column: str
    value: str | None
    expected: str
    example: str

    def __str__(self) -> str:
        shown = "la valeur (non affichée)" if self.value is None else f"« {_short(self.value)} »"
        return (
            f"Ligne {self.line}, colonne {self.column} : {shown} ne convient pas. "
            f"Attendu : {self.expected}. Exemple : {self.example}."
        )

    def as_json(self) -> dict[str, Any]:
        """What a program reads of it."""
        shown = {} if self.value is None else {"valeur": _short(self.value)}
        return {
            "ligne": self.line,
            "colonne": self.column,
            **shown,
            "attendu": self.expected,
            "exemple": self.example,
        }


class Columns(BaseModel):
    """
    What a row of a list holds, a field a column; those with a default may be empty or absent.

    The `description` of a field says what is expected of it, and its `examples` give one.
    """

    @classmethod
    def expected(cls, name: str) -> tuple[str, str]:
        """What a column expects, and an example."""
        field = cls.model_fields[name]
        assert field.description
        assert field.examples
        return field.description, field.examples[0]


def read_text(path: Path) -> str:
    """The text of a file, or of the standard input for « - »; UTF-8, with its mark or without."""
    try:
        content = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as problem:
        raise Unreadable(
            f"{path} : ce fichier ne s'ouvre pas ({problem.strerror}). Vérifiez son nom."
        ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content[: problem.start].count(b"\n") + 1
        raise Unreadable(
            f"Ligne {line} : ce fichier n'est pas en UTF-8. Enregistrez-le sous « CSV UTF-8 », puis recommencez."
        ) from None


def read_csv(text: str, columns: type[Columns]) -> Iterator[FileLine | Refusal]:
    """
    The lines of a table whose first line names the columns; other columns than ours are passed over.

    Raises Unreadable when a column is missing.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=SEPARATOR, strict=True)
    header: list[str] = []
    before = 0
    try:
        for cells in reader:
            number, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells, columns)
            elif any(cell.strip() for cell in cells[len(header) :]):
                expected = f"{len(header)} cases, comme la première ligne"
                example = '"Mutuelle A ; B" entre guillemets, quand une valeur a un point-virgule'
                yield Refusal(number, header[-1], SEPARATOR.join(cells[len(header) - 1 :]), expected, example)
            else:
                padded = [*cells, *[""] * len(header)]
                yield FileLine(number, dict(zip(header, padded, strict=False)))
    except csv.Error:
        raise Unreadable(
            f"Ligne {before + 1} : cette ligne ne se lit pas. Vérifiez ses guillemets : chacun doit se refermer."
        ) from None


def _header(cells: Sequence[str], columns: type[Columns]) -> list[str]:
    header = [cell.strip().casefold() for cell in cells]
    missing = [
        name for name, field in columns.model_fields.items() if name not in header and field.is_required()
    ]
    if missing:
        raise Unreadable(
            f"La première ligne nomme les colonnes, séparées par « {SEPARATOR} ». Il manque : {', '.join(missing)}. "
            f"Exemple : {SEPARATOR.join(columns.model_fields)}"
        )
    return header


def read_json(text: str) -> Iterator[FileLine | Refusal]:
    """
    The objects of a JSON list, or of a file that holds one a line.

    Raises Unreadable when a list is not whole.
    """
    if not text.lstrip().startswith("["):
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield _object(number, line)
        return
    try:
        json.loads(text)
    except (ValueError, RecursionError) as problem:
        at = getattr(problem, "lineno", 1)
        raise Unreadable(
            f"Ligne {at} : ce n'est pas du JSON. Vérifiez ses guillemets et ses virgules."
        ) from None
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    while text[at := _next(text, at)] != "]":
        number = text.count("\n", 0, at) + 1
        values, at = decoder.raw_decode(text, at)
        yield _checked(number, values)


def _next(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _object(number: int, line: str) -> FileLine | Refusal:
    try:
        return _checked(number, json.loads(line))
    except (ValueError, RecursionError):
        return _checked(number, None)


def _checked(number: int, values: Any) -> FileLine | Refusal:
    if isinstance(values, dict):
        return FileLine(number, values)
    return Refusal(number, "toutes", None, "un objet JSON", '{"code": "011", "nom": "CPAM de l\'Ain"}')


def check(line: FileLine, columns: type[Columns]) -> tuple[dict[str, Any], list[Refusal]]:
    """What a line says, column by column, and what is refused of it. An optional column left empty says nothing."""
    said = {
        name: text
        for name, field in columns.model_fields.items()
        if (text := _typed(line.values.get(name))) or field.is_required()
    }
    try:
        return columns.model_validate(said).model_dump(exclude_unset=True), []
    except ValidationError as error:
        wrong = {e["loc"][0] for e in error.errors(include_url=False, include_context=False)}
        return said, [
            Refusal(line.number, name, _written(line.values.get(name)), *columns.expected(name))
            for name in said
            if name in wrong
        ]


def _typed(value: Any) -> str:
    """A value for pydantic to read: a list or an object is none."""
    return "" if isinstance(value, list | dict) else _written(value)


def _written(value: Any) -> str:
    """A value as it would stand in a table, one space between its words."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return "" if value is None else " ".join(str(value).split())


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…"
