"""Whole démarches: from the sign-in page to the receipt, with two files of 1.5 Mo each."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any, cast

import httpx2
from starlette.testclient import TestClient

from app.demo.remise import put_back
from app.demo.state import State
from app.main import build_house
from app.settings import Settings
from app.store.database import reading
from tests.support import samples
from tests.support.browser import Browser, Page
from tests.support.walk import join, walk_to

PEOPLE = ("benoit", "marc", "lucie", "leo", "awa", "nadia")
AT_ONCE, ROUNDS = 2, 2
SIZE = int(1.5 * samples.MO)


class Lean(Browser):
    """A browser that does not look at what it is given."""

    def _arrive(self, response: Any) -> Page:
        self.page = Page(response)
        self.page.url = response.url.raw_path.decode()
        assert self.page.status < 400, (self.page.status, self.page.url, self.page.errors)
        return self.page


def a_second(urls: Sequence[str], settings: Settings, at_once: int = AT_ONCE) -> float:
    """How many are filed in a second at these services; between two rounds the accounts are put back as they were."""
    house = build_house(settings)
    files = (samples.heavy_pdf(SIZE - 2_000), photo())
    spent = 0.0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda url, compte: demarche(url, compte, files), cycle(urls), PEOPLE))
        spent += time.perf_counter() - began
        with reading(house.engine) as db:
            for compte in PEOPLE:
                put_back(db, house, State(compte, "/demarches", "", compte=compte))
    house.engine.dispose()
    return ROUNDS * len(PEOPLE) / spent


def demarche(url: str, compte: str, files: tuple[bytes, bytes]) -> None:
    """From the sign-in page to the receipt."""
    with httpx2.Client(base_url=url, timeout=60) as client:
        browser = Lean(cast(TestClient, client))
        browser.start(compte)
        walk_to(browser, "/demande/pieces")
        for name, content in zip(("avis.pdf", "page.jpg"), files, strict=True):
            join(browser, "avis_moi", name=name, content=content)
        walk_to(browser, "/demande/terminee")


def photo() -> bytes:
    """The heaviest photo that is still under 1.5 Mo."""
    photos = (samples.photo(1600, 1200, noise=True, quality=quality) for quality in range(95, 10, -5))
    return next(photo for photo in photos if len(photo) <= SIZE)
