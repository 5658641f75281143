"""The named states, and how a test opens one."""

from types import SimpleNamespace

from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from app.demo.decisions import decide_demo_demandes
from app.demo.etat import Etat
from app.demo.etats import ETATS
from app.demo.messages import answer_demo_demande
from app.demo.remise import fail_before, send_before
from app.demo.reponses import answers_before
from app.store.comptes import find_demo, read_assure
from app.store.database import reading
from app.store.tables import DemandeDeposee
from app.web.errors import error_page
from tests.support.browser import Browser, Page, lint
from tests.support.drafts import current, put

__all__ = ["ETATS", "Etat", "open_browser", "open_state"]


def open_state(service: Starlette, etat: Etat) -> Page:
    """The page of a state."""
    return _drawn(service, etat) if etat.dessine else open_browser(service, etat).page


def open_browser(service: Starlette, etat: Etat) -> Browser:
    """A new browser, brought to a state."""
    client = Browser(TestClient(service))
    if etat.decidees:
        house = service.state.house
        with reading(house.engine) as db:
            decide_demo_demandes(db, house.settings, house.shelf, etat.decidees)
    if etat.essais:
        house = service.state.house
        with reading(house.engine) as db:
            fail_before(db, house, etat, "testclient")
    if etat.envois:
        house = service.state.house
        with reading(house.engine) as db:
            send_before(db, house, etat)
    if etat.compte:
        client.sign_in(etat.compte)
    if etat.avant is not None:
        client.get("/demande")
        client.press("Je démarre ma demande")
        put(client, service, _answers(client, service, etat))
    if etat.depose:
        client.get("/demande/validation")
        client.press("Je valide ma demande", certifie="oui")
    message = _answered(service, etat) if etat.decision else ""
    reference = _reference(service, etat.compte) if etat.compte else ""
    url = etat.address(service.state.house.settings.day(), reference, message)
    if etat.envoi is None:
        client.get(url)
        return client
    if not etat.compte or not client.token:
        client.get(url)
    files = [
        (f"fichier_{place}", (name, content, "application/octet-stream"))
        for place, name, content in etat.fichiers
    ]
    client.post(url, etat.envoi, files=files)
    return client


def _answers(client: Browser, service: Starlette, etat: Etat):  # type: ignore[no-untyped-def]
    house = service.state.house
    with reading(house.engine) as db:
        compte = find_demo(db, etat.compte or "")
        assert compte is not None
        assure = read_assure(house.ring, compte)
    identity = current(client, service).demande.id
    return answers_before(etat.avant or "", identity, assure, house.settings.day(), **etat.reponses)


def _answered(service: Starlette, etat: Etat) -> str:
    house = service.state.house
    with reading(house.engine) as db:
        return answer_demo_demande(db, house.settings, house.shelf, etat)


def _reference(service: Starlette, compte: str | None) -> str:
    house = service.state.house
    with reading(house.engine) as db:
        owner = find_demo(db, compte or "")
        assert owner is not None
        mine = select(DemandeDeposee.reference).where(DemandeDeposee.compte_id == owner.id)
        return db.exec(mine.order_by(col(DemandeDeposee.id).desc())).first() or ""


def _drawn(service: Starlette, etat: Etat) -> Page:
    scope = {"type": "http", "method": "GET", "path": etat.url, "headers": [], "query_string": b"", "app": service,
             "scheme": "http", "server": ("testserver", 80)}  # fmt: skip
    response = error_page(Request(scope), etat.dessine, incident="0a1b2c3d" if etat.dessine == 500 else "")
    body = bytes(response.body).decode()
    page = Page(
        SimpleNamespace(
            status_code=response.status_code,
            url=f"http://testserver{etat.url}",
            text=body,
            headers=response.headers,
        )
    )
    lint(page)
    return page
