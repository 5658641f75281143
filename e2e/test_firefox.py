"""
Nadia's démarche in Debian's Firefox: reported by `make test`, gating in `make firefox`.

Playwright speaks to this browser by a channel that is an experiment (WebDriver BiDi): its faults must stop nobody.
The channel runs scripts whatever it is told, so a page without scripts is one whose scripts never arrive.
"""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from e2e.conftest import ON_PHONES, World
from e2e.letters import FIREFOX_READS, letters
from e2e.nadia import nadia_reads_her_receipt
from e2e.service import Service
from e2e.window import Window

pytestmark = [ON_PHONES, pytest.mark.xfail(reason="Firefox is reported; it gates in `make firefox`")]


@pytest.fixture(scope="module")
def firefox(playwright: Playwright, pytestconfig: pytest.Config) -> Iterator[Browser]:
    """Debian's Firefox; without it these tests skip with a reason, or fail if the run is about Firefox."""
    installed = shutil.which("firefox-esr")
    if not installed:
        absent = pytest.fail if pytestconfig.option.runxfail else pytest.skip
        absent("no firefox-esr here: .ci/navigateurs.py installs it, as root")
    browser = playwright.firefox.launch(
        executable_path=installed, channel="moz-firefox", env={**letters()}, firefox_user_prefs=FIREFOX_READS
    )
    yield browser
    browser.close()


@pytest.fixture
def page(firefox: Browser, world: World, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """A tab of it."""
    context = firefox.new_context(**browser_context_args)
    if not world.scripts:
        context.route("**/*.js", lambda route: route.abort())
    yield context.new_page()
    context.close()


def test_nadia_dit_tout(window: Window, service: Service) -> None:
    nadia_reads_her_receipt(window, service)
