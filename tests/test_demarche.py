"""The whole démarche, over HTTP, for each person of the demonstration."""

import io
import json
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.domain.format import FORMAT
from app.domain.instantane import Instantane
from app.store.database import reading, writing
from app.store.demandes import read_instantane
from app.store.seals import ECHANGE
from app.store.tables import DemandeDeposee, Echange, Piece, PieceEnAttente
from tests.conftest import TODAY
from tests.support import samples
from tests.support.browser import Browser
from tests.support.household import ETAPE_1
from tests.support.runner import done, reference_of
from tests.support.walk import join, walk_to

DONE = "/demande/terminee"


def deposited(service: Starlette, compte: str = "") -> tuple[DemandeDeposee, Instantane, list[Piece]]:
    """The only demande filed during the test (Fatou's was there before)."""
    house = service.state.house
    with reading(house.engine) as db:
        demande = db.exec(select(DemandeDeposee).where(DemandeDeposee.id != 1)).one()
        pieces = list(db.exec(select(Piece).where(Piece.demande_id == demande.id).order_by(col(Piece.rang))))
        return demande, read_instantane(house.ring, demande), pieces


@pytest.mark.parametrize("compte", ["nadia", "benoit", "marc", "lucie", "leo", "awa"])
def test_de_la_connexion_a_l_accuse(client: Browser, service: Starlette, compte: str) -> None:
    client.start(compte)
    page = walk_to(client, DONE)
    assert page.h1 == "Votre demande est maintenant terminée !"
    demande, contenu, _ = deposited(service)
    assert demande.reference in page.main
    assert contenu.reponses.foyer[0].gestionnaire == "caisse"
    assert not demande.complete
    assert client.get("/demarches").main.count(demande.reference) >= 1
    assert "Vous avez déjà une demande en cours" in client.get("/demande").main


def test_karim_dit_d_abord_quel_organisme_est_le_bon(client: Browser, service: Starlette) -> None:
    client.start("karim")
    walk_to(client, "/demande/organisme")
    assert "Lequel est le bon ?" in client.page.main
    client.press("Suivant", actuel="aucun")
    assert "Quel organisme gestionnaire choisissez-vous ?" in client.page.main
    walk_to(client, DONE)
    assert deposited(service)[1].reponses.foyer[0].gestionnaire == "caisse"


def test_lucie_garde_son_organisme(client: Browser, service: Starlette) -> None:
    client.start("lucie")
    walk_to(client, DONE, {"/demande/organisme": lambda _: {"gestionnaire": "garder"}})
    assert deposited(service)[1].reponses.foyer[0].gestionnaire == "DEMO-4206"


def test_marc_cherche_et_choisit(client: Browser, service: Starlette) -> None:
    client.start("marc")
    walk_to(client, "/demande/organisme")
    client.get("/demande/organisme?ville=Strasbourg")
    code = client.page.tree.css_first('input[name="choix_organisme"]').attributes["value"]
    client.press("Suivant", choix_organisme=code)
    walk_to(client, DONE)
    assert deposited(service)[1].reponses.foyer[0].gestionnaire == code


def test_tout_ce_qui_est_dit_est_depose(client: Browser, service: Starlette) -> None:
    """nadia: CAF, a change, a partner, amounts, three questions, real files of the three kinds."""
    client.start("nadia")
    client.press("Suivant", ETAPE_1 | {"caf": "oui", "caf_numero": "0123456", "changement": "oui",
                                       "changement_type": "couple", "nationalite": "ue"})  # fmt: skip
    client.press("Retirer Sami du foyer")
    client.press("Suivant")
    client.get("/demande/beneficiaires/ajouter")
    client.press("Enregistrer cette personne", {
        "prenom": "Zoé", "nom": "D'Almeida", "lien": "conjoint", "naissance_jour": "3", "naissance_mois": "avril",
        "naissance_annee": "1991", "nationalite": "fr", "nir": "2 91 04 75 111 234", "cle": "04", "rsa": "oui",
    })  # fmt: skip
    assert "Zoé fait maintenant partie de votre foyer" in client.page.main
    client.press("Suivant")
    walk_to(
        client,
        "/demande/pieces",
        {"/demande/autres-ressources": lambda _: {"ressource": ["pension_alimentaire_percue", "autres"]}},
    )
    page = client.page
    slots = [node.attributes["value"] or "" for node in page.tree.css('button[name="envoyer"]')]
    zoe = next(slot for slot in slots if slot.startswith("rsa_")).removeprefix("rsa_")
    picture = io.BytesIO()
    Image.new("RGB", (800, 1100), "white").save(picture, "PNG")
    join(client, "avis_moi")
    join(client, "avis_moi", name="page3.jpg", content=samples.photo(900, 1200))
    join(client, f"rsa_{zoe}", name="attestation.png", content=picture.getvalue())
    client.press("Suivant", {"bien": "oui", "etranger": "non", f"figure_{zoe}": "oui", "figure_m3xw": "oui"})
    assert "Joignez maintenant ces deux documents" in client.page.main
    client.press("Suivant", {"pas_fonciere": "oui", "pas_habitation": "oui"})
    walk_to(client, DONE)
    demande, contenu, pieces = deposited(service)
    assert [personne.prenom for personne in contenu.reponses.foyer] == ["Nadia", "Lina", "Zoé"]
    assert contenu.reponses.retirees == ("Sami",)
    moi, _, conjointe = contenu.reponses.foyer
    assert (moi.numero_caf, moi.nationalite, contenu.reponses.changement) == ("0123456", "ue", "couple")
    assert (conjointe.nir, conjointe.lien, conjointe.nom) == ("2910475111234", "conjoint", "D'Almeida")
    assert conjointe.naissance == date(1991, 4, 3)
    assert len(contenu.reponses.ressources) == 6
    assert {str(total.euros) for total in contenu.reponses.ressources} == {"120.50"}
    assert contenu.reponses.ressources[-1].libelle == "une vente"
    assert contenu.figurent_sur_l_avis == ("m3xw", zoe)
    assert [(piece.document, piece.media, piece.pages) for piece in pieces] == [
        ("avis", "application/pdf", 2),
        ("avis", "image/jpeg", None),
        ("rsa", "image/png", None),
    ]
    assert [manquant.document for manquant in contenu.manquants] == ["fonciere"]
    assert demande.date_limite == date(2026, 12, 24)
    house = service.state.house
    for piece in pieces:
        assert house.shelf.get(piece.id)
    with reading(house.engine) as db:
        assert db.exec(select(PieceEnAttente)).all() == []
        echange = db.exec(select(Echange).where(Echange.demande_id == demande.id)).one()
        corps = json.loads(ECHANGE.open(house.ring, echange.id, echange.corps))
    assert corps["manquants"] == ["Avis de taxe foncière"]
    assert corps["acceptation"] is None
    page = client.get(f"/echanges/{echange.id}")
    assert "24 décembre 2026" in page.main
    assert "Avis de taxe foncière" in page.main


def test_une_demande_complete_a_la_date_de_son_acceptation_implicite(
    client: Browser, service: Starlette
) -> None:
    client.start("benoit")
    walk_to(client, "/demande/pieces")
    join(client, "avis_moi")
    page = walk_to(client, DONE, {"/demande/pieces": lambda _: {"bien": "non", "etranger": "non"}})
    assert "24 janvier 2027" in page.main
    assert (
        "Vous n'avez plus à effectuer de démarche pour cette demande, nous reviendrons vers vous."
        in page.main
    )
    assert deposited(service)[0].complete


def test_le_recu_dit_le_depot_meme_quand_la_caisse_a_deja_tous_les_documents(
    client: Browser, service: Starlette
) -> None:
    """The same session lasts twenty hours: the caisse no longer waits for anything, and for no day."""
    client.start("nadia")
    before = walk_to(client, DONE).main
    assert "Il manque des documents Avis d'impôt : Nadia Avis d'impôt : Lina" in before
    assert "au plus tard le 24 décembre 2026" in before
    done(service, "demandes", "decide", reference_of(service, "nadia"), "instruction", "--complete-le", TODAY)
    page = client.get(DONE)
    assert (page.status, page.main) == (200, before)


def test_le_recu_se_lit_sur_un_service_d_avant(client: Browser, service: Starlette) -> None:
    """While services are replaced, the next one files in a format that this one cannot read."""
    client.start("nadia")
    before = walk_to(client, DONE).main
    with reading(service.state.house.engine) as db, writing(db):
        demande = db.exec(select(DemandeDeposee).where(DemandeDeposee.id != 1)).one()
        demande.format = FORMAT + 1
        db.add(demande)
    page = client.get(DONE)
    assert (page.status, page.main) == (200, before)


def test_la_periode_de_mai_2025_est_celle_de_la_source(make_service: Callable[..., Starlette]) -> None:
    service = make_service(today=date(2025, 5, 15))
    client = Browser(TestClient(service))
    client.start("benoit")
    page = walk_to(client, "/demande/autres-ressources")
    assert page.h1 == "Je déclare mes autres ressources perçues entre avril 2024 et mars 2025"
