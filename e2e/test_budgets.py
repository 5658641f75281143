"""What the démarche asks of a reader with an old phone (spec §10): counts of words and of pixels, never of time."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from e2e import measures
from e2e.service import Service


@pytest.fixture
def phone(browser: Browser, service: Service) -> Iterator[Page]:
    """A tab that measures what it shows."""
    with measures.phone(browser, service.url) as page:
        yield page


def test_the_demarche_of_nadia_is_short(phone: Page) -> None:
    walk = measures.nadia(phone)
    assert len(walk.pages) <= measures.PAGES
    each = "\n".join(f"{page.words} words, {page.height} px: {page.page}" for page in walk.pages)
    assert walk.words <= measures.WORDS, each
    assert walk.screens <= measures.SCREENS, each
    assert walk.touches <= measures.TOUCHES, "what Nadia touches and types on all pages together"
    assert [word for page in walk.pages for word in page.broken] == []
    assert [far for page in walk.pages if page.page.startswith("/demande/") for far in page.too_far] == []


def test_pages_that_nadia_does_not_meet_begin_soon_too(phone: Page) -> None:
    states = dict(measures.of_states(phone, [*measures.UNMET, measures.REFUSED_AMOUNTS]))
    refused = states.pop(measures.REFUSED_AMOUNTS)
    assert refused.height <= measures.REFUSED_HEIGHT
    assert [word for measure in (refused, *states.values()) for word in measure.broken] == []
    assert [far for measure in states.values() for far in measure.too_far] == []
