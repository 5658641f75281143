"""A run plays what needs no browser first, names a failure when it happens, and says what remains."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from app.settings import ROOT
from tests.support import progress

PAGES, BROWSERS = "tests/test_a.py::test_une_page", "e2e/test_b.py::test_un_navigateur"
FAULT = SimpleNamespace(reprcrash=SimpleNamespace(message="assert 1 == 2\nmore"))
Tell = Callable[..., list[str]]


def test_pages_come_first_then_browsers_the_longest_of_them_first_and_the_audit_last() -> None:
    wanted = [
        "tests/test_marche_au_hasard.py",
        "tests/test_demarche.py",
        "e2e/test_clavier.py",
        "e2e/test_w3m.py",
        "e2e/test_recherche_vive.py",
        "e2e/test_accessibilite.py",
    ]
    items: list[Any] = [SimpleNamespace(path=ROOT / name) for name in reversed(wanted)]
    progress.pytest_collection_modifyitems(items)
    assert [str(item.path.relative_to(ROOT)) for item in items] == wanted
    assert all(item.path.exists() for item in items)
    named = [ROOT / "e2e" / f"test_{name}.py" for name in progress.LONGEST]
    assert [path for path in named if not path.exists()] == []


@pytest.fixture
def tell(monkeypatch: pytest.MonkeyPatch) -> Tell:
    """The lines that a run writes for what has just happened; `later`: how many seconds after."""
    lines: list[str] = []
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    reporter = SimpleNamespace(ensure_newline=lambda: None, write_line=lines.append)
    config: Any = SimpleNamespace(pluginmanager=SimpleNamespace(get_plugin=lambda _: reporter))
    run = progress.Progress(config)
    run.pytest_xdist_node_collection_finished([PAGES, f"{PAGES}[2]", BROWSERS])

    def told(nodeid: str, when: str = "teardown", *, failed: bool = False, later: float = 0) -> list[str]:
        lines.clear()
        now[0] += later
        report: Any = SimpleNamespace(
            nodeid=nodeid, when=when, failed=failed, longrepr=FAULT if failed else None
        )
        run.pytest_runtest_logreport(report)
        return list(lines)

    return told


def test_a_failure_is_named_at_once_with_its_reason(tell: Tell) -> None:
    assert tell(PAGES, "call") == []
    assert tell(PAGES, "call", failed=True) == [f"FAILED {PAGES} (call) assert 1 == 2"]


def test_what_remains_is_said_now_and_then(tell: Tell) -> None:
    assert tell(PAGES) == []
    tell(PAGES, "call", failed=True)
    assert tell(BROWSERS, later=progress.EVERY + 1) == ["  16 s · pages 1/2 · browsers 1/1 · failed 1"]
    assert tell(f"{PAGES}[2]", later=1) == []


def test_every_run_is_told_so() -> None:
    assert f"-p {progress.__name__}" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
