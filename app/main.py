"""The application: what it is made of, and what it does while it lives."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import count
from threading import Event
from typing import TYPE_CHECKING

import anyio.to_thread
import sqlalchemy as sa
import structlog
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from app.files.sealing import derive
from app.files.shelf import OtherShelf, Shelf
from app.forms.typography import typo_kept
from app.mail.sender import send_due
from app.processor import keep_together
from app.settings import Settings, WrongSetting
from app.store import belonging
from app.store.comptes import has_demo_account
from app.store.database import forget_for_good, open_database, reading, threads_of
from app.store.faults import fault_of, say_to_the_host
from app.store.journal import Fait, note
from app.store.keys import sealed_under_another
from app.store.nouvelles import remind
from app.store.sweep import sweep
from app.store.tables import Delivery
from app.store.versions import Compatibility, migrate, versions_of
from app.web.assets import Assets
from app.web.compression import Compression
from app.web.errors import http_error
from app.web.fault_page import FaultPage
from app.web.headers import SecurityHeaders
from app.web.house import House
from app.web.known_hosts import KnownHosts
from app.web.routes import get_routes
from app.web.submission import LARGEST_FORM
from app.web.templates import compile_templates, make_environment

if TYPE_CHECKING:
    from app.oidc.issuer import Issuer

_log = structlog.get_logger("c2s.entretien")
SWEEP_EVERY = 600  # seconds
# Seconds that memory may keep what was shown. On PostgreSQL, forgetting locks the sessions.
FORGET_EVERY = 60
SEND_EVERY, SEND_AGAIN = 2, 30  # seconds: one look at an index; after a server that does not take e-mails
REMIND_EVERY = 600  # seconds: it looks at the demandes of every subscriber
AHEAD_AFTER = 2  # seconds: the first pages have the processors to themselves
PATIENCE = 2  # seconds: a person is told that the database is busy, rather than left to wait


def build_house(settings: Settings) -> House:
    """As `_build_house`; a folder or a base that cannot be used is told in a sentence too. Raises WrongSetting."""
    try:
        return _build_house(settings)
    except (OSError, sa.exc.DatabaseError) as error:
        sentence = say_to_the_host(error, where=f" Dossier : {settings.data_dir}")
        if not sentence:
            raise
        raise WrongSetting(sentence) from None


def _build_house(settings: Settings) -> House:
    """
    Open the database, the shelf and the templates.

    Raises WrongSetting when the database is not one this version reads, not for a demonstration, sealed with a key
    that is not among the settings, or not the one that the files go with.
    """
    engine = open_database(settings.database, PATIENCE)
    shelf = belonging.open_shelf(settings)
    if settings.demo:
        from app.demo.comptes import demo_accounts, has_real_account, load_demo

        found = versions_of(engine)
        if found.compatibility is Compatibility.TOO_NEW:
            raise WrongSetting(
                f"La démonstration ne démarre pas. {found.refusal} "
                "Ou choisissez une autre base, par exemple C2S_DATA_DIR=data/demo."
            )
        if found.compatibility is Compatibility.OLDER:
            migrate(engine, alone=True)
        with reading(engine) as db:
            if has_real_account(db):
                raise WrongSetting(
                    "La démonstration ne démarre pas : cette base contient un compte réel. "
                    "Choisissez une autre base, par exemple C2S_DATA_DIR=data/demo."
                )
            _join(db, shelf)
            load_demo(db, settings, shelf)
        accounts = demo_accounts()
    else:
        accounts = []
        if not settings.known_hosts:
            raise WrongSetting(
                "C2S_PUBLIC_URL n'a pas de valeur. Elle est nécessaire hors démonstration : ce service ne répond "
                "qu'à son nom. Exemple : C2S_PUBLIC_URL=https://c2s.exemple.fr"
            )
        if refusal := versions_of(engine).refusal:
            raise WrongSetting(refusal)
        with reading(engine) as db:
            if has_demo_account(db):
                raise WrongSetting(
                    "Cette base contient des comptes de démonstration, dont les mots de passe sont publics. "
                    "Choisissez un autre dossier, par exemple C2S_DATA_DIR=/srv/c2s, puis lancez : c2s init"
                )
            _join(db, shelf)
    with reading(engine) as db:
        if missing := sealed_under_another(db, settings.data_ring):
            raise WrongSetting(" ".join(key_missing(missing)))
    assets = Assets()
    env = make_environment(
        DEMO=settings.demo, JDMA=settings.jdma_url, COMPTES_DEMO=accounts, asset=assets.url
    )
    issuer = _issuer(settings)
    return House(settings, engine, shelf, assets, env, issuer=issuer, franceconnect=issuer is not None)


def _issuer(settings: Settings) -> "Issuer | None":
    """The sign-in through FranceConnect; its libraries take memory that a service without it keeps."""
    if not settings.oidc_issuer:
        return None
    from app.oidc.issuer import Client, Issuer
    from app.web.franceconnect import RETURN

    back = settings.public_url + RETURN
    client = Client(settings.oidc_client_id, settings.oidc_client_secret, back, settings.oidc_pkce)
    return Issuer(settings.oidc_issuer, client)


def key_names(keys: Sequence[str]) -> list[str]:
    """What tells one signing key from another in the journal, and nothing of it."""
    return [derive(key.encode(), b"", b"c2s key name").hex()[:8] for key in keys]


def _join(db: Session, shelf: Shelf) -> None:
    try:
        belonging.join(db, shelf)
    except OtherShelf as other:
        raise WrongSetting(str(other)) from None


def key_missing(rows: Mapping[str, int]) -> tuple[str, str]:
    """The message when no key opens these rows any more, and what to do."""
    return (
        f"Une clé ancienne manque. Elle sert encore à {say_rows(rows)}.",
        "Ajoutez-la dans C2S_DATA_KEYS, après la plus récente.",
    )


def say_rows(rows: Mapping[str, int]) -> str:
    """« 3 demandes, 1 compte »."""
    return ", ".join(f"{count} {nom}{'s' if count > 1 else ''}" for nom, count in rows.items() if count)


def _sweep_once(house: House, part: int) -> None:
    try:
        with reading(house.engine) as db:
            swept = sweep(db, house.shelf, house.settings.clock(), part=part, patient=False)
        if swept.refused:
            _log.error("balayage", refus=swept.why_refused)
    except OtherShelf as other:
        _log.error("balayage", refus=str(other))
    except Exception as error:  # a busy or full disk now; the next turn may do better
        _log.error("balayage", genre=fault_of(error) or type(error).__name__)


def _forget_once(house: House) -> None:
    typo_kept.cache_clear()  # names and answers went through it
    try:
        forget_for_good(house.engine)
    except Exception as error:  # as above
        _log.error("oubli", genre=fault_of(error) or type(error).__name__)


def _remind_once(house: House) -> None:
    try:
        with reading(house.engine) as db:
            remind(db, house.ring, house.settings.day())
    except Exception as error:  # as above
        _log.error("rappels", genre=fault_of(error) or type(error).__name__)


def _send_once(house: House, stopped: Event) -> bool:
    """Says whether no server, nor the base, made an e-mail wait."""
    try:
        return not send_due(house.engine, house.env, house.settings, stopped.is_set)[Delivery.ATTEND]
    except Exception as error:  # as above
        _log.error("nouvelles", genre=fault_of(error) or type(error).__name__)
        return False


@contextlib.asynccontextmanager
async def _running(house: House) -> AsyncIterator[None]:
    """What goes on while the service runs: expired sessions are swept before the first request, then now and again."""

    async def sweep_for_ever() -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            await run_in_threadpool(_sweep_once, house, next(parts))

    async def forget_for_ever() -> None:
        while True:
            await asyncio.sleep(FORGET_EVERY)
            await run_in_threadpool(_forget_once, house)

    async def remind_for_ever() -> None:
        while house.settings.smtp_url:
            await run_in_threadpool(_remind_once, house)
            await asyncio.sleep(REMIND_EVERY)

    async def send_for_ever() -> None:
        while house.settings.smtp_url:
            all_left = await run_in_threadpool(_send_once, house, stopped)
            await asyncio.sleep(SEND_EVERY if all_left else SEND_AGAIN)

    async def get_ready() -> None:
        """The port is already open: the first visitor waits for the templates of that page alone."""
        await run_in_threadpool(compile_templates, house.env)
        await asyncio.sleep(AHEAD_AFTER)
        await run_in_threadpool(house.nursery.start)

    if threads := threads_of(house.engine):
        anyio.to_thread.current_default_thread_limiter().total_tokens = threads
    stopped = Event()
    parts = count(int(time.time() // SWEEP_EVERY))  # a restart goes on from where the day is
    await run_in_threadpool(_sweep_once, house, next(parts))
    for_ever = (
        sweep_for_ever(),
        forget_for_ever(),
        remind_for_ever(),
        send_for_ever(),
        get_ready(),
        keep_together(),
    )
    tasks = [asyncio.create_task(work) for work in for_ever]
    yield
    stopped.set()
    for task in tasks:
        task.cancel()
    await run_in_threadpool(_forget_once, house)
    await run_in_threadpool(house.nursery.close)
    house.engine.dispose()


def create_app(settings: Settings) -> Starlette:
    """The ASGI application."""
    house = build_house(settings)
    routes = list(get_routes(house))
    if settings.demo:
        from app.demo.catalogue import catalogue_routes

        routes += catalogue_routes()
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders, secure=settings.secure),
            Middleware(Compression),
            Middleware(FaultPage),
            Middleware(KnownHosts, hosts=frozenset() if settings.demo else settings.known_hosts),
            # Inside, not as an argument of Starlette: what it answers becomes a page of ours.
            Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_FORM),
        ],
        exception_handlers={HTTPException: http_error},
        lifespan=lambda _: _running(house),
    )
    note(
        Fait.DEMARRAGE,
        cles_de_signature=key_names(settings.secret_keys),
        cles_de_donnees=[key_id.hex() for key_id in settings.data_ring.ids],
    )
    # Starlette would redirect to the host that the request names; `http_error` redirects without one.
    app.router.redirect_slashes = False
    app.state.house = house
    return app
