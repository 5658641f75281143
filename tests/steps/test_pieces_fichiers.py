"""Étape 6, sur la page : les fichiers qu'on envoie, ceux qu'on refuse, ceux qu'on supprime."""

import errno
import os
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from app.domain.demande import Demande, Pieces
from app.files.shelf import Shelf, StoreFault
from app.forms.form import Sent
from app.steps import pieces
from app.steps._step import Visit
from app.web.draft import COOKIE
from tests.support import samples
from tests.support.browser import Browser, Page
from tests.support.data import opens_the_folder_of_files
from tests.support.waiting import LINA, PIECES, answers, ready, send, sent, sent_files, shelf, waiting
from tests.support.walk import forward, walk_to

AVIS = ("avis.pdf", samples.pdf(3))
LOURD = ("trop-lourd.pdf", samples.heavy_pdf())


def names(client: Browser, service: Starlette) -> list[tuple[str, str]]:
    return [(fichier.emplacement, fichier.nom) for fichier in waiting(client, service)]


def test_envoyer_garde_le_fichier_et_revient_a_son_emplacement(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = send(client, "avis_moi", AVIS)
    assert page.path == PIECES
    assert page.url.endswith("#slot_avis_moi")
    assert page.tree.css("#slot_avis_moi")
    assert "Fichier reçu : avis.pdf, 2 ko, 3 pages. Il reste 1 document à joindre." in page.main
    assert "avis.pdf" not in page.url
    assert names(client, service) == [("avis_moi", "avis.pdf")]


def test_plusieurs_fichiers_a_la_fois(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = send(client, "avis_moi", ("page 1.jpg", samples.photo()), ("page 2.png", samples.png()))
    assert "2 fichiers reçus." in page.main
    assert "Document joint : 2 fichiers reçus" in page.main
    assert page.buttons().count("Supprimer le fichier page 2.png") == 1


def test_une_photo_lourde_est_reduite_et_le_dit(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = send(client, "avis_moi", ("photo.jpg", samples.photo(4000, 3000, noise=True, quality=60)))
    assert "Photo réduite de 5,4 Mo à 1,6 Mo par ce service. Vérifiez qu'elle est lisible" in page.main
    page = client.get(PIECES)
    assert "Photo réduite de 5,4 Mo à 1,6 Mo." in page.main


def test_envoyer_garde_les_reponses_et_les_fichiers_des_autres_emplacements(
    client: Browser, service: Starlette
) -> None:
    ready(client, service)
    page = client.press(
        "Envoyer ce fichier",
        {"bien": "oui", "etranger": "non", f"figure_{LINA}": "oui"},
        value="avis_moi",
        files=[sent("rsa", "caf.pdf", samples.pdf(1)), sent("fonciere", "taxe.pdf", samples.pdf(2))],
    )
    assert page.status == 200
    assert names(client, service) == [("rsa", "caf.pdf"), ("fonciere", "taxe.pdf")]
    assert answers(client, service) == Pieces(bien=True, etranger=False, figure=(LINA,))


def test_seuls_les_mauvais_fichiers_sont_refuses_par_leur_nom(client: Browser, service: Starlette) -> None:
    ready(client, service)
    before = client.client.cookies[COOKIE]
    page = client.press(
        "Envoyer ce fichier",
        {"bien": "oui", f"pas_avis_{LINA}": "oui"},
        value="avis_moi",
        files=[
            sent("habitation", "taxe.heic", samples.heic_like()),
            sent("avis_moi", *LOURD),
            sent("avis_moi", *AVIS),
            sent("avis_moi", "secret.pdf", samples.protected_pdf()),
        ],
    )
    assert page.status == 422
    assert page.error_fields() == ["fichier_avis_moi", "fichier_avis_moi", "fichier_habitation"]
    assert "trop-lourd.pdf pèse 3 Mo" in page.errors[0]
    assert "secret.pdf est protégé par un mot de passe" in page.errors[1]
    assert "taxe.heic est une photo HEIC" in page.errors[2]
    assert "1 fichier reçu. 3 fichiers sont à changer" in page.main
    assert "2 fichiers refusés" in page.main
    assert "Fichier refusé : taxe.heic" in page.main
    assert "puis « Le plus compatible »" in page.main
    assert names(client, service) == [("avis_moi", "avis.pdf")]
    assert (page.value("bien"), page.value(f"pas_avis_{LINA}")) == ("oui", "oui")
    field = page.tree.css_first("#fichier_avis_moi")
    assert field.attributes["aria-describedby"] == (
        "fichier_avis_moi_err1 fichier_avis_moi_err2 envois_avis_moi"
    )
    assert client.client.cookies[COOKIE] == before


def test_suivant_aussi_garde_les_bons_fichiers(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = client.press(
        "Suivant",
        {"bien": "non", "etranger": "non"},
        files=[sent("avis_moi", *AVIS), sent(f"avis_{LINA}", "lina.docx", samples.word_like())],
    )
    assert page.error_fields() == [f"fichier_avis_{LINA}"]
    assert "lina.docx est un document Word" in page.errors[0]
    assert names(client, service) == [("avis_moi", "avis.pdf")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("vide.pdf", b"", "ne contient rien (0 octet)"),
        ("virus.pdf", samples.pdf_with_javascript(), "contient un programme ou un fichier caché"),
        ("faux.pdf", samples.word_like(), "annonce un PDF, mais le contenu est de type Word"),
        ("note.gif", samples.other_image("GIF"), "est de type GIF"),
        ("geante.png", samples.huge_png(), "100 000 × 100 000 points"),
        ("coupee.jpg", samples.photo()[:400], "ne s'ouvre pas. Prenez-la à nouveau"),
        ("coupe.pdf", b"%PDF-1.7 et rien", "ne s'ouvre pas. Récupérez-le à nouveau"),
        ("inconnu", bytes(range(256)), "n'est pas reconnu"),
    ],
)
def test_un_refus_dit_la_cause_et_le_remede(
    client: Browser, service: Starlette, name: str, content: bytes, message: str
) -> None:
    ready(client, service)
    page = send(client, "avis_moi", (name, content))
    assert page.error_fields() == ["fichier_avis_moi"]
    assert name in page.errors[0]
    assert message in page.errors[0]
    assert waiting(client, service) == []


def test_un_nom_de_fichier_ne_peut_rien_ecrire_dans_la_page(client: Browser, service: Starlette) -> None:
    ready(client, service)
    name = "<img src=x onerror=alert(1)> d'impôt.pdf"
    page = send(client, "avis_moi", (name, samples.pdf(2)))
    assert not page.tree.css("main img")
    assert "<img src=x onerror=alert(1)>" in page.tree.css_first(".fichiers b").text()


def test_envoyer_sans_fichier(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = client.press("Envoyer ce fichier", {"bien": "oui"}, value=f"avis_{LINA}")
    assert page.error_fields() == [f"fichier_avis_{LINA}"]
    assert page.errors == ["Choisissez un fichier pour « Avis d'impôt : Lina », puis « Envoyer ce fichier »."]
    assert page.value("bien") == "oui"
    assert page.tree.css("#slot_fonciere")


def test_dix_fichiers_par_document(client: Browser, service: Starlette) -> None:
    ready(client, service)
    files = [(f"page {number}.pdf", samples.pdf(1, f"page {number}")) for number in range(11)]
    page = send(client, "avis_moi", *files)
    assert page.status == 422
    assert "compte déjà 10 fichiers : page 10.pdf n'est pas gardé" in page.errors[0]
    assert len(waiting(client, service)) == 10
    page = client.get(PIECES)
    assert "Ce document compte 10 fichiers" in page.main
    assert not page.tree.css("#fichier_avis_moi")


def test_le_meme_envoi_rejoue_ne_perd_ni_ne_double_rien(client: Browser, service: Starlette) -> None:
    ready(client, service)
    fields = {"montre": "avis_moi", "envoyer": "avis_moi"}
    pages = [client.post(PIECES, fields, files=[sent("avis_moi", *AVIS)]) for _ in range(2)]
    assert pages[0].url == pages[1].url
    assert "Fichier reçu : avis.pdf" in pages[1].main
    assert len(waiting(client, service)) == 1


@opens_the_folder_of_files  # and fills its disk
def test_un_disque_plein_se_dit_et_garde_le_reste(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "disque plein")

    ready(client, service)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        page = send(client, "avis_moi", AVIS, bien="non")
    assert page.status == 422
    assert "ne peut pas recevoir de fichier en ce moment" in page.errors[0]
    assert page.value("bien") == "non"
    assert sent_files(service) == set()


def test_supprimer(client: Browser, service: Starlette) -> None:
    ready(client, service)
    send(client, "avis_moi", AVIS, bien="oui")
    page = client.press("Supprimer")
    assert "Fichier supprimé : Avis d'impôt : Nadia. Pour le remettre, envoyez-le à nouveau." in page.main
    assert page.url.endswith("#slot_avis_moi")
    assert waiting(client, service) == []
    assert sent_files(service) == set()
    assert answers(client, service) == Pieces(bien=True)


def test_supprimer_recommencer_et_valider_n_attendent_pas_le_stockage(
    client: Browser, make_client: Callable[[], Browser], service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is removed or filed is so, whatever the shelf answers: the sweep takes the bytes that are left."""

    def down(_: Shelf, __: str) -> None:
        raise StoreFault(errno.EHOSTUNREACH, "the store does not answer")

    ready(client, service)
    monkeypatch.setattr(type(shelf(service)), "remove", down)
    send(client, "avis_moi", AVIS, bien="oui")
    assert "Fichier supprimé" in client.press("Supprimer").main
    send(client, "fonciere", AVIS)
    client.get("/demande")
    assert client.post("/demande", {"recommencer": "oui"}).url == "/demande?fait=recommencer"
    other = make_client()
    ready(other, service, "benoit")
    send(other, "avis_moi", AVIS, bien="oui")
    send(other, "fonciere", AVIS)
    walk_to(other, "/demande/validation")
    assert "fonciere" in dict(names(other, service)), "it is asked for no more"
    assert forward(other).path == "/demande/terminee"


def _press_as_w3m(client: Browser, page: Page, **fields: str) -> Page:
    """A browser that ignores `form=` sends the button with the form it stands in."""
    button = page.tree.css_first('button[name="supprimer"]')
    value = button.attributes["value"] or ""
    files = [sent(f"avis_{LINA}", "lina.pdf", samples.pdf(2))]
    montre = page.value("montre")
    return client.post(PIECES, {"montre": montre, "supprimer": value, **fields}, files=files)


def test_supprimer_avec_tout_le_formulaire_garde_le_reste(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = send(client, "avis_moi", AVIS)
    page = _press_as_w3m(client, page, bien="oui", etranger="non")
    assert "Fichier supprimé" in page.main
    assert names(client, service) == [(f"avis_{LINA}", "lina.pdf")]
    assert answers(client, service) == Pieces(bien=True, etranger=False)


def test_supprimer_deux_fois_montre_la_page_telle_qu_elle_est(client: Browser, service: Starlette) -> None:
    ready(client, service)
    send(client, "avis_moi", AVIS)
    identity = waiting(client, service)[0].id
    client.post(PIECES, {"supprimer": identity})
    page = client.post(PIECES, {"supprimer": identity})
    assert page.status == 200
    assert "n'est plus là" in page.main


def test_un_document_supprime_rouvre_l_etape(client: Browser, service: Starlette) -> None:
    ready(client, service)
    files = [sent("avis_moi", *AVIS)]
    page = client.press("Suivant", {"bien": "non", "etranger": "non", f"figure_{LINA}": "oui"}, files=files)
    assert page.h1 == "Validation de ma demande"
    client.get(PIECES)
    client.press("Supprimer")
    assert client.get("/demande/validation").path == PIECES


def test_lire_n_ecrit_rien(client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are received first, then answers are read: reading neither writes a row nor touches the shelf."""
    touched: list[str] = []
    read = pieces.step.PiecesStep.read

    def note(*seen: object) -> None:
        touched.append(str(seen[2]))

    def watched(step: pieces.step.PiecesStep, visit: Visit, sent: Sent) -> Demande:
        assert visit.reception.fates, "received before it is read"
        engine = service.state.house.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        with monkeypatch.context() as closed:
            for name in ("put", "get", "remove"):
                closed.setattr(Shelf, name, lambda *_: touched.append("shelf"))
            demande = read(step, visit, sent)
        sa.event.remove(engine, "before_cursor_execute", note)
        return demande

    monkeypatch.setattr(pieces.step.PiecesStep, "read", watched)
    ready(client, service)
    client.press("Suivant", files=[sent("avis_moi", *AVIS)])
    assert names(client, service) == [("avis_moi", "avis.pdf")]
    assert touched, "its files are read from the database"
    assert not [said for said in touched if not said.startswith("SELECT")]
