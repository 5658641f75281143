"""
A service killed at random moments, under people who send files, file a demande and correct it.

Each does as the pages say: on no answer, look again, or press the same button again. At the end, what was acknowledged
must be there once, with the bytes that were sent, and nothing else.
"""

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Self, cast

import httpx2
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.demo.comptes import account_entry, make_assure
from app.main import create_app
from app.settings import load_settings
from app.store.comptes import add_compte
from app.store.database import reading, writing
from app.store.file_keys import read_sealed_file
from app.store.suivi import ACCUSE, COMPLEMENT
from app.store.tables import Compte, DemandeDeposee, Echange
from tests.bench.demarches import Lean
from tests.bench.row import Row
from tests.bench.server import environment
from tests.conftest import TODAY
from tests.support import samples
from tests.support.browser import Browser, Page
from tests.support.filed import filed_pieces
from tests.support.ports import HOST, free_port
from tests.support.services import NO_TRUST
from tests.support.waiting import PIECES, ready
from tests.support.walk import join, walk_to

AT_ONCE = 3  # people
UPLOADS, CORRECTIONS = 3, 3  # of each
LONGEST_LIFE = 0.8  # seconds of a service, from its first answer to its death
SECONDS = 60
VALIDATION = "/demande/validation"
REFERENCE = re.compile(r"C2S-\d{4}-\d{6,}")
THE_WHOLE = 200  # kills
FORKED = """
import os, sys
from app.cli import main
from tests.support.ports import HOST
from tests.support.ports import HOST
for _ in sys.stdin:
    pid = os.fork()
    if not pid:
        main()
        os._exit(0)
    print(pid, flush=True)
    os.waitpid(pid, 0)
"""


class NoAnswer(Exception):
    """The service said that it cannot answer now."""


class Service:
    """`c2s serve`, forked from a process that has imported it, so that it is soon back."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        with (folder.parent / "journal.txt").open("wb") as log:
            self._parent = subprocess.Popen(
                [sys.executable, "-c", FORKED, "serve", "--port", str(self.port)],
                env=environment(folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
            )
        self.is_up = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        with self._parent:
            pass

    def start(self) -> None:
        """Until it answers."""
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write("\n")
        while not (line := self._parent.stdout.readline()).strip().isdigit():
            assert line, "the service does not start"  # what it prints at start goes there too
        self._pid = int(line)
        for _ in range(SECONDS * 100):
            try:
                url = f"http://{HOST}:{self.port}/sante"
                assert httpx2.get(url, timeout=SECONDS, verify=NO_TRUST).status_code == 200
            except httpx2.TransportError:
                threading.Event().wait(0.01)
            else:
                self.is_up.set()
                return
        raise AssertionError("the service does not start")

    def kill(self) -> None:
        self.is_up.clear()
        os.kill(self._pid, signal.SIGKILL)


class Insisting(Lean):
    """A browser that takes a page that says « plus tard » for no answer."""

    def _arrive(self, response: Any) -> Page:
        if response.status_code >= 500:
            raise NoAnswer
        return super()._arrive(response)


class Unlisted(Browser):
    """Opens accounts that the sign-in page does not offer."""

    def sign_in(self, compte: str) -> Page:
        self.get("/connexion")
        return self.post("/connexion", {"compte": compte})


class Person:
    """Sends files, files a demande, then corrects it."""

    def __init__(self, name: str, service: Service, cookies: list[tuple[str, str, str]]) -> None:
        self.name, self.service = name, service
        self.files: dict[str, str] = {}  # acknowledged: name, SHA-256
        self.reference = ""
        self.doing = ""
        client = httpx2.Client(base_url=f"http://{HOST}:{service.port}", timeout=SECONDS, verify=NO_TRUST)
        for cookie, value, path in cookies:
            client.cookies.set(cookie, value, domain=HOST, path=path)
        self.browser = Insisting(cast(TestClient, client))

    def live(self) -> None:
        for rank in range(UPLOADS):
            self._upload(f"avis-{self.name}-{rank}.pdf")
        self._insist("page", self._to_the_last_page)
        self._deposit()
        for rank in range(CORRECTIONS):
            self._correct(f"suite-{self.name}-{rank}.pdf")
        self.browser.client.close()

    def _insist(self, doing: str, act: Callable[[], Page]) -> Page:
        """Until there is an answer."""
        while True:
            assert self.service.is_up.wait(SECONDS)
            self.doing = doing
            try:
                return act()
            except (httpx2.TransportError, NoAnswer):
                continue
            finally:
                self.doing = ""

    def _upload(self, name: str) -> None:
        content = samples.pdf(pages=1 + len(self.files), words=name)

        def unless_it_is_there() -> Page:
            page = self.browser.get(PIECES)
            for kept in self.files:
                assert kept in page.main, f"{kept} was acknowledged"
            return page if name in page.main else join(self.browser, "avis_moi", name=name, content=content)

        assert name in self._insist("envoi", unless_it_is_there).main
        self.files[name] = hashlib.sha256(content).hexdigest()

    def _to_the_last_page(self) -> Page:
        self.browser.get(PIECES)
        return walk_to(self.browser, VALIDATION)

    def _deposit(self) -> None:
        """The same press until there is an answer."""
        form = {**self.browser.page.hidden, "certifie": "oui"}
        page = self._insist("dépôt", lambda: self.browser._arrive(self._post(VALIDATION, form)))
        assert page.path == "/demande/terminee", page.path
        (self.reference,) = set(REFERENCE.findall(page.main))

    def _correct(self, name: str) -> None:
        address, content = f"/suivi/{self.reference}/completer", samples.pdf(words=name)
        self._insist("page", lambda: self.browser.get(address))
        form = {**self.browser.page.hidden, "message": f"Voici {name}."}
        files = {"fichier_complement": (name, content, "application/pdf")}
        page = self._insist("correction", lambda: self.browser._arrive(self._post(address, form, files)))
        assert page.url.endswith("?fait=complement"), page.url
        self.files[name] = hashlib.sha256(content).hexdigest()

    def _post(self, address: str, form: dict[str, str], files: Any = None) -> Any:
        return self.browser.client.post(address, data=form, files=files, follow_redirects=True)


class Crowd:
    """People who come one after the other, a few at a time, each with an account of his or her own."""

    def __init__(self, folder: Path, service: Service) -> None:
        self._app: Starlette = create_app(load_settings(demo=True, data_dir=folder, today=TODAY))
        self.house = self._app.state.house
        self._service = service
        self._door = threading.Lock()
        self._over = threading.Event()
        self.people: list[Person] = []
        self._failures: list[BaseException] = []
        self._threads = [threading.Thread(target=self._come) for _ in range(AT_ONCE)]

    @contextmanager
    def coming(self) -> Iterator[None]:
        """People come for as long as the block lasts; then the last ones finish."""
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join()
            if self._failures:
                raise self._failures[0]

    def _come(self) -> None:
        try:
            while not self._over.is_set() and not self._failures:
                self._next().live()
        except BaseException as failure:
            self._failures.append(failure)

    def _next(self) -> Person:
        """On étape 6, all that comes before it answered."""
        with self._door:
            name = f"p{len(self.people)}"
            like = make_assure(account_entry("benoit"), TODAY)
            nir = f"{like.nir[:7]}{len(self.people):06d}"  # none is that of an account of the demonstration
            with reading(self.house.engine) as db, writing(db):
                add_compte(db, self.house.ring, like.model_copy(update={"nir": nir}), "", name)
            browser = Unlisted(TestClient(self._app))
            ready(browser, self._app, name)
            cookies = [(c.name, c.value or "", c.path) for c in browser.client.cookies.jar]
            self.people.append(Person(name, self._service, cookies))
            return self.people[-1]

    def check(self) -> None:
        """What was acknowledged is there once, byte for byte, and nothing else."""
        with reading(self.house.engine) as db:
            for person in self.people:
                compte = db.exec(select(Compte).where(Compte.demo == person.name)).one()
                filed = db.exec(select(DemandeDeposee).where(DemandeDeposee.compte_id == compte.id)).all()
                assert [demande.reference for demande in filed] == [person.reference]
                kept = [
                    (
                        nom,
                        hashlib.sha256(read_sealed_file(self.house.shelf, key, piece.id)).hexdigest(),
                    )
                    for piece, nom, key in filed_pieces(db, self.house.ring, filed[0])
                ]
                assert sorted(kept) == sorted(person.files.items()), person.name
                said = Counter(
                    str(echange.genre)
                    for echange in db.exec(select(Echange).where(Echange.demande_id == filed[0].id))
                )
                assert said == {ACCUSE: 1, COMPLEMENT: CORRECTIONS}, (person.name, said)


def killed(folder: Path, times: int, seed: int) -> tuple[Crowd, Counter[str]]:
    """A service on these data, killed so many times; what people were doing when it was."""
    draw, meanwhile = Random(seed), Counter[str]()
    with Service(folder) as service:
        crowd = Crowd(folder, service)
        service.start()
        with crowd.coming():
            for _ in range(times):
                threading.Event().wait(draw.uniform(0, LONGEST_LIFE))
                service.kill()
                meanwhile.update(person.doing for person in crowd.people if person.doing)
                service.start()
        crowd.check()
    crowd.house.engine.dispose()
    return crowd, meanwhile


def rows(folder: Path) -> Iterator[Row]:
    """The whole of it; an assertion stops the measures if something is lost, doubled or different."""
    crowd, meanwhile = killed(folder, THE_WHOLE, seed=Random().getrandbits(32))
    during = ", ".join(f"{count} pendant {doing}" for doing, count in meanwhile.most_common())
    yield Row("Arrêts brutaux (SIGKILL) au hasard", THE_WHOLE, "arrêts", note=during)
    yield Row("Demandes déposées, une seule fois chacune", len(crowd.people), "demandes")
    files = sum(len(person.files) for person in crowd.people)
    yield Row("Fichiers reçus, une seule fois chacun, aux mêmes octets", files, "fichiers")
