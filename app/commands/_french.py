"""The frame of the commands in French: each message of the library is translated in full, or left out."""

import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import typer
from sqlalchemy.exc import DatabaseError
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from app.store.faults import say_to_the_host

CTRL_C = 130  # what the library makes of it, without a word
Function = TypeVar("Function", bound=Callable[..., Any])

_HELP = (
    (re.compile(r"^Usage: ", re.MULTILINE), "Usage : "),
    (re.compile(r"^(Arguments|Options):$", re.MULTILINE), r"\1 :"),
    (re.compile(r"^Commands:$", re.MULTILINE), "Commandes :"),
    (re.compile(r"Show this\s+message and exit\."), "Affiche cette aide."),
    (re.compile(r"\[required\]"), "[obligatoire]"),
    (re.compile(r"\[required, "), "[obligatoire, "),
    (re.compile(r"\benv var: "), "réglage : "),
    (re.compile(r"\bdefault: "), "par défaut : "),
)
_ERRORS = (
    (re.compile(r"Missing argument '(.+?)'\."), r"Il manque \1."),
    (re.compile(r"Missing option '(.+?)'.*\."), r"Il manque l'option \1."),
    (re.compile(r"Missing command\."), "Il manque une commande."),
    (re.compile(r"No such option: (\S+).*"), r"L'option \1 n'existe pas."),
    (re.compile(r"No such command '(.+?)'.*"), r"La commande « \1 » n'existe pas."),
    (re.compile(r"Option '(.+)' requires an argument\."), r"L'option \1 attend une valeur."),
    (re.compile(r"Option '(.+)' does not take a value\."), r"L'option \1 n'attend pas de valeur."),
    (re.compile(r"Got unexpected extra argument\(s\) \((.+)\)"), r"« \1 » est de trop."),
    (re.compile(r"Invalid value for '(.+?)'.*: Input should be a valid integer.*"), r"\1 attend un nombre entier."),
    (re.compile(r"Invalid value for '(.+?)'.*?: (.+)", re.DOTALL), r"\1 : \2"),
    (re.compile(r"^Invalid value: "), ""),
)  # fmt: skip


class FrenchCommand(TyperCommand):
    """A command whose help is in French, and whose line in a list of commands is a whole sentence."""

    def get_short_help_str(self, limit: int = 0) -> str:
        """The first sentence of the help, never cut: the list folds it under itself."""
        return super().get_short_help_str(len(self.help or ""))

    def get_help(self, ctx: Any) -> str:
        """The help, in French."""
        return _say(super().get_help(ctx), _HELP)


class FrenchGroup(TyperGroup):
    """A set of commands that explains itself, and what it refuses, in French."""

    def get_short_help_str(self, limit: int = 0) -> str:
        """As that of a command."""
        return super().get_short_help_str(len(self.help or ""))

    def get_help(self, ctx: Any) -> str:
        """The help, in French."""
        return _say(super().get_help(ctx), _HELP)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run; a command written wrongly ends with a sentence and the address of its help."""
        run = partial(super().main, args, prog_name, complete_var, False, windows_expand_args, **extra)
        if not standalone_mode:
            return run()
        try:
            code = run()
        except TyperException as wrong:
            typer.echo(_sentence(wrong), err=True)
            sys.exit(wrong.exit_code)
        except (OSError, DatabaseError) as trouble:
            sentence = say_to_the_host(trouble)
            if not sentence:
                raise
            typer.echo(sentence, err=True)
            sys.exit(1)
        except typer.Abort:
            typer.echo("Commande interrompue.", err=True)
            sys.exit(1)
        if code == CTRL_C:
            typer.echo("Commande interrompue.", err=True)
        sys.exit(code if isinstance(code, int) else 0)


class Commands(typer.Typer):
    """A set of commands, in plain text: a screen reader would read a drawn frame aloud, character by character."""

    def __init__(self, help: str) -> None:
        super().__init__(
            cls=FrenchGroup,
            help=help,
            no_args_is_help=True,
            add_completion=False,
            rich_markup_mode=None,
            subcommand_metavar="COMMANDE [ARGUMENTS]...",
        )

    def command(
        self, name: str | None = None, *, cls: type[TyperCommand] | None = None, **rest: Any
    ) -> Callable[[Function], Function]:
        """A command of this set."""
        return super().command(name, cls=cls or FrenchCommand, **rest)


def _sentence(wrong: TyperException) -> str:
    message = _say(wrong.format_message(), _ERRORS)
    context = getattr(wrong, "ctx", None)
    if context is None or message.startswith("Usage : "):  # no command at all: the message is the help
        return message
    return f"{message}\nAide : {context.command_path} --help"


def _say(english: str, words: Sequence[tuple[re.Pattern[str], str]]) -> str:
    for pattern, french in words:
        english = pattern.sub(french, english)
    return english
