"""Étape 6 en partie : ce que htmx et static/pieces.js demandent, et le brouillon qu'ils laissent tel qu'il est."""

from pathlib import Path
from typing import Any

import brotli
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.applications import Starlette

from app.domain.demande import Pieces
from tests.support import samples
from tests.support.browser import Browser, plain
from tests.support.waiting import LINA, PIECES, Sent, answers, ready, send, sent, waiting

LARGEST = 3_000  # bytes of a fragment as sent; of the page's own script too
AVIS = ("avis.pdf", samples.pdf(3))
OUI = {"bien": "oui", "etranger": "oui", f"figure_{LINA}": "oui", "pas_habitation": "oui"}
SHOWN = ["avis_moi", f"avis_{LINA}", "rsa"]


class Fragment:
    """A part of étape 6, with what comes along and what is announced."""

    def __init__(self, response: Any, zone: str) -> None:
        self.response = response
        self.html, _, rest = response.text.partition('<p id="statut"')
        self.tree = LexborHTMLParser(f'<div id="{zone}">{self.html}</div>')
        said = LexborHTMLParser(f"<p{rest}")
        self.said = plain(said.css_first("p").text())
        self.bytes = len(brotli.compress(response.content, quality=5))

    @property
    def text(self) -> str:
        return plain(self.tree.body.text(separator=" "))


def ask(
    client: Browser, zone: str, fields: dict[str, Any], files: list[Sent] | None = None, status: int = 200
) -> Fragment:
    """Send the page's form with these fields, as htmx does for this part of the page."""
    client.get(PIECES)
    data = {"jeton": client.token, "montre": SHOWN, **fields}
    headers = {"HX-Request": "true", "HX-Target": f"div#{zone}"}
    response = client.client.post(PIECES, data=data, files=files, headers=headers, follow_redirects=False)
    assert response.status_code == status
    return Fragment(response, zone)


def reveal(client: Browser, zone: str, bloc: str, **fields: str) -> Fragment:
    return ask(client, zone, {"action": "afficher", "bloc": bloc, **fields})


@pytest.mark.parametrize(
    ("zone", "bloc", "fields", "said", "there"),
    [
        ("slots_bien", "bien", {"bien": "oui"},
         "Joignez aussi les avis de taxe foncière et de taxe d'habitation.", "Avis de taxe foncière"),
        ("slots_bien", "bien", {"bien": "non"}, "", ""),
        ("slots_bien", "bien", {"bien": "non", "montre": "avis_moi fonciere"}, "Les taxes ne sont plus demandées.", ""),
        ("slots_etranger", "etranger", {"etranger": "oui"}, "Joignez aussi un document de ce pays.",
         "Justificatif fiscal et social du pays"),
        ("slots_etranger", "etranger", {"etranger": "non"}, "", ""),
        ("slots_etranger", "etranger", {"etranger": "non", "montre": "etranger"},
         "Le document d'un autre pays n'est plus demandé.", ""),
        ("slots_avis", f"figure_{LINA}", {f"figure_{LINA}": "oui"},
         "Lina figure sur votre avis. Son avis n'est plus demandé.", "Son avis n'est plus demandé."),
        ("slots_avis", f"figure_{LINA}", {}, "L'avis est demandé pour Lina.", "Lina"),
        ("slots_avis", "figure_inconnue", {"figure_inconnue": "oui"}, "", "Lina"),
        ("slots_avis", "pas_avis_moi", {"pas_avis_moi": "oui"},
         "C'est noté : vous n'avez pas ce document. Votre caisse vous dira quoi faire.", "C'est noté"),
        ("slots_avis", "pas_avis_moi", {}, "À joindre", "À joindre"),
        ("slots_avis", "pas_inconnu", {"pas_inconnu": "oui"}, "", "Lina"),
        ("slots_rsa", "", {}, "", "Attestation de ressources"),
    ],
)  # fmt: skip
def test_une_reponse_montre_ses_documents_sans_rien_enregistrer(
    client: Browser, service: Starlette, zone: str, bloc: str, fields: dict[str, str], said: str, there: str
) -> None:
    ready(client, service)
    fragment = reveal(client, zone, bloc, **fields)
    assert fragment.said == said
    assert there in fragment.text
    assert bool(fragment.tree.css(f"#{zone} .carte")) == bool(there)
    assert "set-cookie" not in fragment.response.headers
    assert answers(client, service) == Pieces()


def test_repondre_non_dit_que_les_fichiers_restent(client: Browser, service: Starlette) -> None:
    ready(client, service)
    send(client, "avis_moi", AVIS, bien="oui")
    send(client, "fonciere", ("taxe.pdf", samples.pdf(2)))
    fragment = reveal(client, "slots_bien", "bien", bien="non", montre="avis_moi fonciere habitation")
    assert fragment.said == (
        "Les taxes ne sont plus demandées. "
        "Vos fichiers pour ces taxes restent gardés si vous répondez à nouveau « Oui »."
    )
    assert "restent gardés" in fragment.text


def test_un_avis_d_une_page_s_entend_aussi(client: Browser, service: Starlette) -> None:
    """RGAA 7.5: the warning stands in the page, and is heard with the file, once."""
    ready(client, service)
    files = [sent("avis_moi", "avis.pdf", samples.pdf(1))]
    fragment = ask(client, "slots_avis", {"envoyer": "avis_moi"}, files)
    assert fragment.said == (
        "Fichier reçu : avis.pdf, 1 ko. Ce PDF compte une seule page. Il reste 1 document à joindre."
    )


def test_un_fichier_envoye_par_script_ne_touche_pas_au_brouillon(client: Browser, service: Starlette) -> None:
    ready(client, service)
    files = [sent("fonciere", *AVIS)]
    fields = {**OUI, "montre": "avis_moi fonciere habitation etranger rsa", "envoyer": "fonciere"}
    fragment = ask(client, "slots_bien", fields, files)
    assert "set-cookie" not in fragment.response.headers
    assert answers(client, service) == Pieces()
    assert [(fichier.emplacement, fichier.nom) for fichier in waiting(client, service)] == [
        ("fonciere", "avis.pdf")
    ]
    assert fragment.said == "Fichier reçu : avis.pdf, 2 ko, 3 pages. Il reste 2 documents à joindre."
    assert "Supprimer le fichier avis.pdf" in fragment.text
    assert fragment.tree.css_first("#pas_habitation").attributes.get("checked", "absent") != "absent"
    assert not fragment.tree.css("[autofocus]"), "one channel an event"


def test_le_meme_envoi_sans_script_garde_les_reponses(client: Browser, service: Starlette) -> None:
    ready(client, service)
    send(client, "avis_moi", AVIS, bien="oui", etranger="non")
    assert answers(client, service) == Pieces(bien=True, etranger=False)


def test_un_fichier_refuse_est_dit_dans_la_page_entiere(client: Browser, service: Starlette) -> None:
    ready(client, service)
    client.get(PIECES)
    response = client.client.post(
        PIECES,
        data={"jeton": client.token, "montre": SHOWN, "envoyer": "avis_moi", "bien": "oui"},
        files=[sent("avis_moi", "secret.pdf", samples.protected_pdf())],
        headers={"HX-Request": "true", "HX-Target": "div#slots_avis"},
    )
    assert response.status_code == 422
    assert "set-cookie" not in response.headers
    messages = LexborHTMLParser(response.text).css("#slot_avis_moi .envoi .msg")
    assert len(messages) == 1, "static/pieces.js takes it from there"
    assert "secret.pdf est protégé" in plain(messages[0].text())


def test_supprimer_en_partie(client: Browser, service: Starlette) -> None:
    ready(client, service)
    send(client, "avis_moi", AVIS)
    before = answers(client, service)
    identity = waiting(client, service)[0].id
    fragment = ask(client, "slots_avis", {**OUI, "supprimer": identity})
    assert "set-cookie" not in fragment.response.headers
    assert waiting(client, service) == []
    assert answers(client, service) == before
    focused = fragment.tree.css_first("#slot_avis_moi [autofocus]")
    assert plain(focused.text()) == (
        "Fichier supprimé : Avis d'impôt : Nadia. Pour le remettre, envoyez-le à nouveau."
    )
    assert "tabindex" in focused.attributes
    assert fragment.said == "", "one channel an event"
    again = ask(client, "slots_avis", {**OUI, "supprimer": identity})
    assert again.said.startswith("Ce que vous vouliez changer n'est plus là.")
    assert not again.tree.css("[autofocus]")


def test_sans_script_la_suppression_est_dite_une_seule_fois(client: Browser, service: Starlette) -> None:
    ready(client, service)
    send(client, "avis_moi", AVIS)
    page = client.press("Supprimer")
    assert page.main.count("Fichier supprimé") == 1
    assert page.tree.css_first("#slot_avis_moi [autofocus]")


def test_une_partie_reste_legere(client: Browser, service: Starlette) -> None:
    """Nadia, every document asked for, and a document with as many files as it may have."""
    ready(client, service)
    montre = {"montre": "avis_moi avis_m3xw fonciere habitation etranger rsa"}
    names = [(f"page {number} de mon avis.pdf", samples.pdf(1, f"page {number}")) for number in range(10)]
    send(client, "avis_moi", *names)
    for zone in ("slots_avis", "slots_bien", "slots_etranger", "slots_rsa"):
        fragment = ask(client, zone, {"action": "afficher", "bien": "oui", "etranger": "oui", **montre})
        assert fragment.bytes <= LARGEST, f"{zone}: {fragment.bytes} bytes"


def test_le_script_de_la_page_reste_leger_et_arrive_avec_les_autres(
    client: Browser, service: Starlette
) -> None:
    script = Path(__file__).resolve().parents[2] / "static/pieces.js"
    assert len(brotli.compress(script.read_bytes())) <= LARGEST
    (together,) = ready(client, service).tree.css("script[src][defer]")
    assert script.read_bytes() in client.client.get(together.attributes["src"]).content


def test_les_mots_des_scripts_ne_se_lisent_pas_sans_eux(client: Browser, service: Starlette) -> None:
    """A browser that knows no `<template>`, such as w3m, shows its text in the page."""
    unknown = ready(client, service).text.replace("<template", "<div").replace("</template", "</div")
    model = LexborHTMLParser(unknown).css_first("#t_envoi")
    assert model.text(strip=True) == ""
    assert model.attributes["data-annuler"] == "Annuler l’envoi"
    assert "« Envoyer ce fichier »" in plain(model.attributes["data-reseau"] or "")
