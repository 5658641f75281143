"""Hand a browser a draft that is already under way, so that a test starts at its own page."""

from typing import Any

from sqlmodel import select
from starlette.applications import Starlette

from app.demo.reponses import answers_before
from app.domain.demande import Demande
from app.store.comptes import find_demo, read_assure
from app.store.database import reading
from app.store.sessions import hash_token
from app.store.tables import SessionOuverte
from app.web import draft as drafts
from app.web.session import _SALT, COOKIE
from app.web.signer import signer
from tests.support.browser import Browser, Page


def current(browser: Browser, service: Starlette) -> drafts.Draft:
    """The draft this browser holds."""
    settings = service.state.house.settings
    token = signer(settings, _SALT).unsign(browser.client.cookies[COOKIE]).decode()
    found = drafts.open_draft(
        settings, browser.client.cookies[drafts.COOKIE], token, _row(service, token).secret
    )
    assert found is not None
    return found


def seed(browser: Browser, service: Starlette, **answers: Any) -> Demande:
    """Put these answers (fields of `Demande`) in the draft of a browser that has started a demande."""
    draft = current(browser, service)
    return put(browser, service, draft.demande.model_copy(update=answers))


def put(browser: Browser, service: Starlette, demande: Demande) -> Demande:
    """Make this the draft of a browser that has started one."""
    settings = service.state.house.settings
    draft = current(browser, service)
    token = signer(settings, _SALT).unsign(browser.client.cookies[COOKIE]).decode()
    value = drafts.seal_draft(settings, draft.answered(demande), token, _row(service, token).secret)
    browser.client.cookies.delete(drafts.COOKIE)
    browser.client.cookies.set(drafts.COOKIE, value, domain="testserver.local", path=drafts.PATH)
    return demande


def arrive_at(browser: Browser, service: Starlette, page: str, compte: str = "nadia", **answers: Any) -> Page:
    """Begin a demande, and open this page with everything before it answered at its plainest, but for `answers`."""
    browser.start(compte)
    house, identity = service.state.house, current(browser, service).demande.id
    with reading(house.engine) as db:
        found = find_demo(db, compte)
        assert found is not None
        assure = read_assure(house.ring, found)
    put(browser, service, answers_before(page, identity, assure, house.settings.day(), **answers))
    opened = browser.get(f"/demande/{page}")
    assert opened.path == f"/demande/{page}"
    return opened


def _row(service: Starlette, token: str) -> SessionOuverte:
    with reading(service.state.house.engine) as db:
        return db.exec(select(SessionOuverte).where(SessionOuverte.id == hash_token(token))).one()
