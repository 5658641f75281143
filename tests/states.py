"""The named states, and how a test opens one."""

from types import SimpleNamespace

import httpx2
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from app.demo.decisions import decide_demo_demandes
from app.demo.messages import answer_demo_demande
from app.demo.remise import choose_news, fail_before, join_files, link_before, open_elsewhere, send_before
from app.demo.reponses import answers_before
from app.demo.state import State
from app.demo.states import STATES
from app.store.comptes import find_demo, read_assure
from app.store.database import reading
from app.store.tables import DemandeDeposee
from app.web.errors import error_page
from app.web.lien import STOPPED
from app.web.session import set_session, visitor_token
from tests.support.browser import Browser, Page, lint
from tests.support.drafts import current, put
from tests.support.waiting import session_id

__all__ = ["STATES", "State", "open_browser", "open_state"]


def open_state(service: Starlette, state: State) -> Page:
    """The page of a state."""
    return _drawn(service, state) if state.dessine else open_browser(service, state).page


def open_browser(service: Starlette, state: State) -> Browser:
    """A new browser, brought to a state."""
    client, house = Browser(TestClient(service)), service.state.house
    house.franceconnect = state.franceconnect
    with reading(house.engine) as db:
        if state.decidees:
            decide_demo_demandes(db, house.settings, house.shelf, state.decidees)
        if state.essais:
            fail_before(db, house, state, "testclient")
        if state.envois:
            send_before(db, house, state)
        if state.lie:
            link_before(db, house, state)
        elsewhere = open_elsewhere(db, house, state) if state.ailleurs else ""
    if state.arrete:
        stop_before(client, service)
    if state.compte:
        client.sign_in(state.compte)
    if state.avant is not None:
        client.get("/demande")
        client.press("Je démarre ma demande")
        put(client, service, _answers(client, service, state))
    joined = ""
    if state.joints:
        with reading(house.engine) as db:
            key = current(client, service).file_key
            joined = join_files(db, house, state, session_id(client, service), key)
    if state.depose:
        client.get("/demande/validation")
        client.press("Je valide ma demande", certifie="oui")
    with reading(house.engine) as db:
        message = answer_demo_demande(db, house.settings, house.shelf, state) if state.decision else ""
        owner = find_demo(db, state.compte or "")
        mine = select(DemandeDeposee.reference).where(DemandeDeposee.compte_id == (owner and owner.id))
        reference = db.exec(mine.order_by(col(DemandeDeposee.id).desc())).first() or ""
        jeton = choose_news(db, house, owner) if state.abonne and owner else ""
    url = state.whole_url(house.settings.day(), reference, message, joined, jeton, elsewhere)
    if state.envoi is None:
        client.get(url)
        return client
    if not state.compte or not client.token:
        client.get(url)
    files = [
        (f"fichier_{place}", (name, content(), "application/octet-stream"))
        for place, name, content in state.fichiers
    ]
    client.post(url, state.envoi, files=files)
    return client


def stop_before(client: Browser, service: Starlette) -> None:
    """This browser has come by FranceConnect, and no account was found."""
    settings, token, scratch = service.state.house.settings, visitor_token(), Response()
    set_session(scratch, settings, token)
    STOPPED.set(scratch, settings, {}, token)
    client.client.cookies.extract_cookies(
        httpx2.Response(
            200, headers=scratch.raw_headers, request=httpx2.Request("GET", "http://testserver/connexion")
        )
    )


def _answers(client: Browser, service: Starlette, state: State):  # type: ignore[no-untyped-def]
    house = service.state.house
    with reading(house.engine) as db:
        compte = find_demo(db, state.compte or "")
        assert compte is not None
        assure = read_assure(house.ring, compte)
    identity = current(client, service).demande.id
    return answers_before(state.avant or "", identity, assure, house.settings.day(), **state.reponses)


def _drawn(service: Starlette, state: State) -> Page:
    scope = {"type": "http", "method": "GET", "path": state.url, "headers": [], "query_string": b"", "app": service,
             "scheme": "http", "server": ("testserver", 80)}  # fmt: skip
    incident = "0a1b2c3d" if state.dessine == 500 else ""
    response = error_page(Request(scope), state.dessine, detail=state.detail, incident=incident)
    body = bytes(response.body).decode()
    page = Page(
        SimpleNamespace(
            status_code=response.status_code,
            url=f"http://testserver{state.url}",
            text=body,
            headers=response.headers,
        )
    )
    lint(page)
    return page
