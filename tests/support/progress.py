"""How a run goes: what needs no browser first, the longest of the browsers next; failures named when they happen."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

BROWSERS = Path(__file__).parents[2] / "e2e"
# The longest first: the last minute of a run must not be one long test on one worker, the other idle.
LONGEST = (
    "clavier",
    "double_clic",
    "demarche",
    "firefox",
    "reseau_lent",
    "retour_arriere",
    "erreurs",
    "w3m",
    "onglets",
)
KINDS = ("pages", "browsers")
EVERY = 15  # seconds between two lines of progress


def pytest_configure(config: pytest.Config) -> None:
    """Where there are workers, say how far they are."""
    if getattr(config.option, "dist", "no") != "no" and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After the shuffle: pages, then browsers; the audit of every state, made of small pieces, fills what is left."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[bool, bool, int]:
    name = item.path.stem.removeprefix("test_")
    browser, audit = BROWSERS in item.path.parents, name == "accessibilite"
    if not browser:
        return False, False, name != "marche_au_hasard"
    return True, audit, LONGEST.index(name) if name in LONGEST else len(LONGEST)


class Progress:
    """Lines instead of dots, in the process that commands the workers."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._all: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        self._failed = 0
        self._began = self._said = time.monotonic()

    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Every worker collects the same tests."""
        self._all = Counter(map(_kind, ids))

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: Any) -> tuple[str, str, str] | None:
        """No dot for what passes."""
        passed = report.passed and not hasattr(report, "wasxfail")
        return ("passed" if report.when == "call" else "", "", "") if passed else None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Name a failure at once; say now and then what remains."""
        if report.failed:
            self._failed += 1
            crash = getattr(report.longrepr, "reprcrash", None)
            reason = crash.message.splitlines()[0] if crash and crash.message else ""
            self._say(f"FAILED {report.nodeid} ({report.when}) {reason[:160]}")
        if report.when == "teardown":
            self._done[_kind(report.nodeid)] += 1
        if time.monotonic() - self._said > EVERY:
            self._said = time.monotonic()
            counts = " · ".join(
                f"{kind} {self._done[kind]}/{self._all[kind]}" for kind in KINDS if self._all[kind]
            )
            self._say(f"{self._said - self._began:4.0f} s · {counts} · failed {self._failed}")

    def _say(self, line: str) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.ensure_newline()
            reporter.write_line(line)


def _kind(nodeid: str) -> str:
    return KINDS[nodeid.startswith("e2e/")]
