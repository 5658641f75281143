"""When the sign-in page is painted, on a poor network and a poor phone."""

import statistics
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

from e2e.chromium import how_to_launch
from tests.bench.row import Row

ROUNDS = 3
LARGEST = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true}))"""
NETWORKS = (
    ("Affichage (LCP), 400 kbps, 400 ms, processeur 6 fois plus lent", 400, 400, 6, 1.5),
    ("Affichage (LCP), 50 kbps, 800 ms", 50, 800, 1, 4.0),
)


def rows(url: str) -> Iterator[Row]:
    """The median of a few cold openings."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**how_to_launch())
        for what, kilobits, latency, slower, most in NETWORKS:
            took = [_paint(browser, url, kilobits, latency, slower) for _ in range(ROUNDS)]
            yield Row(what, statistics.median(took), "s", most=most)
        browser.close()


def _paint(browser: Browser, url: str, kilobits: int, latency: int, slower: int) -> float:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    speed = kilobits * 1000 / 8
    conditions = {
        "offline": False,
        "latency": latency,
        "downloadThroughput": speed,
        "uploadThroughput": speed,
    }
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", conditions)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(f"{url}/connexion")
    milliseconds: float = page.evaluate(LARGEST)
    context.close()
    return milliseconds / 1000
