"""Étape 6 with scripts, when the network or the service fails: one file stops, the others leave."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from e2e.conftest import WITH_SCRIPTS
from e2e.etape_6 import Etape6, for_uploads
from e2e.pages._page import words
from e2e.pages.pieces import BIEN
from e2e.service import Service
from e2e.window import CUT, Window
from tests.support import samples

NADIA, LINA, FONCIERE = "Nadia (vous)", "Lina", "Avis de taxe foncière"
AVIS = ("avis.pdf", samples.pdf(pages=2))
AUTRE = ("autre.pdf", samples.pdf(pages=3))
STOPPED = "L'envoi s'est arrêté. Vos autres fichiers sont gardés. Pour envoyer avis.pdf, choisissez « Envoyer ce fichier »."

pytestmark = WITH_SCRIPTS


@pytest.fixture
def etape(window: Window, etape: Etape6) -> Etape6:
    """The network and the service fail here, and the browser says so."""
    window.expect(*CUT, 401, 413, 500)
    return etape


def cut(route: Route) -> None:
    route.abort("connectionreset")


def status(code: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=code, body="<h1>faute</h1>", content_type="text/html")


def test_a_cut_network_stops_one_file_and_keeps_the_others(etape: Etape6) -> None:
    page = etape.page
    for_uploads(etape, cut)
    page.absent("Avis d'impôt : Lina")
    page.choisir_plusieurs(NADIA, AVIS, AUTRE)
    page.recu(NADIA, "autre.pdf")
    expect(page.group(NADIA)).to_contain_text(words(STOPPED))
    assert STOPPED in etape.said()
    expect(page.box("Je n'ai pas ce document : Avis d'impôt : Lina")).to_be_checked()
    page.button("Envoyer ce fichier : avis.pdf").click()
    page.recu(NADIA, "avis.pdf")
    page.silent_on("L'envoi s'est arrêté")
    assert [fichier.nom for fichier in etape.kept()] == ["autre.pdf", "avis.pdf"]


def test_a_sending_without_news_for_thirty_seconds_stops(etape: Etape6) -> None:
    etape.window.page.clock.install()
    etape.page = page = etape.open()
    held: list[Route] = []
    for_uploads(etape, held.append)
    odd = "avis $& $'.pdf"  # what a replacement would read as an order
    page.choisir_plusieurs(NADIA, (odd, AVIS[1]), AUTRE)
    sending = page.group(NADIA).get_by_role("progressbar", name=words(f"Envoi en cours : {odd}"))
    expect(sending).to_be_visible()
    etape.window.caught(held)
    etape.window.page.clock.fast_forward(30_000)
    expect(page.group(NADIA)).to_contain_text(words(STOPPED.replace("avis.pdf", odd)))
    page.recu(NADIA, "autre.pdf")
    held[0].abort()  # long given up by the page
    page.choisir(NADIA, odd, AVIS[1])
    page.recu(NADIA, odd)
    page.silent_on("L'envoi s'est arrêté")


@pytest.mark.parametrize(
    ("code", "message", "again"),
    [
        (500, "L'action n'a pas marché. Rien de ce que vous avez saisi n'est perdu. Réessayez.", True),
        (413, "L'envoi de avis.pdf est trop lourd. Ce service lit des fichiers de 16 Mo au plus.", False),
        (401, "Votre session est terminée.", False),
    ],
)
def test_a_fault_is_said_in_its_document_and_the_next_file_leaves(
    etape: Etape6, code: int, message: str, again: bool
) -> None:
    page = etape.page
    for_uploads(etape, status(code))
    page.choisir_plusieurs(NADIA, AVIS, AUTRE)
    page.recu(NADIA, "autre.pdf")
    expect(page.group(NADIA)).to_contain_text(words(message))
    assert any(message in said for said in etape.said())
    page.silent_on("<h1>faute</h1>")
    expect(page.button("Envoyer ce fichier : avis.pdf")).to_have_count(int(again))


def test_signed_out_elsewhere_is_said_and_loses_no_answer(etape: Etape6, service: Service) -> None:
    page = etape.page
    page.repondre(BIEN, "Oui")
    expect(page.group(FONCIERE)).to_be_visible()
    service.forget_sessions()
    page.choisir(FONCIERE, *AVIS)
    expect(page.group(FONCIERE)).to_contain_text(words("Votre session est terminée."))
    expect(page.radio(BIEN, "Oui")).to_be_checked()


def test_a_file_too_heavy_to_be_read_does_not_leave(etape: Etape6, tmp_path: Path) -> None:
    huge = tmp_path / "plan.pdf"
    huge.write_bytes(b"%PDF-1.7" + bytes(33_554_432))
    etape.page.champ(NADIA).set_input_files(huge)
    expect(etape.page.group(NADIA)).to_contain_text(words("L'envoi de plan.pdf est trop lourd."))
