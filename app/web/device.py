"""
The devices that have already signed in on an account: a cookie that others cannot make, read by the sign-in page only.

It names nobody: for each account, a number drawn at random, a keyed hash of both, and the day of its last sign-in. A
family that shares a telephone keeps a mark each, and each lasts a year, however often the others sign in.
"""

import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from itsdangerous import BadSignature
from starlette.requests import Request
from starlette.responses import Response

from app.files.sealing import KeyRing
from app.settings import Settings
from app.web.cookies import Cookie
from app.web.signer import signer

COOKIE = "c2s_appareil"
PATH = "/connexion"
LIFETIME = timedelta(days=365)
DEVICE = Cookie(COOKIE, PATH, LIFETIME)
MOST = 4  # accounts of one device
_SALT = "c2s appareil v1"
_NONCE, _MARK, _DAY = 16, 32, 5  # characters; the day in hexadecimal, from the year 1


def known_device(request: Request, settings: Settings, nir: str) -> str:
    """The name of this device for this account; empty if it has never signed in on it."""
    return next((mark for mark in _marks(request, settings) if _is_of(settings.data_ring, mark, nir)), "")


def remember_device(request: Request, response: Response, settings: Settings, nir: str) -> None:
    """Mark this device as one of the account, under a new name: its failures are forgotten with the old one."""
    ring = settings.data_ring
    nonce = secrets.token_hex(_NONCE // 2)
    mark = nonce + _of(ring, nonce, nir)[0] + _day(settings.clock())
    others = [other for other in _marks(request, settings) if not _is_of(ring, other, nir)]
    DEVICE.set(response, settings, signer(settings, _SALT).sign(".".join([mark, *others][:MOST])).decode())


def _marks(request: Request, settings: Settings) -> Iterator[str]:
    """The marks that are less than a year old."""
    try:
        marks, signed = signer(settings, _SALT).unsign(DEVICE.read(request, settings), return_timestamp=True)
    except BadSignature:
        return
    oldest = _day(settings.clock() - LIFETIME)
    for mark in marks.decode().split("."):
        dated = mark if len(mark) > _NONCE + _MARK else mark + _day(signed)  # made before a mark had a day
        if dated[-_DAY:] > oldest:
            yield dated


def _day(moment: datetime) -> str:
    return f"{moment.date().toordinal():0{_DAY}x}"


def _is_of(ring: KeyRing, mark: str, nir: str) -> bool:
    nonce, written = mark[:_NONCE], mark[_NONCE:-_DAY]
    return any(hmac.compare_digest(expected, written) for expected in _of(ring, nonce, nir))


def _of(ring: KeyRing, nonce: str, nir: str) -> list[str]:
    return [mark.hex()[:_MARK] for mark in ring.blind_index(f"{nir} {nonce}", "appareil")]
