"""What is asked of the issuer's servers: briefly, without following anything, and never more than a few kilobytes."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx2

from app.oidc.failure import Failed, FailureReason, failure_of

PATIENCE = httpx2.Timeout(4, connect=3)  # seconds, for each wait
LONGEST = 8  # seconds, from the connection to the last byte: an answer that drips is cut, wherever it drips
LARGEST = 65_536  # bytes


class Wire:
    """
    The questions asked of the issuer, by any thread.

    Each has a connection of its own, in a loop of its own: a library that waits for one part after the other times each
    wait, and only a loop times the whole.
    """

    def __init__(self, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._transport = transport
        self._tls = httpx2.create_ssl_context()

    def get_json(self, url: str) -> dict[str, Any]:
        """An object. Raises Failed."""
        status, _, body = self._ask("GET", url)
        if status != 200:
            raise Failed(FailureReason.PANNE, f"réponse {status}")
        return _object(body)

    def post_form(self, url: str, fields: Mapping[str, str]) -> dict[str, Any]:
        """An object; an error of the protocol is read. Raises Failed."""
        status, _, body = self._ask("POST", url, data=fields)
        if 400 <= status < 500:
            raise failure_of(_object(body).get("error"))
        if status != 200:
            raise Failed(FailureReason.PANNE, f"réponse {status}")
        return _object(body)

    def get_jwt(self, url: str, token: str) -> str:
        """A signed answer, asked for with an access token. Raises Failed."""
        status, media, body = self._ask("GET", url, headers={"authorization": f"Bearer {token}"})
        if status == 401:
            raise Failed(FailureReason.TARD, "invalid_token")
        if status != 200:
            raise Failed(FailureReason.PANNE, f"réponse {status}")
        if media != "application/jwt":
            raise Failed(FailureReason.REFUS, "userinfo non signé")
        return body.decode("ascii", "replace")

    def _ask(self, method: str, url: str, **more: Any) -> tuple[int, str, bytes]:
        try:
            return asyncio.run(asyncio.wait_for(self._answer(method, url, **more), LONGEST))
        except TimeoutError:
            raise Failed(FailureReason.PANNE, "réponse trop lente") from None
        except httpx2.TimeoutException:
            raise Failed(FailureReason.PANNE, "pas de réponse") from None
        except (httpx2.HTTPError, httpx2.InvalidURL):
            raise Failed(FailureReason.PANNE, "injoignable") from None

    async def _answer(self, method: str, url: str, **more: Any) -> tuple[int, str, bytes]:
        headers = {"accept-encoding": "identity"}  # an answer is as large as it is on the wire
        client = httpx2.AsyncClient(
            verify=self._tls, timeout=PATIENCE, headers=headers, transport=self._transport
        )
        body = b""
        async with client, client.stream(method, url, **more) as answer:
            async for part in answer.aiter_raw():
                body += part
                if len(body) > LARGEST:
                    raise Failed(FailureReason.PANNE, "réponse trop longue")
            media = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
            return answer.status_code, media, body


def _object(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, dict):
        raise Failed(FailureReason.PANNE, "réponse illisible")
    return read
