"""What the service is made of is listed whole, and what is known against it is never taken for nothing."""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parents[1]
START_WITHOUT = """
import sys
sys.modules |= dict.fromkeys(sys.argv[1:])  # to import them is an error
from app.main import create_app
from app.settings import load_settings
app = create_app(load_settings())
app.state.house.engine.dispose()
"""
ABSENT = ""  # what pip-audit says when a database does not answer


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer(*dependencies: Mapping[str, Any]) -> str:
    return json.dumps({"dependencies": dependencies})


def sound(name: str) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "vulns": []}


def skipped(name: str) -> dict[str, Any]:
    return {"name": name, "skip_reason": "not found"}


WEAK = {"name": "jinja2", "version": "3.1.0", "vulns": [{"id": "CVE-2024-1", "fix_versions": ["3.1.4"]}]}


def test_every_package_of_the_locks_and_every_vendored_script_is_listed() -> None:
    listed = {
        (row["name"], row["version"]): row
        for row in json.loads(script("nomenclature").nomenclature())["components"]
    }
    locks = "".join((ROOT / ".ci/lock" / name).read_text() for name in ("build.txt", "run.txt"))
    pins = set(re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)", locks, re.MULTILINE))
    assert {pin for pin in listed if listed[pin]["purl"].startswith("pkg:pypi/")} == pins
    held = {
        digest["content"]
        for row in listed.values()
        for at in row.get("externalReferences", ())
        for digest in at["hashes"]
    }
    assert held == set(re.findall(r"sha256:(\w+)", locks))
    scripts = [row for row in listed.values() if row["purl"].startswith("pkg:npm/")]
    named = re.findall(r"^\| `([\w.-]+)`", (ROOT / "static/VENDORED.md").read_text(), re.MULTILINE)
    assert [row["description"] for row in scripts] == [f"static/{name}" for name in named] != []
    assert all(row["hashes"][0]["content"] in (ROOT / "static/VENDORED.md").read_text() for row in scripts)


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^[\w.-]+(?:\[.*\])?==\S+", (ROOT / ".ci/lock" / lock).read_text(), re.MULTILINE))


def test_one_machine_installs_no_driver_and_several_add_nothing_else() -> None:
    more = pins("distribue.txt") - pins("run.txt")
    assert {pin.partition("==")[0] for pin in more} == {"obstore", "psycopg", "psycopg-binary"}
    assert pins("run.txt") < pins("distribue.txt"), "in the same versions"


def start_without(data: Path, *packages: str) -> None:
    started = subprocess.run(
        [sys.executable, "-c", START_WITHOUT, *packages],
        env={"C2S_DEMO": "on", "C2S_DATA_DIR": str(data)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stderr


def test_one_machine_starts_without_the_drivers(tmp_path: Path) -> None:
    start_without(tmp_path, "obstore", "psycopg")


def test_a_service_whose_base_is_ready_holds_in_memory_no_package_that_it_may_never_use(
    tmp_path: Path,
) -> None:
    start_without(tmp_path)
    start_without(tmp_path, "alembic", "pikepdf", "PIL", "typst")


def test_the_list_is_valid_cyclonedx_and_says_what_brings_each_package() -> None:
    document = script("nomenclature").nomenclature()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(document) is None
    graph = {row["ref"]: row.get("dependsOn", []) for row in json.loads(document)["dependencies"]}
    reached, waiting = set(), ["c2s"]
    while waiting:
        if (ref := waiting.pop()) not in reached:
            reached.add(ref)
            waiting += graph[ref]
    assert reached == set(graph)  # nothing is there that nobody asked for


def test_the_same_sources_give_the_same_list() -> None:
    assert script("nomenclature").nomenclature() == script("nomenclature").nomenclature()


def test_a_database_that_does_not_answer_is_no_good_result() -> None:
    status, said = script("audit").audit(lambda _: ABSENT)
    assert status == 2
    assert "n'a pas eu lieu" in said[0]


def test_a_package_that_a_database_does_not_know_is_asked_of_the_other_then_named() -> None:
    answers = {"pypi": answer(sound("starlette"), skipped("jinja2"), skipped("typst"))}
    answers["osv"] = answer(skipped("starlette"), sound("jinja2"), skipped("typst"))
    assert script("audit").audit(answers.__getitem__) == (
        2,
        [
            "typst : inconnu de ces bases, à regarder à la main.",
            "Paquets vérifiés : 2. Aucune faille connue.",
        ],
    )


def test_every_package_skipped_is_no_good_result_either() -> None:
    assert script("audit").audit(lambda _: answer(skipped("jinja2")))[0] == 2


def test_a_weakness_that_either_database_knows_is_told_with_its_remedy() -> None:
    for first, second in ((WEAK, sound("jinja2")), (sound("jinja2"), WEAK)):
        answers = {"pypi": answer(first), "osv": answer(second)}
        assert script("audit").audit(answers.__getitem__) == (
            1,
            ["jinja2 3.1.0 : CVE-2024-1 (corrigé en 3.1.4)"],
        )


def test_nothing_known_against_anything_is_said_once() -> None:
    assert script("audit").audit(lambda _: answer(sound("jinja2"), sound("starlette"))) == (
        0,
        ["Paquets vérifiés : 2. Aucune faille connue."],
    )
