"""Les données livrées tiennent leurs promesses : complètes, accordées entre elles, visiblement inventées."""

import csv
import importlib.util
import json
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from stdnum.fr import nir as numero

DATA = Path(__file__).parent.parent / "data"
FICHIERS = (
    "communes.csv",
    "departements.csv",
    "caisses_source.csv",
    "caisses.json",
    "demo/organismes.csv",
    "demo/assures.json",
    "prepare.py",
    "SOURCES.md",
)
JOURS = (date(2025, 5, 15), date(2026, 1, 1), date(2026, 4, 18), date(2028, 2, 29), date(2031, 12, 31))

INVENTE = re.compile(r"exemple|fictif|fictive|factice|invente|imaginaire")
VRAIS_ORGANISMES = {
    *(
        "adrea",
        "aesio",
        "ag2r",
        "allianz",
        "apicil",
        "apivia",
        "axa",
        "cnp",
        "generali",
        "groupama",
        "harmonie",
    ),
    *(
        "humanis",
        "klesia",
        "maaf",
        "macif",
        "maif",
        "malakoff",
        "matmut",
        "mgefi",
        "mgen",
        "miltis",
        "mma",
        "mnh",
    ),
    *("mutex", "mutuaide", "ociane", "solimut", "swisslife", "uneo", "viasante"),
}
FAMILLES = {"activite", "remplacement", "pensions", "prestations"}


def lire(nom: str) -> list[dict[str, str]]:
    with (DATA / nom).open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier, delimiter=";"))


COMMUNES = lire("communes.csv")
DEPARTEMENTS = lire("departements.csv")
ORGANISMES = lire("demo/organismes.csv")
CAISSES: list[dict[str, Any]] = json.loads((DATA / "caisses.json").read_text(encoding="utf-8"))
ASSURES: list[dict[str, Any]] = json.loads((DATA / "demo" / "assures.json").read_text(encoding="utf-8"))
COMPTES = {assure["cle"]: assure for assure in ASSURES}


def simple(texte: str) -> str:
    """Sans accents, casse ni ponctuation ; « St » vaut « Saint »."""
    texte = unicodedata.normalize("NFKD", texte.casefold().replace("œ", "oe").replace("’", "'"))
    mots = re.sub(r"[^a-z0-9]+", " ", "".join(signe for signe in texte if not unicodedata.combining(signe)))
    return " ".join({"st": "saint", "ste": "sainte"}.get(mot, mot) for mot in mots.split())


CODES_POSTAUX = {
    (simple(commune["nom"]), commune["departement"]): commune["codes_postaux"].split() for commune in COMMUNES
}


def departement_de(code_postal: str, commune: str) -> str | None:
    """Le seul département où cette ville a ce code postal."""
    cherche = simple(commune)
    trouves = [
        departement
        for (nom, departement), codes in CODES_POSTAUX.items()
        if nom == cherche and code_postal in codes
    ]
    return trouves[0] if len(trouves) == 1 else None


def naissance(gabarit: dict[str, int], jour: date) -> date:
    """La date de naissance qui donne toujours cet âge ce jour-là."""
    passe = (gabarit["mois"], gabarit["jour"]) <= (jour.month, jour.day)
    return date(jour.year - gabarit["age"] - (not passe), gabarit["mois"], gabarit["jour"])


def nir(personne: dict[str, Any], jour: date) -> str:
    modele, ne_le = personne["nir"], naissance(personne["naissance"], jour)
    sans_cle = f"{modele['sexe']}{ne_le:%y%m}{modele['departement']}{modele['commune']}{modele['ordre']}"
    return sans_cle + numero.calc_check_digits(sans_cle + "00")


def personnes() -> list[dict[str, Any]]:
    return [personne for assure in ASSURES for personne in (assure, *assure["enfants"])]


class TestCommunes:
    def test_columns_and_weight(self) -> None:
        assert list(COMMUNES[0]) == ["nom", "departement", "codes_postaux"]
        assert (DATA / "communes.csv").stat().st_size < 1_300_000
        assert len(COMMUNES) > 37_000

    def test_one_line_per_name_in_a_departement(self) -> None:
        assert len(CODES_POSTAUX) == len(COMMUNES)

    def test_sorted(self) -> None:
        cles = [(commune["departement"], commune["nom"]) for commune in COMMUNES]
        assert cles == sorted(cles)

    def test_every_postcode_has_five_digits(self) -> None:
        for commune in COMMUNES:
            codes = commune["codes_postaux"].split()
            assert codes, commune
            assert all(re.fullmatch(r"\d{5}", code) for code in codes), commune

    def test_every_departement_is_known(self) -> None:
        assert {commune["departement"] for commune in COMMUNES} == {ligne["code"] for ligne in DEPARTEMENTS}

    @pytest.mark.parametrize(
        ("nom", "departement", "code_postal"),
        [
            ("Paris", "75", "75020"),
            ("Paris 11e Arrondissement", "75", "75011"),
            ("Lyon 3e Arrondissement", "69", "69003"),
            ("Marseille", "13", "13016"),
            ("Y", "80", "80190"),
            ("Eu", "76", "76260"),
            ("L'Haÿ-les-Roses", "94", "94240"),
            ("Bastia", "2B", "20200"),
            ("Saint-Denis", "974", "97400"),
            ("Saint-Martin", "971", "97150"),
            ("Mamoudzou", "976", "97600"),
            ("Annecy-le-Vieux", "74", "74940"),
        ],
    )
    def test_towns_people_look_for(self, nom: str, departement: str, code_postal: str) -> None:
        assert code_postal in CODES_POSTAUX[simple(nom), departement]


class TestDepartements:
    def test_all_101(self) -> None:
        codes = [ligne["code"] for ligne in DEPARTEMENTS]
        assert len(codes) == len(set(codes)) == 101
        assert {"01", "2A", "2B", "95", "971", "972", "973", "974", "976"} <= set(codes)
        assert "20" not in codes
        assert all(ligne["nom"] for ligne in DEPARTEMENTS)


class TestCaisses:
    CHAMPS = {
        "code": str,
        "nom": str,
        "departement": str,
        "ville": str,
        "adresse": str,
        "code_postal": str,
        "telephone": str,
        "courriel": str,
        "dpo": str,
        "service": str,
        "recours": str,
        "delai_pieces_jours": int,
        "regime_local": bool,
    }

    def test_every_column_is_filled(self) -> None:
        for caisse in CAISSES:
            assert list(caisse) == list(self.CHAMPS)
            for champ, genre in self.CHAMPS.items():
                assert isinstance(caisse[champ], genre), (caisse["code"], champ)
                assert caisse[champ] != ""

    def test_every_departement_has_one(self) -> None:
        assert len({caisse["code"] for caisse in CAISSES}) == len(CAISSES) == 107
        assert {caisse["departement"] for caisse in CAISSES} == {ligne["code"] for ligne in DEPARTEMENTS}

    def test_contacts_are_visibly_invented_and_well_placed(self) -> None:
        for caisse in CAISSES:
            assert caisse["adresse"] == f"1 rue de l'Exemple, {caisse['code_postal']} {caisse['ville']}"
            assert caisse["recours"].endswith(caisse["adresse"])
            assert caisse["code_postal"] in CODES_POSTAUX[simple(caisse["ville"]), caisse["departement"]]
            assert caisse["courriel"].endswith("@exemple.invalid")
            assert caisse["dpo"].endswith("@exemple.invalid")
            assert caisse["telephone"] == "36 46"
            assert caisse["delai_pieces_jours"] == 30

    def test_local_scheme_is_alsace_moselle(self) -> None:
        assert {caisse["departement"] for caisse in CAISSES if caisse["regime_local"]} == {"57", "67", "68"}

    def test_the_file_is_what_the_script_makes(self) -> None:
        fabrique = importlib.util.spec_from_file_location("prepare", DATA / "prepare.py")
        assert fabrique
        assert fabrique.loader
        prepare = importlib.util.module_from_spec(fabrique)
        fabrique.loader.exec_module(prepare)
        codes = {(ligne["departement"], ligne["nom"]): ligne["codes_postaux"].split() for ligne in COMMUNES}
        assert [prepare.decrire_caisse(caisse, codes) for caisse in prepare.lire_caisses()] == CAISSES


class TestOrganismes:
    def test_columns(self) -> None:
        assert list(ORGANISMES[0]) == [
            "code",
            "nom",
            "adresse",
            "code_postal",
            "commune",
            "departement",
            "type",
        ]
        assert all(all(ligne.values()) for ligne in ORGANISMES)
        assert {ligne["type"] for ligne in ORGANISMES} == {"mutuelle", "prevoyance", "assurance"}

    def test_several_hundred_of_sixty_bodies(self) -> None:
        assert 450 <= len(ORGANISMES) <= 550
        assert len({ligne["nom"] for ligne in ORGANISMES}) == 60
        assert len({(ligne["nom"], ligne["type"]) for ligne in ORGANISMES}) == 60

    def test_codes_are_unique(self) -> None:
        codes = [ligne["code"] for ligne in ORGANISMES]
        assert len(set(codes)) == len(codes)
        assert all(re.fullmatch(r"DEMO-(\d\d|2[AB]|97\d)\d\d", code) for code in codes)

    def test_at_least_two_in_every_departement(self) -> None:
        nombres = Counter(ligne["departement"] for ligne in ORGANISMES)
        assert nombres.keys() == {ligne["code"] for ligne in DEPARTEMENTS}
        assert min(nombres.values()) >= 2

    def test_enough_in_large_towns_to_ask_for_more(self) -> None:
        nombres = Counter(ligne["commune"] for ligne in ORGANISMES)
        assert nombres["Paris"] >= 26
        assert nombres["Lyon"] > 5
        assert nombres["Marseille"] > 5
        assert len({ligne["code_postal"] for ligne in ORGANISMES if ligne["commune"] == "Paris"}) >= 20

    def test_postcode_town_and_departement_agree(self) -> None:
        for ligne in ORGANISMES:
            codes = CODES_POSTAUX.get((simple(ligne["commune"]), ligne["departement"]), [])
            assert ligne["code_postal"] in codes, ligne

    def test_never_the_same_twice(self) -> None:
        places = Counter(
            (ligne["nom"], ligne["code_postal"], simple(ligne["commune"])) for ligne in ORGANISMES
        )
        assert places.most_common(1)[0][1] == 1

    def test_names_say_they_are_invented(self) -> None:
        for nom in {ligne["nom"] for ligne in ORGANISMES}:
            assert INVENTE.search(simple(nom)), nom

    def test_no_real_name(self) -> None:
        noms = {ligne["nom"] for ligne in ORGANISMES}
        noms |= {connu["nom"] for assure in ASSURES for connu in assure["organismes"]} - {"ADREA MUTUELLE"}
        for nom in noms:
            assert not set(simple(nom).split()) & VRAIS_ORGANISMES, nom

    def test_awkward_spellings_are_there(self) -> None:
        noms = {ligne["nom"] for ligne in ORGANISMES}
        assert {
            "Mutuelle Exemple du Bleuet",
            "Mutuelle Exemple des Tilleuls",
            "Prévoyance Fictive du Ponant",
        } <= noms
        for signe in ("'", "’", "-", "&", "Œ", "œ", "É", "ë", "(", ".", ",", "1901"):
            assert any(signe in nom for nom in noms), signe
        assert any(nom.isupper() for nom in noms)
        assert any(len(nom) > 90 for nom in noms)
        assert any("solidaire" in simple(nom) for nom in noms)
        villes = {ligne["commune"] for ligne in ORGANISMES}
        assert {
            "Eu",
            "L'HAY LES ROSES",
            "L'Haÿ-les-Roses",
            "LE HAVRE",
            "Saint-Étienne",
            "ST ETIENNE",
        } <= villes

    def test_every_departement_keeps_towns_without_any(self) -> None:
        servies = {(simple(ligne["commune"]), ligne["departement"]) for ligne in ORGANISMES}
        autres = {departement for nom, departement in CODES_POSTAUX if (nom, departement) not in servies}
        assert autres == {ligne["code"] for ligne in DEPARTEMENTS}  # à Paris : les lignes des arrondissements
        assert ("y", "80") not in servies

    def test_homonymous_towns_are_served(self) -> None:
        villes = Counter(
            commune
            for commune, _ in {(simple(ligne["commune"]), ligne["departement"]) for ligne in ORGANISMES}
        )
        assert villes["saint denis"] >= 2
        assert villes["valence"] >= 2


class TestAssures:
    CHAMPS = [
        "cle",
        "prenom",
        "nom",
        "nom_naissance",
        "prenoms",
        "description",
        "mot_de_passe",
        "naissance",
        "nir",
        "caisse",
        "courriel",
        "telephone",
        "adresse",
        "droit_ouvert",
        "coordonnees_a_confirmer",
        "adresse_a_corriger",
        "organismes",
        "enfants",
        "familles_collectees",
        "demande_en_cours",
    ]

    def test_the_thirteen_in_order(self) -> None:
        attendus = "nadia benoit marc lucie karim leo awa jeanne paul fatou yves ines rose"
        assert list(COMPTES) == attendus.split()
        assert len(ASSURES) == 13
        assert all(list(assure) == self.CHAMPS for assure in ASSURES)

    def test_people_cannot_be_confused(self) -> None:
        cles = [enfant["cle"] for assure in ASSURES for enfant in assure["enfants"]]
        assert len(set(cles)) == len(cles)
        assert all(re.fullmatch(r"[a-z0-9]{4}", cle) for cle in cles)
        assert len({assure["nom"] for assure in ASSURES}) == 13
        for assure in ASSURES:
            prenoms = [assure["prenom"], *(enfant["prenom"] for enfant in assure["enfants"])]
            assert len(set(prenoms)) == len(prenoms)

    @pytest.mark.parametrize("jour", JOURS, ids=str)
    def test_ages_never_go_stale(self, jour: date) -> None:
        for personne in personnes():
            ne_le = naissance(personne["naissance"], jour)
            age = jour.year - ne_le.year - ((jour.month, jour.day) < (ne_le.month, ne_le.day))
            assert age == personne["naissance"]["age"]
            assert ne_le < jour

    @pytest.mark.parametrize("jour", JOURS, ids=str)
    def test_every_nir_is_distinct_right_and_invented(self, jour: date) -> None:
        numeros = [nir(personne, jour) for personne in personnes()]
        assert len(set(numeros)) == len(numeros)
        assert all(numero.is_valid(valeur) for valeur in numeros)
        for personne in personnes():
            modele = personne["nir"]
            assert modele["sexe"] in (1, 2)
            assert len(modele["departement"] + modele["commune"]) == 5
            assert modele["commune"].startswith("99")  # aucune commune, aucun pays n'a ce code

    def test_ages_of_the_specification(self) -> None:
        ages = {cle: COMPTES[cle]["naissance"]["age"] for cle in ("benoit", "nadia", "leo", "awa")}
        assert ages == {"benoit": 69, "nadia": 38, "leo": 22, "awa": 45}
        enfants = {
            cle: {enfant["prenom"]: enfant["naissance"]["age"] for enfant in compte["enfants"]}
            for cle, compte in COMPTES.items()
            if compte["enfants"]
        }
        assert enfants.keys() == {"benoit", "nadia", "awa"}
        assert enfants["benoit"] == {"Emilie": 35, "Sophie": 31}
        assert enfants["nadia"] == {"Sami": 9, "Lina": 16}
        assert len(enfants["awa"]) == 10
        assert (min(enfants["awa"].values()), max(enfants["awa"].values())) == (1, 17)
        assert all(assure["naissance"]["age"] >= 25 for assure in ASSURES if assure["cle"] != "leo")

    def test_descriptions_show_the_age_and_leave_the_name_to_the_button(self) -> None:
        for assure in ASSURES:
            assert assure["prenom"] not in assure["description"]
            assert "'" not in assure["description"]
            if age := re.match(r"(\d+) ans", assure["description"]):
                assert int(age[1]) == assure["naissance"]["age"]

    def test_passwords_are_long_enough_and_documented(self) -> None:
        for assure in ASSURES:
            assert assure["mot_de_passe"] == f"demo-{assure['cle']}-2026"
            assert len(assure["mot_de_passe"]) >= 12

    def test_contacts_reach_nobody(self) -> None:
        for assure in ASSURES:
            assert assure["courriel"] in (None, f"{assure['cle']}@courriel.example")
            assert assure["telephone"] is None or re.fullmatch(r"06 39 98( \d\d){2}", assure["telephone"])

    def test_caisse_and_address_agree(self) -> None:
        caisses = {caisse["code"]: caisse for caisse in CAISSES}
        for assure in ASSURES:
            adresse = assure["adresse"]
            assert list(adresse) == ["voie", "complement", "code_postal", "commune"]
            departement = caisses[assure["caisse"]]["departement"]
            if adresse["code_postal"]:
                assert departement_de(adresse["code_postal"], adresse["commune"]) == departement
            else:
                assert (simple(adresse["commune"]), departement) in CODES_POSTAUX
        servis = [caisses[assure["caisse"]] for assure in ASSURES]
        assert any(caisse["regime_local"] for caisse in servis)
        assert any(caisse["departement"].startswith("97") for caisse in servis)
        assert len({assure["caisse"] for assure in ASSURES}) == 13

    def test_organismes_on_the_account(self) -> None:
        liste = {ligne["code"]: ligne["nom"] for ligne in ORGANISMES}
        for assure in ASSURES:
            for connu in assure["organismes"]:
                assert list(connu) == ["nom", "gere_c2s", "depuis", "actif", "code"]
                assert connu["depuis"]["il_y_a_mois"] > 0
                if connu["gere_c2s"]:
                    assert liste[connu["code"]] == connu["nom"]
                else:
                    assert connu["code"] is None
                    assert connu["nom"] not in liste.values()

        def etats(cle: str) -> list[tuple[bool, bool]]:
            return [(connu["gere_c2s"], connu["actif"]) for connu in COMPTES[cle]["organismes"]]

        assert COMPTES["marc"]["organismes"][0]["nom"] == "ADREA MUTUELLE"
        assert etats("marc") == [(False, True)]
        assert etats("lucie") == [(True, True)]
        assert sorted(etats("karim")) == [(False, False), (False, False), (True, False)]
        assert [actif for _, actif in etats("paul")] == [True, True]
        assert {cle for cle, compte in COMPTES.items() if compte["organismes"]} == {
            "marc",
            "lucie",
            "karim",
            "paul",
        }

    def test_each_blocking_situation_has_its_account(self) -> None:
        def ceux(champ: str, valeur: bool) -> set[str]:
            return {assure["cle"] for assure in ASSURES if assure[champ] is valeur}

        assert ceux("coordonnees_a_confirmer", True) == {"jeanne", "rose"}
        assert {assure["cle"] for assure in ASSURES if None in (assure["courriel"], assure["telephone"])} == {
            "jeanne",
            "rose",
        }
        assert ceux("adresse_a_corriger", True) == {"yves", "rose"}
        assert {
            assure["cle"]
            for assure in ASSURES
            if not all(assure["adresse"][champ] for champ in ("voie", "code_postal", "commune"))
        } == {"yves", "rose"}
        assert ceux("demande_en_cours", True) == {"fatou"}
        assert ceux("droit_ouvert", False) == {"ines"}

    def test_all_but_one_hold_collected_income(self) -> None:
        for assure in ASSURES:
            familles = assure["familles_collectees"]
            assert set(familles) <= FAMILLES
            assert len(set(familles)) == len(familles)
            assert familles == [] if assure["cle"] == "karim" else len(familles) >= 2


@pytest.mark.parametrize("nom", FICHIERS)
def test_no_address_of_another_site(nom: str) -> None:
    assert "http" not in (DATA / nom).read_text(encoding="utf-8")


@pytest.mark.parametrize("nom", [nom for nom in FICHIERS if nom != "SOURCES.md"])
def test_every_file_has_its_source(nom: str) -> None:
    assert f"`{nom}`" in (DATA / "SOURCES.md").read_text(encoding="utf-8")
