"""« Suivre ma demande » : où elle en est, ce qui s'est passé, ce qu'on peut faire. Seulement pour qui l'a déposée."""

import re
from datetime import datetime

import pytest
from sqlmodel import update
from starlette.applications import Starlette

from app.domain.suivi import Etat
from app.settings import PARIS
from app.store.database import writing
from app.store.tables import DemandeDeposee
from tests.states import STATES, open_browser
from tests.support.browser import Browser, Page, plain
from tests.support.filed import accuse_id, database, file

INSTRUCTION = ("instruction", 2)
PIECE = ("piece_demandee", 8)


def line(page: Page) -> list[tuple[str, str]]:
    """(state, its place) of each mark."""
    return [
        (
            plain(mark.css_first("b").text()),
            mark.attributes.get("class") or mark.attributes.get("aria-current") or "",
        )
        for mark in page.tree.css("ol.suivi li")
    ]


def follow(client: Browser, reference: str) -> Page:
    client.sign_in("nadia")
    return client.get(f"/suivi/{reference}")


def test_une_demande_deposee_complete_donne_la_date_de_la_reponse(
    client: Browser, service: Starlette
) -> None:
    reference = file(service)
    page = follow(client, reference)
    assert page.h1 == "Suivre ma demande"
    assert line(page) == [("Déposée", "step"), ("En cours d'instruction", ""), ("Décision", "")]
    assert "Votre caisse a reçu votre demande le 24 novembre 2026." in page.main
    assert "votre caisse a jusqu'au 24 janvier 2027 pour répondre" in page.main
    assert "24 novembre 2026 à 10 h 42 : votre caisse reçoit votre demande" in page.main
    assert page.links()["Voir mon accusé de réception"] == f"/echanges/{accuse_id(reference)}"
    assert page.links()["Corriger ou compléter ma demande"] == f"/suivi/{reference}/completer"


def test_une_demande_incomplete_dit_ce_qui_manque_et_jusqu_a_quand(
    client: Browser, service: Starlette
) -> None:
    page = follow(client, file(service, missing=True))
    assert "Votre caisse attend des documents, à envoyer au plus tard le 24 décembre 2026." in page.main
    assert "Avis de taxe foncière" in page.main
    assert "Les 2 mois de réponse commencent quand votre caisse a tous les documents." in page.main
    assert "janvier 2027" not in page.main


def test_les_etats_se_suivent_avec_leurs_dates(client: Browser, service: Starlette) -> None:
    page = follow(client, file(service, missing=True, etat=Etat.PIECE_DEMANDEE, events=[INSTRUCTION, PIECE]))
    assert line(page) == [
        ("Déposée", "faite"),
        ("En cours d'instruction", "faite"),
        ("Pièce demandée", "step"),
        ("Décision", ""),
    ]
    assert "Votre caisse étudie votre demande depuis le 26 novembre 2026." in page.main
    assert (
        "Votre caisse demande au moins un document, à envoyer au plus tard le 24 décembre 2026." in page.main
    )
    assert "Lire le message du 24 novembre 2026" in page.links()
    history = [plain(item.text()) for item in page.tree.css("main > ul:not(.liens) li")]
    assert history[0].startswith("2 décembre 2026 à 10 h 42 : votre caisse demande un ou plusieurs documents")
    assert len(history) == 3


def test_apres_la_piece_la_demande_est_de_nouveau_etudiee(client: Browser, service: Starlette) -> None:
    events = [INSTRUCTION, PIECE, ("complete", 20), ("instruction", 20)]
    page = follow(client, file(service, etat=Etat.INSTRUCTION, events=events))
    assert [state for state, _ in line(page)][1:4] == [
        "En cours d'instruction",
        "Pièce demandée",
        "En cours d'instruction",
    ]
    assert "Votre caisse a demandé un ou plusieurs documents le 2 décembre 2026." in page.main
    assert "jusqu'au 14 février 2027" in page.main  # two months from the day it was complete


@pytest.mark.parametrize(
    ("etat", "titre", "texte"),
    [
        (Etat.ACCORD_GRATUIT, "Accord", "La C2S vous est accordée, sans rien à payer."),
        (
            Etat.ACCORD_PARTICIPATION,
            "Accord avec participation",
            "Il reste à envoyer vos informations de paiement.",
        ),
        (Etat.REFUS, "Refus", "Le message explique pourquoi, et comment contester."),
    ],
)
def test_une_decision_se_lit_et_ferme_la_demande(
    client: Browser, service: Starlette, etat: Etat, titre: str, texte: str
) -> None:
    reference = file(service, etat=etat, events=[INSTRUCTION, (etat.value, 30)], ouverte=False)
    page = follow(client, reference)
    assert line(page)[-1] == (titre, "step")
    assert "Décision rendue le 24 décembre 2026." in page.main
    assert texte in page.main
    assert "Le droit commence" not in page.main, "the decision, which says when, is not there to be read"
    assert "Cette demande a reçu sa décision." in page.main
    assert "Corriger ou compléter ma demande" not in page.links()


def test_un_message_qui_ne_se_lit_plus_n_est_pas_a_lire(client: Browser) -> None:
    page = client.get("/etats/suivi-liste-illisible")
    assert "Leur liste ne se lit plus. Demandez-la à votre caisse" in page.main
    assert "Lisez le message de votre caisse." not in page.main
    assert "Lisez le message de votre caisse." in client.get("/etats/suivi-piece").main


def test_un_etat_sans_evenement_s_affiche_sans_date(client: Browser, service: Starlette) -> None:
    page = follow(client, file(service, etat=Etat.INSTRUCTION, events=[("Un mot de la caisse", 3)]))
    assert line(page)[1] == ("En cours d'instruction", "step")
    assert "Votre caisse étudie votre demande." in page.main
    assert "Un mot de la caisse" in page.main


@pytest.mark.parametrize(("jour", "passe"), [(24, False), (23, True)])
def test_le_silence_de_la_caisse_vaut_acceptation_apres_deux_mois(
    client: Browser, service: Starlette, jour: int, passe: bool
) -> None:
    page = follow(client, file(service, deposee_le=datetime(2026, 9, jour, 9, 0, tzinfo=PARIS)))
    assert ("Les 2 mois sont passés sans réponse." in page.main) is passe
    assert ("votre caisse a jusqu'au 24 novembre 2026" in page.main) is not passe


def test_la_demande_d_une_autre_personne_n_existe_pas(client: Browser, service: Starlette) -> None:
    reference = file(service, "benoit")
    client.sign_in("nadia")
    assert client.get(f"/suivi/{reference}").status == 404
    assert client.get(f"/suivi/{reference}/completer").status == 404
    assert client.get("/suivi/C2S-2026-999999").status == 404


def test_sans_compte_on_se_connecte_puis_on_y_revient(client: Browser, service: Starlette) -> None:
    reference = file(service)
    assert client.get(f"/suivi/{reference}").path == "/connexion"
    assert client.press("Se connecter en tant que", compte="nadia").path == f"/suivi/{reference}"


def test_deux_demandes_n_ont_aucune_page_de_meme_titre(service: Starlette) -> None:
    """RGAA 8.6: tabs and history tell apart each page of the follow-up, whatever the caisse answered."""
    answers = {
        state.decision: state for state in STATES.values() if state.decision and state.compte == "nadia"
    }
    for state in answers.values():
        client = open_browser(service, state)
        with database(service) as db, writing(db):
            db.exec(update(DemandeDeposee).values(ouverte=False))  # the next one is another demande
    pages: dict[str, set[str]] = {}
    waiting, met = ["/demarches", "/echanges", "/informations"], set[str]()
    while waiting:
        page = client.get(waiting.pop())
        pages.setdefault(page.title, set()).add(page.path)
        urls = {link.attributes["href"] or "" for link in page.tree.css("main a[href]:not([download])")}
        urls |= {f"{url}/completer" for url in urls if re.fullmatch(r"/suivi/[^/]+", url)}
        found = {
            url for url in urls - met if re.match(r"/(suivi|echanges|informations)/[^#]+(?<!\.pdf)$", url)
        }
        waiting += found
        met |= found
    assert len([url for url in met if url.startswith("/suivi/")]) == 2 * len(answers) == 22
    assert len([url for url in met if url.startswith("/echanges/")]) == 2 * len(answers)
    assert {title: found for title, found in pages.items() if len(found) > 1} == {}
