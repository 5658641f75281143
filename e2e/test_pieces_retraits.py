"""Étape 6 with scripts: files removed, answers that cross, and the page that stays the one the service draws."""

import pytest
from playwright.sync_api import Route, expect
from selectolax.lexbor import LexborHTMLParser

from e2e.conftest import WITH_SCRIPTS
from e2e.etape_6 import Etape6, for_uploads
from e2e.pages.pieces import BIEN
from e2e.window import CUT, Window
from tests.support import samples
from tests.support.replay import lines

NADIA, LINA, FONCIERE = "Nadia (vous)", "Lina", "Avis de taxe foncière"
AVIS = ("avis.pdf", samples.pdf(pages=2))
AUTRE = ("autre.pdf", samples.pdf(pages=3))
ZONES = ("slots_avis", "slots_bien", "slots_etranger", "slots_rsa", "reste")
LEFT = {"data-htmx-powered", "style", "open", "checked"}  # answers are compared as they are sent
WHOLE_PAGE = """() => {
  const form = document.getElementById('f_pieces'), sent = new FormData(form);
  sent.append('action', 'afficher');
  return fetch(form.getAttribute('action'), {method: 'POST', body: sent}).then((answer) => answer.text());
}"""

pytestmark = WITH_SCRIPTS


@pytest.fixture
def etape(window: Window, etape: Etape6) -> Etape6:
    """The network fails here, and the browser says so."""
    window.expect(*CUT)
    return etape


def test_a_removal_says_so_where_the_focus_goes_and_writes_no_draft(etape: Etape6) -> None:
    page = etape.page
    page.repondre(BIEN, "Oui")
    page.envoyer(FONCIERE, *AVIS)
    etape.said()
    page.suppression("avis.pdf").click()
    expect(page.suppression("avis.pdf")).to_have_count(0)
    assert (
        etape.focused() == "Fichier supprimé : Avis de taxe foncière. Pour le remettre, envoyez-le à nouveau."
    )
    assert etape.said() == [], "one channel an event"
    expect(page.group(FONCIERE)).to_be_visible()
    page.says("Il reste 4 documents à joindre.")
    assert (etape.kept(), etape.draft().bien) == ([], None)


def test_two_removals_pressed_at_once_both_hold(etape: Etape6) -> None:
    page = etape.page
    page.choisir_plusieurs(NADIA, AVIS, AUTRE)
    page.recu(NADIA, "autre.pdf")
    page.tab.evaluate(
        "document.querySelectorAll('button[name=supprimer]').forEach((button) => button.click())"
    )
    expect(page.suppression("")).to_have_count(0)
    assert etape.kept() == []


def test_a_button_pressed_twice_removes_once_and_loses_no_focus(etape: Etape6) -> None:
    page = etape.page
    page.choisir_plusieurs(NADIA, AVIS, AUTRE)
    page.recu(NADIA, "autre.pdf")
    page.suppression("avis.pdf").dblclick()
    etape.hears("Ce que vous vouliez changer")
    assert page.tab.evaluate("document.activeElement !== document.body")
    assert [fichier.nom for fichier in etape.kept()] == ["autre.pdf"]


def test_a_removal_whose_answer_is_lost_can_be_pressed_again(etape: Etape6) -> None:
    page = etape.page
    page.envoyer(NADIA, *AVIS)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost:
            route.fallback()
        else:
            lost.append(route.fetch().status)
            route.abort("connectionreset")

    page.tab.route("**/demande/pieces", lose)
    page.suppression("avis.pdf").click()
    expect(page.group(NADIA).locator("#panne")).to_contain_text("Le réseau ne répond pas")
    page.suppression("avis.pdf").click()
    expect(page.suppression("avis.pdf")).to_have_count(0)
    assert "Ce que vous vouliez changer n'est plus là." in " ".join(etape.said())


def test_removing_and_answering_while_a_file_is_on_its_way_loses_nothing(etape: Etape6) -> None:
    """The answer about the file was drawn before the removal, and arrives after it."""
    page, held = etape.page, []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))

    page.envoyer(NADIA, *AVIS)
    for_uploads(etape, hold)
    page.choisir(NADIA, *AUTRE)
    expect(page.group(NADIA).get_by_role("progressbar")).to_be_visible()
    etape.window.caught(held)  # the service has the file, and has drawn its answer
    page.suppression("avis.pdf").click()
    expect(page.suppression("avis.pdf")).to_have_count(0)
    page.repondre(BIEN, "Oui")
    expect(page.group(FONCIERE)).to_be_visible()
    (route, answer) = held[0]
    route.fulfill(response=answer)
    page.recu(NADIA, "autre.pdf")
    expect(page.suppression("avis.pdf")).to_have_count(0)
    expect(page.group(FONCIERE)).to_be_visible()
    page.says("Il reste 3 documents à joindre.")


def _comparable(html: str, zone: str) -> list[str]:
    """A part of a page, without what scripts and browsers leave there."""
    tree = LexborHTMLParser(html)
    for line in tree.css("[data-envois] li"):
        line.decompose()
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name in LEFT or value == "htmx-added":
                del node.attrs[name]
    return list(lines(tree.css_first(f"#{zone}")))


def test_after_every_change_the_page_is_the_one_the_service_draws(etape: Etape6) -> None:
    page = etape.page

    def check() -> None:
        expect(page.tab.locator(".htmx-request")).to_have_count(0)
        drawn, shown = page.tab.evaluate(WHOLE_PAGE), page.tab.content()
        for zone in ZONES:
            assert _comparable(shown, zone) == _comparable(drawn, zone)

    page.repondre(BIEN, "Oui")
    expect(page.group(FONCIERE)).to_be_visible()
    check()
    page.envoyer(FONCIERE, *AVIS)
    check()
    page.figure_sur_mon_avis(LINA)
    expect(page.champ(LINA)).to_have_count(0)
    check()
    page.envoyer(FONCIERE, *AUTRE)
    page.envoyer(NADIA, *AVIS)
    check()
    page.repondre(BIEN, "Non")
    expect(page.group(FONCIERE)).to_have_count(0)
    check()
    page.repondre(BIEN, "Oui")
    page.button("Supprimer le fichier autre.pdf").click()
    expect(page.suppression("autre.pdf")).to_have_count(0)
    page.tick("Lina figure sur mon avis d'imposition", False)
    expect(page.champ(LINA)).to_be_visible()
    page.choisir(FONCIERE, "secret.pdf", samples.protected_pdf())
    expect(page.group(FONCIERE)).to_contain_text("secret.pdf")
    page.repondre(BIEN, "Non")
    page.repondre(BIEN, "Oui")
    expect(page.suppression("avis.pdf")).to_have_count(2)
    check()
