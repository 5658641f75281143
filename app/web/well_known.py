"""`/.well-known/security.txt` (RFC 9116): whom to tell of a weakness."""

from datetime import UTC, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.web.house import house_of

URL = "/.well-known/security.txt"
VALID = timedelta(days=180)  # RFC 9116 advises less than a year


async def security_txt(request: Request) -> Response:
    """The contact of the operator, dated; under the public address if there is one."""
    settings = house_of(request).settings
    expires = (settings.clock() + VALID).astimezone(UTC).replace(microsecond=0)
    lines = [
        f"Contact: mailto:{settings.operateur_courriel}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: fr, en",
    ]
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url.rstrip('/')}{URL}")
    return PlainTextResponse("\n".join(lines) + "\n")
