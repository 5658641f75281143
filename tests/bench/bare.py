"""
The service, plus one address: a page of the démarche drawn with what it was drawn with once.

No session is read there and no draft is opened; templates, compression and headers are the same.
"""

import os

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import load_settings
from app.web import ask
from app.web.hypermedia import page
from tests.support.browser import Browser

PAGE, BARE = "/demande/situation", "/nue"


def main() -> None:
    """Draw the page once as Nadia sees it, then serve both."""
    app = create_app(load_settings())
    drawn: list[tuple[str, dict[str, object]]] = []

    def noting(env, template, context, status=200, request=None):  # type: ignore[no-untyped-def]
        drawn.append((template, dict(context)))
        return page(env, template, context, status, request)

    ask.page, real = noting, ask.page  # type: ignore[attr-defined]
    Browser(TestClient(app)).start("nadia")
    ask.page = real  # type: ignore[attr-defined]
    template, context = drawn[-1]

    def bare(_: Request) -> Response:
        return page(app.state.house.env, template, context)

    app.router.routes.append(Route(BARE, bare))
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning", server_header=False)  # fmt: skip


if __name__ == "__main__":
    main()
