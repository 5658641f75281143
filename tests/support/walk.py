"""
Walk the démarche as a person without JavaScript does: one answer a page, then « Suivant ».

The plainest answers, plausible ones drawn at random, and some that are refused. Those of a page whose questions are
declared in a table are the samples of its kinds.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from app.domain.ressources import CODES
from app.forms.asked import Asked
from app.forms.kinds import PerPerson
from app.journey import JOURNEY
from app.steps._step import AskedStep
from tests.support import samples
from tests.support.browser import Browser, Page
from tests.support.household import BEBE, CONJOINT, JULES

FORWARD = {
    "/demande/ressources": "Je déclare les autres ressources de mon foyer",
    "/demande/recapitulatif": "Je confirme que tout est bon",
    "/demande/validation": "Je valide ma demande",
}
Answer = Callable[[Browser], Mapping[str, Any]]


def every(client: Browser, kind: str, value: str) -> dict[str, str]:
    """The same answer to every group of radios, or text field, whose name starts so."""
    return {
        node.attributes["name"] or "": value
        for node in client.page.tree.css("main input")
        if (node.attributes.get("name") or "").startswith(kind)
    }


Choose = Callable[[Asked[Any]], Any]  # an answer to this question, or None
ASKED = {row.step.url: row.step for row in JOURNEY.rows if isinstance(row.step, AskedStep)}


def declared(client: Browser, choose: Choose) -> dict[str, Any]:
    """Answers to the questions that the table of this page declares, as a browser sends them."""
    step = ASKED.get(client.page.path)
    sent: dict[str, Any] = {}
    for name, asked in step.asked.asked.items() if step else ():
        if isinstance(asked.kind, PerPerson):
            each = every(client, f"{name}_", "")
            people = {control.removeprefix(f"{name}_"): choose(asked) for control in each}
            sent |= asked.kind.shown(name, {cle: one for cle, one in people.items() if one is not None})
        else:
            sent |= asked.kind.shown(asked.control or name, choose(asked))
    return {control: value or None for control, value in sent.items()}


def plainest(asked: Asked[Any]) -> Any:
    kind = asked.kind.kind if isinstance(asked.kind, PerPerson) else asked.kind
    return kind.samples()[0] if asked.missing else None


SIMPLEST: dict[str, Answer] = {
    "/demande/moins-de-25-ans": lambda _: dict.fromkeys(
        ("enfant", "couple", "rsa", "crous", "toit", "avis", "pension"), "non"
    ),
    "/demande/organisme": lambda _: {"gestionnaire": "caisse"},
    "/demande/organismes-du-foyer": lambda _: {"meme": "oui"},
    "/demande/consentement": lambda _: {"accord": "oui"},
    "/demande/autres-ressources": lambda _: {"ressource": "aucune"},
    "/demande/montants": lambda client: (
        every(client, "total_", "120,50") | every(client, "libelle_autres", "une vente")
    ),
    "/demande/pieces": lambda client: {"bien": "non", "etranger": "non"} | every(client, "pas_avis", "oui"),
    "/demande/validation": lambda _: {"certifie": "oui"},
}


def forward(client: Browser, answers: Mapping[str, Answer] | None = None) -> Page:
    """Answer this page and go on."""
    path = client.page.path
    known: Answer = {**SIMPLEST, **(answers or {})}.get(path, lambda client: declared(client, plainest))
    return client.press(FORWARD.get(path, "Suivant"), known(client))


def walk_to(client: Browser, path: str, answers: Mapping[str, Answer] | None = None) -> Page:
    """Go on until this page is reached."""
    for _ in range(30):
        if client.page.path == path:
            return client.page
        before = client.page.url
        forward(client, answers)
        assert client.page.status == 200, (
            f"SIMPLEST no longer answers {client.page.path}: {client.page.errors}"
        )
        assert client.page.url != before, f"stuck on {before}: {client.page.main[:400]}"
    raise AssertionError(f"{path} was not reached")


def join(client: Browser, slot: str, *, name: str = "avis.pdf", content: bytes | None = None) -> Page:
    """Send a file to a slot of étape 6."""
    sent = samples.pdf(pages=2) if content is None else content
    return client.press(
        "Envoyer ce fichier",
        {"bien": "non", "etranger": "non"},
        value=slot,
        files=[(f"fichier_{slot}", (name, sent, "application/octet-stream"))],
    )


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
    """An answer to the current page; the page takes most and refuses some."""
    path = client.page.path
    if path.startswith("/demande/beneficiaires/"):
        return hasard.choice(PEOPLE if path.endswith("/ajouter") else CHANGES)
    make = _PAGES.get(path.removeprefix("/demande/"))
    return make(hasard, client) if make else declared(client, lambda asked: _any(hasard, asked))


def _any(hasard: Random, asked: Asked[Any]) -> Any:
    kind = asked.kind.kind if isinstance(asked.kind, PerPerson) else asked.kind
    return hasard.choice((*kind.samples(), *(() if asked.missing else (None,))))


def _under_25(hasard: Random, _: Browser) -> Fields:
    alone = dict.fromkeys(("enfant", "couple", "rsa", "crous", "toit", "avis", "pension"), "non")
    return alone | hasard.choice(
        ({}, {"enfant": "oui"}, {"avis": "oui", "engagement_avis": "oui"}, {"crous": ""}, {"toit": "oui"}, {})
    )


def _organisme(hasard: Random, client: Browser) -> Fields:
    if present := client.page.tree.css('input[name="actuel"]'):
        return {"actuel": hasard.choice([radio.attributes["value"] for radio in present])}
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


def _documents(hasard: Random, client: Browser) -> Fields:
    absent = every(client, "pas_", "oui") if hasard.random() < 0.8 else {}
    figure = {name: hasard.choice(("oui", None)) for name in every(client, "figure_", "oui")}
    two = {"bien": hasard.choice(("oui", "non", "non")), "etranger": hasard.choice(("oui", "non", "non"))}
    return absent | figure | two


_PAGES: dict[str, Callable[[Random, Browser], Fields]] = {
    "moins-de-25-ans": _under_25,
    "organisme": _organisme,
    "organismes-du-foyer": _organismes_du_foyer,
    "consentement": lambda hasard, _: {"accord": hasard.choice(("oui", "oui", "oui", None))},
    "autres-ressources": _resources,
    "montants": _amounts,
    "pieces": _documents,
}
