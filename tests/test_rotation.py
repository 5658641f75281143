"""New keys in front: open sessions go on, what was deposited is still read, and the old keys may go one day."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.domain.nir import cle_du_nir
from app.files.sealing import KEY_ID_BYTES, KeyRing, SealBroken, seal
from app.settings import WrongSetting
from app.store.comptes import read_assure
from app.store.database import writing
from app.store.keys import (
    ROWS_AT_ONCE,
    SEALED,
    Sealed,
    key_usage,
    old_seals,
    reseal,
    sealed_under_another,
)
from app.store.suivi import BODIES, read_body
from app.store.tables import Compte, Echange
from tests.conftest import TODAY
from tests.support import samples
from tests.support.browser import Browser
from tests.support.data import opens_the_file_of_sqlite
from tests.support.filed import compte_of, database, once, ring
from tests.support.office import SEALING, SIGNING
from tests.support.runner import done, reference_of, run
from tests.support.waiting import ready, send
from tests.support.walk import walk_to

NEW = {"secret_keys": (SIGNING,), "data_keys": (SEALING,)}
WHO, PASSWORD = "benoit", "demo-benoit-2026"  # of the demande filed before the keys changed
NOT_UNDER_DATA_KEYS = {
    ("session", "secret"),
    ("piece_en_attente", "cle"),
}  # drawn with a session, gone with it
Make = Callable[..., Starlette]


def old_keys(service: Starlette) -> dict[str, tuple[str, ...]]:
    settings = service.state.house.settings
    return {"secret_keys": settings.secret_keys, "data_keys": settings.data_keys}


@pytest.fixture
def rotated(service: Starlette, make_service: Make) -> Iterator[Starlette]:
    """The same data, served with new keys before the old ones."""
    both = {name: keys + old_keys(service)[name] for name, keys in NEW.items()}
    app = make_service(**both)
    yield app
    app.state.house.engine.dispose()


@pytest.fixture(scope="module")
def filled_folder(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data once Benoit has filed a demande with a piece, a message and its PDF."""
    with once(filled_folder, tmp_path_factory.mktemp("depose") / "donnees") as (folder, client, service):
        ready(client, service, WHO)
        send(client, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
        walk_to(client, "/demande/terminee")
        client.get(f"/suivi/{reference_of(service, WHO)}/completer")
        client.press("Envoyer", {"message": "Un mot d'avant."})
    return folder


@pytest.fixture
def deposited(service: Starlette) -> str:
    """The reference of that demande, filed before the keys changed."""
    return reference_of(service, WHO)


def elsewhere(client: Browser, service: Starlette) -> Browser:
    """The same browser, with its cookies and its page, once the service has started again."""
    other = Browser(TestClient(service, cookies=client.client.cookies))
    other.page = client.page
    return other


def as_settings(keys: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {f"C2S_{name.upper()}": ",".join(value) for name, value in keys.items()}


def read_everything(client: Browser, service: Starlette, reference: str, folder: Path) -> None:
    """Benoit signs in with his number, reads his demande and his messages; the caisse exports it with its pieces."""
    with database(service) as db:
        nir = read_assure(ring(service), compte_of(db, WHO)).nir
    client.get("/connexion")
    client.press("Se connecter", {"nir": nir + cle_du_nir(nir), "motdepasse": PASSWORD})
    assert client.page.path == "/demarches", client.page.errors
    assert reference in client.get(f"/suivi/{reference}").main
    messages = [url for url in client.get("/echanges").links().values() if url.startswith("/echanges/")]
    pages = [client.get(url) for url in messages]
    assert any("Un mot d'avant." in page.main for page in pages)
    pdfs = {url for page in pages for url in page.links().values() if url.endswith(".pdf")}
    assert pdfs
    for url in pdfs:
        assert client.client.get(url).content.startswith(b"%PDF")
    settings = service.state.house.settings
    keys = as_settings({"secret_keys": settings.secret_keys, "data_keys": settings.data_keys})
    done(service, "demandes", "export", reference, folder, **keys)
    (exported,) = folder.rglob("demande.json")
    pieces = json.loads(exported.read_text())["pieces"]
    assert len(pieces) == 1
    assert (exported.parent / pieces[0]["fichier"]).read_bytes() == samples.pdf(pages=2)


def test_an_open_session_goes_on(client: Browser, service: Starlette, rotated: Starlette) -> None:
    ready(client, service, "nadia")
    send(client, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
    after = elsewhere(client, rotated)
    page = send(after, "avis_m3xw", ("lina.pdf", samples.pdf(pages=2)))  # from a page drawn before
    assert page.status == 200
    assert "avis.pdf" in page.main
    assert "lina.pdf" in page.main
    walk_to(after, "/demande/terminee")
    assert after.page.h1 == "Votre demande est maintenant terminée !"


def test_what_was_filed_is_still_read(
    client: Browser, service: Starlette, deposited: str, rotated: Starlette, tmp_path: Path
) -> None:
    read_everything(Browser(TestClient(rotated)), rotated, deposited, tmp_path / "export")


def test_once_all_is_sealed_again_the_old_key_goes(
    service: Starlette, deposited: str, rotated: Starlette, make_service: Make, tmp_path: Path
) -> None:
    both = as_settings({name: keys + old_keys(service)[name] for name, keys in NEW.items()})
    assert "la 2e sert encore à 2 demandes, 13 comptes" in done(service, "doctor", **both)
    with pytest.raises(WrongSetting, match="Elle sert encore à 2 demandes, 13 comptes"):
        make_service(**NEW)
    assert "la 2e ne sert plus : vous pouvez la retirer" in done(service, "doctor", "--resceller", **both)
    only_new = make_service(**NEW)
    read_everything(Browser(TestClient(only_new)), only_new, deposited, tmp_path / "export")
    only_new.state.house.engine.dispose()


def test_sealing_again_goes_on_from_where_it_was_cut(service: Starlette, rotated: Starlette) -> None:
    keys = ring(rotated)
    with database(rotated) as db:
        total = old_seals(key_usage(db), keys)
        first = reseal(db, keys)
        next(first)
        first.close()
        left = old_seals(key_usage(db), keys)
        assert 0 < left < total
        assert list(reseal(db, keys)) == [True] * left
        assert old_seals(key_usage(db), keys) == 0
        assert list(reseal(db, keys)) == []


def test_more_rows_than_a_transaction(rotated: Starlette, service: Starlette) -> None:
    """More rows than go in one transaction, one of which cannot be opened: it stays, the others are sealed again."""
    keys = ring(rotated)
    with database(service) as db:
        fiche = db.exec(select(Compte)).first().fiche
        broken = fiche[:-1] + bytes([fiche[-1] ^ 1])
        rows = [Compte(index_nir=f"i{n}", fiche=broken, mot_de_passe="") for n in range(ROWS_AT_ONCE + 5)]
        db.add_all(rows)
        db.commit()
    with database(rotated) as db:
        assert list(reseal(db, keys)).count(False) == ROWS_AT_ONCE + 5
        assert old_seals(key_usage(db), keys) == ROWS_AT_ONCE + 5
        assert {row.fiche for row in db.exec(select(Compte).where(Compte.mot_de_passe == ""))} == {broken}


def test_an_account_changed_is_indexed_under_the_new_key_too(
    client: Browser, service: Starlette, rotated: Starlette, make_service: Make
) -> None:
    """What `doctor` counts is the seal: an account filed under an old index would be lost with the old key."""
    with database(service) as db:
        before = compte_of(db, "nadia").index_nir
    after = elsewhere(client, rotated)
    after.sign_in("nadia")
    after.get("/informations/coordonnees")
    after.press("Enregistrer", {"courriel": "nadia@autre.fr", "telephone": "06 39 98 10 02"})
    with database(rotated) as db:
        compte = compte_of(db, "nadia")
        assert ring(rotated).needs(compte.fiche) == ring(rotated).ids[0]
        assert compte.index_nir != before


@opens_the_file_of_sqlite
def test_a_service_that_starts_goes_from_key_to_key_by_index(rotated: Starlette) -> None:
    engine = rotated.state.house.engine
    asked: list[tuple[str, Any]] = []
    with database(rotated) as db:
        keys = len(key_usage(db))
        sa.event.listen(
            engine, "before_cursor_execute", lambda _, __, sql, values, *___: asked.append((sql, values))
        )
        assert not sealed_under_another(db, ring(rotated))
    with engine.connect() as connection:
        plans = [
            [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
            for sql, values in list(asked)
        ]
    assert len(SEALED) <= len(plans) <= len(SEALED) * (keys + 1)
    assert all("_sceau" in step and "TEMP" not in step for [step] in plans), plans


def test_every_sealed_column_is_counted_and_sealed_again() -> None:
    """A new sealed column that nobody told `app/store/keys.py` of would be lost with the old key."""
    binary = {
        (table.name, column.name)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary)
    }
    counted: set[tuple[Any, str]] = {(sealed.table.__tablename__, sealed.column) for sealed in SEALED}
    assert binary - NOT_UNDER_DATA_KEYS == counted


def swap(service: Starlette, table: Any, column: str) -> list[Any]:
    """Exchange what two rows of a table hold sealed, as a hand in the database would; return the rows."""
    with database(service) as db, writing(db):
        one, other = db.exec(select(table).order_by(table.id).limit(2)).all()
        mine, theirs = getattr(one, column), getattr(other, column)
        setattr(one, column, theirs)
        setattr(other, column, mine)
        db.add_all([one, other])
    return [one, other]


def test_two_accounts_exchanged_do_not_open(service: Starlette) -> None:
    for compte in swap(service, Compte, "fiche"):
        with pytest.raises(SealBroken):
            read_assure(ring(service), compte)


def test_two_messages_exchanged_do_not_open(service: Starlette) -> None:
    for echange in swap(service, Echange, "corps"):
        with pytest.raises(SealBroken):
            read_body(ring(service), echange, BODIES[echange.genre])


@pytest.mark.parametrize("sealed", SEALED, ids=lambda sealed: sealed.nom)
def test_every_seal_names_its_row_and_its_table(sealed: Sealed) -> None:
    keys = KeyRing([b"k" * 32])
    closed = sealed.seal.close(keys, 1, b"clair")
    assert sealed.seal.open(keys, 1, closed) == b"clair"
    with pytest.raises(SealBroken):
        sealed.seal.open(keys, 2, closed)
    for other in SEALED:
        if other is not sealed:
            with pytest.raises(SealBroken):
                other.seal.open(keys, 1, closed)


def as_first_sealed(service: Starlette) -> int:
    """Give every row the seal it had before seals named their version; return how many rows that makes."""
    keys, count = ring(service), 0
    (key,) = keys._keys.values()
    with database(service) as db, writing(db):
        for sealed in SEALED:
            for row in db.exec(select(sealed.table)).all():
                name = getattr(row, sealed.name)
                clear = sealed.seal.open(keys, name, getattr(row, sealed.column))
                context = sealed.seal.first or f"{sealed.seal.table} {name}".encode()
                setattr(row, sealed.column, keys.ids[0] + seal(key, clear, context))
                db.add(row)
                count += 1
    return count


def test_seals_of_before_are_read_then_name_their_row(
    service: Starlette, deposited: str, tmp_path: Path
) -> None:
    keys = as_settings(old_keys(service))
    count = as_first_sealed(service)
    read_everything(Browser(TestClient(service)), service, deposited, tmp_path / "before")
    with database(service) as db:
        assert old_seals(key_usage(db), ring(service)) == count
    said = run(service, "doctor", today=TODAY, **keys)
    assert said.exit_code == 1
    assert (
        "le sceau est d'un ancien format, qui ne nomme pas toujours sa ligne : 2 demandes, 13 comptes"
        in said.stdout
    )
    assert "ancien format" not in done(service, "doctor", "--resceller", **keys)
    with database(service) as db:
        assert old_seals(key_usage(db), ring(service)) == 0
    read_everything(Browser(TestClient(service)), service, deposited, tmp_path / "after")
    for compte in swap(service, Compte, "fiche"):
        with pytest.raises(SealBroken):
            read_assure(ring(service), compte)


def test_a_seal_cannot_be_passed_off_as_an_old_one() -> None:
    """The version is sealed too: rows sealed now do not open under the context that all rows once shared."""
    keys = KeyRing([b"k" * 32])
    sealed = keys.seal(b"clair", b"compte")
    disguised = sealed[:KEY_ID_BYTES] + b"\x01" + sealed[KEY_ID_BYTES + 1 :]
    with pytest.raises(SealBroken):
        keys.unseal(disguised, b"compte 1", b"compte")
