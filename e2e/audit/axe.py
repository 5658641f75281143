"""axe-core, asked about one page: what it refuses, and what it cannot decide."""

from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

from e2e.audit.seen import Finding

SOURCE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["RGAAv4", "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
RUN = """asked => Promise.race([axe.run(document, asked), new Promise((_, fail) =>
    setTimeout(() => fail(new Error('axe does not answer')), 60000))])"""
LAID_OUT = ["color-contrast", "target-size", "scrollable-region-focusable"]  # what other letters may change
ASKED = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]}


def ask(page: Page) -> list[Finding]:
    """Both kinds are defects: what a machine cannot decide here must be explained, or drawn otherwise."""
    page.evaluate(SOURCE)
    return _found(page, ASKED)


def ask_again(page: Page) -> list[Finding]:
    """The same page in other letters: only the rules that look at where things are drawn."""
    return _found(page, ASKED | {"runOnly": {"type": "rule", "values": LAID_OUT}})


def _found(page: Page, asked: dict[str, Any]) -> list[Finding]:
    answer: dict[str, list[dict[str, Any]]] = page.evaluate(RUN, asked)
    return [
        Finding(critere, f"axe, {rule['id']} ({doubt}) : {node['html'][:160]}")
        for doubt in ("violations", "incomplete")
        for rule in answer[doubt]
        for node in rule["nodes"]
        for critere in criteria(rule["tags"])
    ]


def criteria(tags: list[str]) -> list[str]:
    """« RGAA-11.1.1 » is a test of criterion 11.1; a rule of WCAG 2.2 has no criterion of the RGAA."""
    found = {".".join(tag.removeprefix("RGAA-").split(".")[:2]) for tag in tags if tag.startswith("RGAA-")}
    return sorted(found) or [f"WCAG {next(tag for tag in tags if tag.startswith('wcag'))}"]
