"""Every state of every page: sound HTML, its own status, its own title; and no page without a state."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest
from jinja2 import Environment
from selectolax.lexbor import LexborHTMLParser
from starlette.applications import Starlette

from app.journey import JOURNEY
from app.main import create_app
from app.settings import load_settings
from app.store.faults import Fault
from app.web.error_words import ERROR_WORDS
from app.web.fault_page import OF_FAULT
from app.web.templates import TEMPLATES
from tests.conftest import TODAY
from tests.states import STATES, State, open_state
from tests.support.browser import Browser, Page, plain
from tests.support.data import copy_data
from tests.support.pas_a_pas import SOURCE

LATER_PAGE = 6_000  # bytes as sent, headers included (spec §10)
STATUS_LINE = 60  # bytes, with the date and what compression adds
FIRST_PAGE = 8_700  # HTML, style and headers of the sign-in page


pytestmark = pytest.mark.xdist_group("états")  # each is opened once, by the worker that plays these tests


class Opened:
    """The page of each state that was asked for, opened once; and the templates that drew them."""

    def __init__(self, start: Callable[[str], Starlette]) -> None:
        self.templates: set[str] = set()
        self._start, self._pages = start, dict[str, Page]()
        self._shared = start("ensemble")

    def __call__(self, state: State) -> Page:
        """Those that change what others show have a service of their own."""
        if state.nom not in self._pages:
            alone = state.depose or state.decision
            self._pages[state.nom] = open_state(self._start(state.nom) if alone else self._shared, state)
        return self._pages[state.nom]


@pytest.fixture(scope="module")
def opened(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    home, real = tmp_path_factory.mktemp("etats"), Environment.get_template

    def start(name: str) -> Starlette:
        folder = copy_data(filled_folder, home / name)
        return create_app(load_settings(demo=True, data_dir=folder, today=TODAY))

    def watched(env: Environment, name: str, *rest: Any) -> Any:
        found.templates.add(name)
        return real(env, name, *rest)

    found = Opened(start)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "get_template", watched)
        yield found


def sent_bytes(page: Page) -> int:
    """What a browser that reads brotli receives, headers included, the draft's cookie apart."""
    headers = page.response.headers
    length = sum(len(name) + len(value) + 4 for name, value in headers.items() if name != "set-cookie")
    return len(brotli.compress(page.text.encode(), quality=5)) + length + STATUS_LINE


def _address(state: State, page: Page) -> str:
    """Where a state is shown; what its address names is known only then."""
    named = page.path.split("/")[2] if "{" in state.page else ""
    return state.page.format(reference=named, message=named, jeton=page.path.rpartition("/")[2])


APP = Path(__file__).resolve().parents[1] / "app"
ANSWERED = (
    "account",
    "avis",
    "contact",
    "delais",
    "donnees",
    "informations",
    "nouvelles",
    "suivi",
)  # pages with a form, outside the démarche
EXAMPLE = re.compile("par exemple|exemple :", re.IGNORECASE)
FORMAT = re.compile(
    r"(par exemple|exemple :) (numéro )?([\d+]|prenom\.nom@|\{[^}]*(example|year)|$)"  # a number, a date, an amount…
    r"|Exemple : (\d|prenom|solidaire|Paris|Ain|12 rue|Bâtiment|Bourg|gain à un jeu|la pension)",  # a hint
    re.IGNORECASE,
)
LEANING = re.compile(
    r"si vous hésitez|doute(, | \? )(choisissez|cochez|déclarez)|si c'est vrai|répondez « (Oui|Non) »|prenez l'engagement",
    re.IGNORECASE,
)


@pytest.mark.parametrize("nom", STATES)
def test_a_state_shows_what_it_says(opened: Opened, nom: str) -> None:
    state = STATES[nom]
    page = opened(state)
    assert page.status == state.statut
    if state.statut == 422:
        assert page.errors, "a refusal has its summary"
        assert page.path == _address(state, page)
    elif not state.dessine and not state.fichiers:
        assert page.path == _address(state, page)
    elif state.dessine:
        assert page.h1 == ERROR_WORDS[state.dessine, state.detail].titre
    assert sent_bytes(page) <= LATER_PAGE, f"{sent_bytes(page)} bytes"
    assert [fact for fact in SOURCE.get(nom, ()) if fact not in page.main] == [], "lost from the source"


@pytest.mark.parametrize("nom", [nom for nom, state in STATES.items() if state.statut == 422])
def test_the_summary_of_errors_follows_the_page(opened: Opened, nom: str) -> None:
    page = opened(STATES[nom])
    ids = [node.attributes.get("id") for node in page.tree.css("main [id]")]
    met = [ids.index(field) for field in page.error_fields() if field]
    assert met == sorted(met)


def test_what_may_be_left_out_is_never_to_be_corrected_when_it_is_empty(opened: Opened) -> None:
    """« (facultatif) » and « À corriger » on an empty field contradict each other."""
    for nom, state in STATES.items():
        for node in opened(state).tree.css(
            "input[aria-invalid]:not([type=file], [type=radio], [type=checkbox])"
        ):
            label = opened(state).tree.css_first(f"label[for='{node.attributes['id']}']")
            # of the amounts of one kind, any will do
            empty = not node.attributes.get("value") and not node.attributes["id"].startswith("total_")
            assert not (empty and label and "(facultatif)" in label.text()), nom


@pytest.mark.parametrize(
    ("nom", "others"),
    [
        ("avis-vide", False),
        ("organismes-erreur", False),
        ("consentement-refuse", False),
        ("validation-sans-certifier", False),
        ("beneficiaire-erreurs", False),
        ("beneficiaire-numero-a-confirmer", True),
        ("coordonnees-erreurs", False),
    ],
)
def test_other_answers_are_said_to_be_kept_where_there_are_any(
    opened: Opened, nom: str, others: bool
) -> None:
    assert ("Vos autres réponses sont gardées." in opened(STATES[nom]).main) is others


def test_a_warning_names_the_doubt_once_and_says_the_rest_once(opened: Opened) -> None:
    """The title of its box does not begin the sentence again, and what helps to answer is in the box."""
    met = 0
    for nom, state in STATES.items():
        for box in opened(state).tree.css(".message.alerte:has(input[type=checkbox])"):
            title, sentence = (plain(node.text()) for node in box.css("p")[:2])
            assert not sentence.startswith(title), nom
            met += 1
    assert met > 3
    adresse = opened(STATES["adresse-a-confirmer"]).tree.css_first(".message.alerte")
    assert "ce service connaît :" in plain(adresse.text())


def test_the_number_to_call_can_be_pressed_wherever_it_is_written(opened: Opened) -> None:
    for nom, state in STATES.items():
        main = LexborHTMLParser(opened(state).text).css_first("main")
        for node in main.css("a, button, summary, option, textarea, h1, h2, h3, #erreurs li"):
            if node.attributes.get("href") != "tel:3646" and not node.css("a[href='tel:3646']"):
                node.decompose()
        for link in main.css("a[href='tel:3646']"):
            link.decompose()
        assert "36 46" not in plain(main.text()), nom


def test_no_sentence_speaks_of_what_a_page_has_not(opened: Opened) -> None:
    for nom, state in STATES.items():
        page = opened(state)
        for form in page.tree.css("main form"):
            text = plain(form.text())
            if "sauf ceux marqués « facultatif »" in text:
                assert "(facultatif)" in text, nom


def test_what_is_required_is_said_of_what_the_form_asks(opened: Opened) -> None:
    """One answer is not « tous les champs »; a form that requires nothing says nothing."""
    alone: dict[str, set[str]] = {}
    for nom, state in STATES.items():
        for form in opened(state).tree.css("main form"):
            said = " ".join(
                plain(node.text()) for node in form.css("p.petit") if "obligatoire" in node.text()
            )
            asked = {
                node.attributes["name"] for node in form.css("input:not([type=hidden]), select, textarea")
            }
            if said.startswith("Tous les champs"):
                assert len(asked) > 1, nom
                assert form.css("input:not([type=checkbox]):not([type=hidden]), select"), nom
            elif said:
                alone.setdefault(said, set()).add(nom)
    assert "consentement" in alone["La case est obligatoire pour continuer."]
    assert "organismes-chevauchement" in alone["Une réponse est obligatoire."]
    assert "organisme-cas-4" in alone["Une réponse est obligatoire."]
    assert "obligatoire" not in opened(STATES["organismes-du-foyer"]).main
    situation = opened(STATES["situation-vide"]).main
    assert (
        "Tous les champs sont obligatoires, sauf les cases à cocher et le champ qui suit chacune" in situation
    )
    assert "Cochez au moins une case." in opened(STATES["autres-ressources"]).main


def test_no_two_pages_share_a_title(opened: Opened) -> None:
    """RGAA 8.6: tabs and history tell them apart."""
    pages: dict[str, set[str]] = {}
    for state in STATES.values():
        if not state.dessine and state.statut in (200, 422):
            pages.setdefault(opened(state).title.removeprefix("Erreur : "), set()).add(state.page)
    assert len(pages) > 30
    assert {title: found for title, found in pages.items() if len(found) > 1} == {}


def test_an_etape_that_is_done_is_named_once(opened: Opened) -> None:
    """RGAA 10.1: without style sheets too."""
    etapes = [plain(etape.text()) for etape in opened(STATES["pieces"]).tree.css(".etapes li")]
    assert etapes[0] == "Terminée : Ma situation actuelle"
    assert len(etapes) == 7


def test_every_state_the_source_is_read_in_exists() -> None:
    assert set(SOURCE) <= set(STATES)


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_of_the_disk_or_the_base_has_a_state(fault: Fault) -> None:
    assert (503, OF_FAULT[fault]) in {(state.dessine, state.detail) for state in STATES.values()}


def test_only_what_is_typed_in_a_format_has_an_example(opened: Opened) -> None:
    """RGAA 11.11: an example where a number, a date, an amount or an address is typed; nowhere else (spec §5)."""
    refused = [opened(state) for state in STATES.values() if state.statut == 422]
    typed = [
        (page.path, message)
        for page in refused
        for field, message in zip(page.error_fields(), page.errors, strict=True)
        if EXAMPLE.search(message)
        and not page.tree.css_first(f"input[type=text][id='{field}']")
        and not page.tree.css_first(f"#{field}_jour")
    ]
    assert len(refused) > 30
    assert typed == []


def test_no_message_leans_and_every_example_is_a_format() -> None:
    """Every sentence of the steps, the forms and the account, those that no state shows included; pages lean no more."""
    said = list(_sentences())
    assert sum("par exemple" in sentence for _, sentence in said) > 30
    loose = [(name, s) for name, s in said if EXAMPLE.search(s) and not FORMAT.search(s)]
    assert loose == [], (
        "an example is something to type (a number, a date, an address…): FORMAT lists what may follow"
    )
    pages = [(path.name, path.read_text(encoding="utf-8")) for path in TEMPLATES.rglob("*.html")]
    assert [(name, found[0]) for name, s in [*said, *pages] if (found := LEANING.search(s))] == []


def _sentences() -> Iterator[tuple[str, str]]:
    """Each string of these modules, its parts put together; « {} » stands for what is filled in."""
    files = [
        *APP.glob("steps/**/*.py"),
        *APP.glob("forms/*.py"),
        *(APP / "web" / f"{n}.py" for n in ANSWERED),
    ]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    part.value if isinstance(part, ast.Constant) else ast.unparse(part)
                    for part in node.values
                ]
                yield path.name, "".join(map(str, parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.name, node.value


def test_every_page_of_the_demarche_has_a_state() -> None:
    shown = {state.page for state in STATES.values()}
    assert {row.step.url for row in JOURNEY.rows} <= shown


def _one_of_each_page_first() -> list[State]:
    """Every state; those that change what others show come last."""
    first = {state.page: state.nom for state in reversed(list(STATES.values()))}.values()
    return sorted(
        STATES.values(), key=lambda state: (bool(state.depose or state.decision), state.nom not in first)
    )


def test_every_template_is_shown_by_a_state(opened: Opened) -> None:
    names = (path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("[!_]*.html"))
    pages = {name for name in names if not name.startswith("partials/")} - {"base.html"}
    pages -= {
        "courriel.html",
        "mes_donnees.html",
    }  # they leave: tests/mail/test_message.py, tests/web/test_donnees.py
    for state in _one_of_each_page_first():
        if pages <= opened.templates:
            break
        opened(state)
    assert pages - opened.templates == set()


def test_the_first_page_is_light(client: Browser) -> None:
    """What first paint of the sign-in page needs: two answers."""
    page = client.get("/connexion")
    style = page.tree.css_first('link[rel="stylesheet"]').attributes["href"] or ""
    cookie = len("set-cookie: ") + len(page.response.headers["set-cookie"])
    answer = client.client.get(style, headers={"accept-encoding": "br"})
    headers = sum(len(name) + len(value) + 4 for name, value in answer.headers.items())
    total = sent_bytes(page) + cookie + int(answer.headers["content-length"]) + headers + STATUS_LINE
    assert total <= FIRST_PAGE, f"{total} bytes"
