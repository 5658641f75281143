"""« Corriger ou compléter ma demande » : un message, des fichiers, ou les deux ; tout arrive, ou rien."""

import base64
import json
from typing import Any

import pytest
from sqlmodel import select
from starlette.applications import Starlette

from app.domain.pieces import Document, Emplacement, Fichier
from app.domain.suivi import Etat
from app.files.sealing import unseal
from app.store import envois
from app.store.database import writing
from app.store.decisions import demande_named
from app.store.file_keys import seal_file
from app.store.suivi import COMPLEMENT
from app.store.tables import DemandeDeposee, Echange, EchangePdf, Evenement, Piece
from tests.support.browser import Browser, Page, plain
from tests.support.disk import on_disk
from tests.support.filed import database, file, ring, rows
from tests.support.samples import heavy_pdf, heic_like, pdf, photo, protected_pdf, word_like

SEND = "Envoyer à ma caisse"
FIELD = "fichier_complement"
Upload = tuple[str, tuple[str, bytes, str]]


def upload(name: str, content: bytes) -> Upload:
    return FIELD, (name, content, "application/octet-stream")


def sent(service: Starlette) -> list[Echange]:
    return rows(service, Echange, Echange.genre == COMPLEMENT)


def shelf(service: Starlette) -> list[str]:
    """The files on the shelf, the PDF of messages apart."""
    pdfs = {pdf.id for pdf in rows(service, EchangePdf)}
    return sorted(name for name in service.state.house.shelf.names() if name not in pdfs)


def write(client: Browser, reference: str) -> Page:
    client.sign_in("nadia")
    return client.get(f"/suivi/{reference}/completer")


def test_un_message_seul_suffit(client: Browser, service: Starlette) -> None:
    reference = file(service)
    page = write(client, reference)
    assert page.h1 == "Corriger ou compléter ma demande"
    assert "L123-1" in page.main
    page = client.press(SEND, {"message": "La pension de Lina est 1 200 €.\r\nPas 120 €."})
    assert page.url == f"/suivi/{reference}?fait=complement"
    assert "Votre message est envoyé à votre caisse." in page.main
    assert "vous envoyez une correction ou un complément" in page.main
    (echange,) = sent(service)
    assert not echange.de_la_caisse
    assert "Pas 120 €." in client.get(f"/echanges/{echange.id}").main
    assert rows(service, Piece) == []


@pytest.mark.parametrize("missing", [False, True], ids=["complète", "incomplète"])
def test_les_deux_mois_ne_recommencent_pas_pour_une_demande_complete(
    client: Browser, service: Starlette, missing: bool
) -> None:
    """CRPA L114-5: only an incomplete demande waits for its documents; those of a complete one run since the deposit."""
    reference = file(service, missing=missing)
    write(client, reference)
    pages = [client.press(SEND, {"message": "Bonjour."})]
    pages.append(client.get(f"/echanges/{sent(service)[0].id}"))
    for page in pages:
        assert ("les 2 mois de réponse commencent." in page.main) is missing


def test_des_fichiers_seuls_suffisent_et_sont_scelles(client: Browser, service: Starlette) -> None:
    reference = file(service)
    write(client, reference)
    document = pdf(3)
    files = [upload("page 3.pdf", document), upload("photo.jpg", photo())]
    assert client.press(SEND, files=files).url == f"/suivi/{reference}?fait=complement"
    pieces = sorted(rows(service, Piece), key=lambda piece: piece.rang)
    assert [(piece.document, piece.personne, piece.rang, piece.pages) for piece in pieces] == [
        ("complement", "", 1, 3),
        ("complement", "", 2, None),
    ]
    assert shelf(service) == sorted(piece.id for piece in pieces)
    secret = json.loads(ring(service).unseal(pieces[0].cle, b"piece " + pieces[0].id.encode()))
    assert secret["nom"] == "page 3.pdf"
    sealed = service.state.house.shelf.get(pieces[0].id)
    assert unseal(base64.b64decode(secret["cle"]), sealed, pieces[0].id.encode()) == document
    assert b"page 3.pdf" not in on_disk(service.state.house.settings)
    page = client.get(f"/echanges/{sent(service)[0].id}")
    assert "page 3.pdf" in page.main
    assert "3 pages" in page.main


def test_deux_photos_de_meme_nom_en_ont_deux_d_un_message_a_l_autre(
    client: Browser, service: Starlette
) -> None:
    reference = file(service)
    write(client, reference)
    for widths in ((40, 50), (60,)):
        client.get(f"/suivi/{reference}/completer")
        client.press(SEND, files=[upload("image.jpg", photo(width, 30)) for width in widths])
    told = " ".join(client.get(f"/echanges/{echange.id}").main for echange in sent(service))
    assert [told.count(f"image.jpg{rank},") for rank in ("", " (2)", " (3)")] == [1, 1, 1]


def test_deux_appuis_font_un_seul_message(client: Browser, service: Starlette) -> None:
    reference = file(service)
    page = write(client, reference)
    fields = {"envoi": page.value("envoi"), "message": "Bonjour."}
    files = [upload("photo.jpg", photo()), upload("avis.pdf", pdf())]
    for _ in range(2):
        page = client.post(f"/suivi/{reference}/completer", fields | {"jeton": client.token}, files=files)
        assert page.url == f"/suivi/{reference}?fait=complement"
    assert len(sent(service)) == 1
    assert len(rows(service, Piece)) == len(shelf(service)) == 2
    assert len(rows(service, Evenement, Evenement.quoi == COMPLEMENT)) == 1


def test_la_meme_page_remplie_autrement_est_un_autre_message(client: Browser, service: Starlette) -> None:
    reference = file(service)
    envoi = write(client, reference).value("envoi")
    for message in ("Bonjour.", "Bonjour, et encore ceci."):
        client.post(f"/suivi/{reference}/completer", {"envoi": envoi, "message": message})
    assert len(sent(service)) == 2


def test_une_page_sans_son_numero_d_envoi_envoie_quand_meme(client: Browser, service: Starlette) -> None:
    reference = file(service)
    write(client, reference)
    assert client.press(SEND, {"message": "Bonjour.", "envoi": None}).path == f"/suivi/{reference}"
    assert len(sent(service)) == 1


def test_ni_message_ni_fichier(client: Browser, service: Starlette) -> None:
    write(client, file(service))
    page = client.press(SEND, {"message": "  \r\n "})
    assert page.status == 422
    assert page.error_fields() == ["message"]
    assert "Saisissez un message ou joignez un fichier" in page.errors[0]
    assert sent(service) == []


def test_un_message_trop_long_revient_entier(client: Browser, service: Starlette) -> None:
    write(client, file(service))
    long = "à\r\n" * 900 + "b" * 201
    page = client.press(SEND, {"message": long})
    assert page.status == 422
    assert "Le message compte 2 001 caractères. Saisissez 2 000 caractères au plus" in page.errors[0]
    assert page.value("message").count("b") == 201
    assert client.press(SEND, {"message": long[:-1]}).status == 200
    assert len(sent(service)) == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        pytest.param("vide.pdf", b"", "ne contient rien", id="vide"),
        pytest.param("lourd.pdf", heavy_pdf(), "pèse 3", id="lourd"),
        pytest.param("secret.pdf", protected_pdf(), "mot de passe", id="protégé"),
        pytest.param("IMG_1.HEIC", heic_like(), "HEIC", id="heic"),
        pytest.param("lettre.docx", word_like(), "lettre.docx", id="word"),
        pytest.param("avis.pdf", b"%PDF-1.7 rien", "ne s'ouvre pas", id="illisible"),
    ],
)
def test_un_fichier_refuse_est_nomme_et_rien_ne_part(
    client: Browser, service: Starlette, name: str, content: bytes, message: str
) -> None:
    write(client, file(service))
    files = [upload(name, content), upload("bon.pdf", pdf())]
    page = client.press(SEND, {"message": "Voici mon avis."}, files=files)
    assert page.status == 422
    assert page.error_fields() == [FIELD]
    assert name in page.errors[0]
    assert message in page.errors[0]
    assert page.value("message") == "Voici mon avis."
    assert "Rien n'est encore envoyé. Choisissez à nouveau tous vos fichiers" in page.main
    assert sent(service) == []
    assert shelf(service) == []


def test_plusieurs_fichiers_refuses_sont_tous_nommes(client: Browser, service: Starlette) -> None:
    write(client, file(service))
    page = client.press(SEND, files=[upload("un.pdf", b""), upload("deux.heic", heic_like())])
    assert page.error_fields() == [FIELD, FIELD]
    assert "un.pdf" in page.errors[0]
    assert "deux.heic" in page.errors[1]
    assert len(page.tree.css(f"#{FIELD}_err .msg")) == 2


@pytest.mark.parametrize("name", ["fichier_avis_moi", "fichier_fonciere", f"{FIELD}_moi"])
def test_un_fichier_d_une_autre_page_n_est_pas_recu(client: Browser, service: Starlette, name: str) -> None:
    """It would pass for a document of the deposit, of a person chosen at will, and for none of the forty."""
    write(client, file(service))
    page = client.press(SEND, files=[(name, ("avis.pdf", pdf(), "application/pdf"))])
    assert page.status == 422
    assert page.errors == ["Saisissez un message ou joignez un fichier."]
    assert rows(service, Piece) == []
    assert shelf(service) == []


def test_onze_fichiers_a_la_fois_sont_trop(client: Browser, service: Starlette) -> None:
    write(client, file(service))
    one = photo()
    page = client.press(SEND, files=[upload(f"page-{rank}.jpg", one) for rank in range(11)])
    assert page.status == 422
    assert "Vous avez choisi 11 fichiers. Envoyez 10 fichiers au plus à la fois" in page.errors[0]


def test_apres_quarante_fichiers_la_demande_est_pleine(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(envois, "FILES_PER_DEMANDE", 1)
    reference = file(service)
    fields = {"envoi": write(client, reference).value("envoi")}
    client.press(SEND, files=[upload("un.pdf", pdf())])
    client.get(f"/suivi/{reference}/completer")
    page = client.press(SEND, {"message": "Bonjour."}, files=[upload("deux.pdf", pdf(2))])
    assert page.status == 422
    assert page.error_fields() == [FIELD]
    assert "Votre caisse a déjà reçu 40 fichiers ou presque" in page.errors[0]
    assert page.value("message") == "Bonjour."
    assert len(shelf(service)) == len(sent(service)) == 1
    page = client.post(f"/suivi/{reference}/completer", fields, files=[upload("un.pdf", pdf())])
    assert page.url == f"/suivi/{reference}?fait=complement", "pressed twice, the last one is received"
    assert client.post(f"/suivi/{reference}/completer", {"message": "Sans fichier."}).status == 200


def test_deux_envois_ensemble_ne_passent_pas_quarante_fichiers(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one is filed while the files of this one are put on the shelf."""
    monkeypatch.setattr(envois, "FILES_PER_DEMANDE", 1)
    reference = file(service)
    write(client, reference)
    house, other = (
        service.state.house,
        Fichier.recu(
            Emplacement(document=Document.COMPLEMENT),
            pdf(2),
            nom="autre.pdf",
            media="application/pdf",
            pages=2,
        ),
    )

    def while_another_is_filed(*asked: Any) -> bytes:
        monkeypatch.setattr(envois, "seal_file", seal_file)
        with database(service) as db:
            its = {"envoi": "autre", "message": "", "arrivals": [other], "now": house.settings.now()}
            envois.add_envoi(db, house.ring, house.shelf, demande_named(db, reference), **its)
        return seal_file(*asked)

    monkeypatch.setattr(envois, "seal_file", while_another_is_filed)
    page = client.press(SEND, files=[upload("un.pdf", pdf())])
    assert page.status == 422
    assert [piece.id for piece in rows(service, Piece)] == [other.id] == shelf(service)
    assert len(sent(service)) == 1


def test_un_disque_plein_ne_garde_rien_et_le_dit(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(client, file(service))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(service.state.house.shelf), "put", full)
    page = client.press(SEND, {"message": "Bonjour."}, files=[upload("un.pdf", pdf())])
    assert page.status == 422
    assert "ne peut pas recevoir de fichier en ce moment" in page.errors[0]
    assert page.value("message") == "Bonjour."
    assert sent(service) == []
    assert rows(service, Piece) == []


def test_une_demande_decidee_ne_recoit_plus_rien(client: Browser, service: Starlette) -> None:
    page = write(client, file(service, etat=Etat.REFUS, ouverte=False))
    assert "Cette demande a reçu sa décision Pour un changement, appelez votre caisse au 36 46" in page.main
    assert SEND not in page.buttons()


def decide(service: Starlette, reference: str) -> None:
    with database(service) as db, writing(db):
        demande = db.exec(select(DemandeDeposee).where(DemandeDeposee.reference == reference)).one()
        demande.ouverte = False
        db.add(demande)


def test_une_decision_pendant_l_ecriture_rend_le_texte(client: Browser, service: Starlette) -> None:
    reference = file(service)
    write(client, reference)
    decide(service, reference)
    for typed in ("Bonjour.\r\nPas 120 €.", f"{'a' * 2_001}"):  # the second would be refused for its length
        page = client.post(
            f"/suivi/{reference}/completer", {"message": typed}, files=[upload("un.pdf", pdf())]
        )
        assert page.status == 409
        assert (
            "Cette demande a reçu sa décision Rien n'est envoyé. "
            "Lisez le message de votre caisse, ou appelez-la au 36 46" in page.main
        )
        assert page.tree.css_first("#erreurs_titre[autofocus]"), "it is said first, and has the focus"
        assert "Ce texte n'est pas gardé. Copiez-le s'il vous sert encore." in page.main
        assert all(line in page.main for line in typed.split("\r\n"))
        assert not page.tree.css("main form, main button, [aria-invalid]"), (
            "nothing to correct, nothing to press"
        )
        (message,) = (url for text, url in page.links().items() if text.startswith("Lire le message du"))
        assert client.client.get(message).status_code == 200
    assert sent(service) == []
    assert shelf(service) == []


def test_un_envoi_recu_avant_la_decision_et_rejoue_est_recu(client: Browser, service: Starlette) -> None:
    reference = file(service)
    fields = {"envoi": write(client, reference).value("envoi"), "message": "Bonjour."}
    client.post(f"/suivi/{reference}/completer", fields)
    decide(service, reference)
    client.get("/demarches")
    page = client.post(f"/suivi/{reference}/completer", fields)
    assert page.url == f"/suivi/{reference}?fait=complement"
    assert len(sent(service)) == 1


def test_la_demande_d_une_autre_personne_ne_se_complete_pas(client: Browser, service: Starlette) -> None:
    reference = file(service, "benoit")
    client.sign_in("nadia")
    page = client.post(f"/suivi/{reference}/completer", {"message": "Bonjour."})
    assert page.status == 404
    assert sent(service) == []


def test_ce_que_la_caisse_attend_est_rappele(client: Browser, service: Starlette) -> None:
    page = write(client, file(service, missing=True))
    awaited = page.tree.css_first("main ul")
    assert [plain(line.text()) for line in awaited.css("li")] == [
        "Avis d'impôt : Nadia",
        "Avis de taxe foncière",
    ]
