"""Another person tries the account of Nadia, once a second for ten minutes: when does she sign in?"""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Event

import httpx2
import pytest
from argon2 import PasswordHasher
from itsdangerous import TimestampSigner
from sqlmodel import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from app.settings import Settings
from app.store import comptes
from app.store.database import reading, writing
from app.store.tables import Compte
from app.store.tentatives import FREE, NEW_IP_WAITS, attempt_of, count_attempt
from app.web import account, ask
from app.web.device import COOKIE, MOST, known_device
from tests.support.browser import Browser, Page
from tests.web.test_account import NADIA, nir_of, sign_in

HOME = "192.0.2.1"
ATTACK = 600  # seconds
THREADS = 40  # that answer pages (anyio)
FORM = "application/x-www-form-urlencoded"


class Frozen:
    """The clock of the service, which moves only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def wait(self, delay: timedelta) -> None:
        self.now += delay


@pytest.fixture
def clock(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Frozen:
    """Ten past, so that the ten minutes are in one clock hour."""
    frozen = Frozen(settings.clock().replace(minute=10, second=0, microsecond=0))
    monkeypatch.setattr(Settings, "clock", lambda _: frozen.now)
    return frozen


@pytest.fixture
def browse(service: Starlette) -> Callable[..., Browser]:
    """A browser at this address."""
    return lambda address=HOME: Browser(TestClient(service, client=(address, 50_000)))


def attack(service: Starlette, clock: Frozen, addresses: int, seconds: int) -> Iterator[datetime | int]:
    """One try a second on the account of Nadia, from each of these addresses in turn; the answer to each."""
    ring, nir = service.state.house.ring, nir_of("nadia")
    with reading(service.state.house.engine) as db:
        for second in range(seconds):
            attempt = attempt_of(ring, nir, f"203.0.113.{second % addresses}", clock.now)
            with writing(db):
                answer = count_attempt(db, attempt, clock.now)
            clock.wait(timedelta(seconds=1))
            yield answer


def try_nadia(browser: Browser, password: str = NADIA) -> Page:
    page: Page = sign_in(browser, nir_of("nadia"), password)
    return page


@pytest.mark.parametrize("addresses", [1, 50])
def test_a_known_device_signs_in_at_once(
    service: Starlette, clock: Frozen, browse: Callable[..., Browser], addresses: int
) -> None:
    mine = browse()
    assert try_nadia(mine).path == "/demarches"
    mine.sign_out()
    looked_at = sum(isinstance(answer, int) for answer in attack(service, clock, addresses, ATTACK))
    assert looked_at < ATTACK / 2, "the attack is slowed"
    assert try_nadia(mine).path == "/demarches"


@pytest.mark.parametrize(("addresses", "waits"), [(1, timedelta(0)), (50, NEW_IP_WAITS)])
def test_a_new_device_signs_in_within_the_written_bound_while_the_attack_goes_on(
    service: Starlette,
    clock: Frozen,
    browse: Callable[..., Browser],
    addresses: int,
    waits: timedelta,
) -> None:
    list(attack(service, clock, addresses, ATTACK))
    mine = browse()
    if waits:
        page = try_nadia(mine)
        assert page.status == 429
        assert "Réessayez dans 2 minutes" in page.main
        assert "Essayez avec lui" in page.main
        list(attack(service, clock, addresses, int(waits.total_seconds())))
    assert try_nadia(mine).path == "/demarches"


def test_a_pause_says_the_same_of_an_account_that_does_not_exist(browse: Callable[..., Browser]) -> None:
    mine = browse()
    for _ in range(FREE + 1):
        known, unknown = try_nadia(mine, "non"), sign_in(mine, "2910475111237", "non")
    assert known.status == unknown.status == 429
    assert known.main.replace(nir_of("nadia"), "") == unknown.main.replace("2910475111237", "")


def test_a_known_device_that_fails_pauses_itself_alone(browse: Callable[..., Browser]) -> None:
    mine = browse()
    try_nadia(mine)
    mine.sign_out()
    for _ in range(FREE):
        page = try_nadia(mine, "non")
    assert page.status == 429
    assert try_nadia(mine).status == 429
    assert try_nadia(browse()).path == "/demarches", "a new device at the same address"


def test_the_mark_of_a_device_is_worth_nothing_for_another_account(
    service: Starlette, clock: Frozen, browse: Callable[..., Browser]
) -> None:
    marc = browse()
    sign_in(marc, nir_of("marc"), "demo-marc-2026")
    marc.sign_out()
    list(attack(service, clock, 50, ATTACK))
    assert try_nadia(marc).status == 429


def test_a_mark_that_was_touched_is_worth_nothing(
    service: Starlette, clock: Frozen, browse: Callable[..., Browser]
) -> None:
    mine = browse()
    try_nadia(mine)
    value = mine.client.cookies[COOKIE]
    mine.sign_out()
    mine.client.cookies.delete(COOKIE)
    mine.client.cookies.set(
        COOKIE, ("1" if value[0] == "0" else "0") + value[1:], domain="testserver.local", path="/connexion"
    )
    list(attack(service, clock, 50, ATTACK))
    assert try_nadia(mine).status == 429


def test_a_telephone_of_a_family_is_known_to_each_of_its_last_accounts(
    service: Starlette, clock: Frozen, browse: Callable[..., Browser]
) -> None:
    mine = browse()
    try_nadia(mine)
    for cle in ("marc", "rose", "paul")[: MOST - 1]:
        mine.sign_out()
        sign_in(mine, nir_of(cle), f"demo-{cle}-2026")
    mine.sign_out()
    list(attack(service, clock, 50, ATTACK))
    assert try_nadia(mine).path == "/demarches"


def test_each_mark_of_a_shared_telephone_lasts_its_own_year(
    service: Starlette, clock: Frozen, browse: Callable[..., Browser]
) -> None:
    """The sign-ins of Marc neither end the mark of Nadia nor make it last."""
    mine, house = browse(), service.state.house
    try_nadia(mine)
    mine.sign_out()
    for months, known in ((6, {"nadia", "marc"}), (5, {"nadia", "marc"}), (2, {"marc"})):
        clock.wait(timedelta(days=30 * months))
        sign_in(mine, nir_of("marc"), "demo-marc-2026")
        mine.sign_out()
        cookie = f"{COOKIE}={mine.client.cookies[COOKIE]}".encode()
        request = Request({"type": "http", "headers": [(b"cookie", cookie)]})
        found = {cle for cle in ("nadia", "marc") if known_device(request, house.settings, nir_of(cle))}
        assert found == known


def test_a_mark_made_before_they_had_a_day_still_counts(
    service: Starlette, clock: Frozen, browse: Callable[..., Browser]
) -> None:
    settings, nonce = service.state.house.settings, "0123456789abcdef"
    mark = service.state.house.ring.blind_index(f"{nir_of('nadia')} {nonce}", "appareil")[0].hex()[:32]
    before = TimestampSigner(settings.secret_keys[0], salt="c2s appareil v1").sign(nonce + mark).decode()
    list(attack(service, clock, 50, ATTACK))
    mine = browse()
    mine.client.cookies.set(COOKIE, before, domain="testserver.local", path="/connexion")
    assert try_nadia(mine).path == "/demarches"
    assert mine.client.cookies[COOKIE] != before


def test_the_mark_names_nobody_and_goes_to_the_sign_in_page_only(browse: Callable[..., Browser]) -> None:
    mine = browse()
    mine.get("/connexion")
    answer = mine.client.post(
        "/connexion",
        data={"jeton": mine.token, "nir": nir_of("nadia"), "motdepasse": NADIA},
        follow_redirects=False,
    )
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith(COOKIE)]
    assert nir_of("nadia") not in cookie
    assert "Path=/connexion" in cookie
    assert "HttpOnly" in cookie
    assert "Max-Age=31536000" in cookie


# The time of a check


def test_a_flood_of_sign_ins_makes_nobody_else_wait(
    service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More tries than the service has threads, none of which ends: they wait in line, and pages are answered."""
    over, checked = Event(), 0

    async def play() -> None:
        everyone = asyncio.Event()

        def is_ours(*_: object) -> bool:
            nonlocal checked
            checked += 1
            if checked == THREADS + 5:
                everyone.set()
            return True

        monkeypatch.setattr(ask, "is_our_form", is_ours)
        transport = httpx2.ASGITransport(app=service)
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            await client.get("/connexion")
            tries = [
                asyncio.create_task(
                    client.post("/connexion", data={"nir": f"29104751{n:05d}", "motdepasse": "non"})
                )
                for n in range(THREADS + 5)
            ]
            try:
                async with asyncio.timeout(30):
                    await everyone.wait()
                    assert (await client.get("/plan")).status_code == 200
            finally:
                over.set()
            assert {answer.status_code for answer in await asyncio.gather(*tries)} == {422}

    monkeypatch.setattr(account, "password_matches", lambda *_: not over.wait(60))
    asyncio.run(play())


def test_a_stranger_is_read_little_before_being_known(browse: Callable[..., Browser]) -> None:
    """A megabyte of « % » takes a second to decode: in a form of sign-in, there is room for a long password only."""
    mine = browse()
    mine.get("/connexion")
    answer = mine.client.post("/connexion", content=b"%" * 40_000, headers={"content-type": FORM})
    assert answer.status_code == 413
    assert sign_in(mine, nir_of("nadia"), "\U0001f468" * 1_000).status == 422, "the longest password is read"


def hash_of(password: str, passes: int) -> str:
    return PasswordHasher(time_cost=passes, memory_cost=8_192).hash(password)


def test_a_weak_hash_is_made_again_at_sign_in(service: Starlette, browse: Callable[..., Browser]) -> None:
    house = service.state.house
    with reading(house.engine) as db, writing(db):
        compte = comptes.find_demo(db, "nadia")
        assert compte is not None
        weak = compte.mot_de_passe = hash_of(NADIA, 5)
        db.add(compte)
    assert try_nadia(browse(), "non").status == 422
    assert kept_of(service, "nadia") == weak
    assert try_nadia(browse()).path == "/demarches"
    renewed = kept_of(service, "nadia")
    assert renewed.split("$")[3] == "m=65536,t=3,p=4"
    assert try_nadia(browse()).path == "/demarches"
    assert kept_of(service, "nadia") == renewed, "one that is as strong as ours stays"


def kept_of(service: Starlette, cle: str) -> str:
    with reading(service.state.house.engine) as db:
        compte = comptes.find_demo(db, cle)
        assert compte is not None
        return compte.mot_de_passe


def test_a_number_without_an_account_costs_what_the_account_after_it_in_the_index_costs(
    service: Starlette,
) -> None:
    """Numbers fall in the index at random: those without an account take each time as often as accounts do."""
    ring = service.state.house.ring
    with reading(service.state.house.engine) as db:
        accounts = sorted(db.exec(select(Compte)), key=lambda compte: compte.index_nir)
        with writing(db):
            for compte in accounts:
                compte.mot_de_passe = f"hash of {compte.demo}"
                db.add(compte)
        borrowed = set()
        for number in (f"19001750{n:05d}" for n in range(50)):
            index = comptes.index_nir(ring, number)[0]
            after = next((c for c in accounts if c.index_nir > index), accounts[0])
            assert comptes.hash_to_check(db, ring, number, None) == after.mot_de_passe
            borrowed.add(after.demo)
    assert len(borrowed) > 1


def test_a_known_number_is_checked_against_its_own(service: Starlette) -> None:
    house = service.state.house
    with reading(house.engine) as db:
        compte = comptes.find_compte(db, house.ring, nir_of("nadia"))
        assert compte is not None
        assert comptes.hash_to_check(db, house.ring, nir_of("nadia"), compte) == compte.mot_de_passe
