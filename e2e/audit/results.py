"""One row a criterion of the RGAA: what the suite says of it, in the words of Ara."""

import csv
import fcntl
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.demo.states import STATES
from e2e.audit.seen import Finding, Seen

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "data" / "rgaa.csv"
BUILD = ROOT / "build"
EVERYWHERE = "toutes"


@dataclass(frozen=True)
class Row:
    """A criterion. Its last three columns are what the suite finds; the others are written by hand."""

    critere: str
    titre: str
    methode: str  # machine, machine + personne, personne
    controle: str
    concerne: str  # what must be in a page for the criterion to apply, as a CSS selector
    preuve: str  # files of the tests
    statut: str
    pages: str
    defauts: str  # the addresses of the failing states

    def applies(self, seen: Seen) -> bool:
        return bool(self.concerne and seen.css(self.concerne))

    def with_results(self, concerned: Collection[str], failing: Collection[str]) -> "Row":
        """The row, once every state has been looked at."""
        pages = sorted({STATES[nom].page for nom in concerned})
        every = {state.page for state in STATES.values()}
        return replace(
            self,
            statut=self._status(bool(concerned), bool(failing)),
            pages=EVERYWHERE if set(pages) == every else " ".join(pages),
            defauts=" ".join(f"/etats/{nom}" for nom in sorted(failing)),
        )

    def _status(self, applies: bool, fails: bool) -> str:
        if fails:
            return "NOT_COMPLIANT"
        if not applies:
            return "NOT_APPLICABLE"
        return "COMPLIANT" if self.methode == "machine" else "NOT_TESTED"


def published() -> list[Row]:
    """The rows that the service shows."""
    with PUBLISHED.open(encoding="utf-8", newline="") as lines:
        return [Row(**row) for row in csv.DictReader(lines, delimiter=";")]


def declared(rows: Iterable[Row], nom: str) -> set[str]:
    """The criteria that the published rows admit this state fails."""
    return {row.critere for row in rows if f"/etats/{nom}" in row.defauts.split()}


def record(run: str, nom: str, applying: Iterable[str], findings: Iterable[Finding]) -> None:
    """Keep what was found on a state (or on the whole site), to be written down at the end of the run."""
    folder = BUILD / "audit"
    folder.mkdir(parents=True, exist_ok=True)
    kept = {
        "run": run,
        "criteres": sorted(applying),
        "defauts": [list(finding) for finding in sorted(findings)],
    }
    (folder / f"{nom}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")


def write_down(run: str) -> None:
    """
    Write build/rgaa.csv and build/rgaa.json from what this run has found so far.

    Every worker does it when it is done; the last one has everything.
    """
    with (BUILD / "audit" / "verrou").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _of_this_run(run)
        concerned, failing = defaultdict(set), defaultdict(set)
        for nom, kept in found.items():
            for critere in kept["criteres"]:
                concerned[critere].add(nom)
            for critere, _ in kept["defauts"]:
                failing[critere].add(nom)
        rows = [row.with_results(concerned[row.critere], failing[row.critere]) for row in published()]
        _write_csv(rows)
        _write_json(rows, found, concerned)


def _of_this_run(run: str) -> dict[str, dict[str, Any]]:
    kept = {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (BUILD / "audit").glob("*.json")
    }
    return {nom: found for nom, found in sorted(kept.items()) if found["run"] == run and nom in STATES}


def _write_csv(rows: list[Row]) -> None:
    with (BUILD / "rgaa.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(vars(rows[0])), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(vars(row) for row in rows)


def _write_json(rows: list[Row], found: Mapping[str, Any], concerned: Mapping[str, set[str]]) -> None:
    report = {
        "referentiel": "RGAA 4.1.2 (DINUM, Licence Ouverte 2.0)",
        "etats_controles": len(found),
        "etats": len(STATES),
        "criteres": [vars(row) | {"etats": sorted(concerned[row.critere])} for row in rows],
        "defauts": [
            {"etat": f"/etats/{nom}", "critere": critere, "texte": text}
            for nom, kept in found.items()
            for critere, text in kept["defauts"]
        ],
    }
    (BUILD / "rgaa.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
