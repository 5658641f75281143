"""What a hostile hand types: it is shown again as it was typed, it changes nothing else, and no page breaks."""

from pathlib import Path

import pytest
from starlette.applications import Starlette

from app.domain.demande import Montants
from app.domain.saisie import en_clair
from app.journey import JOURNEY
from tests.support import hostile, samples
from tests.support.browser import Page
from tests.support.drafts import current, put, seed
from tests.support.hostile import ADDED
from tests.support.walk import forward, walk_to

WORDS = {
    "balise": '"><c2s-intrus data-hx-get="/intrus" onclick=intrus()></c2s-intrus>',
    "attribut": '" data-intrus="1" autofocus onfocus="intrus()" x="',
    "attribut simple": "' data-intrus='1' x='",
    "sans guillemet": "x data-intrus=1",
    "fin de champ": "</textarea></select></title></form></main><c2s-intrus>",
    "script": "<script>intrus()</script><img src=x onerror=intrus()><svg/onload=intrus()>",
    "commentaire": "<!--<c2s-intrus>--><![CDATA[<c2s-intrus>]]>",
    "entités": "&lt;c2s-intrus&gt;&#60;c2s-intrus&#62;&quot;",
    "adresse": "javascript:intrus()",
    "sql": "'; DROP TABLE compte;-- \" OR 1=1 %_\\",
    "sens d'écriture": "\u202eavis\u2066\u2069\u200f.fdp",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f\U0001f1eb\U0001f1f7",
    "accents empilés": "Z" + "\u0301\u0323" * 60,
    "grand nombre": "9" * 400,
    "nombre négatif": "-1",
    "nombre flottant": "1e309",
    "pas un nombre": "NaN",
    "autres chiffres": "\u0661\u0662\u0663\u00b2\u00bd",
    "octets nuls": "a\x00b\x01c\x1b[31md\x85e\x0bf\x1cg\x7f",
    "non caractères": "\ufffe\uffff\ufdd0\U0010ffff\ue000",
    "fins de ligne": "a\r\nSet-Cookie: intrus=1\r\n\r\nb",
    "dossiers": "../../etc/passwd",
    "espaces": " \u00a0\u2003\u3000\t ",
    "gabarit": "${7*7}{7*7}{#7#}",
    "très long": "x" * 10_000,
    "vide": "",
}


@pytest.fixture(scope="module")
def house(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    return hostile.shared_service(filled_folder, tmp_path_factory.mktemp("hostile"))


def assert_untouched(page: Page) -> None:
    """Nothing of what was typed has become an element or an attribute."""
    assert not page.tree.css("c2s-intrus, main script, main svg[onload], main img")
    for node in page.tree.css("*"):
        assert not {"data-intrus", "onfocus", "onclick", "onerror"} & set(node.attributes), node.html
        assert "/intrus" not in node.attributes.values()
        assert not (node.attributes.get("href") or "").startswith("javascript:")
    assert "intrus" not in page.response.cookies


@pytest.mark.parametrize("url", [*hostile.PAGES, *hostile.OTHER_PAGES])
def test_what_is_typed_stays_a_text(house: Starlette, url: str) -> None:
    """In every field of every form of the page, all at once."""
    client = hostile.arrive(house, url)
    page, before = client.page, hostile.draft_of(client, house)
    for form in hostile.forms(page):
        typed, chosen = hostile.names_in(form, hostile.TYPED), hostile.names_in(form, hostile.CHOSEN)
        for word in WORDS.values() if typed or chosen else ():
            client.page = page
            answer = hostile.submit(client, form, dict.fromkeys([*typed, *chosen], word))
            assert answer.status in (200, 422, 429), answer.url
            assert_untouched(answer)
            if answer.status != 200:
                assert hostile.draft_of(client, house) == before
                if word.isprintable():
                    read = en_clair(word).strip()  # the digits of every script are those of ours
                    assert {answer.value(name) for name in typed} <= {read, read[:2_000]}
            if before is not None:
                put(client, house, before)


@pytest.mark.parametrize(
    ("url", "button"), [(row.step.url, button) for row in JOURNEY.rows for button in row.step.actions()]
)
def test_a_button_that_names_nobody_changes_nothing(house: Starlette, url: str, button: str) -> None:
    client = hostile.arrive(house, url)
    page, before = client.page, hostile.draft_of(client, house)
    for word in WORDS.values():
        client.page = page
        assert_untouched(hostile.submit(client, hostile.forms(page)[-1], {button: word}))
        assert hostile.draft_of(client, house) == before


@pytest.mark.parametrize("url", [*hostile.PAGES, *hostile.OTHER_PAGES])
def test_fields_sent_twice_or_that_nobody_asked_for(house: Starlette, url: str) -> None:
    client = hostile.arrive(house, url)
    page = client.page
    unknown = {f"inconnu_{rank}": WORDS["balise"] for rank in range(50)} | {
        "__proto__": "1",
        "id": "0",
        "vu": "oui",
    }
    for form in hostile.forms(page):
        names = hostile.names_in(form, f"{hostile.TYPED}, {hostile.CHOSEN}")
        client.page = page
        answer = hostile.submit(client, form, {name: ["", WORDS["sql"], "oui"] for name in names} | unknown)
        assert answer.status in (200, 422)
        assert_untouched(answer)


def test_the_first_of_two_answers_is_kept(house: Starlette) -> None:
    client = hostile.arrive(house, "/demande/situation")
    client.press("Suivant", nationalite=["ue", "fr"], inconnu="oui")
    assert current(client, house).demande.situation.nationalite == "ue"


@pytest.mark.parametrize(
    "word", ["balise", "attribut", "attribut simple", "script", "fin de champ", "entités"]
)
def test_a_household_of_hostile_names_is_shown_as_text(service: Starlette, word: str) -> None:
    """As if they had got through: on every page that says a name, to the receipt and the accusé."""
    text = WORDS[word].replace("/", "")
    client = hostile.arrive(service, "/demande/recapitulatif")
    demande = current(client, service).demande
    people = [p.model_copy(update={"prenom": text, "nom": text}) for p in demande.beneficiaires.personnes]
    seed(
        client,
        service,
        beneficiaires=demande.beneficiaires.model_copy(update={"personnes": tuple(people)}),
        montants=Montants(totaux=demande.montants.totaux, libelle_autres=text),
    )
    client.get("/demande/recapitulatif")
    forward(client)
    file = (f"fichier_rsa_{ADDED}", (f"{text}.pdf", samples.pdf(), "application/pdf"))
    assert_untouched(
        client.press("Suivant", {f"pas_rsa_{ADDED}": None}, bien="oui", etranger="oui", files=[file])
    )
    assert text in hostile.typed_text(client.page)
    for url in (*hostile.PAGES[1:], f"/demande/foyer?fait=retiree&qui={ADDED}"):
        assert_untouched(client.get(url))
    client.get("/demande/pieces")
    walk_to(client, "/demande/terminee", {"/demande/pieces": lambda _: {"bien": "non", "etranger": "non"}})
    assert_untouched(client.page)
    client.get("/demarches")
    filed = [url for url in client.page.links().values() if url.startswith(("/suivi/", "/echanges/"))]
    for url in (*filed, "/echanges", f"{filed[0]}/completer"):
        assert_untouched(client.get(url))
