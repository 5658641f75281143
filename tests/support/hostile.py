"""A household with an answer to everything, ready to be attacked; and ways to tell that it was left alone."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborNode
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from app.demo.reponses import answers_before
from app.domain.demande import Beneficiaires, Demande, Montants, Personne
from app.journey import JOURNEY
from app.main import create_app
from app.settings import load_settings
from app.web.draft import COOKIE
from tests.conftest import TODAY
from tests.support.browser import Browser, Page, plain
from tests.support.data import copy_data
from tests.support.drafts import current, put
from tests.support.household import compte_de, une_personne

ADDED = "bcdf"  # the key of an added person
REMOVED = "ghjk"
KINDS = ("pension_alimentaire_percue", "autres")
PAGES = (
    *(row.step.url for row in JOURNEY.rows),
    "/demande/beneficiaires/ajouter",
    f"/demande/beneficiaires/{ADDED}",
    "/demande/organismes-du-foyer?personne=" + ADDED,
)
OTHER_PAGES = (
    "/connexion",
    "/informations/coordonnees",
    "/informations/adresse",
    "/informations/organismes",
    "/avis",
    "/suivi/C2S-2026-000001/completer",
)
PRIVATE = ("/demarches", "/informations", "/echanges", "/demande", *PAGES[1:], *OTHER_PAGES[1:5])
PUBLIC = ("/connexion", "/deconnexion", "/session-expiree", "/plan", "/aide")
TYPED = "input[type=text], input[type=search], textarea"  # what the user types, and sees again
CHOSEN = "input:not([type=text]):not([type=search]):not([type=file]), select"


def shared_service(filled_folder: Path, folder: Path, **settings: str) -> Starlette:
    """One service for all the attacks of a file: each one comes with its own session."""
    copy_data(filled_folder, folder / "donnees")
    return create_app(load_settings(demo=True, data_dir=folder / "donnees", today=TODAY, **settings))


def full_draft(service: Starlette, compte: str, identity: str, *added: Personne, **changed: Any) -> Demande:
    """Everything is answered, for this account and these people added."""
    assure = compte_de(service, compte)
    people = ["moi", *(enfant.cle for enfant in assure.enfants), *(personne.cle for personne in added)]
    answers = {
        "beneficiaires": Beneficiaires(personnes=added, retires=(REMOVED,), vu=True),
        "autres_ressources": KINDS,
        "montants": Montants(
            totaux={kind: {cle: Decimal("120.50") for cle in people} for kind in KINDS},
            libelle_autres="une vente",
        ),
    }
    return answers_before("", identity, assure, TODAY, **(answers | changed))


def owner_of(url: str) -> str:
    """The account of the demonstration that meets this page."""
    if "moins-de-25-ans" in url:
        return "leo"
    return (
        "fatou"
        if url.startswith("/suivi")
        else "karim"
        if url.endswith("/informations/organismes")
        else "nadia"
    )


def arrive(service: Starlette, url: str, **changed: Any) -> Browser:
    """On a page, with everything answered."""
    client, compte = Browser(TestClient(service)), owner_of(url)
    if url == "/connexion":
        client.get(url)
        return client
    client.sign_in(compte)
    if compte in ("nadia", "leo"):
        client.get("/demande")
        client.press("Je démarre ma demande")
        added = [une_personne(ADDED, rsa_en_cours=True), une_personne(REMOVED, prenom="Retiré")]
        people = added if compte == "nadia" else []
        put(
            client,
            service,
            full_draft(service, compte, current(client, service).demande.id, *people, **changed),
        )
    client.get(url)
    assert client.page.url.split("#")[0] == url, f"{url} leads to {client.page.url}"
    return client


def draft_of(client: Browser, service: Starlette) -> Demande | None:
    return current(client, service).demande if COOKIE in client.client.cookies else None


def forms(page: Page) -> list[LexborNode]:
    """The forms of the page itself that send something."""
    return [form for form in page.tree.css("main form") if form.attributes.get("method") == "post"]


def names_in(form: LexborNode, selector: str) -> list[str]:
    """The names of these controls, but the token and what belongs to another form."""
    names = [
        node.attributes.get("name") or "" for node in form.css(selector) if "form" not in node.attributes
    ]
    return [name for name in dict.fromkeys(names) if name not in ("", "jeton")]


def typed_text(page: Page) -> str:
    """What the page says, with the straight apostrophes and plain spaces that were typed."""
    return plain(page.tree.css_first("main").text())


def submit(client: Browser, form: LexborNode, fields: Mapping[str, Any], **options: Any) -> Page:
    """Send a form with these fields, whatever it proposes; the page is checked."""
    hidden = form.css_first('input[name="jeton"]')
    sent = {"jeton": hidden.attributes["value"], **fields}
    action = (form.attributes.get("action") or client.page.url).split("#")[0]
    return client._arrive(client.client.post(action, data=sent, follow_redirects=True, **options))


def post_routes(service: Starlette) -> Iterator[str]:
    """Every address that takes a POST, its parameters filled in."""
    filled = {"{cle}": ADDED, "{id}": "a000001", "{reference}": "C2S-2026-000001"}
    for route in service.routes:
        if isinstance(route, Route) and "POST" in (route.methods or ()):
            path = route.path
            for parameter, value in filled.items():
                path = path.replace(parameter, value)
            yield path


def cookies(client: Browser) -> dict[str, str]:
    """What the browser holds."""
    return {cookie.name: cookie.value or "" for cookie in client.client.cookies.jar}


def written(jar: Mapping[str, str]) -> str:
    """The header that carries these cookies."""
    return "; ".join(f"{name}={value}" for name, value in jar.items())


def holding(service: Starlette, cookie: str, **headers: str) -> Browser:
    """A browser that sends this exact cookie header each time, whatever the answers set."""

    def hold(request: Any) -> None:
        request.headers.encoding = "latin-1"
        request.headers["cookie"] = cookie

    client = TestClient(service, headers=headers)
    client.event_hooks = {"request": [hold]}
    return Browser(client)
