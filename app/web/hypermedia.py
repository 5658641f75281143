"""Pages as they are answered: rendered, dated by nobody's cache, or a way to another page."""

from collections.abc import Mapping

from jinja2 import Environment
from starlette.responses import HTMLResponse, RedirectResponse, Response

PRIVATE = {"Cache-Control": "no-store"}


def page(env: Environment, template: str, context: Mapping[str, object], status: int = 200) -> Response:
    """The whole page."""
    return HTMLResponse(env.get_template(template).render(context), status, PRIVATE)


def go_to(url: str) -> Response:
    """Leave this page for another: what was sent has been taken into account."""
    return RedirectResponse(url, 303, PRIVATE)
