"""What one account may send in an hour: enough for anybody, said in words, and nothing typed is lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.applications import Starlette

from app.settings import PARIS, Settings
from app.store.database import writing
from app.store.quotas import AVIS, FICHIERS, MESSAGES, NOUVELLES, Quota, spend
from app.store.tables import Echange, Satisfaction, TentativeConnexion
from app.web import submission
from tests.support import samples
from tests.support.browser import Browser, Page, plain
from tests.support.filed import compte_of, database
from tests.support.runner import file_demande
from tests.support.waiting import ready, send, sent, waiting


@pytest.fixture
def clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Ten past, until the test says otherwise."""
    now = [settings.clock().replace(minute=10, second=0, microsecond=0)]
    monkeypatch.setattr(Settings, "clock", lambda _: now[0])
    return now


def stopped(page: Page) -> str:
    """What the page says of the limit: under its own title, and of nothing to be corrected."""
    assert page.errors == []
    assert "À corriger" not in page.main
    assert page.tree.css("[aria-invalid]") == []
    box = page.tree.css_first("#erreurs")
    assert box is not None
    return plain(box.text())


def has_sent(service: Starlette, cle: str, quota: Quota, amount: int, now: datetime) -> None:
    with database(service) as db, writing(db):
        compte = compte_of(db, cle).id
        assert compte is not None
        spend(db, service.state.house.ring, compte, quota, now, amount)


def test_the_thirtieth_message_leaves_and_the_next_keeps_its_text(
    client: Browser, service: Starlette, clock: list[datetime]
) -> None:
    reference = file_demande(service)
    has_sent(service, "nadia", MESSAGES, MESSAGES.most - 1, clock[0])
    client.sign_in("nadia")
    url = f"/suivi/{reference}/completer"
    client.get(url)
    assert client.press("Envoyer à ma caisse", {"message": "Le dernier de l'heure."}).path != url
    client.get(url)
    page = client.press("Envoyer à ma caisse", {"message": "Un de trop."})
    assert page.status == 429
    assert page.value("message") == "Un de trop."
    said = stopped(page)
    assert said.startswith("Beaucoup de messages en une heure")
    assert f"à partir de {(clock[0] + timedelta(hours=1)).astimezone(PARIS).hour} h" in said
    with database(service) as db:
        assert len(db.exec(select(Echange).where(Echange.genre == "complement")).all()) == 1
    clock[0] += timedelta(minutes=50)
    assert client.press("Envoyer à ma caisse").path == f"/suivi/{reference}"


def test_one_account_does_not_spend_the_hour_of_another(
    client: Browser, service: Starlette, clock: list[datetime]
) -> None:
    has_sent(service, "marc", AVIS, AVIS.most, clock[0])
    client.sign_in("nadia")
    client.get("/avis")
    assert client.press("Envoyer mon avis", note="3").url == "/avis?fait=merci"


def test_notes_have_a_limit_and_the_one_chosen_stays(
    client: Browser, service: Starlette, clock: list[datetime]
) -> None:
    client.sign_in("nadia")
    for _ in range(AVIS.most):
        client.get("/avis")
        client.press("Envoyer mon avis", note="5")
    client.get("/avis")
    page = client.press("Envoyer mon avis", note="4")
    assert page.status == 429
    assert page.value("note") == "4"
    said = stopped(page)
    assert said.startswith("Beaucoup de notes en une heure")
    assert "Elles sont enregistrées" in said
    with database(service) as db:
        assert len(db.exec(select(Satisfaction)).all()) == AVIS.most
        counts = db.exec(select(TentativeConnexion)).all()
    assert len(counts) == 1, "one count for the hour, which names no note"


def test_changes_of_mind_have_a_limit_and_the_address_stays(
    client: Browser, service: Starlette, clock: list[datetime]
) -> None:
    has_sent(service, "nadia", NOUVELLES, NOUVELLES.most, clock[0])
    client.sign_in("nadia")
    client.get("/informations/nouvelles")
    page = client.press("Enregistrer", recevoir="oui", courriel="autre@courriel.example")
    assert page.status == 429
    assert page.value("courriel") == "autre@courriel.example"
    assert stopped(page).startswith("Beaucoup de changements en une heure")


def test_too_many_files_are_refused_before_they_are_read_and_those_sent_stay(
    client: Browser, service: Starlette, clock: list[datetime]
) -> None:
    ready(client, service)
    has_sent(service, "nadia", FICHIERS, FICHIERS.most - 1, clock[0])
    assert "avis.pdf" in send(client, "avis_moi", ("avis.pdf", samples.pdf())).main
    page = send(client, "avis_moi", ("autre.pdf", samples.pdf()))
    assert page.status == 429
    assert page.h1 == "Beaucoup de fichiers en une heure"
    assert "Attendez jusqu'à" in page.main
    assert page.response.headers["retry-after"] == "3001"
    shown = client.get("/demande/pieces").main
    assert "avis.pdf" in shown
    assert "autre.pdf" not in shown


def test_who_has_sent_too_many_files_may_press_suivant_without_one(
    client: Browser, service: Starlette, clock: list[datetime]
) -> None:
    ready(client, service)
    has_sent(service, "nadia", FICHIERS, FICHIERS.most, clock[0])
    answers = {"bien": "non", "etranger": "non", "pas_avis_moi": "oui"}
    page = client.press("Suivant", answers, files=[sent("avis_moi", "", b"")])
    assert page.status == 422
    assert "Joignez l'avis d'impôt pour Lina." in page.main


def test_files_that_arrive_while_others_are_read_do_not_pass_the_limit(
    client: Browser, service: Starlette, clock: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There was room when this upload began; others have taken it before it is kept."""
    ready(client, service)
    read = submission.read_submission

    async def read_while_others_arrive(*given: Any, **more: Any) -> Any:
        has_sent(service, "nadia", FICHIERS, FICHIERS.most, clock[0])
        return await read(*given, **more)

    monkeypatch.setattr("app.web.ask.read_submission", read_while_others_arrive)
    page = send(client, "avis_moi", ("avis.pdf", samples.pdf()))
    assert page.status == 429
    assert page.h1 == "Beaucoup de fichiers en une heure"
    assert page.response.headers["retry-after"] == "3001"
    assert waiting(client, service) == []


def test_a_file_that_takes_all_the_time_there_is_counts_too(
    client: Browser, service: Starlette, clock: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload that is stopped has held its place: sent again and again, it would hold it for good."""
    ready(client, service)
    has_sent(service, "nadia", FICHIERS, FICHIERS.most - 1, clock[0])

    def for_ever(*_: object) -> None:
        raise TimeoutError

    with monkeypatch.context() as slow:
        slow.setattr(submission, "inspect", for_ever)
        assert send(client, "avis_moi", ("avis.pdf", samples.pdf())).status == 503
    client.get("/demande/pieces")
    assert send(client, "avis_moi", ("avis.pdf", samples.pdf())).status == 429
