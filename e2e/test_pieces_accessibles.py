"""The lines that only scripts draw on étape 6, before the same checks as every state."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from e2e.audit.auditor import Auditor
from e2e.audit.nu import checker
from e2e.audit.seen import Seen
from e2e.conftest import WITH_SCRIPTS, World
from e2e.etape_6 import for_uploads, on_etape_6
from e2e.pages._page import words
from e2e.service import Service
from e2e.window import CUT, Window
from tests.support import samples

HALF = """list => {
    const bar = document.createElement("progress");
    bar.value = 0.5;
    list.append(bar);
}"""


@pytest.mark.parametrize("world", [World(True, 320, 256)], ids=str, indirect=True)
def test_files_on_their_way_refused_stopped_and_cancelled_pass_every_check(
    window: Window, service: Service, tmp_path: Path
) -> None:
    held: list[Route] = []
    pdf, heavy = samples.pdf(pages=2), samples.photo(2000, 1500, noise=True, quality=85)
    window.expect(*CUT, 500)
    with on_etape_6(window, service) as etape, checker(tmp_path) as nu:
        page, nadia = etape.page, etape.page.group("Nadia (vous)")
        for_uploads(etape, None, None, lambda route: route.abort(), held.append)
        page.choisir_plusieurs(
            "Nadia (vous)", ("photo.jpg", heavy), ("secret.pdf", samples.protected_pdf()), ("panne.pdf", pdf),
            ("long.pdf", pdf), ("annule.pdf", pdf), ("attend.pdf", pdf),
        )  # fmt: skip
        expect(nadia).to_contain_text(words("Pour envoyer panne.pdf, choisissez"))
        page.button("Annuler l'envoi : annule.pdf").click()
        expect(nadia).to_contain_text(words("Envoi en cours : long.pdf, 0 %"))
        window.caught(held)
        expect(nadia).to_contain_text(words("Envoi en attente."))
        expect(nadia).to_contain_text(words("photo.jpg : Photo réduite de"))
        expect(nadia).to_contain_text(words("secret.pdf est protégé"))
        expect(nadia).to_contain_text(words("Envoi annulé : annule.pdf."))
        page.tab.evaluate(
            "for (const id of ['statut', 'alerte']) document.getElementById(id).textContent = ''"
        )
        assert Auditor(page.tab, nu).check(Seen(page.tab.content(), 200)) == set()
        held[0].fulfill(status=500)


@WITH_SCRIPTS
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_still_draw_how_far_a_file_is(page: Page, service: Service, scheme: str) -> None:
    """RGAA 3.1: the bar was empty all along."""
    page.emulate_media(forced_colors="active", color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/etats/pieces")
    page.locator("[data-envois]").first.evaluate(HALF)
    drawn = Image.open(io.BytesIO(page.locator("progress").screenshot())).convert("RGB")
    done, left = (drawn.getpixel((drawn.width * part // 4, drawn.height // 2)) for part in (1, 3))
    assert done != left
