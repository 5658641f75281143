"""Walk the démarche as a person without JavaScript does: one answer a page, then « Suivant »."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.support import samples
from tests.support.browser import Browser, Page

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


SIMPLEST: dict[str, Answer] = {
    "/demande/moins-de-25-ans": lambda _: dict.fromkeys(
        ("enfant", "couple", "rsa", "crous", "toit", "avis", "pension"), "non"
    ),
    "/demande/situation": lambda _: {"nationalite": "fr"},
    "/demande/organisme": lambda _: {"gestionnaire": "caisse"},
    "/demande/organismes-du-foyer": lambda _: {"meme": "oui"},
    "/demande/consentement": lambda _: {"accord": "oui"},
    "/demande/autres-ressources": lambda _: {"ressource": "aucune"},
    "/demande/montants": lambda client: (
        every(client, "total_", "120,50") | every(client, "libelle_autres", "une vente")
    ),
    "/demande/complements": lambda client: (
        every(client, "stage_", "non") | every(client, "arret_", "non") | {"logement": "non"}
    ),
    "/demande/pieces": lambda client: {"bien": "non", "etranger": "non"} | every(client, "pas_avis", "oui"),
    "/demande/validation": lambda _: {"certifie": "oui"},
}


def forward(client: Browser, answers: Mapping[str, Answer] | None = None) -> Page:
    """Answer this page and go on."""
    path = client.page.path
    answer = {**SIMPLEST, **(answers or {})}.get(path, lambda _: {})
    return client.press(FORWARD.get(path, "Suivant"), answer(client))


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
