"""« Mes informations » : les situations 1, 2 et 4 y sont vraiment réglées."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from starlette.applications import Starlette

from app.domain.assure import Assure
from app.files.sealing import KeyRing
from app.store import seals
from app.store.comptes import read_assure, write_assure
from app.store.database import writing
from app.store.keys import reseal
from app.store.liens import link, name_of
from app.web import informations
from tests.support.browser import Browser
from tests.support.filed import compte_of, database, ring

ADRESSE = {"voie": "3 rue Sans-Nom", "complement": "", "code_postal": "76600", "commune": "Le Havre"}
A_REGLER = "À mettre à jour avant de demander la Complémentaire santé solidaire"


def saved(service: Starlette, cle: str) -> Assure:
    with database(service) as db:
        return read_assure(ring(service), compte_of(db, cle))


def blocked(client: Browser) -> bool:
    return "Je démarre ma demande" not in client.get("/demande").buttons()


def test_un_compte_ecrit_par_une_version_plus_recente_se_lit(client: Browser, service: Starlette) -> None:
    """During an update, a service of the version before answers for an account that the next one imported."""
    before = saved(service, "nadia")
    said = before.model_dump(mode="json")
    more = {**said, "langue": "fr", "adresse": {**said["adresse"], "etage": "2"}}
    with database(service) as db, writing(db):
        nadia = compte_of(db, "nadia")
        nadia.fiche = seals.COMPTE.close(ring(service), nadia.id, json.dumps(more).encode())
        db.add(nadia)
    client.sign_in("nadia")
    assert "Nadia Exemple, 14 juin 1988" in client.get("/informations").main
    assert saved(service, "nadia") == before
    new = KeyRing([b"n" * 32, *ring(service)._keys.values()])
    with database(service) as db:
        assert all(reseal(db, new))
        kept = seals.COMPTE.open(new, nadia.id, compte_of(db, "nadia").fiche)
    assert json.loads(kept) == more, "sealed again to the letter"


def test_la_page_dit_tout_et_ne_montre_que_la_fin_du_numero(client: Browser, service: Starlette) -> None:
    client.sign_in("nadia")
    page = client.get("/informations")
    nir = saved(service, "nadia").nir
    assert f"qui finit par {nir[-2:]}" in page.main
    assert nir not in page.text
    for text in (
        "Nadia Exemple, 14 juin 1988",
        "nadia@courriel.example",
        "06 39 98 10 01",
        "93200 Saint-Denis",
    ):
        assert text in page.main
    assert page.main.count("À jour") == 3
    caisse = page.tree.css_first("section[aria-labelledby=caisse]").text()
    assert "36" in caisse
    assert "@exemple.invalid" in caisse
    assert page.links()["Revenir à ma demande"] == "/demande"


def test_jeanne_met_a_jour_ses_coordonnees_puis_demarre(client: Browser, service: Starlette) -> None:
    client.sign_in("jeanne")
    assert blocked(client)
    assert A_REGLER in client.get("/informations").main
    page = client.get("/informations/coordonnees")
    assert page.value("courriel") == "jeanne@courriel.example"
    page = client.press("Enregistrer", {"telephone": "0639981008"})
    assert page.url == "/informations?fait=coordonnees"
    assert "Vos coordonnées sont mises à jour." in page.main
    assert "Vous pouvez démarrer votre demande." in page.main
    assert A_REGLER not in page.main
    assert page.links()["Revenir à ma demande"] == "/demande"
    assert saved(service, "jeanne").telephone == "06 39 98 10 08"
    assert not blocked(client)


def test_yves_corrige_son_adresse_puis_demarre(client: Browser) -> None:
    client.sign_in("yves")
    assert blocked(client)
    assert "Il manque le numéro et la rue." in client.get("/informations").main
    client.get("/informations/adresse")
    page = client.press("Enregistrer", {"voie": "58 rue Imaginaire", "complement": "Escalier C"})
    assert page.url == "/informations?fait=adresse"
    assert "Votre adresse est mise à jour." in page.main
    assert "58 rue Imaginaire" in page.main
    assert not blocked(client)


def test_paul_dit_quel_organisme_est_le_bon_puis_demarre(client: Browser, service: Starlette) -> None:
    client.sign_in("paul")
    assert blocked(client)
    page = client.get("/informations/organismes")
    assert (
        "Deux organismes ou plus sont actifs en même temps. Indiquez celui que vous avez aujourd'hui."
        in page.main
    )
    assert "Il ne met pas fin à un contrat." in page.main
    assert page.value("organisme") == ""
    choix = page.tree.css('input[name="organisme"]')[0].attributes["value"] or ""
    page = client.press("Enregistrer", {"organisme": choix})
    assert page.url == "/informations?fait=organisme"
    assert "Votre organisme complémentaire est maintenant : Mutuelle Factice des Terrils." in page.main
    assert not saved(service, "paul").a_un_chevauchement
    assert not blocked(client)


def test_deux_contrats_du_meme_nom_ne_se_confondent_pas(client: Browser, service: Starlette) -> None:
    paul = saved(service, "paul")
    ancien, recent = (
        paul.organismes[0].model_copy(update={"depuis": date(annee, 1, 1)}) for annee in (2019, 2024)
    )
    with database(service) as db, writing(db):
        write_assure(
            ring(service),
            compte_of(db, "paul"),
            paul.model_copy(update={"organismes": (ancien, recent)}),
        )
    client.sign_in("paul")
    page = client.get("/informations/organismes")
    second = page.tree.css('input[name="organisme"]')[1].attributes["value"] or ""
    client.press("Enregistrer", {"organisme": second})
    assert saved(service, "paul").organismes == (recent,)


def test_deux_pressions_gardent_le_meme_contrat(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has read the account before the first has written it."""
    paul = saved(service, "paul")
    asleep = tuple(organisme.model_copy(update={"actif": False}) for organisme in paul.organismes)
    with database(service) as db, writing(db):
        write_assure(ring(service), compte_of(db, "paul"), paul.model_copy(update={"organismes": asleep}))
    client.sign_in("paul")
    form = client.get("/informations/organismes")
    first = form.tree.css('input[name="organisme"]')[0].attributes["value"] or ""
    begin, data = writing, form.hidden | {"organisme": first}

    def pressed_before(*asked: Any) -> Any:
        monkeypatch.setattr(informations, "writing", begin)
        client.client.post("/informations/organismes", data=data)
        return begin(*asked)

    monkeypatch.setattr(informations, "writing", pressed_before)
    client.client.post("/informations/organismes", data=data)
    assert saved(service, "paul").organismes == (asleep[0].model_copy(update={"actif": True}),)


def test_aucun_de_ces_organismes_regle_aussi_la_situation(client: Browser) -> None:
    client.sign_in("paul")
    client.get("/informations/organismes")
    page = client.press("Enregistrer", {"organisme": "aucun"})
    assert "Votre compte n'a plus d'organisme complémentaire actif." in page.main
    assert "Aucun organisme complémentaire n'est enregistré" in client.get("/informations/organismes").main
    assert not blocked(client)


def test_rose_regle_les_deux_situations_l_une_apres_l_autre(client: Browser) -> None:
    client.sign_in("rose")
    levels = [node.tag for node in client.get("/demande").tree.css("main :is(h1, h2, h3)")]
    assert levels == ["h1", "h2", "h3", "h3"], "RGAA 9.1: the points are under their title"
    client.get("/informations/coordonnees")
    page = client.press("Enregistrer", {"courriel": "rose@courriel.example"})
    assert "Vos coordonnées sont mises à jour." in page.main
    assert "Vous pouvez démarrer votre demande." not in page.main
    assert "Revenir à ma demande" not in page.links()
    assert blocked(client)
    client.get("/informations/adresse")
    page = client.press("Enregistrer", {"code_postal": "48000"})
    assert "Vous pouvez démarrer votre demande." in page.main
    assert not blocked(client)


def test_ines_apprend_qui_appeler(client: Browser) -> None:
    client.sign_in("ines")
    page = client.get("/demande")
    assert blocked(client)
    assert page.links()["Voir comment joindre ma caisse"] == "/informations#caisse"
    page = client.get("/informations")
    assert page.tree.css_first("#caisse") is not None
    assert "Revenir à ma demande" not in page.links()


def test_un_choix_d_organisme_vide_ou_inconnu_est_refuse(client: Browser) -> None:
    client.sign_in("paul")
    for given in (None, "", "0", "organisme"):
        client.get("/informations/organismes")
        page = client.press("Enregistrer", {"organisme": given})
        assert page.status == 422
        assert "que vous avez aujourd'hui, ou « Aucun de ces organismes »" in page.errors[0]
        assert page.error_fields()[0].startswith("organisme_")


def test_une_page_ancienne_ne_choisit_pas_un_autre_organisme(client: Browser, service: Starlette) -> None:
    client.sign_in("paul")
    page = client.get("/informations/organismes")
    first, second, _ = (node.attributes["value"] or "" for node in page.tree.css('input[name="organisme"]'))
    client.press("Enregistrer", {"organisme": second})
    page = client.post("/informations/organismes", {"organisme": first})
    assert page.status == 422
    assert saved(service, "paul").organisme_actuel.nom == "Mutuelle Imaginaire d'Entreprise"


def test_la_page_des_organismes_sert_a_chacun(make_client: Callable[[], Browser]) -> None:
    client = make_client()
    client.sign_in("nadia")
    page = client.get("/informations/organismes")
    assert "Aucun organisme complémentaire n'est enregistré sur votre compte." in page.main
    assert "Enregistrer" not in page.buttons()
    assert client.post("/informations/organismes", {"organisme": "aucun"}).path == "/informations/organismes"
    client = make_client()
    client.sign_in("lucie")
    page = client.get("/informations/organismes")
    assert page.value("organisme") not in ("", "aucun")
    assert "Deux organismes ou plus" not in page.main
    client = make_client()
    client.sign_in("karim")
    page = client.get("/informations/organismes")
    assert len(page.tree.css('input[name="organisme"]')) == 4
    assert page.value("organisme") == ""


def test_deux_envois_de_suite_valent_un_envoi(client: Browser) -> None:
    client.sign_in("yves")
    client.get("/informations/adresse")
    for _ in range(2):
        assert client.post("/informations/adresse", ADRESSE).url == "/informations?fait=adresse"


def test_un_lien_fait_apres_minuit_a_paris_est_du_jour_de_paris(client: Browser, service: Starlette) -> None:
    client.sign_in("nadia")
    after_midnight = datetime(2026, 5, 14, 22, 30, tzinfo=UTC)
    with database(service) as db, writing(db):
        link(db, ring(service), compte_of(db, "nadia"), name_of("https://fi.exemple", "b2c9"), after_midnight)
    assert "FranceConnect ouvre aussi ce compte, depuis le 15 mai 2026." in client.get("/informations").main
