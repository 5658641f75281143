"""`c2s organismes|caisses|assures import`: a whole file or nothing, every bad line told (docs/imports.md)."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from app.commands._accounts import Account, AccountReader, file_accounts
from app.commands._columns import ColonnesCaisse, ColonnesOrganisme
from app.commands._console import opened, progress, stop
from app.commands._french import Commands
from app.commands._lines import (
    Columns,
    FileLine,
    Refusal,
    Unreadable,
    check,
    read_csv,
    read_json,
    read_text,
)
from app.store.caisses import put_caisses
from app.store.comptes import hash_password
from app.store.database import Turn, forget_deleted_of, writing
from app.store.journal import Fait, note
from app.store.organismes import Changes, replace_organismes

organismes = Commands("La liste des organismes qui gèrent la C2S.")
caisses = Commands("Les caisses d'Assurance Maladie.")
assures = Commands("Les comptes des assurés.")

_File = Annotated[
    Path, typer.Argument(metavar="FICHIER", help="Le fichier à lire, ou - pour l'entrée standard.")
]
_Trial = Annotated[
    bool, typer.Option("--dry-run", help="Lit tout et dit ce qui serait fait, sans rien changer.")
]
_Json = Annotated[bool, typer.Option("--json", help="Répond en JSON, pour un programme.")]


class _OnlyATrial(Exception):
    """Everything went well: it must be undone."""


@dataclass
class Report:
    """What was read and what was done, or would be."""

    trial: bool
    as_json: bool
    read: int = 0
    changes: Changes = field(default_factory=lambda: Changes(0, 0, 0))
    refusals: list[Refusal] = field(default_factory=list)

    def end(self, quoi: str, absent: str = "") -> None:
        """Say it all; the exit code is 1 when a line is refused. `absent`: what becomes of the rows not in the file."""
        if not (self.trial or self.refusals):
            note(Fait.IMPORT, quoi=quoi, ajoutees=self.changes.added, mises_a_jour=self.changes.changed)
        typer.echo(self._json() if self.as_json else self._text(absent))
        if self.refusals:
            raise typer.Exit(1)

    def _text(self, absent: str) -> str:
        lines = [str(refusal) for refusal in self.refusals]
        lines.append(
            f"Lignes lues : {self.read}. Ajoutées : {self.changes.added}. "
            f"Mises à jour : {self.changes.changed}. Refusées : {self._refused}."
        )
        if self.changes.absent and absent:
            lines.append(absent.format(self.changes.absent))
        if self.refusals:
            lines.append("Rien n'est changé. Corrigez ces lignes, puis recommencez.")
        elif self.trial:
            lines.append("C'est un essai : rien n'est changé.")
        return "\n".join(lines)

    def _json(self) -> str:
        said = {
            "essai": self.trial,
            "lues": self.read,
            "ajoutees": self.changes.added,
            "mises_a_jour": self.changes.changed,
            "absentes": self.changes.absent,
            "refusees": self._refused,
            "refus": [refusal.as_json() for refusal in self.refusals],
        }
        return json.dumps(said, ensure_ascii=False, indent=2)

    @property
    def _refused(self) -> int:
        return len({refusal.line for refusal in self.refusals})


@organismes.command("import")
def import_organismes(fichier: _File, dry_run: _Trial = False, as_json: _Json = False) -> None:
    """Remplace la liste des organismes par celle d'un fichier CSV."""
    report = Report(dry_run, as_json)
    with opened() as (_, db), _readable():
        rows = _rows(read_csv(read_text(fichier), ColonnesOrganisme), ColonnesOrganisme, report)
        _apply(db, report, lambda: replace_organismes(db, rows))
    report.end(
        "organismes",
        "Organismes absents de ce fichier, qui ne sont plus proposés : {}. Une page le dit aux personnes qui en avaient choisi un.",
    )


@caisses.command("import")
def import_caisses(fichier: _File, dry_run: _Trial = False, as_json: _Json = False) -> None:
    """Ajoute ou met à jour les caisses d'un fichier JSON ou CSV."""
    report = Report(dry_run, as_json)
    with opened() as (_, db), _readable():
        text = read_text(fichier)
        is_json = text.lstrip().startswith(("[", "{"))
        lines = read_json(text) if is_json else read_csv(text, ColonnesCaisse)
        rows = _rows(lines, ColonnesCaisse, report)
        _apply(db, report, lambda: put_caisses(db, rows))
    report.end("caisses", "Caisses absentes de ce fichier, qui restent comme elles sont : {}.")


@assures.command("import")
def import_assures(fichier: _File, dry_run: _Trial = False, as_json: _Json = False) -> None:
    """Ouvre ou met à jour les comptes d'un fichier JSON. Un numéro de sécurité sociale n'est jamais affiché."""
    report = Report(dry_run, as_json)
    with opened() as (settings, db), _readable():
        if settings.demo:
            stop(
                "La démonstration ne reçoit pas de compte réel : elle ne démarrerait plus. "
                "Retirez C2S_DEMO=on, ou choisissez une autre base, par exemple C2S_DATA_DIR=/srv/c2s."
            )
        reader = AccountReader(db, settings.data_ring, settings.day())
        accounts = []
        for line in progress(list(read_json(read_text(fichier))), "Lecture"):
            report.read += 1
            account, refusals = (None, [line]) if isinstance(line, Refusal) else reader.read(line)
            report.refusals += refusals
            if account is not None:
                accounts.append(account)
        _some(report)
        if not (dry_run or report.refusals):
            accounts = [_hashed(account) for account in progress(accounts, "Mots de passe")]
        _apply(db, report, lambda: file_accounts(db, settings.data_ring, accounts))
        if not (dry_run or report.refusals):
            forget_deleted_of(db)  # the sessions that a new password has ended
    report.end("assures")


def _hashed(account: Account) -> Account:
    if not account.mot_de_passe:
        return account
    return replace(account, mot_de_passe="", empreinte=hash_password(account.mot_de_passe))


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except Unreadable as why:
        stop(str(why))


def _rows(
    lines: Iterable[FileLine | Refusal], columns: type[Columns], report: Report
) -> list[dict[str, Any]]:
    """The rows of a file, each code once; what is refused goes to the report."""
    rows: dict[str, dict[str, Any]] = {}
    first: dict[str, int] = {}
    for line in progress(list(lines), "Lecture"):
        report.read += 1
        if isinstance(line, Refusal):
            report.refusals.append(line)
            continue
        values, refusals = check(line, columns)
        report.refusals += refusals
        code = values.get("code", "")
        if code in rows:
            twice = f"un code qui n'est pas déjà ligne {first[code]}"
            report.refusals.append(Refusal(line.number, "code", code, twice, columns.expected("code")[1]))
        elif code:
            rows[code], first[code] = values, line.number
    _some(report)
    return list(rows.values())


def _some(report: Report) -> None:
    """An empty file is a mistake: it would empty the list."""
    if not report.read:
        raise Unreadable("Ce fichier n'a aucune ligne à importer. Rien n'est changé.")


def _apply(db: Session, report: Report, change: Callable[[], Changes]) -> None:
    """All of it in one transaction, or nothing."""
    if report.refusals:
        return
    with suppress(_OnlyATrial), writing(db, Turn.IMPORT):
        report.changes = change()
        if report.trial:
            raise _OnlyATrial
