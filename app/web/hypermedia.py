"""
Pages as they are answered, and all that is known of htmx.

A fragment is a block of its page's own template, named after the id it replaces: the request says which, no handler
chooses. What the page says at its top (`partials/fait.html`) comes along with any of its blocks, and so do what is
left to do there (`reste`) and the fields of its search (`recherche`): the page becomes the one drawn whole. A refusal
is always the whole page. htmx never receives a redirection: it is told to leave, or that the session is over.
"""

from collections.abc import Callable, Mapping

from jinja2 import Environment, Template, UndefinedError
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

PRIVATE = {"Cache-Control": "no-store", "Vary": "HX-Request, HX-Target"}
WHOLE = {"HX-Retarget": "#contenu", "HX-Reselect": "#contenu", "HX-Reswap": "outerHTML"}
# An answer that is taken ends the refusal before it.
SETTLED = '<p id="erreurs" data-hx-swap-oob="delete"></p>'
SAID, ALONG = "fait", ("reste", "recherche")  # the ids of what comes along
STATUS = Markup('<p id="statut" data-hx-swap-oob="innerHTML">{}</p>')
# Served as one file: whatever page comes first asks for five files, and étape 6, later, for none.
TOGETHER = {"vif.js": ("htmx.min.js", "c2s.js", "pieces.js")}
POLICY = "htmx"  # the name of the only Trusted Types policy, made by static/c2s.js
SIGNED_OUT = ("/session-expiree", "/connexion")
CONFIG = (
    '{"history":false,"includeIndicatorCSS":false,"extensions":"tt","defaultTimeout":30000,'
    '"morphIgnore":["data-htmx-powered","open"],"morphSkipChildren":"[data-envois]",'
    '"noSwap":[204,304,400,401,403,404,405,409,413,429,431,"5xx"]}'
)


def page(
    env: Environment,
    template: str,
    context: Mapping[str, object],
    status: int = 200,
    request: Request | None = None,
) -> Response:
    """
    The whole page; for htmx, the block it will replace, and the sentence to say (`annonce`).

    `annonce` goes to the status node that stands outside what is replaced. `repondu`: an answer has been taken.
    """
    source = env.get_template(template)
    if request is None or not _by_htmx(request):
        return HTMLResponse(source.render(context), status, PRIVATE)
    block = source.blocks.get(_target(request))
    if block is None or status != 200:
        return HTMLResponse(source.render(context), status, PRIVATE | (WHOLE if status == 422 else {}))
    said = str(STATUS.format(context.get("annonce", "")))  # plain text again: the block is escaped already
    try:
        part = _draw(source, block, context) + said + _along(env, source, context)
    except UndefinedError:  # the page has no such part any more: a person was removed in another tab
        return HTMLResponse(source.render(context), status, PRIVATE | WHOLE)
    return HTMLResponse(part, status, PRIVATE)


def go_to(url: str) -> Response:
    """Leave this page for another: what was sent has been taken into account."""
    return RedirectResponse(url, 303, PRIVATE)


def stay_on(request: Request, url: str, show: Callable[[], Response]) -> Response:
    """Come back to this page, which has changed: by its address, or as the fragment that changed."""
    return show() if _by_htmx(request) else go_to(url)


def without_redirection(request: Request, response: Response) -> Response:
    """What htmx is told in the place of a redirection; the cookies stay."""
    url = response.headers.get("location")
    if url is None or not _by_htmx(request):
        return response
    told = (
        Response(status_code=401)
        if url.startswith(SIGNED_OUT)
        else Response(status_code=204, headers={"HX-Redirect": url})
    )
    told.headers.update(PRIVATE)
    told.raw_headers.extend(header for header in response.raw_headers if header[0] == b"set-cookie")
    return told


def _by_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true" and "hx-history-restore-request" not in request.headers


def _target(request: Request) -> str:
    """The id that will be replaced; htmx writes `section#personnes`."""
    return request.headers.get("hx-target", "").rpartition("#")[2]


def _along(env: Environment, source: Template, context: Mapping[str, object]) -> str:
    parts = {SAID: env.get_template(f"partials/{SAID}.html").render(context)}
    parts |= {name: _draw(source, source.blocks[name], context) for name in ALONG if name in source.blocks}
    along = "".join(
        f'<div data-hx-swap-oob="innerMorph:#{name}">{part}</div>' for name, part in parts.items()
    )
    if context.get("repondu"):
        along += SETTLED + env.get_template("partials/titre.html").render(context)
    return along


def _draw(source: Template, block: object, context: Mapping[str, object]) -> str:
    assert callable(block)
    return "".join(block(source.new_context(dict(context))))
