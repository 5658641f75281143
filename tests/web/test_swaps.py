"""Fragment = page: after each swap, in every state, the page is the one drawn whole for the same request."""

from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from starlette.applications import Starlette

from app.demo.state import State
from app.demo.states_foyer import SACHA
from app.domain.demande import Beneficiaires, Foyer, Lien, Personne
from app.domain.pieces import Fichier
from app.files import inspection
from app.files.inspection import RefusedFile
from app.files.limits import FILES_PER_EMPLACEMENT
from app.main import create_app
from app.settings import load_settings
from app.web import submission
from app.web.draft import COOKIE as DRAFT
from tests.conftest import TODAY
from tests.states import STATES, open_browser
from tests.support import samples
from tests.support.data import copy_data
from tests.support.replay import lines, replayed
from tests.support.swaps import LivePage

LARGEST = 3_000  # bytes of a fragment as sent, the draft's cookie apart (spec §10)
ALEX = SACHA.model_copy(update={"cle": "alex", "prenom": "Alex"})
TOM = SACHA.model_copy(update={"cle": "tomm", "prenom": "Tom", "lien": Lien.ENFANT_DU_CONJOINT,
                               "naissance": date(2013, 5, 14)})  # fmt: skip
AMIS = tuple(
    TOM.model_copy(update={"cle": f"ami{rank}", "prenom": f"Ami{chr(97 + rank)}"}) for rank in range(18)
)


def household(nom: str, page: str, *personnes: Personne, out: tuple[str, ...] = (), **more: Any) -> State:
    """Nadia's household with these people, some of them out."""
    reponses = {
        "beneficiaires": Beneficiaires(personnes=personnes, retires=out, vu=True),
        "foyer": Foyer(retires=out, vu=True),
    }
    return State(nom, f"/demande/{page}", "étape 2", avant="beneficiaires", reponses=reponses, **more)


def joined(nom: str, **places: int) -> State:
    """Every document is asked for, so many files have been received for some."""
    sent = [(place, f"page{rank}.pdf", partial(samples.pdf, 1, f"{place} {rank}"))
            for place, many in places.items() for rank in range(many)]  # fmt: skip
    answers = {"bien": "oui", "etranger": "oui", "envoyer": "avis_moi"}
    return State(nom, "/demande/pieces", "étape 6", avant="pieces", envoi=answers, fichiers=sent)


MET_ON_THE_WAY = (
    household("the child of a conjoint", "beneficiaires", SACHA, TOM),
    household("a second conjoint is out", "beneficiaires", SACHA, ALEX, out=("alex",)),
    household("a second conjoint is refused", "beneficiaires", SACHA, ALEX, envoi={}, statut=422),
    household("no room for a child", "foyer", *AMIS, out=("k7qd",)),
    joined("some files", avis_moi=2, fonciere=1),
    joined("a full document", avis_moi=FILES_PER_EMPLACEMENT),
)
STATES = {
    state.nom: state
    for state in (*STATES.values(), *MET_ON_THE_WAY)
    if state.page.startswith("/demande/") and not state.depose
}
ONE_A_PAGE = {
    "situation-vide": "#caf",
    "foyer": "button[name=retirer]",
    "beneficiaires": "button[name=retirer]",
    "recherche-plusieurs": "a[data-hx-get]",
    "organismes-du-foyer-une-personne": "#ville",
    "pieces": "#bien_oui",
}


@pytest.fixture(scope="module")
def shared_service(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starlette]:
    """One service for all; a file it has seen once is not inspected again."""
    folder = tmp_path_factory.mktemp("echanges") / "donnees"
    copy_data(filled_folder, folder)
    seen = cache(inspection.inspect)

    def inspect(*sent: Any) -> Fichier | RefusedFile:
        found = seen(*sent)
        return found.model_copy(update={"id": token_hex(12)}) if isinstance(found, Fichier) else found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submission, "inspect", inspect)
        yield create_app(load_settings(demo=True, data_dir=folder, today=TODAY))


@pytest.mark.parametrize("nom", STATES)
def test_after_a_swap_the_page_is_the_one_drawn_whole(shared_service: Starlette, nom: str) -> None:
    client = open_browser(shared_service, STATES[nom])
    assert client.page.status == STATES[nom].statut
    for done, bytes_sent in replayed(client, shared_service):
        assert bytes_sent <= LARGEST, done


@pytest.mark.parametrize(("nom", "control"), ONE_A_PAGE.items())
def test_without_a_draft_htmx_goes_where_one_is_led_without_it(
    shared_service: Starlette, nom: str, control: str
) -> None:
    client = open_browser(shared_service, STATES[nom])
    live = LivePage(client.page.text)
    client.client.cookies.delete(DRAFT)
    sending = live.sending(control)
    live.receive(sending, sending.by(client.client, live.headers(sending.target)))
    assert live.left_for == sending.by(client.client).url.path == "/demande"


@pytest.mark.parametrize(("nom", "control"), ONE_A_PAGE.items())
def test_once_the_session_is_over_the_page_stays_as_it_is(
    shared_service: Starlette, nom: str, control: str
) -> None:
    client = open_browser(shared_service, STATES[nom])
    live = LivePage(client.page.text)
    client.sign_out()
    sending, before = live.sending(control), list(lines(live.one("html")))
    answer = sending.by(client.client, live.headers(sending.target))
    live.receive(sending, answer)
    assert answer.status_code in (401, 403)
    assert list(lines(live.one("html"))) == before
    assert live.left_for is None
