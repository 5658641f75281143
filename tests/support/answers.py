"""Plausible answers to each page of the démarche, drawn at random; and answers and addresses that are not."""

from collections.abc import Callable
from random import Random
from typing import Any

from app.domain.ressources import CODES
from app.journey import JOURNEY
from tests.support.browser import Browser
from tests.support.household import BEBE, CONJOINT, JULES
from tests.support.walk import every

Fields = dict[str, Any]
NO_NUMBER = {"nir": "", "cle": "", "pas_de_numero": "oui"}
PEOPLE: tuple[Fields, ...] = (  # some cannot be in the household, or not together
    JULES,
    BEBE,
    {**CONJOINT, "naissance_annee": "1988", **NO_NUMBER},
    {
        **CONJOINT,
        "prenom": "Paul",
        "nom": "L'Autre",
        "nir": "2910475111234",
        "cle": "04",
        "nir_confirme": "oui",
    },
    {
        **JULES,
        **NO_NUMBER,
        "prenom": "Ada",
        "lien": "enfant_conjoint",
        "naissance_annee": "2009",
        "rsa": "oui",
    },
    {**JULES, **NO_NUMBER, "prenom": "Noor", "lien": "autre", "naissance_annee": "2003", "caf": "0123456"},
    {**JULES, **NO_NUMBER, "prenom": "Jules", "nom": "Homonyme", "garde": "oui"},
    {**JULES, "prenom": "Jumeau", "naissance_annee": "2013"},
    {**JULES, "naissance_annee": "1990"},
    {**JULES, "cle": "99"},
)
CHANGES: tuple[Fields, ...] = (
    {"prenom": "Corrigé"},
    {"nationalite": "autre"},
    {"rsa": "oui", "c2s": "oui"},
    {"rsa": None},
    {"lien": "conjoint", "garde": None},
    {"naissance_annee": "2008", "nir_confirme": "oui", "garde": None},
    {"nom": ""},
    {"naissance_annee": "1990", "lien": "autre"},
)
GARBAGE = ("\U0001f4a5<b>", "-3", "1.200", "x" * 3_000, "' OR 1=1 --", "\u202e\x00\x1c", "oui", "")
ADDRESSES = (
    "/demande",
    "/demarches",
    "/informations",
    "/plan",
    "/echanges/inconnu",
    "/suivi/C2S-2026-000001",
    "/demande/terminee",
    "/demande/inconnue",
    "/demande/beneficiaires/ajouter",
    "/demande/beneficiaires/zzzz",
    "/demande/pieces/zzzzzzzz",
    "/demande/organismes-du-foyer?personne=zzzz",
    "/demande/foyer?fait=retiree&qui=zzzz",
    *(row.step.url for row in JOURNEY.rows),
    *(f"{row.step.url}?retour=recapitulatif" for row in JOURNEY.rows),
)
AMOUNTS = ("0", "120,50", "1 200", "1200.50", "9999999", "7", "3 000,10")


def answer(hasard: Random, client: Browser) -> Fields:
    """An answer to the page on which one is; most are taken, some are refused."""
    path = client.page.path
    if path.startswith("/demande/beneficiaires/"):
        return hasard.choice(PEOPLE if path.endswith("/ajouter") else CHANGES)
    make = _PAGES.get(path.removeprefix("/demande/"))
    return make(hasard, client) if make else {}


def _under_25(hasard: Random, _: Browser) -> Fields:
    alone = dict.fromkeys(("enfant", "couple", "rsa", "crous", "toit", "avis", "pension"), "non")
    return alone | hasard.choice(
        ({}, {"enfant": "oui"}, {"avis": "oui", "engagement_avis": "oui"}, {"crous": ""}, {"toit": "oui"}, {})
    )


def _situation(hasard: Random, _: Browser) -> Fields:
    caf = {"caf": "oui", "caf_numero": f"{hasard.randrange(10**7):07}"}
    changed = {"changement": "oui", "changement_type": hasard.choice(("couple", "separe", "veuf"))}
    nothing = {"caf": None, "caf_numero": "", "changement": None, "changement_type": ""}
    return (
        nothing
        | {"nationalite": hasard.choice(("fr", "ue", "autre"))}
        | hasard.choice((caf, changed, {}, {}))
    )


def _organisme(hasard: Random, client: Browser) -> Fields:
    if client.page.tree.css('input[name="actuel"]'):
        return {"actuel": hasard.choice(("0", "1", "2", "aucun"))}
    return _manager(hasard, client)


def _manager(hasard: Random, client: Browser) -> Fields:
    """A kind of manager, or a result of a search made first."""
    if hasard.random() < 0.4:
        town = hasard.choice(("Lyon", "Strasbourg", "75001", "Marseille"))
        client.get(f"{client.page.url.split('#')[0].split('?')[0]}?{_kept(client)}ville={town}")
        results = client.page.tree.css('input[name="choix_organisme"]')
        return {"gestionnaire": "organisme", "choix_organisme": hasard.choice(results).attributes["value"]}
    offered = [node.attributes["value"] for node in client.page.tree.css('input[name="gestionnaire"]')]
    return {"gestionnaire": hasard.choice(offered), "choix_organisme": None}


def _kept(client: Browser) -> str:
    """What the address of a search keeps of the page."""
    hidden = client.page.tree.css('input[type="hidden"][form="f_recherche"]')
    return "".join(f"{node.attributes['name']}={node.attributes['value']}&" for node in hidden)


def _organismes_du_foyer(hasard: Random, client: Browser) -> Fields:
    if client.page.tree.css('input[name="enregistrer"]'):
        return _manager(hasard, client)
    people = [url for text, url in client.page.links().items() if text.startswith("Modifier : organisme")]
    if people and hasard.random() < 0.4:
        client.get(hasard.choice(people).split("#")[0])
        return _manager(hasard, client)
    return {"meme": hasard.choice(("oui", None))}


def _resources(hasard: Random, _: Browser) -> Fields:
    kinds = hasard.sample(CODES, hasard.randint(1, 3))
    return {"ressource": hasard.choice((["aucune"], kinds, kinds, ["aucune", *kinds]))}


def _amounts(hasard: Random, client: Browser) -> Fields:
    asked = every(client, "total_", "") | every(client, "libelle_", "")
    return {name: hasard.choice(AMOUNTS) if name.startswith("total_") else "un gain" for name in asked}


def _yes_or_no(hasard: Random, client: Browser) -> Fields:
    asked = every(client, "stage_", "") | every(client, "arret_", "") | {"logement": ""}
    return {name: hasard.choice(("oui", "non")) for name in asked}


def _documents(hasard: Random, client: Browser) -> Fields:
    absent = every(client, "pas_", "oui") if hasard.random() < 0.8 else {}
    figure = {name: hasard.choice(("oui", None)) for name in every(client, "figure_", "oui")}
    two = {"bien": hasard.choice(("oui", "non", "non")), "etranger": hasard.choice(("oui", "non", "non"))}
    return absent | figure | two


_PAGES: dict[str, Callable[[Random, Browser], Fields]] = {
    "moins-de-25-ans": _under_25,
    "situation": _situation,
    "organisme": _organisme,
    "organismes-du-foyer": _organismes_du_foyer,
    "consentement": lambda hasard, _: {"accord": hasard.choice(("oui", "oui", "oui", None))},
    "autres-ressources": _resources,
    "montants": _amounts,
    "complements": _yes_or_no,
    "pieces": _documents,
}
