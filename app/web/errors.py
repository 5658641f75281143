"""When something is wrong: a real page, with what is kept and what to do."""

import re
import secrets
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.forms.typography import heure
from app.settings import Settings
from app.store import faults
from app.web.draft import DRAFT, draft_cookie
from app.web.house import house_of
from app.web.hypermedia import PRIVATE
from app.web.session import Standing, drop_session, read_ticket

HOME = ("/demarches", "Revenir à « Mes démarches »")
RESUME = ("/demande", "Reprendre ma demande")
SIGN_IN = ("/connexion", "Me connecter")
GUIDE = ("/aide/reduire-un-document", "Réduire un document")
PLAN = ("/plan", "Plan du site")
LARGEST_HEADERS = 16_384  # bytes: two cookies of ours, and what a browser says of itself


@dataclass(frozen=True)
class ErrorWords:
    """
    The words of an error page: what happens, what is kept, what is not, what to do, and where to go.

    `garde` is for users who may have answers under way; `perdu`, for all. `{pause}`, `{jusque}` and `{duree}` say how long to wait, when that is known.
    """

    titre: str
    texte: str
    garde: str
    faire: str
    liens: tuple[tuple[str, str], ...] = (RESUME, HOME)
    aussi: str = ""
    perdu: str = ""


_FORBIDDEN = ErrorWords(
    "Cet envoi ne vient pas de ce site",
    "Par sécurité, ce service ne l'a pas enregistré.",
    "Vos réponses sont gardées.",
    "Recommencez depuis ce site.",
)
_CHANGED = ErrorWords(
    "Vos réponses ont changé entre-temps",
    "Une autre action a eu lieu au même moment, par exemple dans un autre onglet.",
    "Les dernières réponses envoyées sont gardées.",
    "Revenez à votre demande, relisez la page, puis recommencez.",
    perdu="Votre dernière action n'est pas enregistrée.",
)
_TOO_LARGE = ErrorWords(
    "L'envoi est trop lourd",
    "Ce service lit 16 Mo au plus par fichier, et 32 Mo au plus par envoi. Le vôtre est plus lourd.",
    "Vos réponses et vos fichiers d'avant sont gardés.",
    "Prenez une photo par page. Puis envoyez une photo à la fois.",
    (GUIDE, RESUME, HOME),
    perdu="Cet envoi n'est pas enregistré.",
)
_UNAVAILABLE = ErrorWords(
    "Ce service ne peut rien enregistrer en ce moment",
    "Le problème vient de ce service, pas de vous.",
    "Vos réponses d'avant et vos fichiers sont gardés.",
    "Attendez {duree}, puis revenez à la page précédente. Vérifiez ce que vous y aviez écrit, puis recommencez.",
    aussi="Vous étiez en train de valider ? Appuyez à nouveau sur « Je valide ma demande ». "
    "Votre demande n'est pas déposée deux fois.",
    perdu="Ce que vous venez d'envoyer n'est pas enregistré.",
)
_LOST_SIGHT = replace(
    _UNAVAILABLE,
    titre="Ce service ne retrouve plus ses données",
    texte="Le problème vient de ce service, pas de vous. La réparation peut prendre du temps.",
    garde="Vos réponses d'avant sont dans ce navigateur. Ce service pourra les lire si ses données reviennent.",
    faire="Gardez ce navigateur ouvert. Attendez {duree}, puis revenez à la page précédente et recommencez.",
)
ERROR_WORDS: Mapping[tuple[int, str], ErrorWords] = {
    (400, ""): ErrorWords(
        "Ce service n'a pas compris l'envoi",
        "L'envoi est arrivé incomplet, ou dans une forme inattendue. Le réseau s'est peut-être coupé.",
        "Vos réponses d'avant sont gardées.",
        "Revenez à la page précédente, rechargez-la, puis recommencez.",
        perdu="Ce que vous venez d'envoyer n'est pas enregistré.",
    ),
    (400, "nom"): ErrorWords(
        "Ce service ne répond pas à cette adresse",
        "Le lien que vous avez suivi n'est pas celui de ce service. L'adresse a peut-être changé.",
        "",
        "Retrouvez l'adresse du service, par exemple sur un courrier de votre caisse.",
        (),
        perdu="Cette action n'est pas enregistrée.",
    ),
    (403, ""): _FORBIDDEN,
    (403, "origine"): _FORBIDDEN,
    (403, "jeton"): ErrorWords(
        "Cette page est ouverte depuis trop longtemps",
        "Votre session a peut-être changé depuis, par exemple dans un autre onglet.",
        "Si votre session est toujours ouverte, vos réponses d'avant sont gardées.",
        "Revenez à la page précédente, rechargez-la, puis recommencez.",
        perdu="Ce que vous venez d'envoyer n'est pas enregistré.",
    ),
    (403, "cookies"): ErrorWords(
        "Ce service a besoin de cookies",
        "Un cookie est un petit fichier gardé par votre navigateur. Il garde ici votre session et vos réponses.",
        "",
        "Autorisez les cookies pour ce site. Puis connectez-vous.",
        (SIGN_IN,),
        perdu="Ce que vous venez d'envoyer n'est pas enregistré.",
    ),
    (404, ""): ErrorWords(
        "Cette page n'existe pas",
        "L'adresse a peut-être changé, ou il manque un caractère.",
        "Vos réponses sont gardées.",
        "Vérifiez l'adresse, ou utilisez un lien ci-dessous.",
        (RESUME, HOME, PLAN),
    ),
    (405, ""): ErrorWords(
        "Cette action n'est pas possible ici",
        "La page a été ouverte d'une façon que ce service n'attend pas. Par exemple avec un lien gardé.",
        "Vos réponses sont gardées.",
        "Revenez à la page et appuyez sur son bouton.",
        perdu="Rien n'est envoyé.",
    ),
    (409, ""): _CHANGED,
    (409, "deposee"): replace(
        _CHANGED,
        faire="Une demande est déjà déposée pour vous. Suivez-la dans « Mes démarches ».",
        liens=(HOME,),
    ),
    (413, ""): _TOO_LARGE,
    (413, "texte"): replace(
        _TOO_LARGE,
        titre="Le texte est trop long",
        texte="Cette page accepte un texte plus court.",
        faire="Revenez à la page précédente. Raccourcissez ce que vous avez saisi, puis recommencez.",
        liens=(RESUME, HOME),
    ),
    (429, ""): ErrorWords(
        "Beaucoup d'actions en peu de temps",
        "Pour protéger les comptes, ce service fait une pause{pause}.",
        "Vos réponses sont gardées.",
        "Attendez {jusque}, puis recommencez.",
    ),
    (429, "fichiers"): ErrorWords(
        "Beaucoup de fichiers en une heure",
        "Ce compte a envoyé le plus de fichiers possible pour cette heure.",
        "Vos réponses d'avant et vos fichiers déjà reçus sont gardés.",
        "Attendez {jusque}, puis envoyez à nouveau vos fichiers.",
        perdu="Ce que vous venez d'envoyer n'est pas enregistré.",
    ),
    (431, ""): ErrorWords(
        "Votre navigateur envoie trop d'informations",
        "La page ne peut pas s'ouvrir. Votre navigateur garde sans doute trop de cookies pour ce site. "
        "Un cookie est un petit fichier gardé par votre navigateur.",
        "",
        "Effacez les cookies de ce site, dans les réglages de votre navigateur. Puis connectez-vous à nouveau. "
        "Les réponses d'une demande non validée seront à refaire.",
        (SIGN_IN,),
        perdu="Votre dernière action n'est pas enregistrée. Une demande déjà validée reste chez votre caisse.",
    ),
    (500, ""): ErrorWords(
        "Ce service a un problème",
        "Le problème vient de ce service, pas de vous.",
        "Vos réponses d'avant sont gardées.",
        "Attendez une minute. Revenez à la page précédente, puis recommencez.",
        aussi="Vous étiez en train de valider ? Appuyez à nouveau sur « Je valide ma demande ». "
        "Votre demande n'est pas déposée deux fois.",
        perdu="Ce que vous venez de saisir est peut-être à refaire.",
    ),
    (503, ""): ErrorWords(
        "Ce service est en pause",
        "Il est en entretien, ou trop de personnes l'utilisent en ce moment.",
        "Vos réponses restent gardées jusqu'à la fin de votre session, si vous ne fermez pas votre navigateur.",
        "Réessayez dans {duree}.",
        aussi="Votre situation est urgente ? Appelez votre caisse au 36 46.",
    ),
    (503, "occupe"): replace(
        _UNAVAILABLE,
        titre="Ce service est très occupé",
        texte="Un autre enregistrement est en cours depuis plusieurs secondes.",
    ),
    (503, "panne"): _UNAVAILABLE,
    (503, "partie"): _LOST_SIGHT,
    (503, "deconnexion"): ErrorWords(
        "Ce navigateur a quitté votre compte",
        "Ce navigateur n'a plus votre session ni vos réponses. Ce service a un problème. "
        "Il n'a pas encore effacé vos réponses de son côté.",
        "",
        "Sur un appareil partagé, fermez aussi le navigateur.",
        (SIGN_IN,),
        perdu="Ce service les efface à la fin de votre session, 20 heures après votre connexion. "
        "Une demande déjà validée reste chez votre caisse.",
    ),
}
OF_FAULT = {  # what goes wrong with the disk or the database → which page of 503
    faults.Fault.LOCKED: "occupe",
    faults.Fault.FULL: "panne",
    faults.Fault.READ_ONLY: "panne",
    faults.Fault.DAMAGED: "partie",
    faults.Fault.GONE: "partie",
}
_RETRY = {"Retry-After": "60"}  # seconds
_log = structlog.get_logger("c2s.erreurs")


async def http_error(request: Request, error: Exception) -> Response:
    """A refusal with a status of its own."""
    if not isinstance(error, HTTPException):
        return error_page(request, 500)
    if error.status_code == 404 and request.method in ("GET", "HEAD") and (url := _without_slash(request)):
        return RedirectResponse(url, 308, PRIVATE)
    status = error.status_code if (error.status_code, "") in ERROR_WORDS else 400
    return error_page(request, status, detail=error.detail, headers=error.headers)


def _without_slash(request: Request) -> str:
    """The address without the slash at its end, on this exact site; empty if it has none."""
    path, query = request.scope["path"], request.url.query
    if not path.endswith("/") or not path.strip("/"):
        return ""
    return quote("/" + path.strip("/")) + (f"?{query}" if query else "")


class KnownHosts:
    """
    Answers only under the names of the service. No names: any is right.

    `/sante` is asked under any, and so is the style of the page that refuses.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and self.hosts and not scope["path"].startswith(_UNDER_ANY_NAME)
        if asked and _host(Headers(scope=scope).get("host", "")) not in self.hosts:
            await error_page(Request(scope), 400, detail="nom")(scope, receive, send)
        else:
            await self.app(scope, receive, send)


_UNDER_ANY_NAME = ("/sante", "/static/")
HOST = re.compile(r"(?P<name>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d+)?")


def _host(written: str) -> str:
    """The name in a `Host` header, without its port; empty if it is no name."""
    found = HOST.fullmatch(written.lower())
    return found["name"].strip("[]").removesuffix(".") if found else ""


class FaultPage:
    """
    A fault of ours becomes a page with a number to find it by in the logs; nothing typed is in them.

    The body limit of Starlette answers with two English words, even in the place of a page: it becomes ours.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if sum(len(name) + len(value) for name, value in scope.get("headers", ())) > LARGEST_HEADERS:
            await error_page(Request(scope), 431)(scope, receive, send)
            return
        started = too_large = False

        async def watching(message: Message) -> None:
            nonlocal started, too_large
            if message["type"] == "http.response.start" and not started:
                too_large = message["status"] == 413 and not _is_html(message)
                started = not too_large
            if not too_large:
                await send(message)

        try:
            await self.app(scope, receive, watching)
            if too_large:
                await error_page(Request(scope), 413)(scope, receive, send)
        except Exception as error:
            if scope["type"] != "http":
                raise
            response = _fault_page(Request(scope), error)
            if not started:
                await response(scope, receive, send)


def _fault_page(request: Request, error: Exception) -> Response:
    """A fault that has a name is said by it; of any other, the log keeps where it happened."""
    fault, incident = faults.fault_of(error), ""
    if fault:
        _log.error("panne", base=str(fault))
    else:
        incident = secrets.token_hex(4)
        _log.error("incident", incident=incident, genre=type(error).__name__, lieu=_places(error))
    if request.method == "POST" and request.url.path == "/deconnexion":
        response = error_page(request, 503, detail="deconnexion", incident=incident, headers=_RETRY)
        drop_session(response, house_of(request).settings)
        return response
    if fault:
        return error_page(request, 503, detail=OF_FAULT[fault], headers=_RETRY)
    return error_page(request, 500, incident=incident)


def _is_html(start: Message) -> bool:
    return Headers(raw=list(start.get("headers", []))).get("content-type", "").startswith("text/html")


def _places(error: BaseException) -> list[str]:
    """Where it happened, innermost last: file and line only, since a message may quote what was typed."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-6:]]


def error_page(
    request: Request,
    status: int,
    *,
    detail: str = "",
    incident: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The page of a status; it needs neither database nor session, so that it can always be drawn."""
    house = house_of(request)
    if (status, request.method) == (413, "POST") and not _sends_files(request):
        detail = "texte"
    fault = ERROR_WORDS.get((status, detail), ERROR_WORDS[status, ""])
    wait = _wait(headers or {}, house.settings)
    fault = replace(fault, texte=fault.texte.format(**wait), faire=fault.faire.format(**wait))
    context = {
        "titre": fault.titre,
        "page": _for(request, fault),
        "statut": status,
        "incident": incident,
        "chemin": request.url.path,
        "etape": 0,
        "erreur": True,
        "connecte": False,
        "non_lus": 0,
    }
    body = house.env.get_template("erreur.html").render(context)
    return HTMLResponse(body, status, PRIVATE | dict(headers or {}))


def _for(request: Request, fault: ErrorWords) -> ErrorWords:
    """
    The page without what this browser has not, as its cookies tell: a session, answers under way.

    The draft's cookie is only sent to the pages of the démarche: elsewhere, who is signed in may have one.
    """
    settings = house_of(request).settings
    signed_in = read_ticket(request, settings).standing is Standing.SIGNED_IN
    on_the_way = request.url.path.startswith(DRAFT.path)
    answers = signed_in and (not on_the_way or bool(draft_cookie(request, settings)))
    links = tuple(SIGN_IN if link == HOME and not signed_in else link for link in fault.liens)
    if answers:
        return replace(fault, liens=links)
    return replace(fault, garde="", liens=tuple(link for link in links if link != RESUME))


def _sends_files(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("multipart/")


def _wait(headers: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """How long to wait, from `Retry-After` in seconds; rounded up, and vague if it is not given."""
    seconds = headers.get("Retry-After", "")
    if not seconds.isdecimal():
        return {"pause": "", "jusque": "quelques minutes", "duree": "quelques minutes"}
    minutes = max(1, -(-int(seconds) // 60))
    duree = "1 minute" if minutes == 1 else f"{minutes} minutes"
    end = settings.shown(settings.clock() + timedelta(seconds=int(seconds), minutes=1))
    return {"pause": f" de {duree}", "jusque": f"jusqu'à {heure(end)}", "duree": duree}
