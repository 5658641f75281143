"""Étape 6 with scripts and a photo of an iPhone (HEIC): a JPEG leaves where the browser reads it, otherwise the page explains how."""

import pytest
from playwright.sync_api import expect

from e2e.conftest import WITH_SCRIPTS
from e2e.etape_6 import Etape6
from e2e.pages._page import words
from tests.support import samples

NADIA, PHOTO = "Nadia (vous)", "IMG_0001.HEIC"
HEADER = samples.heic_like()
READS_HEIC = """start => {
    const decode = window.createImageBitmap;
    window.createImageBitmap = file => decode(file.type === 'image/heic' ? file.slice(start) : file);
}"""


pytestmark = WITH_SCRIPTS


@pytest.mark.parametrize("padding", [0, samples.MO], ids=["lighter than its JPEG", "heavier"])
def test_a_browser_that_reads_heic_sends_a_jpeg(etape: Etape6, padding: int) -> None:
    """As Safari does; the browser of the tests reads none, so a JPEG stands behind the header."""
    page, tiny = etape.page, samples.photo(1600, 1200, gps=True, noise=True, quality=20)
    etape.window.page.evaluate(READS_HEIC, len(HEADER))
    page.choisir(NADIA, PHOTO, HEADER + tiny + bytes(padding))
    page.recu(NADIA, f"{PHOTO}.jpg")
    page.says("Vérifiez qu'elle est lisible avec « Voir ».")
    if padding:
        page.says("Photo réduite de 1,4 Mo à 0,")
    else:
        page.silent_on("Photo réduite")
    assert etape.said()[0] == "Vérification du fichier…"
    (kept,) = etape.kept()
    photo = etape.photo(kept)
    assert (kept.nom, photo.format, photo.size) == (f"{PHOTO}.jpg", "JPEG", (1600, 1200))
    assert not photo.getexif()


def test_a_browser_that_does_not_read_heic_says_how_to_send_a_jpeg(etape: Etape6) -> None:
    page = etape.page
    page.choisir_plusieurs(NADIA, (PHOTO, HEADER), ("avis.pdf", samples.pdf(pages=2)))
    page.recu(NADIA, "avis.pdf")
    refusal = (
        f"{PHOTO} est une photo HEIC, un format d'iPhone. "
        "Envoyez un JPEG ou un PNG : ouvrez la photo et faites une capture d'écran."
    )
    remedy = "Pour les prochaines photos : Réglages, Appareil photo, Formats, puis « Le plus compatible »."
    for sentence in (refusal, remedy):
        expect(page.group(NADIA)).to_contain_text(words(sentence))
    expect(page.champ(NADIA)).to_have_accessible_description(words(refusal))
    assert any(refusal in said for said in etape.said())
    page.check()
    assert [fichier.nom for fichier in etape.kept()] == ["avis.pdf"]
