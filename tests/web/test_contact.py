"""Comment joindre quelqu'un : ce qui est accepté, ce qui est refusé, et ce que la page en dit."""

import pytest
from starlette.applications import Starlette

from app.domain.assure import Assure
from app.store.comptes import read_assure, write_assure
from app.store.database import writing
from tests.support.browser import Browser
from tests.support.filed import compte_of, database, ring

COORDONNEES = {"courriel": "jeanne@courriel.example", "telephone": "06 39 98 10 08"}
ADRESSE = {"voie": "3 rue Sans-Nom", "complement": "", "code_postal": "76600", "commune": "Le Havre"}


def saved(service: Starlette, cle: str) -> Assure:
    with database(service) as db:
        return read_assure(ring(service), compte_of(db, cle))


def est_refusee(client: Browser, page: str, saisie: dict[str, str], champ: str, message: str) -> None:
    """Ce champ est refusé avec ce message, et tout ce qui est saisi reste à l'écran."""
    client.get(f"/informations/{page}")
    refus = client.press("Enregistrer", saisie)
    assert (refus.status, refus.error_fields()) == (422, [champ])
    assert message in refus.errors[0]
    assert {nom: refus.value(nom) for nom in saisie} == saisie


@pytest.mark.parametrize(
    ("fields", "champ", "message"),
    [
        pytest.param(
            {"courriel": "", "telephone": ""}, "courriel", "Saisissez une adresse e-mail, par", id="vide"
        ),
        pytest.param({"courriel": "jeanne"}, "courriel", "le signe @", id="sans @"),
        pytest.param({"courriel": "jeanne@courriel"}, "courriel", "le signe @", id="sans point"),
        pytest.param({"courriel": "je anne@courriel.example"}, "courriel", "le signe @", id="espace"),
        pytest.param({"courriel": "x@localhost"}, "courriel", "le signe @", id="machine locale"),
        pytest.param({"courriel": "é" * 1900 + "@x.fr"}, "courriel", "le signe @", id="démesuré"),
        pytest.param({"telephone": "-"}, "telephone", "avec des chiffres", id="tél sans chiffre"),
        pytest.param({"telephone": "06 39 98 10"}, "telephone", "Vous en avez saisi 8", id="trop court"),
        pytest.param({"telephone": "063998100123"}, "telephone", "Vous en avez saisi 12", id="trop long"),
        pytest.param({"telephone": "06 39 98 10 0O"}, "telephone", "avec des chiffres", id="lettre"),
        pytest.param({"telephone": "08 99 98 10 08"}, "telephone", "par 01 à 07, ou 09", id="service payant"),
        pytest.param(
            {"telephone": "+33 8 99 98 10 08"}, "telephone", "par 01 à 07, ou 09", id="service en +33"
        ),
        pytest.param({"telephone": "+33 6 39 98"}, "telephone", "Vous en avez saisi 6", id="+33 trop court"),
        pytest.param({"telephone": "+44 77"}, "telephone", "numéro étranger", id="étranger trop court"),
        pytest.param({"telephone": "+999 123456789"}, "telephone", "numéro étranger", id="pays inconnu"),
        pytest.param({"telephone": "+" * 30}, "telephone", "avec des chiffres", id="des plus"),
    ],
)
def test_une_coordonnee_refusee_reste_a_l_ecran(
    client: Browser, service: Starlette, fields: dict[str, str], champ: str, message: str
) -> None:
    client.sign_in("jeanne")
    est_refusee(client, "coordonnees", COORDONNEES | fields, champ, message)
    assert saved(service, "jeanne").telephone is None


@pytest.mark.parametrize(
    "une_seule", [{"courriel": "rose@courriel.example"}, {"telephone": "06 39 98 10 13"}], ids=str
)
def test_un_telephone_ou_une_adresse_e_mail_suffit(
    client: Browser, service: Starlette, une_seule: dict[str, str]
) -> None:
    """Nobody is kept from the démarche for having no e-mail address, or no telephone."""
    client.sign_in("rose")
    page = client.get("/informations/coordonnees")
    assert "Saisissez une adresse e-mail, un téléphone, ou les deux." in page.main
    page = client.press("Enregistrer", {"courriel": "", "telephone": "", **une_seule})
    assert page.url == "/informations?fait=coordonnees"
    assert "Vos coordonnées sont à mettre à jour" not in client.get("/demande").main
    rose = saved(service, "rose")
    assert rose.coordonnees_a_jour
    assert {"courriel": rose.courriel, "telephone": rose.telephone} == {
        "courriel": None,
        "telephone": None,
        **une_seule,
    }


def test_une_page_d_avant_n_efface_pas_ce_que_le_compte_a_recu_depuis(
    client: Browser, service: Starlette
) -> None:
    client.sign_in("jeanne")
    client.get("/informations/coordonnees")  # it shows an address, and no telephone
    with database(service) as db, writing(db):
        compte = compte_of(db, "jeanne")
        assure = read_assure(ring(service), compte)
        write_assure(
            ring(service), compte, assure.avec_coordonnees("jeanne@courriel.example", "06 39 98 10 13")
        )
        db.add(compte)
    client.press("Enregistrer", {"courriel": "autre@courriel.example"})
    jeanne = saved(service, "jeanne")
    assert (jeanne.courriel, jeanne.telephone) == ("autre@courriel.example", "06 39 98 10 13")
    client.get("/informations/coordonnees")
    client.press("Enregistrer", {"courriel": "jeanne", "telephone": ""})  # refused: drawn again
    client.press("Enregistrer", {"courriel": "autre@courriel.example", "telephone": ""})
    assert saved(service, "jeanne").telephone is None, "it was shown, and she has erased it"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0639981008", "06 39 98 10 08"),
        ("06.39.98.10.08", "06 39 98 10 08"),
        ("06-39-98-10-08", "06 39 98 10 08"),
        ("+33 6 39 98 10 08", "06 39 98 10 08"),
        ("0033639981008", "06 39 98 10 08"),
        ("+33 (0)6 39 98 10 08", "06 39 98 10 08"),
        ("0692 12 34 56", "06 92 12 34 56"),
        ("01 39 98 10 08", "01 39 98 10 08"),
        ("0033 2 62 12 34 56", "02 62 12 34 56"),
        ("٠٦ ３９\u202f98 10 08", "06 39 98 10 08"),
        ("+44 7700 900123", "+44 7700 900123"),
        ("0044 7700900123", "+44 7700 900123"),
    ],
)
def test_un_numero_se_tape_de_plusieurs_facons(
    client: Browser, service: Starlette, typed: str, kept: str
) -> None:
    client.sign_in("jeanne")
    client.get("/informations/coordonnees")
    assert client.press("Enregistrer", COORDONNEES | {"telephone": typed}).path == "/informations"
    assert saved(service, "jeanne").telephone == kept


@pytest.mark.parametrize(
    ("fields", "champ", "message"),
    [
        pytest.param({"voie": ""}, "voie", "Saisissez le numéro et la rue", id="voie vide"),
        pytest.param({"code_postal": ""}, "code_postal", "Saisissez votre code postal : 5", id="code vide"),
        pytest.param({"code_postal": "766"}, "code_postal", "Vous en avez saisi 3", id="code court"),
        pytest.param({"code_postal": "766000"}, "code_postal", "Vous en avez saisi 6", id="code long"),
        pytest.param({"code_postal": "2A000"}, "code_postal", "avec des chiffres", id="lettre"),
        pytest.param({"commune": ""}, "commune", "Saisissez le nom de votre ville", id="ville vide"),
        pytest.param({"commune": "Rouen"}, "adresse_confirmee", "ne vont pas ensemble", id="désaccord"),
        pytest.param(
            {"commune": "Havre-de-Grâce"}, "adresse_confirmee", "ne vont pas ensemble", id="autre ville"
        ),
    ],
)
def test_une_adresse_refusee_reste_a_l_ecran(
    client: Browser, fields: dict[str, str], champ: str, message: str
) -> None:
    client.sign_in("yves")
    est_refusee(client, "adresse", ADRESSE | fields, champ, message)


def test_un_desaccord_dit_les_villes_connues(client: Browser) -> None:
    client.sign_in("yves")
    client.get("/informations/adresse")
    page = client.press("Enregistrer", ADRESSE | {"commune": "Rouen"})
    assert "Pour le code postal 76600, ce service connaît :" in page.main
    assert "Le Havre" in page.main


@pytest.mark.parametrize(
    ("code_postal", "commune"),
    [("97490", "Sainte-Clotilde"), ("93210", "La Plaine Saint-Denis"), ("٩٣２10", "Plaine St Denis")],
)
def test_une_ville_postale_est_demandee_une_fois_puis_acceptee(
    client: Browser, service: Starlette, code_postal: str, commune: str
) -> None:
    client.sign_in("yves")
    client.get("/informations/adresse")
    page = client.press("Enregistrer", ADRESSE | {"code_postal": code_postal, "commune": commune})
    assert page.error_fields() == ["adresse_confirmee"]
    assert client.press("Enregistrer", adresse_confirmee="oui").path == "/informations"
    assert saved(service, "yves").adresse.commune == commune
    client.get("/informations/adresse")
    assert client.press("Enregistrer", voie="4 rue Sans-Nom").path == "/informations"


@pytest.mark.parametrize(
    ("code_postal", "commune"),
    [
        ("76600", "LE HAVRE"),
        ("93200", "st denis"),
        ("93200", "Saint Denis"),
        ("69003", "Lyon 3e"),
        ("75018", "Paris"),
        ("01000", "bourg en bresse"),
        ("71100", "Chalon s/Saône"),
        ("17000", "Rochelle"),
        ("76 600", "Le Havre"),
        ("７６\u202f６００", "Le Havre"),
        ("71100", "Chalon S/ Saône"),
        ("76059", "Le Havre Cedex"),
        ("76600", "Le Havre Cedex 1"),
        ("00100", "Saint-Exemple"),
    ],
)
def test_une_ville_se_tape_de_plusieurs_facons(client: Browser, code_postal: str, commune: str) -> None:
    client.sign_in("yves")
    client.get("/informations/adresse")
    page = client.press("Enregistrer", ADRESSE | {"code_postal": code_postal, "commune": commune})
    assert page.path == "/informations", page.errors
