"""htmx, seen from the server: a fragment is the very markup of its page, and nothing else lands in a page."""

import re
import shutil
from pathlib import Path

import brotli
import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.applications import Starlette

from app.main import create_app
from app.settings import load_settings
from tests.browser import Browser, plain
from tests.conftest import TODAY
from tests.drafts import current
from tests.states import ETATS, open_browser

LARGEST = 3_000  # bytes of a fragment as sent, the draft's cookie apart (spec §10)
BLOCKS = {
    "/demande/situation": ("caf_suite", "changement_suite"),
    "/demande/foyer": ("personnes",),
    "/demande/beneficiaires": ("personnes",),
    "/demande/organisme": ("resultats_zone",),
    "/demande/organismes-du-foyer": ("resultats_zone",),
    "/demande/pieces": ("slots_avis", "slots_bien", "slots_etranger", "slots_rsa"),
}
CASES = [
    (nom, block)
    for nom, etat in ETATS.items()
    if etat.page in BLOCKS and etat.envoi is None and etat.statut == 200
    for block in BLOCKS[etat.page]
]
WITHOUT = {
    "organisme-plusieurs",
    "organismes-du-foyer",
    "organismes-du-foyer-differents",
}  # another question there
SITUATION = {"caf": "oui", "caf_numero": "0123456", "nationalite": "ue"}


def htmx(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target}


def comparable(html: str) -> str:
    """Without the form tokens, which differ each time, and the spaces between tags."""
    return re.sub(r"\s+", " ", re.sub(r'name="jeton" value="\w+"', "", html)).strip()


@pytest.fixture(scope="module")
def shared_service(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    folder = tmp_path_factory.mktemp("fragments") / "donnees"
    shutil.copytree(filled_folder, folder)
    return create_app(load_settings(demo=True, data_dir=folder, today=TODAY))


@pytest.mark.parametrize(("nom", "block"), CASES)
def test_a_fragment_is_the_very_markup_of_its_page(shared_service: Starlette, nom: str, block: str) -> None:
    client = open_browser(shared_service, ETATS[nom])
    if client.page.tree.css_first(f"#{block}") is None:
        assert nom in WITHOUT, f"{nom} has no #{block}"
        return
    answer = client.client.get(client.page.url, headers=htmx(f"div#{block}"))
    assert answer.status_code == 200
    fragment, _, said = answer.text.rpartition('<p id="statut"')
    assert said, "the status node is told, even of nothing"
    assert comparable(fragment) in comparable(client.page.text)
    assert "<html" not in fragment
    assert "HX-Request" in answer.headers["vary"]
    assert len(brotli.compress(answer.text.encode(), quality=5)) <= LARGEST


def test_a_reveal_shows_keeps_and_writes_nothing(client: Browser) -> None:
    client.start("nadia")
    sent = {"jeton": client.token, "action": "afficher", "bloc": "caf_suite"} | SITUATION
    answer = client.client.post("/demande/situation", data=sent, headers=htmx("div#caf_suite"))
    part = LexborHTMLParser(answer.text)
    assert "a-reveler" not in (part.css_first("#caf_suite").attributes["class"] or "")
    assert part.css_first("#caf_numero").attributes["value"] == "0123456"
    assert plain(part.css_first("#statut").text()) == "Un champ pour votre numéro d'allocataire s'affiche."
    assert "set-cookie" not in answer.headers
    assert client.get("/demande/situation").value("nationalite") == "", "nothing was answered"


def test_a_reveal_without_htmx_is_the_page(client: Browser) -> None:
    client.start("nadia")
    page = client.post("/demande/situation", {"action": "afficher", "bloc": "caf_suite"} | SITUATION)
    assert page.status == 200
    assert page.value("caf_numero") == "0123456"


def test_a_removal_is_the_list_as_it_has_become_and_writes_the_draft(
    client: Browser, service: Starlette
) -> None:
    client.start("nadia")
    client.press("Suivant", nationalite="fr")
    sent = {"jeton": client.token, "retirer": "k7qd"}
    answer = client.client.post("/demande/foyer", data=sent, headers=htmx("div#personnes"))
    assert answer.status_code == 200
    part = LexborHTMLParser(answer.text)
    assert plain(part.css_first("h2").text()) == "Mon foyer : 2 personnes"
    assert plain(part.css_first("[autofocus]").text()) == "Sami ne fait plus partie de votre foyer"
    assert plain(part.css_first("#statut").text()) == "", "focus says it: one channel an event"
    assert current(client, service).demande.foyer.retires == ("k7qd",)
    again = client.client.post("/demande/foyer", data=sent, headers=htmx("div#personnes"))
    assert again.status_code == 200
    assert current(client, service).demande.foyer.retires == ("k7qd",)


def test_a_refusal_is_the_whole_page_put_in_the_place_of_its_content(client: Browser) -> None:
    client.start("nadia")
    answer = client.client.post(
        "/demande/situation", data={"jeton": client.token}, headers=htmx("div#caf_suite")
    )
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == answer.headers["hx-reselect"] == "#contenu"
    assert "<title>Erreur : " in plain(answer.text)


def test_htmx_never_receives_a_redirection(client: Browser) -> None:
    client.start("nadia")
    answer = client.client.post(
        "/demande/situation",
        data={"jeton": client.token, "nationalite": "fr"},
        headers=htmx("main#contenu"),
        follow_redirects=False,
    )
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/demande/foyer")
    assert "c2s_brouillon" in answer.headers["set-cookie"]


def test_a_session_that_is_over_is_said_where_one_is(client: Browser) -> None:
    client.start("nadia")
    token = client.token
    client.press("Se déconnecter")
    answer = client.client.get("/demande/foyer", headers=htmx("div#personnes"), follow_redirects=False)
    assert answer.status_code == 401
    answer = client.client.post(
        "/demande/foyer",
        data={"jeton": token, "retirer": "k7qd"},
        headers=htmx("div#personnes"),
        follow_redirects=False,
    )
    assert answer.status_code in (401, 403)


@pytest.mark.parametrize("block", ["contenu", "obligatoire_", "inconnu", "", "marge"])
def test_only_a_block_of_the_page_itself_can_be_asked_for(client: Browser, block: str) -> None:
    client.start("nadia")
    answer = client.client.get("/demande/situation", headers=htmx(f"main#{block}"))
    assert answer.text.lstrip().startswith("<!DOCTYPE html>")


def test_the_page_restored_from_the_history_is_whole(client: Browser) -> None:
    client.start("nadia")
    headers = htmx("div#caf_suite") | {"HX-History-Restore-Request": "true"}
    assert (
        client.client.get("/demande/situation", headers=headers).text.lstrip().startswith("<!DOCTYPE html>")
    )


def test_a_choice_not_sent_yet_survives_a_new_search(client: Browser) -> None:
    client.start("marc")
    client.press("Suivant", nationalite="fr")
    client.press("Suivant")
    client.press("Suivant")
    url = "/demande/organisme?ville=Paris&choix_organisme=DEMO-4206"
    part = LexborHTMLParser(client.client.get(url, headers=htmx("div#resultats_zone")).text)
    ticked = part.css_first('input[name="choix_organisme"][checked]')
    assert ticked is not None
    assert ticked.attributes["value"] == "DEMO-4206"
    assert "organismes trouvés" in part.css_first("#statut").text()
