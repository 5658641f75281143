"""The PDF of a message: accessible, and all that its page says."""

import io
import re
from datetime import date
from itertools import pairwise

import pikepdf
import pytest
from starlette.applications import Starlette

from app.domain.messages import PieceDemandee
from app.store import decisions
from app.store.tables import Echange
from tests.support.browser import Browser, plain
from tests.support.filed import accuse_id, compte_of, database, file, ring, rows
from tests.support.paper import deposit, pdf_of, squeezed, tags, text_of


def test_le_pdf_est_accessible(client: Browser, service: Starlette) -> None:
    reference = file(service)
    client.sign_in("nadia")
    pdf = pdf_of(client, accuse_id(reference))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        root = opened.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "fr"
        assert root.ViewerPreferences.DisplayDocTitle
        assert plain(str(opened.docinfo.Title)) == (
            "Accusé de réception de votre demande de Complémentaire santé solidaire"
        )
        with opened.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert plain(metadata["dc:title"]) == plain(str(opened.docinfo.Title))
        fonts = [font for page in opened.pages for font in page.Resources.Font.values()]
        assert all("/ToUnicode" in font for font in fonts), "every sign can be read aloud"
    found = tags(pdf)
    assert found.count("/H1") == 1
    headings = [int(tag[2]) for tag in found if re.fullmatch(r"/H\d", tag)]
    assert headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(headings))
    assert headings.count(2) >= 5
    assert {"/L", "/LI", "/Lbl", "/LBody", "/P"} <= set(found)
    assert "/Figure" not in found, "no image without a text in its place"


@pytest.mark.parametrize("missing", [False, True], ids=["complète", "incomplète"])
def test_le_pdf_dit_tout_ce_que_la_loi_demande(client: Browser, service: Starlette, missing: bool) -> None:
    """CRPA R112-11-1; R112-11-4 when a document is missing."""
    reference = file(service, missing=missing)
    client.sign_in("nadia")
    text = text_of(pdf_of(client, accuse_id(reference)))
    mentions = [
        reference,
        "Date de réception : 24 novembre 2026 à 10 h 42",
        "Service Complémentaire santé solidaire, CPAM de la Seine-Saint-Denis",
        "Adresse : 1 rue de l'Exemple, 93000 Bobigny",
        "Adresse e-mail : cpam-931@exemple.invalid",
        "Téléphone : 36 46",
        "L232-3",
        "R112-11-1",
        "du 1er octobre 2025 au 30 septembre 2026",
        "7f3a 91c0 5be2 08d4" * 4,
        "Nationalité : Française",
        "taxe.pdf, 1,1 Mo, 4 pages",
    ]
    mentions += (
        [
            "Avis de taxe foncière",
            "Envoyez ces documents au plus tard le 24 décembre 2026",
            "Les 2 mois de réponse ne commencent pas encore.",
            "R112-11-4",
        ]
        if missing
        else ["peut être acceptée sans réponse écrite", "elle est acceptée le 24 janvier 2027"]
    )
    assert [mention for mention in mentions if squeezed(mention) not in text] == []
    assert (squeezed("24 janvier 2027") in text) is not missing


def test_le_pdf_dit_tout_ce_que_dit_la_page(client: Browser) -> None:
    """After a real deposit, with files, help texts included; the actions of the page aside."""
    echange = deposit(client, joined=True)
    page = client.get(f"/echanges/{echange}")
    text = text_of(pdf_of(client, echange))
    for node in page.tree.css("main svg, main form, main .suite, main a.lien, main .vh, main p > span.petit"):
        node.decompose()
    said = [
        squeezed(node.text())
        for node in page.tree.css(
            "main h1, main h2, main h3, main p, main li, main dt, main dd, main summary"
        )
    ]
    assert len(said) > 40
    assert [line for line in said if line not in text] == []
    assert re.search(r"avis\.pdf,\d+ko,2pages", text)


def test_chaque_message_de_la_caisse_a_son_pdf(client: Browser, service: Starlette) -> None:
    reference = deposit_of_a_decided(client, service)
    for echange in rows(service, Echange, Echange.de_la_caisse, Echange.compte_id == _nadia(service)):
        pdf = pdf_of(client, echange.id, echange.genre.replace("_", "-"))
        assert tags(pdf).count("/H1") == 1
        assert squeezed(reference) in text_of(pdf)
    refus = rows(service, Echange, Echange.genre == "refus")[0]
    assert squeezed("Vos ressources dépassent le plafond.") in text_of(pdf_of(client, refus.id, "refus"))
    assert squeezed("commission de recours amiable") in text_of(pdf_of(client, refus.id, "refus"))


def deposit_of_a_decided(client: Browser, service: Starlette) -> str:
    echange = deposit(client, joined=False)
    now = service.state.house.settings.now()
    with database(service) as db:
        reference = client.get(f"/echanges/{echange}").tree.css_first(".reference .nombre").text()
        piece = PieceDemandee(document="Avis d'impôt : Nadia", raison="La page 2 manque.")
        decisions.ask_pieces(db, ring(service), reference, now, [piece], date(2026, 12, 24))
        decisions.start_instruction(db, ring(service), reference, now)
        decisions.refuse(db, ring(service), reference, now, motif="Vos ressources dépassent le plafond.")
    return reference


def _nadia(service: Starlette) -> int:
    with database(service) as db:
        identity = compte_of(db, "nadia").id
        assert identity is not None
        return identity
