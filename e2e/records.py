"""What each person's demande must hold once it is filed, to the last answer."""

import difflib
import hashlib
import json
from typing import Any

from app.domain._fige import Fige
from app.domain.demande import MOI, SituationDuFoyer
from app.domain.instantane import Instantane, PersonneDeposee, Reponses
from tests.support import samples
from tests.support.household import SITUATION

Record = dict[str, Any]
DATE_ONLY = 10  # characters of an ISO date


def record_of(contenu: Instantane) -> Record:
    """
    What was filed, without what chance decides.

    Keys of people who were added become their first names, the authorisation keeps its day, and a photo loses
    its weight and its digest: the browser that made it smaller decided them.
    """
    text = json.dumps(contenu.model_dump(mode="json"), ensure_ascii=False)
    added = [someone for someone in contenu.reponses.foyer[1:] if someone.nationalite]
    for personne in added:
        text = text.replace(f'"{personne.cle}"', f'"{personne.prenom}"')
    record: Record = json.loads(text)
    record["reponses"]["consentement"] = record["reponses"]["consentement"][:DATE_ONLY]
    for piece in record["pieces"]:
        if piece["media"] != "application/pdf":
            del piece["taille"], piece["empreinte"]
    return record


def assert_filed(contenu: Instantane, expected: Record) -> None:
    """This was filed, and nothing else; what differs is shown line by line."""
    found, wanted = (
        json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).splitlines()
        for record in (record_of(contenu), expected)
    )
    difference = "\n".join(difflib.unified_diff(wanted, found, "expected", "filed", lineterm="", n=4))
    assert not difference, difference


def unanswered(forme: type[Fige]) -> Record:
    """The answers that may be left out, as they are filed then."""
    return {nom: field.default for nom, field in forme.model_fields.items() if not field.is_required()}


def personne(cle: str, prenom: str, nom: str, naissance: str, nir: str, **changes: Any) -> Record:
    """A person of the household, with no special answer; the applicant answered étape 1."""
    alone = (
        SITUATION.model_dump(mode="json", exclude=set(SituationDuFoyer.model_fields)) if cle == MOI else {}
    )
    return {
        **unanswered(PersonneDeposee),
        "cle": cle,
        "prenom": prenom,
        "nom": nom,
        "naissance": naissance,
        "lien": None,
        "nationalite": "fr",
        "nir": nir,
        "gestionnaire": "caisse",
        "stage": False,
        "arret": False,
        **alone,
        **changes,
    }


def enfant(cle: str, prenom: str, nom: str, naissance: str, nir: str, **changes: Any) -> Record:
    """A child of the account, under 16."""
    child = {"lien": "enfant", "nationalite": None, "stage": None, "arret": None}
    return personne(cle, prenom, nom, naissance, nir, **(child | changes))


def adresse(voie: str, code_postal: str, commune: str, complement: str = "") -> Record:
    """The address of the account."""
    return {"voie": voie, "complement": complement, "code_postal": code_postal, "commune": commune}


def pdf(document: str = "avis", personne: str = "moi", nom: str = "avis.pdf", pages: int = 2) -> Record:
    """A PDF, kept as it came."""
    content = samples.pdf(pages=pages)
    return {
        "document": document,
        "personne": personne,
        "nom": nom,
        "taille": len(content),
        "pages": pages,
        "media": "application/pdf",
        "empreinte": hashlib.sha256(content).hexdigest(),
    }


def image(document: str, personne: str, nom: str, media: str = "image/jpeg") -> Record:
    """A photo, drawn anew."""
    return {"document": document, "personne": personne, "nom": nom, "pages": None, "media": media}


PERIODE = {"du": "2025-10-01", "au": "2026-09-30"}


def demande(
    caisse: str, foyer: list[Record], courriel: str, telephone: str, adresse: Record, **changes: Any
) -> Record:
    """A whole demande with one avis joined; `changes` are of its answers, or of what stands beside them."""
    once = SITUATION.model_dump(mode="json", include=set(SituationDuFoyer.model_fields))
    answers = (
        unanswered(Reponses)
        | once
        | {
            "caisse": caisse,
            "periode": PERIODE,
            "engagements": [],
            "foyer": foyer,
            "retirees": [],
            "consentement": "2026-11-24",
            "ressources": [],
            "logement": False,
        }
    )
    around = unanswered(Instantane) | {
        "courriel": courriel,
        "telephone": telephone,
        "adresse": adresse,
        "bien": False,
        "etranger": False,
        "figurent_sur_l_avis": [],
        "pieces": [pdf()],
        "manquants": [],
    }
    assert set(changes) <= set(answers) | set(around)
    return {
        "reponses": answers | {name: value for name, value in changes.items() if name in answers},
        **around,
        **{name: value for name, value in changes.items() if name in around},
    }


def total(ressource: str, personne: str, euros: str, libelle: str = "") -> Record:
    """A sum received in the period of reference."""
    return {
        "ressource": ressource,
        "personne": personne,
        "euros": euros,
        "periode": PERIODE,
        "libelle": libelle,
    }


BENOIT = demande(
    "691",
    [personne("moi", "Benoit", "Fictif", "1957-02-03", "1570269990104")],
    "benoit@courriel.example",
    "06 39 98 10 02",
    adresse("4 quai de la Démonstration", "69003", "Lyon"),
)
NADIA = demande(
    "931",
    [
        personne(
            "moi", "Nadia", "Exemple", "1988-06-14", "2880675990101", nationalite="ue", numero_caf="0123456"
        ),
        enfant("k7qd", "Sami", "Exemple", "2017-03-12", "1170393990102"),
        enfant("m3xw", "Lina", "Exemple", "2010-09-27", "2100993990103", stage=False, arret=False),
        personne("Zoé", "Zoé", "D'Almeida", "1991-04-03", "2910475111234", lien="conjoint", stage=True),
    ],
    "nadia@courriel.example",
    "06 39 98 10 01",
    adresse("12 rue de l'Exemple", "93200", "Saint-Denis", "Bâtiment B, 2e étage"),
    changement="couple",
    logement=True,
    ressources=[
        total("pension_alimentaire_percue", "moi", "1200.50"),
        *(total("pension_alimentaire_percue", cle, "0.00") for cle in ("k7qd", "m3xw", "Zoé")),
        *(total("autres", cle, "0.00", "gain à un jeu") for cle in ("moi", "k7qd", "m3xw")),
        total("autres", "Zoé", "85.00", "gain à un jeu"),
    ],
    figurent_sur_l_avis=["m3xw"],
    pieces=[pdf(), image("avis", "Zoé", "avis de Zoé.jpg")],
)
MARC = demande(
    "673",
    [personne("moi", "Marc", "Modèle", "1974-11-05", "1741167990107", gestionnaire="DEMO-6915")],
    "marc@courriel.example",
    "06 39 98 10 03",
    adresse("27 bis rue Sans-Nom", "67000", "Strasbourg"),
)
LUCIE = demande(
    "422",
    [personne("moi", "Lucie", "Spécimen", "1965-01-22", "2650142990108", gestionnaire="DEMO-4206")],
    "lucie@courriel.example",
    "06 39 98 10 04",
    adresse("8 avenue Imaginaire", "42100", "Saint-Étienne"),
)
KARIM = demande(
    "131",
    [personne("moi", "Karim", "L'Essai", "1992-08-09", "1920813990109", gestionnaire="DEMO-1315")],
    "karim@courriel.example",
    "06 39 98 10 05",
    adresse("5 impasse de l'Invention", "13015", "Marseille"),
    bien=True,
    pieces=[image("avis", "moi", "avis.png", "image/png")],
    manquants=[{"document": "fonciere", "personne": ""}],
)
LEO = demande(
    "351",
    [personne("moi", "Léo", "Échantillon", "2004-05-17", "104052A990110")],
    "leo@courriel.example",
    "06 39 98 10 06",
    adresse("3 place du Modèle", "35000", "Rennes", "Chambre 114"),
    motif_avant_25_ans="conditions",
    engagements=["engagement_avis"],
)
AWA = demande(
    "974",
    [
        personne("moi", "Awa", "Démonstration", "1981-03-30", "2810399990111", nationalite="autre"),
        *(
            enfant(cle, prenom, "Démonstration", naissance, nir, **changes)
            for cle, prenom, naissance, nir, changes in (
                ("b6fk", "Aminata", "2009-02-11", "2090297499112", {"stage": False, "arret": False}),
                ("c2vn", "Moussa", "2010-01-08", "1100197499113", {"stage": False, "arret": False}),
                ("d8jy", "Fanta", "2011-04-25", "2110497499114", {}),
                ("f5ws", "Ibrahima", "2013-10-02", "1131097499115", {}),
                ("g7hm", "Kadiatou", "2015-06-19", "2150697499116", {}),
                ("j3px", "Ousmane", "2016-12-14", "1161297499117", {}),
                ("n9cg", "Hawa", "2019-05-06", "2190597499118", {}),
                ("q4zt", "Adama", "2019-05-06", "1190597499119", {}),
                ("r8kd", "Mariam", "2022-08-21", "2220897499120", {}),
                ("t2yb", "Bilal", "2025-07-04", "1250797499121", {"gestionnaire": "DEMO-97403"}),
            )
        ),
    ],
    "awa@courriel.example",
    "06 39 98 10 07",
    adresse("19 rue de l'Exemple", "97400", "Saint-Denis"),
    figurent_sur_l_avis=["b6fk", "c2vn"],
)
