"""`make run-distribue` and the tests where something is missing; that it shows the demonstration: e2e/test_distribue.py."""

import signal
import subprocess
from pathlib import Path

import pytest

from app.store._postgres import OLDEST
from tests.support import postgres, several


@pytest.mark.parametrize(
    "problem",
    [
        pytest.skip.Exception("No PostgreSQL here"),
        subprocess.CalledProcessError(1, ["initdb"]),
        AssertionError("the store of objects does not start"),
        FileNotFoundError("weed"),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_where_a_server_cannot_run_it_is_said_with_what_to_do(
    problem: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object) -> None:
        raise problem

    monkeypatch.setenv("PORT", "0")
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # those of this process are left alone
    monkeypatch.setattr("tests.support.objects.bucket", lambda: "s3://c2s")
    monkeypatch.setattr(postgres, "create", cannot)
    with pytest.raises(SystemExit) as stopped:
        several.main()
    said = str(stopped.value)
    assert said.startswith(f"PostgreSQL ou le stockage d'objets ne démarre pas ici : {problem}")
    assert "apt-get install postgresql" in said
    assert said.endswith("make run")


def test_without_that_of_debian_postgresql_comes_from_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine where nobody is root."""
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    programs = postgres._programs()
    for program in ("initdb", "pg_ctl", "postgres"):
        said = subprocess.run([programs / program, "--version"], capture_output=True, text=True, check=True)
        assert int(said.stdout.rpartition(" ")[2].partition(".")[0]) >= OLDEST
