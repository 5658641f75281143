"""htmx, seen from the server: what a fragment says and writes. That it is its page: `test_swaps.py`."""

from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.applications import Starlette

from app.forms.kinds import BoxThen
from app.steps.situation import ASKED
from tests.states import STATES, open_browser
from tests.support.browser import Browser, plain
from tests.support.drafts import current
from tests.support.household import ETAPE_1

SITUATION = {"caf": "oui", "caf_numero": "0123456", "nationalite": "ue"}


def htmx(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": target}


def test_a_reveal_shows_keeps_and_writes_nothing(client: Browser) -> None:
    client.start("nadia")
    sent = {"jeton": client.token, "action": "afficher", "bloc": "caf_suite"} | SITUATION
    answer = client.client.post("/demande/situation", data=sent, headers=htmx("div#caf_suite"))
    part = LexborHTMLParser(answer.text)
    assert "a-reveler" not in (part.css_first("#caf_suite").attributes["class"] or "")
    assert part.css_first("#caf_numero").attributes["value"] == "0123456"
    assert plain(part.css_first("#statut").text()) == "Un champ pour votre numéro d'allocataire s'affiche."
    assert "set-cookie" not in answer.headers
    assert "HX-Request" in answer.headers["vary"]
    assert client.get("/demande/situation").value("nationalite") == "", "nothing was answered"


def test_what_a_box_opened_stays_while_it_is_filled_in_and_that_is_said(client: Browser) -> None:
    client.start("nadia")
    for bloc, field, typed, said in (
        ("caf_suite", "caf_numero", "0123456", "Le numéro d'allocataire est encore là."),
        ("changement_suite", "changement_type", "veuf", "Votre choix est encore là."),
        ("caf_suite", "caf_numero", "", "Le champ du numéro d'allocataire n'est plus demandé."),
    ):
        sent = {"jeton": client.token, "action": "afficher", "bloc": bloc, field: typed}
        answer = client.client.post("/demande/situation", data=sent, headers=htmx(f"div#{bloc}"))
        part = LexborHTMLParser(answer.text)
        assert plain(part.css_first("#statut").text()).startswith(said)
        assert ("a-reveler" in (part.css_first(f"#{bloc}").attributes["class"] or "")) == (not typed)


@pytest.mark.parametrize(
    ("control", "kind"),
    [
        pytest.param(asked.control or name, asked.kind, id=name)
        for name, asked in ASKED.asked.items()
        if isinstance(asked.kind, BoxThen)
    ],
)
def test_what_a_box_opens_is_a_block_of_the_page(client: Browser, control: str, kind: BoxThen[Any]) -> None:
    """Without one the field would stand open to everybody, and its « À remplir seulement si » be hidden by scripts."""
    client.start("nadia")
    bloc = f"{control}_suite"
    for ticked, said in ((True, kind.aloud[0]), (False, kind.aloud[1])):
        sent = {"jeton": client.token, "action": "afficher", "bloc": bloc} | (
            {control: "oui"} if ticked else {}
        )
        answer = client.client.post("/demande/situation", data=sent, headers=htmx(f"div#{bloc}"))
        part = LexborHTMLParser(answer.text)
        assert not part.css("main"), (
            f"templates/steps/situation.html has no block « {bloc} »: suite_de draws it"
        )
        assert part.css_first(f".suite-de [name={kind.opens}]") is not None
        assert ("a-reveler" in (part.css_first(f"#{bloc}").attributes["class"] or "")) != ticked
        assert plain(part.css_first("#statut").text()) == plain(said)
    box = client.get("/demande/situation").tree.css_first(f"[name={control}]")
    assert box.attributes["data-hx-target"] == f"#{bloc}"


def test_a_removal_is_the_list_as_it_has_become_and_writes_the_draft(
    client: Browser, service: Starlette
) -> None:
    client.start("nadia")
    client.press("Suivant", ETAPE_1)
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


@pytest.mark.parametrize(
    ("page", "cle", "said"),
    [
        ("foyer", "k7qd", "Sami fait à nouveau partie de votre foyer. Nombre de personnes : 3."),
        ("beneficiaires", "sach", "Sacha fait à nouveau partie de votre foyer. Nombre de personnes : 4."),
    ],
)
def test_putting_somebody_back_is_said_for_the_focus_tells_a_name_alone(
    service: Starlette, page: str, cle: str, said: str
) -> None:
    client = open_browser(service, STATES[page])
    client.post(f"/demande/{page}", {"retirer": cle})
    sent = {"jeton": client.token, "remettre": cle}
    answer = client.client.post(f"/demande/{page}", data=sent, headers=htmx("div#personnes"))
    part = LexborHTMLParser(answer.text)
    assert plain(part.css_first("[autofocus]").text()) == said.split()[0]
    assert plain(part.css_first("#statut").text()) == said


def test_htmx_never_receives_a_redirection(client: Browser) -> None:
    client.start("nadia")
    answer = client.client.post(
        "/demande/situation",
        data={"jeton": client.token, **ETAPE_1},
        headers=htmx("main#contenu"),
        follow_redirects=False,
    )
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/demande/foyer")
    assert "c2s_brouillon" in answer.headers["set-cookie"]


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
    client.press("Suivant", ETAPE_1)
    client.press("Suivant")
    client.press("Suivant")
    url = "/demande/organisme?ville=Paris&choix_organisme=DEMO-4206"
    part = LexborHTMLParser(client.client.get(url, headers=htmx("div#resultats_zone")).text)
    ticked = part.css_first('input[name="choix_organisme"][checked]')
    assert ticked is not None
    assert ticked.attributes["value"] == "DEMO-4206"
    assert "organismes trouvés" in part.css_first("#statut").text()


def test_a_refusal_after_a_live_search_comes_back_with_its_results(client: Browser) -> None:
    """The address of the page does not know that search: its form does."""
    client.start("nadia")
    for answer in (ETAPE_1, {}, {}):
        client.press("Suivant", answer)
    searched = client.client.get("/demande/organisme?ville=Lyon&page=2", headers=htmx("div#resultats_zone"))
    shown = LexborHTMLParser(searched.text).css_first("input[name=vu_recherche]").attributes["value"]
    page = client.press("Suivant", vu_recherche=shown)
    assert (page.status, page.path) == (422, "/demande/organisme")
    assert page.value("ville") == "Lyon"
    assert len(page.tree.css("input[name=choix_organisme]")) == 7
