"""
Look for known weaknesses in the packages that serve the public, as the locks pin them.

pip-audit calls « no known vulnerabilities » what it could not look up. Here that is said, and fails.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

LOCKS = [str(Path(__file__).parent / "lock" / name) for name in ("build.txt", "run.txt")]
SERVICES = ("pypi", "osv")  # the second is asked where the first knows nothing
CLEAN, WEAK, UNKNOWN = 0, 1, 2  # what the command returns

Dependency = dict[str, Any]


def pip_audit(service: str) -> str:
    """What pip-audit learns from a database, in JSON; empty if it could not ask."""
    program = [str(Path(sys.executable).parent / "pip-audit"), "--disable-pip", "--require-hashes"]
    locks = [part for lock in LOCKS for part in ("-r", lock)]
    asked = [*program, *locks, "-s", service, "-f", "json", "--progress-spinner", "off"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout


def audit(ask: Callable[[str], str] = pip_audit) -> tuple[int, list[str]]:
    """The status of the command, and its sentences."""
    answers = [json.loads(answer)["dependencies"] for service in SERVICES if (answer := ask(service))]
    looked_up: dict[str, Dependency] = {}
    for dependency in (row for answer in answers for row in answer):
        if "vulns" in dependency and not looked_up.get(dependency["name"], {}).get("vulns"):
            looked_up[dependency["name"]] = dependency
    if not looked_up:
        return UNKNOWN, [
            "L'audit n'a pas eu lieu : aucune base de failles connues n'a répondu. "
            "Ce n'est pas un bon résultat, c'est une absence de résultat. Relancez make audit là où Internet s'ouvre."
        ]
    weak = [told(dependency) for dependency in looked_up.values() if dependency["vulns"]]
    unknown = sorted({row["name"] for answer in answers for row in answer} - set(looked_up))
    lines = [*weak, *(f"{name} : inconnu de ces bases, à regarder à la main." for name in unknown)]
    if not weak:
        lines.append(f"Paquets vérifiés : {len(looked_up)}. Aucune faille connue.")
    return WEAK if weak else UNKNOWN if unknown else CLEAN, lines


def told(dependency: Dependency) -> str:
    """« jinja2 3.1.0 : CVE-2024-1 (corrigé en 3.1.4) »."""
    found = (
        f"{weakness['id']} ({'corrigé en ' + ', '.join(fixed) if (fixed := weakness['fix_versions']) else 'pas encore corrigé'})"
        for weakness in dependency["vulns"]
    )
    return f"{dependency['name']} {dependency['version']} : {' ; '.join(found)}"


if __name__ == "__main__":
    status, sentences = audit()
    print("\n".join(sentences))
    sys.exit(status)
