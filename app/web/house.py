"""What the whole application shares: settings, database, templates, files."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import sqlalchemy as sa
from jinja2 import Environment
from starlette.requests import Request

from app.files.nursery import Nursery
from app.files.sealing import KeyRing
from app.files.shelf import Shelf
from app.settings import Settings
from app.store.caisses import read_caisse
from app.store.tables import Caisse
from app.web.assets import Assets

if TYPE_CHECKING:
    from app.oidc.issuer import Issuer

UPLOADS_AT_ONCE = 2  # each may hold 32 MiB in memory; the other files wait
SIGN_INS_AT_ONCE = 4  # two hash a password, two read and write; the others wait, in no thread
# To the issuer and back, slow at times: the other threads (10 on PostgreSQL) are for the pages.
TRIPS_AT_ONCE = 3
CAISSE_IS_RECENT = 60  # seconds


@dataclass
class House:
    """One for each running application."""

    settings: Settings
    engine: sa.Engine
    shelf: Shelf
    assets: Assets
    env: Environment
    nursery: Nursery = field(default_factory=Nursery)
    uploads: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(UPLOADS_AT_ONCE))
    turns: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)  # by account
    sign_ins: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SIGN_INS_AT_ONCE))
    trips: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TRIPS_AT_ONCE))
    issuer: Issuer | None = None  # of FranceConnect, if it is among the settings
    franceconnect: bool = False  # the pages offer it
    # By code, with the time until which each is fresh.
    caisses: Mapping[str, tuple[float, Caisse]] = field(default_factory=dict)
    checkup: asyncio.Future[None] | None = None  # of `/sante`, the last one begun
    draining: bool = False  # it leaves soon: a balancer should send its requests elsewhere

    @property
    def ring(self) -> KeyRing:
        """The keys that seal accounts and deposited demandes."""
        return self.settings.data_ring

    def caisse(self, code: str, connect: Callable[[], sa.Connection]) -> Caisse:
        """A caisse as it was less than a minute ago: every page of an account names its own, and none is a person."""
        until, caisse = self.caisses.get(code, (0.0, None))
        if caisse is None or time.monotonic() >= until:
            caisse = read_caisse(connect(), code)
            self.caisses = {**self.caisses, code: (time.monotonic() + CAISSE_IS_RECENT, caisse)}
        return caisse


def house_of(request: Request) -> House:
    """The application this request came to; a state of the catalogue may bring its own."""
    house: House = request.scope.get("house") or request.app.state.house
    return house
