"""
The catalogue of states: any page, in any state, with the right account, by one address.

Auditors, captures and checkers start from here. Opening a state ends the session of this browser and opens one of an
hour; the account is first put back as it was, so that a state is the same each time.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from sqlmodel import Session, select
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Message

from app.demo.decisions import decide_demo_demandes
from app.demo.demandes import file_demande
from app.demo.messages import answer_demo_demande
from app.demo.remise import choose_news, fail_before, join_files, put_back
from app.demo.reponses import answers_before
from app.demo.state import State
from app.demo.states import STATES
from app.store.comptes import find_demo, read_assure
from app.store.database import reading, writing
from app.store.sessions import close_session, find_session, open_session, still_open
from app.store.tables import Compte, DemandeDeposee
from app.web import draft as drafts
from app.web.ask import Ask, public
from app.web.errors import error_page
from app.web.house import House, house_of
from app.web.hypermedia import PRIVATE
from app.web.lien import STOPPED
from app.web.message_pdf import keep_accuse_pdf
from app.web.session import read_ticket, set_draft, set_session, visitor_token
from app.web.tokens import FIELD, form_token

LIFETIME = timedelta(hours=1)
DRAWN_INCIDENT = "0a1b2c3d"


def catalogue_routes() -> Sequence[BaseRoute]:
    """The addresses of the catalogue; the demonstration only."""
    return (
        Route("/etats", public(states)),
        Route("/etats.json", states_json),
        Route("/etats/{nom}", open_etat),
    )


def states(ask: Ask) -> Response:
    """Every state, a link each."""
    return ask.page("etats.html", "Catalogue des états", states=STATES.values())


async def states_json(_: Request) -> Response:
    """The same list for machines."""
    listed = [
        {"nom": e.nom, "page": e.page, "url": f"/etats/{e.nom}", "statut": e.statut, "source": e.source}
        for e in STATES.values()
    ]
    return JSONResponse(listed, headers=PRIVATE)


async def open_etat(request: Request) -> Response:
    """Bring this browser to a state, and answer with the page of that state."""
    state = STATES.get(request.path_params["nom"])
    if state is None:
        raise HTTPException(404)
    if state.dessine:
        return error_page(
            request,
            state.dessine,
            detail=state.detail,
            incident=DRAWN_INCIDENT if state.dessine == 500 else "",
        )
    token, scratch, url = await run_in_threadpool(_prepare, request, house_of(request), state)
    response = await _replay(request, state, url, token, scratch)
    response.raw_headers[:0] = [header for header in scratch.raw_headers if header[0] == b"set-cookie"]
    return response


def _prepare(request: Request, house: House, state: State) -> tuple[str, Response, str]:
    """Open the session and the draft of a state; returns its token, an answer with its cookies, and its address."""
    scratch, settings = Response(), house.settings
    with reading(house.engine) as db:
        ticket = read_ticket(request, settings)
        if found := find_session(db.connection(), ticket.token, settings.clock()):
            close_session(db, house.shelf, found.id)
        if state.decidees:
            decide_demo_demandes(db, settings, house.shelf, state.decidees)
        if state.compte is None:
            fail_before(db, house, state, request.client.host if request.client else "")
            token = visitor_token()
            set_session(scratch, settings, token)
            if state.arrete:
                STOPPED.set(scratch, settings, {}, token)
            return token, scratch, state.whole_url(settings.day())
        elsewhere = put_back(db, house, state)
        compte = find_demo(db, state.compte)
        assert compte is not None
        with writing(db):
            token = open_session(db, compte, settings.clock(), LIFETIME)
        set_session(scratch, settings, token)
        lost = _begin(db, house, state, compte, token, scratch) if state.avant is not None else ""
        message = answer_demo_demande(db, settings, house.shelf, state) if state.decision else ""
        jeton = choose_news(db, house, compte) if state.abonne else ""
        return (
            token,
            scratch,
            state.whole_url(settings.day(), _reference(db, compte.id), message, lost, jeton, elsewhere),
        )


def _begin(db: Session, house: House, state: State, compte: Compte, token: str, scratch: Response) -> str:
    """Begin the draft of a state; returns the id of the last file that it has, if any."""
    session = find_session(db.connection(), token, house.settings.clock())
    assert session is not None
    le = house.settings.day()
    draft = drafts.Draft.start(le)
    assure = read_assure(house.ring, compte)
    demande = answers_before(state.avant or "", draft.demande.id, assure, le, **state.reponses)
    with writing(db):
        row = still_open(db, session.id)
        row.brouillon = demande.id
        db.add(row)
    joined = join_files(db, house, state, session.id, draft.file_key)
    if state.depose:
        now = house.settings.now()
        origin = (session.id, draft.file_key)
        reference = file_demande(db, house.settings, house.shelf, compte, demande, now, origin)
        keep_accuse_pdf(db, house.shelf, house.ring, reference)
        return ""
    set_draft(
        scratch,
        house.settings,
        drafts.seal_draft(house.settings, draft.answered(demande), token, session.secret),
    )
    return joined


def _reference(db: Session, compte: int | None) -> str:
    mine = select(DemandeDeposee.reference).where(DemandeDeposee.compte_id == compte)
    return db.exec(mine.order_by(DemandeDeposee.id.desc())).first() or ""  # type: ignore[union-attr]


async def _replay(request: Request, state: State, url: str, token: str, scratch: Response) -> Response:
    """Send the request of a state to this same application."""
    settings = house_of(request).settings
    cookies = SimpleCookie(
        ", ".join(value.decode() for name, value in scratch.raw_headers if name == b"set-cookie")
    )
    headers = [(b"cookie", "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items()).encode())]
    headers += [(name, value) for name, value in request.headers.raw if name in (b"host", b"user-agent")]
    body = b""
    if state.envoi is not None:
        body, media_type = _body({FIELD: form_token(settings, token), **state.envoi}, state)
        headers += [(b"content-type", media_type.encode()), (b"content-length", str(len(body)).encode())]
    path, _, query = url.partition("?")
    house = replace(house_of(request), franceconnect=state.franceconnect)
    return await _call(
        request, house, path, headers, body, query.partition("#")[0], "GET" if state.envoi is None else "POST"
    )


async def _call(
    request: Request,
    house: House,
    path: str,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    query: str = "",
    method: str = "GET",
) -> Response:
    scope = {
        **request.scope,
        "house": house,
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": headers,
    }
    for made_by_routing in ("route", "endpoint", "path_params", "router"):
        scope.pop(made_by_routing, None)
    parts: list[bytes] = []
    answer = Response()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status_code = message["status"]
            answer.raw_headers = list(message["headers"])
        else:
            parts.append(message.get("body", b""))

    await request.app.router(scope, receive, send)
    answer.body = b"".join(parts)
    return answer


def _body(fields: Mapping[str, str | Sequence[str]], state: State) -> tuple[bytes, str]:
    """The fields of a form, with its files if it has some."""
    pairs = [
        (name, value)
        for name, given in fields.items()
        for value in ([given] if isinstance(given, str) else given)
    ]
    if not state.fichiers:
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    mark = secrets.token_hex(12)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in pairs
    ]
    for place, name, content in state.fichiers:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="fichier_{place}"; filename="{name}"\r\n'
        parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", content(), b"\r\n"]
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"
