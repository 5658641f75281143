"""Étape 5, un total par ressource cochée et par personne."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from starlette.applications import Starlette

from app.domain.demande import Foyer
from tests.support.browser import Browser, plain
from tests.support.drafts import current, seed
from tests.support.etape_5 import PENSION, SEVEN, added, arrive, totals

NADIA, SAMI, LINA = (f"total_{PENSION}_{cle}" for cle in ("moi", "k7qd", "m3xw"))
COMPLEMENTS = ("stage_moi", "stage_m3xw", "logement", "arret_moi", "arret_m3xw")
ZERO = {NADIA: "0", SAMI: "0", LINA: "0"}
AUTRES = {f"total_autres_{cle}": "10" for cle in ("moi", "k7qd", "m3xw")}


def test_un_total_par_personne_pour_chaque_ressource_cochee(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "montants", autres_ressources=(PENSION, "autres"))
    assert page.h1 == "Montant de mes autres ressources"
    assert [plain(h2.text()) for h2 in page.tree.css("legend h2")] == [
        "Pensions alimentaires perçues",
        "Autres",
    ]
    labels = [plain(label.text()) for label in page.tree.css("fieldset:first-of-type label")]
    assert labels[:3] == [f"{prenom} : total en euros (facultatif)" for prenom in ("Nadia", "Sami", "Lina")]
    assert page.tree.css_first(f"#{NADIA}").attributes["inputmode"] == "decimal"
    page = client.press(
        "Suivant", ZERO | AUTRES | {NADIA: "1 200,50 €", "libelle_autres": "  gain à  un jeu "}
    )
    assert page.path == "/demande/complements"
    montants = current(client, service).demande.montants
    assert montants.totaux[PENSION] == {"moi": Decimal("1200.50"), "k7qd": Decimal(0), "m3xw": Decimal(0)}
    assert montants.libelle_autres == "gain à un jeu"
    page = client.get("/demande/montants")
    assert (page.value(NADIA), page.value(SAMI)) == ("1 200,50", "0")
    assert client.press("Suivant").path == "/demande/complements"
    assert current(client, service).demande.montants == montants


def test_une_personne_seule_lit_que_son_total_est_obligatoire(client: Browser, service: Starlette) -> None:
    """Left empty, it would be refused: it is not said to be optional, as one total of several is."""
    page = arrive(client, service, "montants", compte="marc", autres_ressources=(PENSION,))
    assert plain(page.tree.css_first(f"label[for={NADIA}]").text()) == "Marc : total en euros"
    assert page.tree.css_first(f"#{NADIA}").attributes["aria-required"] == "true"
    assert "Saisissez le total reçu du 1er octobre 2025 au 30 septembre 2026, en euros." in page.main
    assert "Une réponse est obligatoire." in page.main
    assert "Laissez son champ vide" not in page.main
    page = client.press("Suivant")
    assert page.status == 422
    assert page.errors[0].startswith(
        "Pensions alimentaires perçues : saisissez le total, par exemple 1 200 ou 1 200,50. Vous n'en avez pas reçu ?"
    )


def test_chaque_ressource_a_sa_periode(client: Browser, service: Starlette) -> None:
    """The period of the page is said once, and read with each total; a kind that has another has it read instead, and the example with it."""
    page = arrive(client, service, "montants", autres_ressources=SEVEN)
    common = plain(page.tree.css_first("#total_aide").text())
    assert "Pour chaque personne, saisissez le total reçu du 1er octobre 2025 au 30 septembre 2026" in common
    assert plain(page.tree.css_first("#total_exemple").text()) == "Exemple : 1 200 ou 1 200,50."
    groups = page.tree.css("fieldset.groupe")
    own = [group.css_first("p[id$=_periode]") for group in groups]
    assert [plain(period.text()) if period else "" for period in own] == [
        "",
        "",
        "Somme possédée, et non un revenu.",
        "",
        "Chiffre d'affaires du 1er octobre 2025 au 30 septembre 2026, ou revenu net du dernier avis d'impôt.",
        "Rémunération ou part de bénéfice du 1er octobre 2025 au 30 septembre 2026, "
        "ou revenu net du dernier avis d'impôt.",
        "",
    ]
    for group, period in zip(groups, own, strict=True):
        read = {total.attributes["aria-describedby"] for total in group.css(".deux input")}
        assert read == {f"{period.id} total_exemple" if period else "total_aide"}
        assert "aria-describedby" not in group.attributes, "it would be read twice"


def test_un_refus_ne_fait_pas_relire_la_consigne(client: Browser, service: Starlette) -> None:
    """« au moins une somme » and the example were read in the description of the field, then in its refusal."""
    arrive(client, service, "montants", autres_ressources=(PENSION, "placements_sans_revenu", "autres"))
    page = client.press("Suivant", ZERO | {NADIA: "mille"})
    assert page.status == 422
    refused = page.tree.css("input[aria-invalid][id^=total_]")
    assert len(refused) == 3
    for total in refused:
        named = (total.attributes["aria-describedby"] or "").split()
        read = plain(" ".join(page.tree.css_first(f"#{name}").text() for name in named))
        assert read.count("1 200,50") == 1
        assert read.count("au moins une somme") <= 1
        assert "1er octobre 2025" in read or "Somme possédée" in read


@pytest.mark.parametrize(
    ("saisi", "message"),
    [
        pytest.param("mille", "saisissez un nombre, sans lettre", id="lettres"),
        pytest.param("-5", "Saisissez-le sans le signe moins", id="négatif"),
        pytest.param("10 000 000", "est de 9 999 999 € au plus", id="trop grand"),
        pytest.param("1,2345", "saisissez 2 chiffres au plus après la virgule", id="centimes"),
        pytest.param("1.200", "se lit de deux façons", id="ambigu"),
        pytest.param("1,200", "se lit de deux façons", id="ambigu, virgule"),
    ],
)
def test_un_refus_nomme_la_personne_et_la_ressource(
    client: Browser, service: Starlette, saisi: str, message: str
) -> None:
    arrive(client, service, "montants", autres_ressources=(PENSION,))
    page = client.press("Suivant", ZERO | {NADIA: "1 200", SAMI: saisi})
    assert page.status == 422
    assert page.error_fields() == [SAMI]
    assert message in page.errors[0]
    assert "Sami, Pensions alimentaires perçues" in page.errors[0]
    assert (page.value(NADIA), page.value(SAMI), page.value(LINA)) == ("1 200", saisi, "0")
    assert current(client, service).demande.montants.totaux == {}


@pytest.mark.parametrize("code", ["ti_hors_gerants", "ti_gerants"])
def test_une_perte_ne_devient_pas_un_revenu(client: Browser, service: Starlette, code: str) -> None:
    """The avis of a self-employed person may tell a loss: typed without its sign, it would be declared as an income."""
    arrive(client, service, "montants", compte="marc", autres_ressources=(code,))
    page = client.press("Suivant", {f"total_{code}_moi": "-3 000"})
    assert page.status == 422
    assert "Votre activité a fait une perte ? Saisissez 0." in page.errors[0]
    assert "sans le signe" not in page.main
    assert client.press("Suivant", {f"total_{code}_moi": "0"}).path == "/demande/complements"
    assert "Si c'est une perte, indiquez 0." in client.get("/demande/autres-ressources").main


@pytest.mark.parametrize(
    ("libelle", "message"),
    [
        pytest.param("", "Dites en quelques mots de quoi il s'agit pour « Autres »", id="vide"),
        pytest.param("...", "Dites en quelques mots", id="sans lettre"),
        pytest.param("a" * 61, "compte 61 caractères", id="trop long"),
        pytest.param("gain <b>", "contient un signe non reconnu : <", id="signe"),
        pytest.param("gain \U0001f3b0", "contient un signe non reconnu", id="dessin"),
    ],
)
def test_la_description_de_autres_est_courte_et_lisible(
    client: Browser, service: Starlette, libelle: str, message: str
) -> None:
    arrive(client, service, "montants", autres_ressources=("autres",))
    page = client.press("Suivant", AUTRES | {"libelle_autres": libelle})
    assert page.status == 422
    assert page.error_fields() == ["libelle_autres"]
    assert message in page.errors[0]
    assert page.value("libelle_autres") == libelle


def test_la_description_la_plus_longue_est_prise(client: Browser, service: Starlette) -> None:
    arrive(client, service, "montants", autres_ressources=("autres",))
    libelle = "Vente d'objets (été 2026) : n° 1, 2 & 3 ; l’œuvre à 50 % !".ljust(60, "é")
    assert client.press("Suivant", AUTRES | {"libelle_autres": libelle}).path == "/demande/complements"
    assert client.get("/demande/montants").value("libelle_autres") == libelle


def test_la_description_prend_ce_qu_un_telephone_ecrit_seul(client: Browser, service: Starlette) -> None:
    arrive(client, service, "montants", autres_ressources=("autres",))
    libelle = "Retraite — Portugal… “viúva” ‘14 mois’"
    assert client.press("Suivant", AUTRES | {"libelle_autres": libelle}).path == "/demande/complements"


def test_les_refus_suivent_l_ordre_de_la_page(client: Browser, service: Starlette) -> None:
    arrive(client, service, "montants", autres_ressources=(PENSION, "autres"))
    fields = {SAMI: "mille", LINA: "-5"}
    assert client.press("Suivant", fields).error_fields() == [
        SAMI,
        LINA,
        "libelle_autres",
        "total_autres_moi",
    ]


def test_un_champ_vide_est_rien_recu(client: Browser, service: Starlette) -> None:
    arrive(client, service, "montants", autres_ressources=(PENSION,))
    assert client.press("Suivant", {NADIA: "1 200"}).path == "/demande/complements"
    totaux = current(client, service).demande.montants.totaux[PENSION]
    assert totaux == {"moi": Decimal(1200), "k7qd": Decimal(0), "m3xw": Decimal(0)}
    recap = client.get("/demande/complements") and client.press("Suivant", dict.fromkeys(COMPLEMENTS, "non"))
    assert "Pensions alimentaires perçues : 1 200 €" in recap.main
    assert " 0 €" not in recap.main


def test_une_ressource_sans_aucune_somme_pose_la_question(client: Browser, service: Starlette) -> None:
    arrive(client, service, "montants", autres_ressources=(PENSION,))
    page = client.press("Suivant")
    assert page.error_fields() == [NADIA]
    assert page.errors[0].endswith("Décochez cette ressource à la page précédente.")
    assert client.press("Suivant", {NADIA: "0"}).path == "/demande/complements"


def test_la_meme_faute_de_plusieurs_sommes_est_une_ligne(client: Browser, service: Starlette) -> None:
    arrive(client, service, "montants", autres_ressources=(PENSION,))
    page = client.press("Suivant", {NADIA: "mille", SAMI: "cent", LINA: "-5"})
    assert page.error_fields() == [NADIA, LINA]
    assert page.errors[0] == ("Saisissez un nombre, sans lettre, par exemple 1 200 ou 1 200,50. (2 réponses)")
    assert "3 réponses à compléter ou à corriger" in page.main
    assert page.main.count("À corriger : Saisissez un nombre") == 2


def test_une_page_perimee_ne_declare_rien_de_plus(client: Browser, service: Starlette) -> None:
    arrive(client, service, "montants", autres_ressources=(PENSION,))
    client.press("Suivant", ZERO | {"total_dons_familiaux_moi": "7", f"total_{PENSION}_inconnue": "7"})
    assert set(current(client, service).demande.montants.totaux) == {PENSION}
    assert set(current(client, service).demande.montants.totaux[PENSION]) == {"moi", "k7qd", "m3xw"}
    client.get("/demande/montants")
    client.press("Suivant", {LINA: None})
    assert current(client, service).demande.montants.totaux[PENSION]["m3xw"] == Decimal(0)


def test_une_personne_qui_part_puis_revient_garde_ses_montants(client: Browser, service: Starlette) -> None:
    kept: dict[str, Any] = {"autres_ressources": (PENSION,), "montants": totals(PENSION)}
    page = arrive(client, service, "montants", **kept, foyer=Foyer(vu=True, retires=("k7qd",)))
    assert "Sami" not in page.main
    client.press("Suivant", {NADIA: "5"})
    seed(client, service, foyer=Foyer(vu=True))
    page = client.get("/demande/montants")
    assert (page.value(NADIA), page.value(SAMI)) == ("5", "1 200,50")
    assert client.get("/demande/complements").path == "/demande/complements"


def test_une_personne_de_plus_rouvre_la_page(client: Browser, service: Starlette) -> None:
    arrive(client, service, "montants", autres_ressources=(PENSION,), montants=totals(PENSION))
    seed(client, service, beneficiaires=added("Jules", date(2010, 1, 2)))
    page = client.get("/demande/complements")
    assert page.path == "/demande/montants"
    assert "Votre foyer a changé" in page.main
    assert "Il reste à répondre pour : Jules." in page.main
    assert page.value(NADIA) == "1 200,50"
    page = client.press("Suivant", {f"total_{PENSION}_zz99": "0"})
    assert page.path == "/demande/complements"


def test_deux_personnes_de_meme_prenom_ont_leur_date(client: Browser, service: Starlette) -> None:
    arrive(
        client,
        service,
        "montants",
        autres_ressources=(PENSION,),
        beneficiaires=added("sami", date(2010, 1, 2)),
    )
    page = client.press("Suivant", {SAMI: "mille", f"total_{PENSION}_zz99": "-5"})
    assert page.errors[0].startswith("Sami (12 mars 2017), Pensions")
    assert page.errors[1].startswith("Sami (2 janvier 2010), Pensions")


def test_le_foyer_d_awa_tient_sur_une_page(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "montants", "awa", autres_ressources=SEVEN)
    names = [box.attributes["name"] or "" for box in page.tree.css("input[name^=total_]")]
    assert len(names) == 77
    page = client.press("Suivant", {name: f"{index} 234,56" for index, name in enumerate(names, 100)})
    assert page.error_fields() == ["libelle_autres"]
    assert client.press("Suivant", libelle_autres="gain à un jeu").path == "/demande/complements"


def test_une_ressource_qui_ne_compte_plus_est_signalee(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "montants", autres_ressources=("dons_familiaux",))
    assert "« Dons familiaux » n'est plus à déclarer depuis le 1er juillet 2025." in page.main
    assert page.links()["Revoir les cases cochées"] == "/demande/autres-ressources"
    page = client.press("Suivant", {f"total_dons_familiaux_{cle}": "0" for cle in ("moi", "k7qd", "m3xw")})
    assert page.path == "/demande/complements"


def test_sans_ressource_cochee_la_page_est_sautee(client: Browser, service: Starlette) -> None:
    arrive(client, service, "complements", autres_ressources=())
    page = client.get("/demande/montants")
    assert page.path == "/demande/complements"
    assert "La page demandée ne concerne pas votre situation. Voici la suivante." in page.main
