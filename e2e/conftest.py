"""One server a test, and a browser in each of the worlds people live in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.chromium import how_to_launch
from e2e.etape_6 import Etape6, on_etape_6
from e2e.service import Service, serving
from e2e.twin import Twin, twin_of
from e2e.window import Window
from tests.conftest import demo_folder, filled_folder

__all__ = ["demo_folder", "filled_folder"]

SECONDS = 60  # a busy machine is slow, not wrong; what is there already is not waited for
expect.set_options(timeout=SECONDS * 1000)


@dataclass(frozen=True)
class World:
    """A browser: does it run scripts, and how wide is its screen?"""

    scripts: bool
    width: int
    height: int

    def __str__(self) -> str:
        return f"{'js' if self.scripts else 'no-js'}-{self.width}"


WORLDS = [
    World(scripts, width, height) for scripts in (False, True) for width, height in ((320, 640), (1280, 800))
]

# Which people meet which worlds, and why not all of them. A fault comes from a page (who sees it), from scripts, from the
# width of the screen, or from hands; from two of these at times, never yet from three. A diagonal meets both widths, with
# and without scripts, in two runs instead of four; people and hands are dealt between the two diagonals, so that every
# world is met by each kind of hands or by people who see the same pages. What only scripts do is tried in its own tests.
FALLING = pytest.mark.parametrize("world", [WORLDS[0], WORLDS[3]], ids=str)
RISING = pytest.mark.parametrize("world", [WORLDS[2], WORLDS[1]], ids=str)
ON_PHONES = pytest.mark.parametrize("world", [WORLDS[0], WORLDS[2]], ids=str)
ON_A_COMPUTER = pytest.mark.parametrize("world", [WORLDS[3]], ids=str)
WITH_SCRIPTS = pytest.mark.parametrize("world", [WORLDS[2]], ids=str)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is played in a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """An installed Chromium if there is one, quiet (it calls nobody), with the letters of a phone."""
    return {**browser_type_launch_args, **how_to_launch()}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each test has its own: `browser_context_args` gives it."""


@pytest.fixture(params=WORLDS, ids=str)
def world(request: pytest.FixtureRequest) -> World:
    """The browser of this run."""
    found: World = request.param
    return found


@pytest.fixture
def browser_context_args(
    browser_context_args: dict[str, Any], world: World, service: Service
) -> dict[str, Any]:
    """A French browser of this world, on this service."""
    return {
        **browser_context_args,
        "base_url": service.url,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "java_script_enabled": world.scripts,
        "viewport": {"width": world.width, "height": world.height},
    }


@pytest.fixture
def service(filled_folder: Path, tmp_path: Path) -> Iterator[Service]:
    """A server on fresh data: one open demande per account may be filed, so no two tests share one."""
    with serving(filled_folder, tmp_path / "donnees") as served:
        yield served


@pytest.fixture
def window(page: Page) -> Iterator[Window]:
    """A tab of the browser, that has nothing to complain of in the end."""
    page.set_default_timeout(SECONDS * 1000)
    window = Window(page)
    yield window
    assert window.complaints == []


@pytest.fixture
def twin(service: Service) -> Iterator[Twin]:
    """The same service in this process, to begin in the middle of the démarche."""
    with twin_of(service) as found:
        yield found


@pytest.fixture
def etape(window: Window, service: Service) -> Iterator[Etape6]:
    """Nadia's étape 6, everything before it answered."""
    with on_etape_6(window, service) as found:
        yield found
