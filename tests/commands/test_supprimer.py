"""`c2s assures supprimer` : un compte s'efface en entier, seul, et pas avant que ses demandes le permettent."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select
from starlette.applications import Starlette

from app.demo.remise import choose_news
from app.domain.pieces import Document, Emplacement, Fichier
from app.domain.suivi import Etat
from app.files.folder import FolderShelf
from app.settings import SESSION_LIFETIME, Settings
from app.store._postgres import FORGOTTEN
from app.store.comptes import find_compte, read_assure
from app.store.conservation import StillKept, erase_compte
from app.store.database import forget_for_good, writing
from app.store.envois import add_envoi
from app.store.liens import link, name_of
from app.store.mes_donnees import gather
from app.store.sessions import SessionOver, open_session
from app.store.suivi import demandes_of, echanges_of, mark_read
from app.store.tables import Compte, Echange, SessionOuverte
from app.store.tentatives import attempt_of, count_attempt
from tests.support import samples
from tests.support.browser import Browser
from tests.support.data import opens_the_folder_of_files
from tests.support.disk import on_disk
from tests.support.filed import compte_of, database, ring
from tests.support.household import compte_de
from tests.support.office import NADIA, NIR, Office, with_key
from tests.support.runner import done, file_demande, run
from tests.support.waiting import ready, send, shelf
from tests.support.walk import walk_to
from tests.web.test_account import NADIA as NADIA_PASSWORD
from tests.web.test_account import sign_in

COMMAND = ("assures", "supprimer")
LATER = date(2040, 1, 1)
LAST_DAY = date(2029, 11, 12)  # of a demande filed on 12 November 2026, which nobody decided
Rows = Mapping[str, set[tuple[Any, ...]]]


def given(service: Starlette, *, agreed: str = "oui") -> str:
    """What is typed to erase the account of Nadia."""
    return f"{with_key(compte_de(service, 'nadia').nir)}\n{agreed}\n"


def everything(service: Starlette) -> Rows:
    """Each row of each table."""
    with database(service) as db:
        return {
            name: {tuple(row) for row in db.execute(sa.select(table))}
            for name, table in SQLModel.metadata.tables.items()
        }


def hanging_on_accounts() -> set[str]:
    """The tables whose rows belong to an account, near or far, itself included."""
    found = {"compte"}
    tables: list[sa.Table] = list(SQLModel.metadata.sorted_tables)
    for table in tables:  # sorted: what a table refers to comes before it
        if any(key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
    return found


def long_values(rows: Rows, *tables: str) -> set[bytes]:
    """What names or seals something in these tables, as it lies in a file."""
    values = {value for table in tables for row in rows[table] for value in row}
    texts = {value.encode() for value in values if isinstance(value, str)}
    return {value for value in texts | {v for v in values if isinstance(v, bytes)} if len(value) >= 12}


def fill(client: Browser, other: Browser, service: Starlette) -> str:
    """Nadia has a row in every table: a decided demande, and another begun. Returns its reference."""
    now = service.state.house.settings.clock()
    with database(service) as db:
        nadia = compte_of(db, "nadia")
        choose_news(db, service.state.house, nadia)
        nir = read_assure(ring(service), nadia).nir
        with writing(db):
            link(db, ring(service), nadia, name_of("https://exemple.invalid", "le nom de Nadia"), now)
            for device in ("un appareil connu", ""):
                count_attempt(db, attempt_of(ring(service), nir, "192.0.2.1", now, device), now)
    ready(client, service)
    send(client, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
    walk_to(client, "/demande/terminee")
    with database(service) as db:
        session = select(SessionOuverte.derniere_reference).where(
            col(SessionOuverte.derniere_reference) != ""
        )
        reference: str = db.exec(session).one()
    client.get(f"/suivi/{reference}/completer")
    client.press(
        "Envoyer", {"message": "Voici."}, files=[("fichier_complement", ("a.pdf", samples.pdf(), ""))]
    )
    done(service, "demandes", "show", reference)
    done(service, "demandes", "decide", reference, "accord-gratuit")
    ready(other, service)
    send(other, "avis_moi", ("canari.pdf", samples.pdf()))
    return reference


def copy_of(service: Starlette, cle: str) -> dict[str, Any]:
    """All that the service knows of this person."""
    with database(service) as db:
        compte, keys = compte_of(db, cle), ring(service)
        assert compte.id is not None
        now = service.state.house.settings.clock()
        known = gather(db, keys, compte.id, read_assure(keys, compte), now, now)
        return known.model_dump(exclude={"le"})


@pytest.mark.engines
def test_nothing_is_left_of_the_account_and_nobody_else_loses_anything(
    make_client: Callable[[], Browser], service: Starlette, settings: Settings
) -> None:
    file_demande(service, "benoit")
    others = {cle: copy_of(service, cle) for cle in ("benoit", "fatou", "marc")}
    fill(make_client(), make_client(), service)
    before, files = everything(service), {name: shelf(service).get(name) for name in shelf(service).names()}
    nir = compte_de(service, "nadia").nir
    result = run(service, *COMMAND, given=given(service), today=LATER)
    assert result.exit_code == 0, result.output
    after = everything(service)
    gone: Rows = {name: before[name] - after[name] for name in before}
    assert {name for name, rows in gone.items() if rows} == {*hanging_on_accounts(), "tentative_connexion"}
    assert not any(after[name] - before[name] for name in after), "nothing is added"
    assert len(after["tentative_connexion"]) == 1, "the count of the address"
    assert {cle: copy_of(service, cle) for cle in others} == others
    removed = files.keys() - set(shelf(service).names())
    assert len(removed) == 5, "three documents, the accusé and the decision"
    forget_for_good(service.state.house.engine)
    lost = long_values(gone, *gone) - long_values(after, *after)
    if settings.database.startswith(
        "postgresql"
    ):  # its journal has the other tables too, sealed, for a while
        lost -= long_values(gone, *(gone.keys() - set(FORGOTTEN)))
    lost |= {part for name in removed for part in (files[name][:64], files[name][-64:])}
    lost.add(nir.encode())
    assert len(lost) > 20
    disk = on_disk(settings)
    assert [value for value in lost if value in disk] == []


def test_what_goes_is_counted_and_nothing_names_anybody(
    make_client: Callable[[], Browser], service: Starlette
) -> None:
    reference, nir = fill(make_client(), make_client(), service), compte_de(service, "nadia").nir
    result = run(service, *COMMAND, given=given(service), today=LATER)
    assert result.stdout.splitlines()[1:9] == [
        "Ce compte sera effacé pour toujours, avec :",
        "- demandes gardées assez longtemps : 1",
        "- documents déposés : 2",
        "- messages : 3",
        "- sessions : 2",
        "- fichiers d'une demande commencée : 1",
        "- lien avec FranceConnect : oui",
        "- adresse pour les nouvelles : oui",
    ]
    assert "Le compte est effacé, avec tout ce qui en dépendait.\n" in result.stdout
    assert '"event": "compte_supprime"' in result.stderr
    for word in ("Nadia", "Exemple", nir, reference, "@"):
        assert word not in result.output


def test_an_open_session_ends_and_the_account_does_not_open_again(
    client: Browser, service: Starlette
) -> None:
    nir = compte_de(service, "nadia").nir
    client.sign_in("nadia")
    assert run(service, *COMMAND, given=given(service)).exit_code == 0
    assert client.get("/informations").path == "/session-expiree"
    assert sign_in(client, nir, NADIA_PASSWORD).status == 422


@pytest.mark.parametrize(
    ("decision", "last_day", "changes"),
    [((), LAST_DAY, True), (("refus", "--motif", "Non."), date(2029, 11, 24), False)],
    ids=["sans décision", "refusée"],
)
def test_a_demande_that_has_to_stay_keeps_the_account(
    service: Starlette, decision: tuple[str, ...], last_day: date, changes: bool
) -> None:
    reference = file_demande(service)
    if decision:
        done(service, "demandes", "decide", reference, *decision)
    before = everything(service)
    result = run(service, *COMMAND, given=given(service), today=last_day)
    assert result.exit_code == 1
    said = result.stderr.replace("\u00a0", " ")
    assert f"Rien n'est effacé : la demande {reference} de ce compte est à garder jusqu'au" in said
    assert f"{last_day.day} novembre 2029." in said
    assert ("Cette date change avec la décision." in said) is changes
    assert "pour toujours" not in result.stdout, "it is not even asked"
    assert everything(service) == before
    after = run(service, *COMMAND, given=given(service), today=date(2029, 11, last_day.day + 1))
    assert after.exit_code == 0, after.output


def test_a_demande_filed_while_one_answers_keeps_the_account(service: Starlette) -> None:
    file_demande(service)
    house, before = service.state.house, everything(service)
    nir = compte_de(service, "nadia").nir
    with database(service) as db:
        identity = compte_of(db, "nadia").id
        assert identity is not None
        with pytest.raises(StillKept):
            erase_compte(db, house.shelf, house.ring, identity, nir, LAST_DAY, house.settings.clock())
    assert everything(service) == before


@pytest.mark.parametrize("agreed", ["non", "", "o", "oui merci"])
def test_without_a_plain_yes_nothing_is_erased(service: Starlette, agreed: str) -> None:
    before = everything(service)
    result = run(service, *COMMAND, given=given(service, agreed=agreed))
    assert (result.exit_code, result.stderr) == (1, "Rien n'est effacé.\n")
    assert everything(service) == before


def test_the_end_of_what_is_typed_is_no_yes(service: Starlette) -> None:
    before = everything(service)
    result = run(service, *COMMAND, given=given(service).split("\n")[0] + "\n")
    assert (result.exit_code, result.stderr.strip()) == (1, "Rien n'est effacé.")
    assert everything(service) == before


def test_a_decision_that_cannot_be_read_erases_nothing(service: Starlette) -> None:
    done(service, "demandes", "decide", file_demande(service), "accord-gratuit")
    with database(service) as db, writing(db):
        decision = db.exec(select(Echange).where(Echange.genre == Etat.ACCORD_GRATUIT)).one()
        decision.corps = decision.corps[:-1] + bytes([decision.corps[-1] ^ 1])
        db.add(decision)
    before = everything(service)
    result = run(service, *COMMAND, given=given(service), today=LATER)
    assert result.exit_code == 1
    assert "ne se lit plus" in result.stderr
    assert everything(service) == before


@opens_the_folder_of_files
def test_a_shelf_that_keeps_its_files_back_holds_no_account(
    make_client: Callable[[], Browser], service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(make_client(), make_client(), service)

    def refuse(_: FolderShelf, __: str) -> None:
        raise OSError("the shelf does not answer")

    typed, nir = given(service), compte_de(service, "nadia").nir
    monkeypatch.setattr(FolderShelf, "remove", refuse)
    result = run(service, *COMMAND, given=typed, today=LATER)
    assert result.exit_code == 0
    assert "Des fichiers de ce compte sont encore dans le dossier." in result.stdout
    assert '"event": "compte_supprime"' in result.stderr
    with database(service) as db:
        assert find_compte(db, ring(service), nir) is None


def signs_in(db: Session, service: Starlette, nadia: Compte) -> Callable[[], object]:
    def write() -> None:
        with writing(db):
            open_session(db, nadia, service.state.house.settings.clock(), SESSION_LIFETIME)

    return write


def chooses_news(db: Session, service: Starlette, nadia: Compte) -> Callable[[], object]:
    return lambda: choose_news(db, service.state.house, nadia)


def links(db: Session, service: Starlette, nadia: Compte) -> Callable[[], object]:
    def write() -> None:
        name = name_of("https://exemple.invalid", "le nom de Nadia")
        with writing(db):
            link(db, ring(service), nadia, name, service.state.house.settings.clock())

    return write


def reads_a_message(db: Session, service: Starlette, nadia: Compte) -> Callable[[], object]:
    assert nadia.id is not None
    [accuse] = echanges_of(db, nadia.id)
    return lambda: mark_read(db, accuse.compte_id, accuse.id, service.state.house.settings.clock())


def completes_a_demande(db: Session, service: Starlette, nadia: Compte) -> Callable[[], object]:
    assert nadia.id is not None
    [demande] = demandes_of(db, nadia.id)
    house, place = service.state.house, Emplacement(document=Document.COMPLEMENT)
    avis = Fichier.recu(place, samples.pdf(), nom="avis.pdf", media="application/pdf", pages=1)
    return lambda: add_envoi(
        db,
        house.ring,
        house.shelf,
        demande,
        envoi="un formulaire",
        message="Voici.",
        arrivals=[avis],
        now=house.settings.now(),
    )


@pytest.mark.parametrize("find", [signs_in, chooses_news, links, reads_a_message, completes_a_demande])
def test_an_account_erased_during_a_request_ends_its_session(
    service: Starlette, find: Callable[[Session, Starlette, Compte], Callable[[], object]]
) -> None:
    """The request has found its rows; they are erased before it writes."""
    file_demande(service)
    with database(service) as db:
        write = find(db, service, compte_of(db, "nadia"))
        assert run(service, *COMMAND, given=given(service), today=LATER).exit_code == 0
        rows, files = everything(service), set(shelf(service).names())
        with pytest.raises(SessionOver):
            write()
    assert (everything(service), set(shelf(service).names())) == (rows, files), "nothing of it is kept"


def test_a_number_without_its_key_erases_nobody(service: Starlette) -> None:
    """One wrong digit may be another person's number; its key tells."""
    before = everything(service)
    result = run(service, *COMMAND, given=f"{compte_de(service, 'nadia').nir}\noui\n")
    assert result.exit_code == 1
    assert "compte 15 caractères avec la clé" in result.stderr
    assert everything(service) == before


def test_the_caisse_may_open_the_account_again(office: Office) -> None:
    people = office.people(NADIA)
    office.done("assures", "import", people)
    result = office.run(*COMMAND, given=f"{with_key(NIR)}\noui\n")
    assert "- demandes gardées assez longtemps : 0" in result.stdout
    assert NIR not in result.output.replace(" ", "")
    assert "Aucun compte n'a ce numéro." in office.refused(*COMMAND, given=f"{with_key(NIR)}\noui\n")
    assert "Ajoutées : 1." in office.done("assures", "import", people)
