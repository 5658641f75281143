"""Étape 2, la page d'une personne : tout ce qui est refusé."""

import pytest
from starlette.applications import Starlette

from app.domain.demande import Lien
from app.domain.nir import cle_du_nir
from tests.support.browser import Browser
from tests.support.household import (
    AJOUTER,
    CONJOINT,
    JULES,
    LISTE,
    NIR,
    ajoute,
    ajoutees,
    arrive,
    compte_de,
    une_personne,
)


@pytest.mark.parametrize(
    ("fields", "champ", "message"),
    [
        pytest.param({"prenom": "  "}, "prenom", "Saisissez le prénom de cette personne", id="prénom vide"),
        pytest.param({"prenom": "Jul3s"}, "prenom", "ne reconnaît pas : 3.", id="chiffre dans le prénom"),
        pytest.param({"prenom": "<b>Jules</b>"}, "prenom", "ne reconnaît pas : <.", id="balise dans le prénom"),
        pytest.param({"prenom": "-'."}, "prenom", "au moins une lettre", id="prénom sans lettre"),
        pytest.param({"prenom": "a" * 61}, "prenom", "compte 61 caractères. Le plus long accepté en compte 60", id="prénom long"),
        pytest.param({"nom": ""}, "nom", "Saisissez le nom de cette personne.", id="nom vide"),
        pytest.param({"nom": "Martin@"}, "nom", "ne reconnaît pas : @.", id="signe dans le nom"),
        pytest.param({"nom": "..."}, "nom", "au moins une lettre", id="nom sans lettre"),
        pytest.param({"nom": "é" * 2500}, "nom", "Saisissez le premier nom seulement", id="nom immense"),
        pytest.param({"lien": ""}, "lien", "Choisissez le lien de parenté", id="lien vide"),
        pytest.param({"lien": "oncle"}, "lien", "un des quatre liens", id="lien inconnu"),
        pytest.param({"nationalite": ""}, "nationalite", "Choisissez la nationalité", id="nationalité vide"),
        pytest.param({"nationalite": "xx"}, "nationalite", "une des trois nationalités", id="nationalité inconnue"),
        pytest.param(
            {"naissance_jour": "", "naissance_mois": "", "naissance_annee": ""},
            "naissance_jour",
            "Saisissez la date de naissance : jour, mois, année.",
            id="date vide",
        ),
        pytest.param({"naissance_jour": ""}, "naissance_jour", "Il manque le jour", id="jour vide"),
        pytest.param({"naissance_mois": ""}, "naissance_mois", "Il manque le mois", id="mois vide"),
        pytest.param({"naissance_annee": ""}, "naissance_annee", "Il manque l'année", id="année vide"),
        pytest.param({"naissance_annee": "13"}, "naissance_annee", "compte 4 chiffres", id="année courte"),
        pytest.param({"naissance_jour": "x"}, "naissance_jour", "avec des chiffres", id="jour en lettres"),
        pytest.param({"naissance_mois": "jui"}, "naissance_mois", "avec des chiffres", id="mois ambigu"),
        pytest.param({"naissance_annee": "MMXX"}, "naissance_annee", "avec des chiffres", id="année en lettres"),
        pytest.param({"naissance_jour": "31", "naissance_mois": "2"}, "naissance_jour", "n'existe pas", id="31 février"),
        pytest.param({"naissance_jour": "32"}, "naissance_jour", "n'existe pas", id="jour 32"),
        pytest.param({"naissance_mois": "13"}, "naissance_mois", "n'existe pas", id="mois 13"),
        pytest.param({"naissance_annee": "0000"}, "naissance_annee", "n'existe pas", id="année zéro"),
        pytest.param(
            {"naissance_jour": "25", "naissance_mois": "11", "naissance_annee": "2026"},
            "naissance_annee",
            "après aujourd'hui. Vérifiez l'année, par exemple 2025.",
            id="demain",
        ),
        pytest.param(
            {"lien": "conjoint", "naissance_jour": "23", "naissance_mois": "11", "naissance_annee": "1906"},
            "naissance_annee",
            "a plus de 120 ans",
            id="120 ans et un jour",
        ),
        pytest.param(
            {"lien": "autre", "naissance_jour": "24", "naissance_mois": "11", "naissance_annee": "2001"},
            "naissance_annee",
            "cette personne a 25 ans. Une personne à charge a moins de 25 ans.",
            id="25 ans aujourd'hui",
        ),
        pytest.param({"nir": "", "cle": ""}, "nir", "Pas encore de numéro ? Cochez", id="numéro vide"),
        pytest.param({"nir": "113059999999"}, "nir", "Vous en avez saisi 12.", id="numéro court"),
        pytest.param({"nir": NIR + "12"}, "nir", "Vous en avez saisi 15.", id="quinze et une autre clé"),
        pytest.param({"nir": "11305O9999999"}, "nir", "un signe inattendu : O.", id="lettre dans le numéro"),
        pytest.param({"nir": "11302A5999999"}, "nir", "un signe inattendu : A.", id="2A ailleurs"),
        pytest.param({"nir": "5130599999999"}, "nir", "Vérifiez le premier chiffre", id="premier chiffre"),
        pytest.param({"cle": ""}, "cle", "Saisissez la clé", id="clé vide"),
        pytest.param({"cle": "4"}, "cle", "La clé compte 2 chiffres.", id="clé courte"),
        pytest.param({"cle": "xx"}, "cle", "La clé compte 2 chiffres.", id="clé en lettres"),
        pytest.param({"prenom": "محمد"}, "prenom", "en lettres latines, comme sur la carte Vitale", id="autre écriture"),
        pytest.param({"nom": "\u0410lmeida"}, "nom", "Saisissez le nom en lettres latines", id="une lettre cyrillique"),
        pytest.param({"cle": "41"}, "cle", "La clé 41 ne va pas avec ce numéro", id="clé fausse"),
        pytest.param({"pas_de_numero": "oui"}, "pas_de_numero", "Gardez l'un ou l'autre", id="numéro et case"),
        pytest.param({"pas_de_numero": "oui", "nir": ""}, "pas_de_numero", "Gardez l'un ou l'autre", id="clé et case"),
        pytest.param({"caf": "123456"}, "caf", "Vous en avez saisi 6.", id="CAF court"),
        pytest.param({"caf": "1234567A"}, "caf", "sans la lettre", id="CAF et lettre"),
        pytest.param({"caf": "12/34567"}, "caf", "avec des chiffres seulement", id="CAF et signe"),
        pytest.param({"garde": "oui", "lien": "autre"}, "garde", "concerne un enfant. Décochez-la", id="garde d'un autre"),
        pytest.param({"garde": "oui", **{k: CONJOINT[k] for k in ("lien", "naissance_annee")}}, "garde", "changez le lien", id="garde du conjoint"),
        pytest.param(
            {"garde": "oui", "naissance_jour": "24", "naissance_mois": "11", "naissance_annee": "2008", "nir_confirme": "oui"},
            "garde",
            "un enfant de moins de 18 ans",
            id="garde à 18 ans",
        ),
    ],
)  # fmt: skip
def test_un_refus_dit_quoi_faire_et_garde_tout(
    client: Browser, service: Starlette, fields: dict[str, str], champ: str, message: str
) -> None:
    arrive(client, service)
    page = ajoute(client, **fields)
    assert page.status == 422
    assert page.error_fields() == [champ]
    assert message in page.errors[0]
    assert f"À corriger : {page.errors[0]}" in page.main
    unknown = {"oncle", "xx"}
    for name, value in {**JULES, **fields}.items():
        if value not in unknown and name != "nir_confirme":
            assert page.value(name) == value.strip()[:2000], name
    assert ajoutees(client, service) == ()


def test_la_bonne_cle_n_est_jamais_donnee(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = ajoute(client, cle="41")
    assert cle_du_nir(NIR) not in page.errors[0]
    assert NIR not in page.errors[0]


def test_tout_ce_qui_manque_est_dit_dans_l_ordre_de_la_page(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    client.get(AJOUTER)
    page = client.press("Enregistrer cette personne", caf="1", garde="oui")
    assert page.error_fields() == ["prenom", "nom", "lien", "naissance_jour", "nationalite", "nir", "caf"]
    page = client.post(AJOUTER, {"action": "suivant"})
    assert page.error_fields() == ["prenom", "nom", "lien", "naissance_jour", "nationalite", "nir"]


def test_un_second_conjoint_est_refuse(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9", prenom="N'Golo", lien=Lien.CONJOINT))
    page = ajoute(client, **CONJOINT)
    assert page.error_fields() == ["lien"]
    assert "déjà un conjoint ou une conjointe : N'Golo." in page.errors[0]
    client.get(f"{LISTE}/m4q9")  # the one there is may be corrected
    assert client.press("Enregistrer cette personne", prenom="Ngolo", pas_de_numero="oui").path == LISTE


SANS_NUMERO = {"nir": "", "cle": "", "pas_de_numero": "oui"}
SAMI = {**JULES, **SANS_NUMERO, "naissance_jour": "12", "naissance_mois": "3", "naissance_annee": "2017"}
NADIA = {
    **JULES,
    **SANS_NUMERO,
    "lien": "conjoint",
    "naissance_jour": "14",
    "naissance_mois": "06",
    "naissance_annee": "1988",
}


@pytest.mark.parametrize(
    ("fields", "case", "message"),
    [
        pytest.param({**SAMI, "prenom": "SAMI"}, "autre_personne", "Une personne de votre foyer a", id="capitales"),
        pytest.param({**SAMI, "prenom": "Sâmi"}, "autre_personne", "Une personne de votre foyer a", id="accent"),
        pytest.param({**NADIA, "prenom": "nadia"}, "autre_personne", "Vous avez le même prénom", id="vous-même"),
        pytest.param({**JULES, "lien": "conjoint"}, "age_confirme", "a moins de 16 ans", id="conjoint de 13 ans"),
        pytest.param({"lien": "enfant_conjoint"}, "sans_conjoint", "ne compte pas encore de conjoint", id="sans conjoint"),
    ],
)  # fmt: skip
def test_ce_qui_etonne_est_demande_une_fois_puis_accepte(
    client: Browser, service: Starlette, fields: dict[str, str], case: str, message: str
) -> None:
    arrive(client, service)
    page = ajoute(client, **fields)
    assert page.error_fields() == [case]
    assert message in page.errors[0]
    assert page.tree.css_first(f"#{case}[aria-describedby={case}_err]")
    assert client.press("Enregistrer cette personne", {case: "oui"}).path == LISTE
    (ajoutee,) = ajoutees(client, service)
    client.get(f"{LISTE}/{ajoutee.cle}")  # it is not asked again of what was recorded so
    assert client.press("Enregistrer cette personne", nationalite="ue").path == LISTE


@pytest.mark.parametrize("fields", [{"prenom": "Samuel"}, {"prenom": "Sami", "naissance_jour": "13"}])
def test_un_jumeau_et_un_homonyme_passent(
    client: Browser, service: Starlette, fields: dict[str, str]
) -> None:
    arrive(client, service)
    assert ajoute(client, **{**SAMI, **fields}).path == LISTE


INCONNUS = {"naissance_jour": "00", "naissance_mois": "00", "naissance_annee": "2013"}


@pytest.mark.parametrize(
    ("fields", "gardee", "dite"),
    [
        pytest.param(INCONNUS, "2013-00-00", "2013, enfant", id="année seule"),
        pytest.param({**INCONNUS, "naissance_mois": "5"}, "2013-05-00", "mai 2013, enfant", id="mois et année"),
        pytest.param({**INCONNUS, "naissance_jour": "12"}, "2013-00-00", "2013, enfant", id="mois inconnu"),
    ],
)  # fmt: skip
def test_un_jour_de_naissance_inconnu_est_demande_puis_accepte(
    client: Browser, service: Starlette, fields: dict[str, str], gardee: str, dite: str
) -> None:
    arrive(client, service)
    page = ajoute(client, **fields)
    assert page.error_fields() == ["naissance_incomplete"]
    assert page.errors[0].startswith(
        "Le jour ou le mois est 00. Saisissez la date écrite sur l'acte de naissance"
    )
    page = client.press("Enregistrer cette personne", {"naissance_incomplete": "oui"})
    assert page.path == LISTE, page.errors
    assert dite in page.main
    (ajoutee,) = ajoutees(client, service)
    assert str(ajoutee.naissance) == gardee
    page = client.get(f"{LISTE}/{ajoutee.cle}")
    assert (page.value("naissance_jour"), page.value("naissance_incomplete")) == ("", "oui")
    assert client.press("Enregistrer cette personne", nationalite="ue").path == LISTE


@pytest.mark.parametrize("vide", ["jour", "mois"])
def test_un_jour_laisse_vide_offre_aussi_de_dire_qu_il_est_inconnu(
    client: Browser, service: Starlette, vide: str
) -> None:
    arrive(client, service)
    page = ajoute(client, **{f"naissance_{vide}": ""})
    assert page.error_fields() == [f"naissance_{vide}"]
    page = client.press("Enregistrer cette personne", {"naissance_incomplete": "oui"})
    assert page.path == LISTE, page.errors


@pytest.mark.parametrize("manque", ["prenom", "nom"])
def test_une_personne_sans_prenom_ou_sans_nom(client: Browser, service: Starlette, manque: str) -> None:
    arrive(client, service)
    page = ajoute(client, **{manque: ""})
    assert page.error_fields() == [manque]
    page = client.press("Enregistrer cette personne", {f"{manque}_absent": "oui"})
    assert page.path == LISTE, page.errors
    assert ("D'Almeida" if manque == "prenom" else "Jules") in page.main
    (ajoutee,) = ajoutees(client, service)
    assert getattr(ajoutee, manque) == ""
    assert client.get(f"{LISTE}/{ajoutee.cle}").value(f"{manque}_absent") == "oui"
    assert client.get("/demande/organisme").status == 200


def test_une_personne_a_au_moins_un_prenom_ou_un_nom(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    ajoute(client, prenom="", nom="")
    page = client.press("Enregistrer cette personne", {"prenom_absent": "oui", "nom_absent": "oui"})
    assert page.error_fields() == ["nom"]


def test_chaque_personne_a_son_numero(client: Browser, service: Starlette) -> None:
    nadia = compte_de(service, "nadia")
    arrive(client, service, une_personne("m4q9", nir=NIR))
    page = ajoute(client, prenom="Lou")
    assert page.error_fields() == ["nir"]
    assert "déjà celui d'une autre personne du foyer : Jules." in page.errors[0]
    page = ajoute(client, nir=nadia.nir, cle=cle_du_nir(nadia.nir))
    assert "Ce numéro de sécurité sociale est le vôtre." in page.errors[0]
    sami = nadia.enfants[0]
    page = ajoute(client, nir=sami.nir, cle=cle_du_nir(sami.nir))
    assert "autre personne du foyer : Sami." in page.errors[0]


def test_une_21e_personne_est_refusee(client: Browser, service: Starlette) -> None:
    dix_sept = [une_personne(f"p{rang:03}", prenom="Lou") for rang in range(17)]
    page = arrive(client, service, *dix_sept)
    assert "Votre foyer compte déjà 20 personnes, en vous comptant" in page.main
    assert "Ajouter une personne" not in page.links()
    assert client.get(AJOUTER).path == LISTE
    page = client.post(AJOUTER, {**JULES, "prenom": "", "action": "suivant"})
    assert page.status == 422
    assert page.error_fields() == [""], "it is about the whole page"
    assert "Vous ne pouvez pas ajouter une 21e personne ici." in page.errors[0]
    assert page.value("nir") == NIR
    assert len(ajoutees(client, service)) == 17


def test_la_20e_envoyee_deux_fois_n_est_pas_une_21e(client: Browser, service: Starlette) -> None:
    arrive(client, service, *[une_personne(f"p{rang:03}", prenom="Lou") for rang in range(16)])
    client.get(AJOUTER)
    for _ in range(2):
        page = client.post(AJOUTER, {**JULES, "action": "suivant"})
        assert "Nombre de personnes : 20." in page.main
