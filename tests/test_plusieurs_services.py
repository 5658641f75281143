"""Several services in processes of their own, behind the nginx of the guide: no memory shared but the database and the files."""

import signal
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import cast

import httpx2
import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.files.limits import FILES_PER_EMPLACEMENT
from app.settings import load_settings
from app.store.database import open_database, reading
from app.store.tables import DemandeDeposee, PieceEnAttente, SessionOuverte
from tests.bench.demarches import Lean
from tests.conftest import TODAY
from tests.support import samples
from tests.support.data import ENGINES, POSTGRESQL, copy_data
from tests.support.filed import compte_of
from tests.support.frontal import find_nginx
from tests.support.ports import HOST
from tests.support.services import NO_TRUST, Service
from tests.support.several import in_front, sharing, started
from tests.support.walk import forward, join, walk_to

pytestmark = pytest.mark.xdist_group("objets")
PIECES, VALIDATION, DONE = "/demande/pieces", "/demande/validation", "/demande/terminee"
post = partial(httpx2.post, timeout=60, verify=NO_TRUST)  # each on a connection of its own
DEPOSITORS, TIMES = ("benoit", "awa"), 40


@dataclass(frozen=True)
class Together:
    """Services that share a database and a store, and the address of what stands in front of them."""

    url: str
    services: list[Service]


@pytest.fixture(scope="module")
def settings(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    home = tmp_path_factory.mktemp("ensemble")
    with sharing(home, demo_folder, C2S_TODAY=TODAY.isoformat()) as found:
        yield found


@pytest.fixture(scope="module")
def services(settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Service]]:
    with started(tmp_path_factory.mktemp("journaux"), settings) as found:
        yield found


@pytest.fixture(params=ENGINES)
def two(request: pytest.FixtureRequest, demo_folder: Path, tmp_path: Path) -> Iterator[list[Service]]:
    """Two services that are up, on one database of this engine."""
    if request.param == POSTGRESQL:
        yield up(request.getfixturevalue("services"))
    else:
        folder = copy_data(demo_folder, tmp_path / "donnees")
        told = {"C2S_DATA_DIR": str(folder), "C2S_TODAY": TODAY.isoformat()}
        with started(tmp_path, told) as found:
            yield found


def up(services: list[Service]) -> list[Service]:
    """All of them; one that a test has killed starts again."""
    for service in services:
        if service.process.poll() is not None:
            service.start()
            service.ready()
    return services


@pytest.fixture
def together(services: list[Service], tmp_path: Path) -> Iterator[Together]:
    """Two services that are up, behind a front that has met no failure yet."""
    with in_front(tmp_path / "frontal", up(services)) as url:
        yield Together(url, services)


@contextmanager
def person(url: str, compte: str) -> Iterator[Lean]:
    """Someone who has begun a demande, without JavaScript."""
    with httpx2.Client(base_url=url, timeout=60, verify=NO_TRUST) as client:
        browser = Lean(cast(TestClient, client))
        browser.start(compte)
        yield browser


@contextmanager
def base(service: Service) -> Iterator[Session]:
    told = service.environment
    url = told.get("C2S_DATABASE_URL", "")
    engine = open_database(load_settings(demo=True, data_dir=told["C2S_DATA_DIR"], database_url=url).database)
    with reading(engine) as db:
        yield db
    engine.dispose()


def filed_by(service: Service, compte: str) -> list[str]:
    with base(service) as db:
        mine = DemandeDeposee.compte_id == compte_of(db, compte).id
        return list(db.exec(select(DemandeDeposee.reference).where(mine)))


def test_a_person_goes_from_one_service_to_the_other_and_one_of_them_dies(together: Together) -> None:
    first, second = together.services
    before = first.answered(), second.answered()
    with person(together.url, "nadia") as browser:
        walk_to(browser, PIECES)
        join(browser, "avis_moi", name="avis.pdf")
        shares = [service.answered() - count for service, count in zip((first, second), before, strict=True)]
        assert min(shares) > 10, "each request goes to the other service"
        assert max(shares) - min(shares) <= 2
        first.kill()
        join(browser, "avis_moi", name="suite.pdf", content=samples.pdf(pages=3))
        assert "avis.pdf" in browser.page.main
        page = walk_to(browser, DONE)
    [reference] = filed_by(together.services[0], "nadia")
    assert reference in page.main


def test_a_form_that_a_dying_service_had_is_not_sent_to_the_other(together: Together) -> None:
    """The person reads that the service is in pause, presses again, and has filed once."""
    first = together.services[0]
    with person(together.url, "marc") as browser, ThreadPoolExecutor(2) as pool:
        walk_to(browser, PIECES)
        join(browser, "avis_moi")
        walk_to(browser, VALIDATION)
        form = browser.page.hidden | {"certifie": "oui"}
        jar = browser.client.cookies
        first.process.send_signal(signal.SIGSTOP)
        pressed = [pool.submit(post, f"{together.url}{VALIDATION}", data=form, cookies=jar) for _ in range(2)]
        [answered], [waiting] = wait(pressed, timeout=60, return_when=FIRST_COMPLETED)
        assert answered.result().headers["location"] == DONE
        assert not waiting.done()
        first.kill()
        assert waiting.result().status_code == 503
        assert "Ce service est en pause" in waiting.result().text or not find_nginx()
        page = forward(browser)
    [reference] = filed_by(together.services[0], "marc")
    assert reference in page.main


def test_forty_deposits_of_two_people_over_two_services_are_one_demande_each(two: list[Service]) -> None:
    urls = [f"http://{HOST}:{service.port}" for service in two]
    with ExitStack() as ends, ThreadPoolExecutor(TIMES) as pool:
        people = [
            ends.enter_context(person(url, compte)) for url, compte in zip(urls, DEPOSITORS, strict=True)
        ]
        list(pool.map(lambda browser: walk_to(browser, VALIDATION), people))
        forms = [browser.page.hidden | {"certifie": "oui"} for browser in people]
        jars = [browser.client.cookies for browser in people]
        together = Barrier(TIMES)

        def press(number: int) -> httpx2.Response:
            together.wait()
            who, url = number % 2, urls[number // 2 % 2]
            return post(f"{url}{VALIDATION}", data=forms[who], cookies=jars[who])

        answers = list(pool.map(press, range(TIMES)))
        for answer in answers:
            filed = answer.status_code == 303 and answer.headers["location"] == DONE
            assert filed or (answer.status_code == 503 and answer.headers["retry-after"]), answer.text
        pages = [walk_to(browser, DONE) for browser in people]
    for compte, page in zip(DEPOSITORS, pages, strict=True):
        [reference] = filed_by(two[0], compte)
        assert reference in page.main


@pytest.fixture
def without_nginx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.several.find_nginx", lambda: None)


@pytest.mark.usefixtures("without_nginx")
def test_a_document_takes_ten_files_whichever_service_gets_them(together: Together) -> None:
    """Behind the balancer that takes the place of nginx, which goes on without a service that is gone."""
    with person(together.url, "lucie") as browser, ThreadPoolExecutor(8) as pool:
        walk_to(browser, PIECES)
        form, jar = {"jeton": browser.token, "envoyer": "avis_moi"}, browser.client.cookies

        def send(number: int) -> int:
            pdf = samples.pdf(1, f"page {number}")
            files = {"fichier_avis_moi": (f"{number:02}.pdf", pdf, "application/pdf")}
            return post(f"{together.url}{PIECES}", data=form, files=files, cookies=jar).status_code

        answers = list(pool.map(send, range(FILES_PER_EMPLACEMENT + 3)))
    assert sorted(answers) == [303] * FILES_PER_EMPLACEMENT + [422] * 3
    with base(together.services[0]) as db:
        theirs = select(PieceEnAttente.id).join(SessionOuverte)
        mine = db.exec(theirs.where(SessionOuverte.compte_id == compte_of(db, "lucie").id)).all()
    assert len(mine) == FILES_PER_EMPLACEMENT
    together.services[1].kill()
    with httpx2.Client(verify=NO_TRUST) as client:
        assert [client.get(f"{together.url}/connexion").status_code for _ in range(3)] == [200] * 3
