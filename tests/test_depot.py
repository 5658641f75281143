"""The deposit: one demande and one receipt, whatever is pressed, replayed, or changed meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.store.comptes import find_demo, read_assure, write_assure
from app.store.database import reading, writing
from app.store.demandes import deposit
from app.store.tables import DemandeDeposee
from tests.support import samples
from tests.support.browser import Browser
from tests.support.drafts import arrive_at
from tests.support.household import arrive, une_personne
from tests.support.walk import forward, join, walk_to
from tests.test_demarche import DONE, deposited

pytestmark = pytest.mark.engines


def test_deux_clics_ou_un_envoi_rejoue_font_une_seule_demande(client: Browser, service: Starlette) -> None:
    arrive_at(client, service, "validation", "benoit")
    form = client.page.hidden | {"certifie": "oui"}
    cookies = [(c.name, c.value or "", c.domain, c.path) for c in client.client.cookies.jar]
    first = client.client.post("/demande/validation", data=form)
    again = client.client.post("/demande/validation", data=form)
    late = Browser(TestClient(service))  # the response was lost: this browser still holds the draft
    for name, value, domain, path in cookies:
        late.client.cookies.set(name, value, domain=domain, path=path)
    replayed = late.client.post("/demande/validation", data=form)
    reference = deposited(service)[0].reference
    for answer in (first, again, replayed):
        assert answer.status_code == 200
        assert str(answer.url).endswith(DONE)
        assert reference in answer.text


def test_deux_photos_de_meme_nom_en_ont_deux_jusque_dans_l_accuse(
    client: Browser, service: Starlette
) -> None:
    arrive_at(client, service, "pieces", "benoit")
    for width in (40, 50):
        page = join(client, "avis_moi", name="image.jpg", content=samples.photo(width, 30))
    assert "Fichier reçu : image.jpg (2)" in page.main
    walk_to(client, DONE)
    accuse = client.get(client.page.links()["Voir mon accusé de réception"]).main
    assert "image.jpg, " in accuse
    assert "image.jpg (2), " in accuse


def test_une_personne_sans_prenom_ni_jour_de_naissance_va_jusqu_a_l_accuse(
    client: Browser, service: Starlette
) -> None:
    inconnue = une_personne("m4q9", prenom="", nom="Almeida", naissance="2009-00-00")
    arrive(client, service, inconnue)
    client.press("Suivant")
    walk_to(client, "/demande/recapitulatif")
    assert "Almeida 2009, enfant" in " ".join(client.page.main.split())
    walk_to(client, DONE)
    accuse = client.get(client.page.links()["Voir mon accusé de réception"])
    assert "Almeida" in accuse.main
    assert deposited(service)[0].reference in accuse.main
    assert client.client.get(f"{accuse.path}/accuse.pdf").status_code == 200


def test_quarante_envois_a_la_fois_font_une_seule_demande(
    patient: None, make_service: Callable[[], Starlette], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Huit d'abord, que rien n'a arrêtés avant la base."""
    service = make_service()
    client, together = Browser(TestClient(service)), Barrier(8)

    def deposit_together(*args: Any) -> str:
        together.wait()
        return deposit(*args)

    monkeypatch.setattr("app.web.deposit.deposit", deposit_together)
    arrive_at(client, service, "validation", "benoit")
    form = client.page.hidden | {"certifie": "oui"}
    cookie = "; ".join(f"{c.name}={c.value}" for c in client.client.cookies.jar)

    def press(_: int) -> Any:
        return TestClient(service).post(
            "/demande/validation",
            data=form,
            headers={"cookie": cookie},
            follow_redirects=False,
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(press, range(40)))
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, DONE)}
    deposited(service)


def test_deux_appareils_font_une_seule_demande(
    make_client: Callable[[], Browser], service: Starlette
) -> None:
    here, there = make_client(), make_client()
    for client in (here, there):
        arrive_at(client, service, "validation", "benoit")
    forward(here)
    page = forward(there)
    assert "Vous avez déjà une demande en cours" in page.main
    deposited(service)


def test_une_reponse_changee_dans_un_autre_onglet_arrete_le_depot(
    client: Browser, service: Starlette
) -> None:
    arrive_at(client, service, "validation", "benoit")
    digest = client.page.value("empreinte")
    client.get("/demande/situation?retour=recapitulatif")
    client.press("Suivant", nationalite="autre")
    client.press("Je confirme que tout est bon")
    client.get("/demande/validation")
    page = client.press("Je valide ma demande", certifie="oui", empreinte=digest)
    assert page.path == "/demande/recapitulatif"
    assert "Vos réponses ont changé depuis cette page" in page.main
    house = service.state.house
    with reading(house.engine) as db:
        assert len(db.exec(select(DemandeDeposee)).all()) == 1


def test_un_autre_mois_demande_de_revoir_les_ressources(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive_at(client, service, "validation", "benoit")
    house = service.state.house
    monkeypatch.setattr(house, "settings", house.settings.model_copy(update={"today": date(2026, 12, 1)}))
    page = forward(client)
    assert page.path == "/demande/recapitulatif"
    assert "Le mois a changé" in page.main
    assert "1er novembre 2025" in page.main
    walk_to(client, DONE)
    assert deposited(service)[1].reponses.periode.du == date(2025, 11, 1)


def test_un_enfant_qui_a_25_ans_quitte_le_foyer(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive_at(client, service, "validation")
    house = service.state.house
    later = house.settings.today.replace(year=house.settings.today.year + 9)
    monkeypatch.setattr(house, "settings", house.settings.model_copy(update={"today": later}))
    page = forward(client)
    assert page.path != DONE
    assert (
        "Lina"
        not in client.get("/demande/recapitulatif")
        .main.split("Composition du foyer")[-1]
        .split("Organisme")[0]
    )


def test_un_blocage_apparu_entre_temps_arrete_le_depot(
    make_client: Callable[[], Browser], service: Starlette
) -> None:
    client = make_client()
    arrive_at(client, service, "validation", "benoit")
    house = service.state.house

    with reading(house.engine) as db, writing(db):
        compte = find_demo(db, "benoit")
        assert compte is not None
        unreachable = {"courriel": None, "telephone": None}
        write_assure(house.ring, compte, read_assure(house.ring, compte).model_copy(update=unreachable))
        db.add(compte)
    page = forward(client)
    assert "Vos coordonnées sont à mettre à jour" in page.main
    assert "Elles sont gardées, avec vos fichiers, jusqu'au" in page.main
    client.get("/informations/coordonnees")
    client.press("Enregistrer", {"telephone": "06 39 98 12 34"})
    client.get("/demande")
    assert client.get("/demande/validation").h1 == "Validation de ma demande"
    assert forward(client).path == DONE
