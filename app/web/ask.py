"""One request, read once: who asks, what was sent, and the helpers that answer it."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote

import sqlalchemy as sa
from markupsafe import Markup
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.domain.assure import Assure
from app.files.sealing import KeyMissing, SealBroken
from app.forms.form import Sent
from app.store.comptes import read_assure
from app.store.database import reading, writing
from app.store.journal import Fait, mark_of, note
from app.store.quotas import FICHIERS, Quota, full_until, spend
from app.store.sessions import Opened, SessionOver, find_session
from app.store.tables import Caisse
from app.web.house import House, house_of
from app.web.hypermedia import go_to, page, without_redirection
from app.web.session import Standing, Ticket, carry_session, read_ticket, visitor_token
from app.web.submission import read_submission
from app.web.tokens import FIELD, form_token, is_our_form, is_same_origin

EXPIRED = "/session-expiree"
_HIDDEN = Markup('<input type="hidden" name="%s" value="%s">')


@dataclass
class Ask:
    """A request and everything a handler needs to answer it. Handlers run in a worker thread."""

    request: Request
    house: House
    held: ExitStack  # until the answer is there
    ticket: Ticket
    sent: Sent
    now: datetime
    session: Opened | None = None

    @cached_property
    def connection(self) -> sa.Connection:
        """The only one of this request, which has none until it asks for it."""
        return self.held.enter_context(self.house.engine.connect())

    @cached_property
    def db(self) -> Session:
        """What reads and writes whole rows, on that connection."""
        return self.held.enter_context(reading(self.connection))

    @cached_property
    def assure(self) -> Assure:
        """The signed-in person's account."""
        return read_assure(self.house.ring, self.open_session)

    @cached_property
    def assure_if_any(self) -> Assure | None:
        """The same on a page that does without: none if nobody is signed in, or if the account does not open any more."""
        if self.session is not None:
            with suppress(KeyMissing, SealBroken):
                return self.assure
        return None

    @cached_property
    def caisse(self) -> Caisse:
        """The signed-in person's caisse."""
        return self.house.caisse(self.assure.caisse, lambda: self.connection)

    @property
    def open_session(self) -> Opened:
        """The session, where an account is required."""
        assert self.session is not None
        return self.session

    @property
    def session_ends(self) -> datetime:
        """When the session ends, on the calendar that the pages show."""
        return self.house.settings.shown(self.open_session.expire_le)

    def spend(self, quota: Quota) -> datetime | None:
        """Count what this account sends, or say when it may be sent instead, on the calendar of the pages."""
        clock = self.house.settings.clock()
        with writing(self.db):
            end = spend(self.db, self.house.ring, self.open_session.compte_id, quota, clock)
        if end is None:
            return None
        note(Fait.ENVOIS_LIMITES, mark_of(self.house.ring, self.open_session), quoi=quota.envoi)
        return self.house.settings.shown(end)

    @property
    def path(self) -> str:
        """The address of this page on the site; `request.url` puts the whole of it together first."""
        path: str = self.request.scope["path"]
        return path

    @property
    def query(self) -> Mapping[str, str]:
        """The query string."""
        return self.request.query_params

    @cached_property
    def token(self) -> str:
        """What ties a form to this browser; drawn now if it has none."""
        return self.ticket.token or visitor_token()

    def hidden_token(self) -> Markup:
        """The hidden field every form of ours carries: the same for all the forms of an answer."""
        return self._hidden_field

    @cached_property
    def _hidden_field(self) -> Markup:
        return _HIDDEN % (FIELD, form_token(self.house.settings, self.token))

    def page(self, template: str, titre: str, status: int = 200, **context: object) -> Response:
        """Answer with a page, with what every page needs."""
        base: dict[str, object] = {
            "titre": titre,
            "chemin": self.path,
            "etape": 0,
            "erreur": status >= 400,
            "connecte": self.session is not None,
            "jeton": self.hidden_token,
            "non_lus": 0,
        }
        if self.session is not None:
            base |= {"compte_nom": "", "caisse_nom": "", "non_lus": self.session.non_lus}
            if assure := self.assure_if_any:
                base |= {"compte_nom": f"{assure.prenom} {assure.nom}".strip(), "caisse_nom": self.caisse.nom}
        return page(self.house.env, template, base | context, status, self.request)


Handler = Callable[[Ask], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def public(handler: Handler, *, sent_by_account: bool = False) -> Endpoint:
    """A page anyone may read; a signed-in person keeps his or her header. `sent_by_account`: and nobody else sends."""
    return _endpoint(handler, account=False, sent_by_account=sent_by_account, files=False)


def by_link(handler: Handler) -> Endpoint:
    """
    A page that its address alone opens, and nothing else: nobody is signed in there, no form token is asked.

    Mail software sends such a page by itself (RFC 8058): it has no cookie, comes from another site, and follows no
    redirection.
    """

    async def endpoint(request: Request) -> Response:
        nobody = Ticket(Standing.NONE, "")
        return await run_in_threadpool(
            _answer, handler, request, house_of(request), nobody, Sent({}), account=False
        )

    return endpoint


def sign_in(handler: Handler) -> Endpoint:
    """Sign-in hashes a password: its requests queue among themselves and delay no other page."""
    return _endpoint(handler, account=False, sent_by_account=False, files=False, in_line=True)


def trip(handler: Handler) -> Endpoint:
    """On the way to the issuer or back: these requests queue among themselves and delay no other page."""
    endpoint = public(handler)

    async def in_turn(request: Request) -> Response:
        async with house_of(request).trips:
            return await endpoint(request)

    return in_turn


def private(handler: Handler) -> Endpoint:
    """A page of an account."""
    return _endpoint(handler, account=True, sent_by_account=True, files=False)


def private_with_files(handler: Handler) -> Endpoint:
    """A page of an account to which files are sent."""
    return _endpoint(handler, account=True, sent_by_account=True, files=True)


def _endpoint(
    handler: Handler, *, account: bool, sent_by_account: bool, files: bool, in_line: bool = False
) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        settings = house_of(request).settings
        ticket = read_ticket(request, settings)
        response = await answer(request, ticket)
        carry_session(ticket, response, settings)
        return without_redirection(request, response)

    async def answer(request: Request, ticket: Ticket) -> Response:
        house = house_of(request)
        if request.method != "POST":
            return await run_in_threadpool(_answer, handler, request, house, ticket, Sent({}), account)
        if not is_same_origin(request, house.settings):
            _refused(request, "origine")
            raise HTTPException(403, "origine")
        signed_out = sent_by_account and ticket.standing is not Standing.SIGNED_IN  # since, in another tab
        if ticket.standing is Standing.EXPIRED or signed_out:
            return go_to(EXPIRED)
        guard = _Guard(request, house, ticket)
        if files and not await run_in_threadpool(guard.find_account):
            return go_to(EXPIRED)  # before a single byte of a file is read
        sent = await read_submission(request, house, guard, files=files)
        async with house.sign_ins if in_line else nullcontext():
            return await run_in_threadpool(_answer, handler, request, house, ticket, sent, account)

    return endpoint


class _Guard:
    """What a request must be before its form is believed and its files are read."""

    def __init__(self, request: Request, house: House, ticket: Ticket) -> None:
        self._request, self._house, self._ticket = request, house, ticket
        self.account = 0

    def find_account(self) -> int:
        """The account of the open session, 0 without one."""
        with self._house.engine.connect() as connection:
            session = self._session(connection)
            self.account = session.compte_id if session else 0
        return self.account

    async def form(self, token: str) -> None:
        """The form was drawn for this browser, by us. Raises HTTPException 403."""
        if not is_our_form(self._house.settings, self._ticket.token, token):
            lacking = "jeton" if self._ticket.token else "cookies"
            _refused(self._request, lacking)
            raise HTTPException(403, lacking)

    async def files(self, count: int) -> None:
        """Count these files before they are opened. Raises HTTPException 429 when this hour has had too many."""
        await run_in_threadpool(self._count, count)

    def _count(self, count: int) -> None:
        house, now = self._house, self._house.settings.clock()
        with reading(house.engine) as db:
            if count:
                with writing(db):
                    end = spend(db, house.ring, self.account, FICHIERS, now, count)
            else:
                end = full_until(db, house.ring, self.account, FICHIERS, now)
            if end:
                session = self._session(db.connection())
                note(
                    Fait.ENVOIS_LIMITES, mark_of(house.ring, session) if session else "", quoi=FICHIERS.envoi
                )
                wait = int((end - now).total_seconds()) + 1
                raise HTTPException(429, "fichiers", headers={"Retry-After": str(wait)})

    def _session(self, connection: sa.Connection) -> Opened | None:
        if self._ticket.standing is not Standing.SIGNED_IN:
            return None
        return find_session(connection, self._ticket.token, self._house.settings.clock())


def _answer(
    handler: Handler, request: Request, house: House, ticket: Ticket, sent: Sent, account: bool
) -> Response:
    if any("\0" in str(name) for name in request.path_params.values()):
        raise HTTPException(404)  # no name has one, and PostgreSQL does not take it as a text
    with ExitStack() as held:
        ask = Ask(request, house, held, ticket, sent, house.settings.now())
        if ticket.standing is Standing.SIGNED_IN:
            ask.session = find_session(ask.connection, ticket.token, house.settings.clock())
        if account and ask.session is None:
            if ticket.standing in (Standing.EXPIRED, Standing.SIGNED_IN):
                return go_to(EXPIRED)
            return go_to(f"/connexion?suite={quote(ask.path)}")
        try:
            return handler(ask)
        except SessionOver:
            return go_to(EXPIRED)
        except HTTPException as refusal:
            if ask.session is not None and refusal.status_code in (403, 404):  # another person's, or nobody's
                _refused(request, "introuvable", mark_of(house.ring, ask.session))
            raise


def _refused(request: Request, motif: str, compte: str = "") -> None:
    """Note that a page was refused: its pattern, never its address."""
    note(Fait.ACCES_REFUSE, compte, motif=motif, page=getattr(request.scope.get("route"), "path", "inconnue"))
