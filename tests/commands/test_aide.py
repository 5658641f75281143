"""Chaque commande s'explique en français, et refuse en français."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from app.cli import cli
from app.commands._french import Commands

ENGLISH = re.compile(
    r"\b(show this|message and exit|usage:|options:|commands|required|default|missing|invalid|no such|got unexpected|"
    r"try|error|input should)\b",
    re.IGNORECASE,
)


def every(command: Any, *words: str) -> Iterator[list[str]]:
    """The words of each command, those of a set of commands included."""
    yield [*words]
    for name, inner in getattr(command, "commands", {}).items():
        yield from every(inner, *words, name)


COMMANDS = list(every(get_command(cli)))


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "c2s")
def test_the_help_is_in_french(words: list[str]) -> None:
    result = CliRunner().invoke(cli, [*words, "--help"])
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage : ")
    assert "Affiche cette aide." in result.stdout
    assert not ENGLISH.search(result.stdout), ENGLISH.search(result.stdout)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "c2s")
def test_every_command_says_what_it_does(words: list[str]) -> None:
    explained = CliRunner().invoke(cli, [*words, "--help"]).stdout.split("\n\n")[1]
    assert len(explained.split()) >= 3


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["demande"], "La commande « demande » n'existe pas."),
        (["demandes", "show"], "Il manque RÉFÉRENCE."),
        (["demandes", "show", "a", "b"], "« b » est de trop."),
        (["demandes", "list", "--tout"], "L'option --tout n'existe pas."),
        (["demandes", "list", "--caisse"], "L'option --caisse attend une valeur."),
        (["demandes", "list", "--json=oui"], "L'option --json n'attend pas de valeur."),
        (["serve", "--port", "http"], "--port attend un nombre entier."),
    ],
)
def test_a_command_written_wrongly_is_refused_in_french(words: list[str], sentence: str) -> None:
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(sentence)
    assert not ENGLISH.search(result.stderr)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "c2s")
def test_a_list_of_commands_cuts_no_sentence(words: list[str]) -> None:
    assert "..." not in CliRunner().invoke(cli, [*words, "--help"]).stdout.split("Commandes :")[-1]


def test_without_a_command_the_help_is_said() -> None:
    result = CliRunner().invoke(cli, [])
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage : ")
    assert "Commandes :" in result.stderr


def test_a_command_that_is_interrupted_says_so() -> None:
    sample = Commands("Un essai.")

    @sample.command()
    def attendre() -> None:
        raise KeyboardInterrupt

    @sample.command()
    def autre() -> None:
        pass

    result = CliRunner().invoke(sample, ["attendre"])
    assert (result.exit_code, result.stderr) == (130, "Commande interrompue.\n")
