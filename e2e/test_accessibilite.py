"""
Every state of every page, as its scripts leave it, before everything a machine can check (RGAA 4.1.2, WCAG 2.2 AA).

What is found must be what `data/rgaa.csv` says, and is written into build/rgaa.csv and build/rgaa.json.
"""

import io
import os
import shutil
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader
from starlette.testclient import TestClient

from app.demo.states import STATES
from app.mail.message import compose
from app.main import create_app
from app.settings import load_settings
from app.web.templates import make_environment
from e2e.audit import axe, forms, results
from e2e.audit.auditor import Auditor
from e2e.audit.nu import checker
from e2e.audit.seen import Seen
from e2e.service import serving
from tests.conftest import TODAY

ROWS = results.published()
STATUSES = {"COMPLIANT", "NOT_COMPLIANT", "NOT_APPLICABLE", "NOT_TESTED"}  # the words of Ara
LIVELY = ["situation-vide", "organisme-cas-3", "organismes-du-foyer", "pieces-toutes-les-demandes"]
METHODS = {"machine", "machine + personne", "personne"}
CHANGE = """async answer => {
    const changes = !(answer.type === 'radio' && answer.checked);
    const asks = changes && answer.closest('[data-hx-trigger="change"]');
    const drawn = new Promise((done, fail) => {
        document.addEventListener('htmx:after:swap', done, {once: true});
        setTimeout(() => fail(new Error('nothing was drawn')), 20000);
    });
    answer.focus();
    if (answer.tagName === 'SELECT') {
        answer.selectedIndex = 1;
        answer.dispatchEvent(new Event('change', {bubbles: true}));
    } else {
        answer.click();
    }
    if (asks) { await drawn; }
    return document.activeElement === answer;
}"""


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all its workers."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def auditor(
    browser: Browser,
    filled_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    shared_folder: Path,
    testrun_uid: str,
) -> Iterator[Auditor]:
    """One server and one tab a worker, one HTML checker a run."""
    folder = tmp_path_factory.mktemp("audit") / "donnees"
    with serving(filled_folder, folder) as service, checker(shared_folder) as nu:
        context = browser.new_context(
            base_url=service.url, locale="fr-FR", viewport={"width": 320, "height": 256}
        )
        yield Auditor(context.new_page(), nu)
        context.close()
    results.write_down(testrun_uid)


@pytest.mark.parametrize("nom", STATES)
def test_a_state_has_only_the_defects_that_are_published(
    auditor: Auditor, testrun_uid: str, nom: str
) -> None:
    seen, found = auditor.audit(f"/etats/{nom}")
    assert seen.statut == STATES[nom].statut or seen.statut == 200
    applying = {row.critere for row in ROWS if row.applies(seen)}
    results.record(testrun_uid, nom, applying, found)
    unpublished = [finding for finding in sorted(found) if finding.critere not in results.declared(ROWS, nom)]
    assert unpublished == []
    assert results.declared(ROWS, nom) <= {finding.critere for finding in found}, "a published defect is gone"


@pytest.mark.parametrize(
    ("nom", "differs"), [("message-plusieurs-pieces", False), ("nouvelles", False), ("pieces-vide", True)]
)
def test_a_page_that_scripts_leave_as_it_was_is_checked_once(
    auditor: Auditor, nom: str, differs: bool
) -> None:
    """Two openings have two sessions: what tells them apart must not pass for the work of a script."""
    auditor.page.goto(f"/etats/{nom}")
    shown = auditor.shown()
    with auditor.without_scripts():
        auditor.page.goto(f"/etats/{nom}")
        assert (auditor.shown() != shown) == differs


def test_an_email_has_no_defect(auditor: Auditor, tmp_path: Path) -> None:
    settings = load_settings(
        demo=True, data_dir=tmp_path, smtp_url="smtp://localhost", smtp_from="ne-pas-repondre@exemple.fr"
    )
    message = compose(make_environment(), settings, "id", "nadia@exemple.fr", "j" * 32, settings.clock())
    body = message.get_body(("html",))
    assert body is not None
    html = body.get_content()
    auditor.page.goto("about:blank")  # where our policy of scripts does not hold
    auditor.page.set_content(html)
    assert axe.ask(auditor.page) == []
    assert list(auditor.nu.check(html)) == []
    assert auditor.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "at 320 px"


@pytest.mark.parametrize("nom", ["beneficiaire-correction", "organisme-choisi"])
def test_forced_colours_still_tell_what_is_ticked(auditor: Auditor, nom: str) -> None:
    """RGAA 3.1: where the system imposes its colours, the box is the native one, and its frame is thicker."""
    page = auditor.page
    page.goto(f"/etats/{nom}")
    page.emulate_media(forced_colors="active")
    shown = page.evaluate(
        """() => [...document.querySelectorAll('.choix > input')].map(box => [
            box.checked,
            getComputedStyle(box).appearance,
            parseFloat(getComputedStyle(box.nextElementSibling).borderTopWidth)])"""
    )
    page.emulate_media(forced_colors="none")
    ticked = {width for checked, _, width in shown if checked}
    assert {appearance for _, appearance, _ in shown} == {"auto"}
    assert ticked
    assert min(ticked) >= 2 + max(width for checked, _, width in shown if not checked)


def test_a_page_on_paper_shows_what_a_closed_detail_hides(auditor: Auditor) -> None:
    """RGAA 10.1: paper does not open. As printed by Chromium; Firefox reads the same rule since its version 143."""
    page = auditor.page
    page.goto("/etats/consentement")
    closed = page.locator("main details:not([open]) p:not(:has(.vh))")
    hidden = " ".join(closed.all_text_contents())
    printed = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    paper = unicodedata.normalize("NFKC", "".join(sheet.extract_text() for sheet in printed))
    assert len(hidden.split()) > 50
    assert not closed.first.is_visible()
    assert [word for word in unicodedata.normalize("NFKC", hidden).split() if word not in paper] == []


@pytest.mark.parametrize("nom", LIVELY)
def test_an_answer_that_changes_moves_nothing_else(auditor: Auditor, nom: str) -> None:
    """RGAA 7.4: whatever is ticked or chosen, the page and the focus stay where they are."""
    page = auditor.page
    page.goto(f"/etats/{nom}")
    address, answers = page.url, page.locator("main :is([type=radio], [type=checkbox], select)")
    rank = 0
    while rank < answers.count():  # « Non » takes away what « Oui » had opened
        answer, rank = answers.nth(rank), rank + 1
        if answer.is_visible():
            name = answer.get_attribute("id")
            assert answer.evaluate(CHANGE), f"{name} moves the focus"
            assert page.url == address
    assert rank


@pytest.fixture(scope="module")
def pages(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Every state, as the server draws it."""
    folder = tmp_path_factory.mktemp("pages") / "donnees"
    shutil.copytree(filled_folder, folder)
    client = TestClient(create_app(load_settings(demo=True, data_dir=folder, today=TODAY)))
    drawn = {nom: client.get(f"/etats/{nom}") for nom in STATES}
    return {nom: Seen(answer.text, answer.status_code) for nom, answer in drawn.items()}


@pytest.mark.xdist_group("toutes les pages")
def test_the_published_rows_say_where_a_criterion_applies(pages: dict[str, Seen]) -> None:
    concerned = defaultdict(set)
    for row in ROWS:
        for nom, seen in pages.items():
            if row.applies(seen):
                concerned[row.critere].add(nom)
    failing = {
        row.critere: {address.removeprefix("/etats/") for address in row.defauts.split()} for row in ROWS
    }
    expected = [row.with_results(concerned[row.critere], failing[row.critere]) for row in ROWS]
    assert expected == ROWS, "data/rgaa.csv is out of date: after a whole run, copy build/rgaa.csv over it"


@pytest.mark.xdist_group("toutes les pages")
def test_a_field_has_the_same_label_everywhere(pages: dict[str, Seen]) -> None:
    assert list(forms.dictionary(pages.values())) == []


def test_the_published_rows_are_the_106_criteria() -> None:
    topics: dict[int, list[int]] = defaultdict(list)
    for row in ROWS:
        topic, number = row.critere.split(".")
        topics[int(topic)].append(int(number))
        assert row.titre
        assert row.controle
        assert row.methode in METHODS
        assert row.statut in STATUSES
        for proof in row.preuve.split():
            assert (results.ROOT / proof).exists(), f"{row.critere}: {proof}"
    lengths = [9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12]  # criteria of each topic of RGAA 4.1.2
    assert topics == {topic: list(range(1, length + 1)) for topic, length in enumerate(lengths, 1)}
