"""`c2s assures debloquer` et `delier` : la personne essaie de nouveau, FranceConnect n'ouvre plus son compte."""

import pytest
from sqlmodel import select

from app.settings import SESSION_LIFETIME
from app.store.comptes import find_compte
from app.store.database import writing
from app.store.liens import link, linked_on
from app.store.sessions import open_session
from app.store.tables import SessionOuverte
from app.store.tentatives import FREE, attempt_of, count_attempt
from tests.support.disk import on_disk
from tests.support.office import NADIA, NIR, Office, with_key

ADDRESS = "192.0.2.1"


def attempt(office: Office, times: int = 1) -> object:
    """What the last of these failed sign-ins is answered."""
    now, answer = office.settings.clock(), None
    with office.database() as db, writing(db):
        for _ in range(times):
            answer = count_attempt(db, attempt_of(office.settings.data_ring, NIR, ADDRESS, now), now)
    return answer


@pytest.mark.parametrize("typed", [NIR, with_key(NIR)], ids=["sans clé", "avec sa clé"])
def test_the_pauses_of_an_account_are_lifted(office: Office, typed: str) -> None:
    office.done("assures", "import", office.people(NADIA))
    attempt(office, FREE)
    assert not isinstance(attempt(office), int)
    result = office.run("assures", "debloquer", given=f"{typed}\n")
    assert result.exit_code == 0
    assert "La personne peut se connecter tout de suite." in result.stdout
    assert NIR not in result.output.replace(" ", "")
    assert attempt(office) == FREE


def linked(office: Office) -> tuple[int, bool]:
    """The open sessions, and whether FranceConnect opens the account of Nadia."""
    with office.database() as db:
        compte = find_compte(db, office.settings.data_ring, NIR)
        assert compte is not None
        return len(db.exec(select(SessionOuverte)).all()), linked_on(db, compte.id) is not None


def test_the_link_of_an_account_is_undone_and_its_sessions_end(office: Office) -> None:
    office.done("assures", "import", office.people(NADIA))
    now = office.settings.clock()
    with office.database() as db, writing(db):
        compte = find_compte(db, office.settings.data_ring, NIR)
        assert compte is not None
        link(db, office.settings.data_ring, compte, "https://fc.exemple abc", now)
        open_session(db, compte, now, SESSION_LIFETIME)
    assert linked(office) == (1, True)
    result = office.run("assures", "delier", given=f"{with_key(NIR)}\n")
    assert "Le lien avec FranceConnect est défait" in result.stdout
    assert '"event": "lien_defait"' in result.stderr
    assert NIR not in result.output.replace(" ", "")
    assert linked(office) == (0, False)
    again = office.run("assures", "delier", given=f"{NIR}\n")
    assert "Ce compte n'est pas lié" in again.stdout
    assert "lien_defait" not in again.stderr


@pytest.mark.parametrize("command", ["delier", "import"])
def test_nothing_is_left_of_the_sessions_that_a_command_ends(office: Office, command: str) -> None:
    people = office.people(NADIA)
    office.done("assures", "import", people)
    with office.database() as db:  # a service, which has the database open meanwhile
        with writing(db):
            compte = find_compte(db, office.settings.data_ring, NIR)
            assert compte is not None
            open_session(db, compte, office.settings.clock(), SESSION_LIFETIME)
        secret = db.exec(select(SessionOuverte.secret)).one()
        db.commit()
        assert secret in on_disk(office.settings)
        if command == "delier":
            office.run("assures", "delier", given=f"{with_key(NIR)}\n")
        else:
            office.done("assures", "import", people)
        assert secret not in on_disk(office.settings)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (NIR, "Aucun compte n'a ce numéro."),
        ("12", "Un numéro de sécurité sociale compte 13 caractères"),
        (f"{NIR}00", "Un numéro de sécurité sociale compte 13 caractères"),
        ("", "Un numéro de sécurité sociale compte 13 caractères"),
    ],
    ids=["inconnu", "court", "autre clé", "vide"],
)
def test_an_unknown_or_mistyped_number_changes_nothing(office: Office, typed: str, said: str) -> None:
    attempt(office, FREE)
    assert said in office.refused("assures", "delier", given=f"{typed}\n")
    assert said in office.refused("assures", "debloquer", given=f"{typed}\n")
    assert "Rien n'est changé." in office.refused("assures", "supprimer", given=f"{typed}\noui\n")
    assert not isinstance(attempt(office), int)


@pytest.mark.parametrize("command", ["debloquer", "delier", "supprimer"])
def test_without_a_terminal_the_command_stops(office: Office, command: str) -> None:
    assert "Rien n'est changé." in office.refused("assures", command, given="")


@pytest.mark.parametrize("command", ["debloquer", "delier", "supprimer"])
def test_the_number_is_not_an_argument(office: Office, command: str) -> None:
    assert office.run("assures", command, NIR).exit_code == 2
