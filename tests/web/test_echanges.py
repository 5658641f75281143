"""« Mon espace d'échanges » : l'accusé de réception, et tout ce que la loi veut qu'il dise."""

from datetime import timedelta

import pytest
from starlette.applications import Starlette

from app.domain.accuse import FichierEnvoye, MessageEnvoye
from app.store.database import writing
from app.store.suivi import find_demande, seal_body
from app.store.tables import Echange, EchangePdf
from app.web.message_pdf import keep_message_pdf
from tests.support.browser import Browser
from tests.support.filed import FILED, accuse_id, compte_of, damage, database, file, ring, rows
from tests.support.shelves import flipped, rewrite


def write_complement(service: Starlette, reference: str, identity: str, message: str) -> None:
    """A message the person sent after the deposit of a demande of Nadia."""
    with database(service) as db, writing(db):
        compte = compte_of(db, "nadia")
        assert compte.id is not None
        demande = find_demande(db, compte.id, reference)
        assert demande is not None
        body = MessageEnvoye(
            message=message, fichiers=(FichierEnvoye(nom="avis.pdf", taille=90_000, pages=1),)
        )
        db.add(
            Echange(
                id=identity,
                compte_id=compte.id,
                demande_id=demande.id,
                le=FILED + timedelta(days=3),
                genre="complement",
                de_la_caisse=False,
                corps=seal_body(ring(service), identity, body),
            )
        )


def test_sans_message_la_page_dit_quand_il_en_vient(client: Browser) -> None:
    client.sign_in("nadia")
    assert "Vous n'avez pas encore de message." in client.get("/echanges").main


def test_un_message_dit_s_il_est_lu_et_quand_il_est_recu(client: Browser, service: Starlette) -> None:
    reference = file(service)
    client.sign_in("nadia")
    page = client.get("/echanges")
    assert "1 message" in page.main
    assert "Non lu. Reçu le 24 novembre 2026 à 10 h 42" in page.main
    title = "Accusé de réception de votre demande de Complémentaire santé solidaire"
    assert page.links()[title] == f"/echanges/{accuse_id(reference)}"
    assert "(1 non lu)" in page.tree.css_first("nav").text()


def test_lire_une_page_n_ecrit_rien_le_bouton_marque_le_message(client: Browser, service: Starlette) -> None:
    reference = file(service)
    client.sign_in("nadia")
    client.get(f"/echanges/{accuse_id(reference)}")
    assert rows(service, Echange, Echange.id == accuse_id(reference))[0].lu_le is None
    page = client.press("Marquer comme lu")
    assert "Ce message est marqué comme lu." in page.main
    assert "Marquer comme lu" not in page.buttons()
    first = rows(service, Echange, Echange.id == accuse_id(reference))[0].lu_le
    assert first is not None
    client.post(f"/echanges/{accuse_id(reference)}")
    assert rows(service, Echange, Echange.id == accuse_id(reference))[0].lu_le == first
    page = client.get("/echanges")
    assert "Lu. Reçu le" in page.main
    assert "non lu" not in page.tree.css_first("nav").text()


def test_l_accuse_dit_tout_ce_que_la_loi_demande(client: Browser, service: Starlette) -> None:
    reference = file(service)
    client.sign_in("nadia")
    page = client.get(f"/echanges/{accuse_id(reference)}")
    assert page.h1 == "Accusé de réception de votre demande de Complémentaire santé solidaire"
    for mention in (
        "Service Complémentaire santé solidaire, CPAM de la Seine-Saint-Denis",
        "Adresse : 1 rue de l'Exemple, 93000 Bobigny",
        "Adresse e-mail : cpam-931@exemple.invalid",
        "Téléphone : 36 46",
        "Date de réception : 24 novembre 2026 à 10 h 42",
        "Demande faite par : Nadia Exemple",
        "Personnes dans la demande : 3",
        "elle est acceptée le 24 janvier 2027",
        "avis-1.jpg, 0,6 Mo, photo",
        "taxe.pdf, 1,1 Mo, 4 pages",
        "du 1er octobre 2025 au 30 septembre 2026",
        "7f3a 91c0 5be2 08d4",
        "Après le 24 janvier 2027, vous pouvez demander une attestation à votre caisse.",
        "Nationalité : Française",
        reference,
    ):
        assert mention in page.main, mention
    for article in ("L861-5", "R861-16-1", "L232-3", "L123-1", "L112-11", "R112-11-1"):
        assert article in page.main
    assert "Engagements sur l'honneur" not in page.main
    assert page.links()["Corriger ou compléter ma demande"] == f"/suivi/{reference}/completer"
    assert page.tree.css_first(".entete") is not None


def test_l_accuse_d_une_demande_incomplete_ne_donne_aucune_date_d_acceptation(
    client: Browser, service: Starlette
) -> None:
    reference = file(service, missing=True)
    client.sign_in("nadia")
    page = client.get(f"/echanges/{accuse_id(reference)}")
    assert page.h1 == "Accusé de réception : votre demande est à compléter"
    for mention in (
        "Avis de taxe foncière",
        "Envoyez ces documents au plus tard le 24 décembre 2026",
        "Les 2 mois de réponse ne commencent pas encore.",
        "Votre caisse vous écrit cette date quand elle a tous les documents.",
        "Votre caisse peut commencer à étudier votre demande sans attendre.",
        "Vous ne pouvez pas les obtenir ? Dites-le à votre caisse au plus tard le 24 décembre 2026.",
        "Adresse : 1 rue de l'Exemple, 93000 Bobigny",
    ):
        assert mention in page.main, mention
    for article in ("L114-5", "L114-5-1", "R112-11-4", "L232-3"):
        assert article in page.main
    assert "janvier 2027" not in page.main


def test_ce_que_la_personne_a_envoye_est_garde_et_ne_compte_pas_comme_non_lu(
    client: Browser, service: Starlette
) -> None:
    reference = file(service)
    write_complement(service, reference, "c1c1c1c1", "La pension de Lina est <b>1 200 €</b>.\nPas 120 €.")
    client.sign_in("nadia")
    page = client.get("/echanges")
    assert "2 messages" in page.main
    assert "Envoyé le 27 novembre 2026 à 10 h 42" in page.main
    assert "(1 non lu)" in page.tree.css_first("nav").text()
    page = client.get(page.links()["Correction ou complément envoyé le 27 novembre 2026"])
    assert "La pension de Lina est <b>1 200 €</b>." in page.main
    assert "avis.pdf, 88 ko, 1 page" in page.main
    assert reference in page.main
    assert "Marquer comme lu" not in page.buttons()
    client.post("/echanges/c1c1c1c1")
    assert rows(service, Echange, Echange.id == "c1c1c1c1")[0].lu_le is None


def test_le_message_le_plus_recent_vient_en_premier(client: Browser, service: Starlette) -> None:
    write_complement(service, file(service), "c2c2c2c2", "Bonjour.")
    client.sign_in("nadia")
    first = client.get("/echanges").tree.css_first("main ul.liens a")
    assert first is not None
    assert first.attributes["href"] == "/echanges/c2c2c2c2"


@pytest.mark.parametrize("method", ["get", "post"])
def test_le_message_d_une_autre_personne_n_existe_pas(
    client: Browser, service: Starlette, method: str
) -> None:
    identity = accuse_id(file(service, "benoit"))
    client.sign_in("nadia")
    page = client.get(f"/echanges/{identity}") if method == "get" else client.post(f"/echanges/{identity}")
    assert page.status == 404
    assert rows(service, Echange, Echange.id == identity)[0].lu_le is None


def test_un_message_inconnu_n_existe_pas(client: Browser) -> None:
    client.sign_in("nadia")
    assert client.get("/echanges/zzzz").status == 404


def test_un_seul_document_manquant_se_dit_au_singulier(client: Browser) -> None:
    accuse = client.get("/etats/accuse-incomplet").main
    for said in (
        "Il manque un document.",
        "Document à envoyer",
        "Envoyez ce document au plus tard le",
        "Envoyez-le ici",
    ):
        assert said in accuse, said
    suivi = client.get("/etats/suivi").main
    assert "Votre caisse attend un document, à envoyer au plus tard le" in suivi
    assert "Envoyez-le avec « Corriger ou compléter ma demande »." in suivi


def test_un_message_abime_n_empeche_pas_de_lire_les_autres(client: Browser, service: Starlette) -> None:
    reference = file(service)
    write_complement(service, reference, "suite", "La pension est 1 200 €.")
    identity = accuse_id(reference)
    with database(service) as db, writing(db):
        damage(db, Echange, "corps", Echange.id == identity)
    client.sign_in("nadia")
    page = client.get("/echanges")
    assert "2 messages" in page.main
    page = client.get(page.links()["Un message ne se lit plus"])
    assert page.status == 200
    assert "écrivez à votre caisse ou appelez le 36 46" in page.main
    assert "Ce message est marqué comme lu." in client.press("Marquer comme lu").main
    assert "La pension est 1 200 €." in client.get("/echanges/suite").main


@pytest.mark.parametrize("pdf", ["gardé", "jamais fait", "parti", "altéré"])
def test_le_pdf_d_un_message_abime_reste_s_il_est_garde(
    client: Browser, service: Starlette, pdf: str
) -> None:
    """Il est gardé à part, sous une autre clé. S'il n'est plus là, rien n'y mène, et la page dit quoi faire."""
    identity, shelf = accuse_id(file(service)), service.state.house.shelf
    client.sign_in("nadia")
    with database(service) as db:
        if pdf != "jamais fait":
            keep_message_pdf(db, shelf, ring(service), identity)
        with writing(db):
            damage(db, Echange, "corps", Echange.id == identity)
    for row in rows(service, EchangePdf):
        if pdf == "parti":
            shelf.remove(row.id)
        if pdf == "altéré":
            rewrite(shelf, row.id, flipped)
    page, url = client.get(f"/echanges/{identity}"), f"/echanges/{identity}/accuse.pdf"
    assert ("Son PDF est gardé à part" in page.main) == (pdf == "gardé")
    assert (url in page.links().values()) == (pdf == "gardé")
    assert "Pour en recevoir une copie, écrivez à votre caisse ou appelez le 36 46" in page.main
    if pdf == "gardé":
        assert client.client.get(url).content.startswith(b"%PDF")
    else:
        assert client.get(url).h1 == "Un message ne se lit plus"
