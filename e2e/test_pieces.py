"""Étape 6 with scripts: documents that appear, files that leave as soon as they are chosen, and their removal."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from playwright.sync_api import CDPSession, expect

from app.forms.typography import poids
from e2e.conftest import WORLDS, World
from e2e.etape_6 import Etape6
from e2e.pages._page import words
from e2e.pages.pieces import BIEN, ETRANGER
from e2e.pages.validation import Validation
from e2e.window import Window
from tests.support import samples

FONCIERE, HABITATION = "Avis de taxe foncière", "Avis de taxe d'habitation"
NADIA, LINA = "Nadia (vous)", "Lina"
PDF = samples.pdf(pages=2)
AVIS = ("avis.pdf", PDF)
DECODED = """() => {
    const decode = window.createImageBitmap;
    window.decoded = [];
    window.createImageBitmap = async file => {
        const image = await decode(file);
        window.decoded.push(image);
        return image;
    };
}"""
SLOW = {"offline": False, "latency": 100, "downloadThroughput": 200_000, "uploadThroughput": 60_000}


def heavy_photo() -> bytes:
    """More than 10 MB, held upright: the corner the sensor has at the top left is red, and shows at the top right."""
    photo = Image.open(io.BytesIO(samples.photo(4000, 3000, orientation=6, gps=True, noise=True)))
    photo.paste("red", (0, 0, 1000, 750))
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=93, exif=photo.getexif())
    return out.getvalue()


@pytest.fixture(params=WORLDS[2:], ids=str)
def world(request: pytest.FixtureRequest) -> World:
    found: World = request.param
    return found


def slow(window: Window) -> CDPSession:
    """A poor network, until the session is detached."""
    session = window.page.context.new_cdp_session(window.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    return session


def test_a_oui_shows_its_documents_and_writes_nothing(etape: Etape6) -> None:
    page = etape.page
    page.repondre(BIEN, "Oui")
    expect(page.group(FONCIERE)).to_be_visible()
    assert etape.said() == ["Joignez aussi les avis de taxe foncière et de taxe d'habitation."]
    assert etape.focused() == "bien_oui", "the focus has not moved"
    page.says("Il reste 4 documents à joindre.")
    page.repondre(ETRANGER, "Oui")
    expect(page.group("Justificatif fiscal et social du pays")).to_be_visible()
    page.repondre(BIEN, "Non")
    expect(page.group(FONCIERE)).to_have_count(0)
    page.repondre(ETRANGER, "Non")
    expect(page.group("Justificatif")).to_have_count(0)
    assert etape.said() == [
        "Joignez aussi un document de ce pays.",
        "Les taxes ne sont plus demandées.",
        "Le document d'un autre pays n'est plus demandé.",
    ]
    page.says("Il reste 2 documents à joindre.")
    assert etape.draft().bien is None


def test_figure_sur_mon_avis_hides_the_field_of_that_person_alone(etape: Etape6) -> None:
    page = etape.page
    page.figure_sur_mon_avis(LINA)
    expect(page.champ(LINA)).to_have_count(0)
    expect(page.champ(NADIA)).to_be_visible()
    assert etape.focused() == "figure_m3xw"
    page.tick("Lina figure sur mon avis d'imposition", False)
    expect(page.champ(LINA)).to_be_visible()
    assert etape.said() == [
        "Lina figure sur votre avis. Son avis n'est plus demandé.",
        "L'avis est demandé pour Lina.",
    ]


def test_a_document_the_user_does_not_have_is_noted_at_once(etape: Etape6) -> None:
    page = etape.page
    page.absent("Avis d'impôt : Nadia")
    expect(page.group(NADIA)).to_contain_text(words("C'est noté : vous n'avez pas ce document."))
    page.says("Il reste 1 document à joindre.")
    assert etape.focused() == "pas_avis_moi"
    page.absent("Avis d'impôt : Nadia", False)
    expect(page.group(NADIA)).to_contain_text("À joindre")
    page.says("Il reste 2 documents à joindre.")
    assert etape.said() == [
        "C'est noté : vous n'avez pas ce document. Votre caisse vous dira quoi faire.",
        "À joindre",
    ]
    assert etape.draft().absentes == (), "nothing is written before « Suivant »"


def test_quick_answers_keep_everything_that_is_typed_meanwhile(etape: Etape6) -> None:
    """Arrow keys change an answer faster than a poor network tells what it opens."""
    page = etape.page
    network = slow(etape.window)
    page.repondre(BIEN, "Oui")
    page.absent("Avis d'impôt : Nadia")
    page.figure_sur_mon_avis(LINA)
    page.repondre(BIEN, "Non")
    page.repondre(ETRANGER, "Oui")
    page.repondre(BIEN, "Oui")
    expect(page.group("Justificatif fiscal et social du pays")).to_be_visible()
    expect(page.group(FONCIERE)).to_be_visible()
    expect(page.champ(LINA)).to_have_count(0)
    network.detach()
    for answer in (page.radio(BIEN, "Oui"), page.radio(ETRANGER, "Oui"), page.box("Lina figure")):
        expect(answer).to_be_checked()
    expect(page.box("Je n'ai pas ce document : Avis d'impôt : Nadia")).to_be_checked()


def test_files_leave_one_after_the_other_and_one_refused_stops_none(etape: Etape6) -> None:
    page = etape.page
    page.champ(NADIA).focus()
    page.choisir_plusieurs(
        NADIA, AVIS, ("secret.pdf", samples.protected_pdf()), ("page 2.jpg", samples.photo())
    )
    page.recu(NADIA, "page 2.jpg")
    page.recu(NADIA, "avis.pdf")
    expect(page.group(NADIA).get_by_text("secret.pdf est protégé par un mot de passe")).to_be_visible()
    expect(page.champ(NADIA)).to_have_accessible_description(
        words("secret.pdf est protégé par un mot de passe")
    )
    page.says("Document joint : 2 fichiers reçus", "Il reste 1 document à joindre.")
    assert [fichier.nom for fichier in etape.kept()] == ["avis.pdf", "page 2.jpg"]
    said = etape.said()
    assert "Fichier reçu : avis.pdf, 2 ko, 2 pages. Il reste 1 document à joindre." in said
    refusal = next(words for words in said if "secret.pdf est protégé" in words)
    assert said.index(refusal) < said.index("Envoi en cours : page 2.jpg, 0 %"), "in their order"
    assert etape.focused() == "fichier_avis_moi", "where one was: another page can be chosen"
    assert etape.draft().bien is None, "an upload answers nothing"
    page.choisir(NADIA, "page 3.jpg", samples.photo(640, 480))
    page.recu(NADIA, "page 3.jpg")
    page.silent_on("secret.pdf")


@pytest.mark.parametrize("world", WORLDS[2:3], ids=str, indirect=True)
def test_the_field_that_keeps_the_focus_stays_on_screen_with_what_is_said(etape: Etape6) -> None:
    """WCAG 2.4.7: what arrives stands above the field, and pushed it below the screen."""
    page = etape.page
    page.champ(NADIA).focus()
    page.choisir(NADIA, "avis.pdf", samples.pdf(pages=1))
    page.recu(NADIA, "avis.pdf")
    expect(page.champ(NADIA)).to_be_focused()
    expect(page.champ(NADIA)).to_be_in_viewport(ratio=1)
    expect(page.group(NADIA).get_by_text("Ce PDF compte une seule page.")).to_be_in_viewport(ratio=1)


def test_progress_is_seen_told_and_can_be_cancelled(etape: Etape6) -> None:
    page = etape.page
    network = slow(etape.window)
    page.choisir_plusieurs(NADIA, ("photo.jpg", samples.photo(1600, 1200, noise=True, quality=80)), AVIS)
    bar = page.group(NADIA).get_by_role("progressbar", name=words("Envoi en cours : photo.jpg"))
    expect(bar).to_be_visible()
    expect(page.group(NADIA)).to_contain_text(re.compile(r"Envoi en cours\s: photo\.jpg, [1-9]\d?\s%"))
    expect(page.group(NADIA)).to_contain_text(
        "Envoi en attente. Il part tout seul, gardez cette page ouverte."
    )
    page.check()  # no scroll to the side
    page.button("Annuler l'envoi : photo.jpg").click()
    expect(bar).to_have_count(0)
    assert etape.focused() == "Envoi annulé : photo.jpg."
    page.recu(NADIA, "avis.pdf")
    network.detach()
    assert [fichier.nom for fichier in etape.kept()] == ["avis.pdf"]
    assert "Envoi annulé : photo.jpg." not in etape.said(), "the focus said it"


def test_progress_is_said_three_times_at_most(etape: Etape6) -> None:
    network = slow(etape.window)
    etape.page.choisir(NADIA, "photo.jpg", samples.photo(700, 500, noise=True, quality=70))  # 3 s
    etape.page.recu(NADIA, "photo.jpg")
    network.detach()
    told = [int(words.split()[-2]) for words in etape.said() if words.startswith("Envoi en cours")]
    assert told[0] == 0
    assert told[-1] == 100
    assert 2 <= len(told) <= 3


def test_a_heavy_photo_is_made_smaller_upright_and_without_its_position(etape: Etape6) -> None:
    heavy = heavy_photo()
    assert len(heavy) > 10_000_000
    etape.window.page.evaluate(DECODED)
    etape.page.choisir(NADIA, "IMG 001.jpg", heavy)
    etape.page.recu(NADIA, "IMG 001.jpg")
    assert etape.window.page.evaluate("decoded.map(image => image.width)") == [0], (
        "what it took is given back"
    )
    said = " ".join(etape.said())
    assert "Photo en cours de réduction…" in said
    assert re.search(r"Photo réduite de 1\d(,\d)? Mo à 1(,\d)? Mo\. Envoi en cours : IMG 001\.jpg, 0 %", said)
    (kept,) = etape.kept()
    etape.page.says(f"à {poids(kept.taille)}. Vérifiez qu'elle est lisible avec « Voir ».")
    assert kept.taille <= 2_097_152
    assert kept.avant is None, "it was light when it arrived"
    photo = etape.photo(kept)
    assert photo.height > photo.width, "the phone was held upright"
    red, green, _ = photo.convert("RGB").getpixel((photo.width - 20, 20))  # type: ignore[misc]
    assert red > green + 60, "the red corner is where the phone had it"
    assert not photo.getexif()


@pytest.mark.parametrize("world", [World(False, 320, 640), World(True, 320, 640)], ids=str, indirect=True)
def test_a_photo_of_ten_megabytes_goes_through_with_and_without_scripts(etape: Etape6) -> None:
    etape.page.envoyer(NADIA, "avis.jpg", heavy_photo())
    etape.page.says("Photo réduite de 1")
    (kept,) = etape.kept()
    assert kept.taille <= 2_097_152


@pytest.mark.parametrize("broken", ["never", "fails"])
def test_a_photo_the_browser_cannot_reduce_leaves_as_it_is(etape: Etape6, broken: str) -> None:
    heavy, tab = heavy_photo(), etape.window.page
    tab.clock.install()
    etape.page = etape.open()
    answer = "new Promise(() => {})" if broken == "never" else "Promise.reject(new Error('heavy'))"
    tab.evaluate(f"() => {{ window.createImageBitmap = () => {answer} }}")
    if broken == "never":
        # The page waits ten seconds of its own, not of a machine that is busy.
        tab.clock.pause_at(datetime.now(UTC) + timedelta(minutes=10))
    etape.page.choisir(NADIA, "photo.jpg", heavy)
    if broken == "never":
        expect(etape.page.group(NADIA)).to_contain_text("Photo en cours de réduction…")
        tab.clock.fast_forward(10_000)
        tab.clock.resume()
    etape.page.recu(NADIA, "photo.jpg")
    assert "La réduction prend trop de temps. La photo d'origine part, ce service la réduit." in etape.said()
    etape.page.says("Photo réduite de 1")
    (kept,) = etape.kept()
    assert kept.avant == len(heavy)


def test_the_same_file_twice_is_one_file(etape: Etape6) -> None:
    page = etape.page
    page.choisir_plusieurs(NADIA, AVIS, AVIS)
    page.choisir(NADIA, *AVIS)
    expect(page.group(NADIA).get_by_role("progressbar")).to_have_count(0)
    expect(page.suppression("avis.pdf")).to_have_count(1)
    assert len(etape.kept()) == 1


def test_suivant_waits_for_the_files_that_are_leaving(etape: Etape6) -> None:
    page = etape.page
    for question in (BIEN, ETRANGER):
        page.repondre(question, "Non")
    page.figure_sur_mon_avis(LINA)
    network = slow(etape.window)
    page.choisir(NADIA, "avis.jpg", samples.photo(1000, 800, noise=True, quality=70))
    page.button("Suivant").click()
    page.says("Un fichier est en cours d'envoi. La page suivante s'ouvre toute seule après.")
    expect(page.tab).to_have_url(re.compile("/demande/validation"))
    network.detach()
    Validation(etape.window)
    assert [fichier.nom for fichier in etape.kept()] == ["avis.jpg"]
