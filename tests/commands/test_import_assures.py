"""`c2s assures import`: accounts opened and updated, all or nothing; nobody's number is ever written."""

import json
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.commands._accounts import Account, file_accounts
from app.domain.assure import Assure
from app.main import create_app
from app.settings import SESSION_LIFETIME
from app.store.comptes import find_compte, hash_password, password_matches, read_assure
from app.store.database import writing
from app.store.sessions import open_session
from app.store.tables import Compte, SessionOuverte
from tests.support.disk import on_disk
from tests.support.filed import damage
from tests.support.office import NADIA, NIR, PASSWORD, Office, with_key

SAMI = {"prenom": "Sami", "nom": "Exemple", "naissance": "2017-03-12", "nir": "1170393990102"}
PAUL = {**NADIA, "prenom": "Paul", "nir": "1870675990103"}


def account(office: Office, nir: str = NIR) -> tuple[Compte, Assure] | None:
    ring = office.settings.data_ring
    with office.database() as db:
        compte = find_compte(db, ring, nir)
        return (compte, read_assure(ring, compte)) if compte else None


def counted(office: Office) -> int:
    with office.database() as db:
        return len(db.exec(select(Compte.id)).all())


def test_an_imported_account_signs_in(office: Office) -> None:
    said = office.done("assures", "import", office.people({**NADIA, "enfants": [SAMI]}))
    assert said == "Lignes lues : 1. Ajoutées : 1. Mises à jour : 0. Refusées : 0.\n"
    found = account(office)
    assert found is not None
    assert found[0].mot_de_passe.startswith("$argon2id$")
    assert found[1].enfants[0].prenom == "Sami"
    with TestClient(create_app(office.settings), base_url="https://c2s.caisse-931.fr") as client:
        page = client.get("/connexion").text
        session_id = page.split('name="jeton" value="')[1].split('"')[0]
        sent = {"jeton": session_id, "nir": with_key(NIR), "motdepasse": PASSWORD}
        assert "Nadia Exemple" in client.post("/connexion", data=sent).text


def test_an_account_that_does_not_open_is_written_anew_and_keeps_its_password(office: Office) -> None:
    office.done("assures", "import", office.people(NADIA))
    with office.database() as db, writing(db):
        damage(db, Compte, "fiche")
    without = {name: value for name, value in NADIA.items() if name != "mot_de_passe"}
    said = office.done("assures", "import", office.people(without, PAUL))
    assert said == "Lignes lues : 2. Ajoutées : 1. Mises à jour : 1. Refusées : 0.\n"
    found = account(office)
    assert found is not None
    assert found[1].prenom == "Nadia"
    assert password_matches(found[0].mot_de_passe, PASSWORD)


def test_nothing_is_in_clear_on_the_disk(office: Office) -> None:
    street = "12 impasse du Canari"  # of no other test: a server keeps what all of them write in one journal
    path = office.people({**NADIA, "enfants": [SAMI], "adresse": {**NADIA["adresse"], "voie": street}})
    office.done("assures", "import", path)
    path.unlink()
    written = on_disk(office.settings)
    for secret in (NIR, SAMI["nir"], PASSWORD, "Nadia", street):
        assert secret.encode() not in written


def test_an_update_keeps_the_password_when_none_is_given(office: Office) -> None:
    office.done("assures", "import", office.people(NADIA))
    change = {name: value for name, value in NADIA.items() if name != "mot_de_passe"} | {"nir": with_key(NIR)}
    said = office.done("assures", "import", office.people({**change, "telephone": "06 39 98 99 99"}))
    assert said == "Lignes lues : 1. Ajoutées : 0. Mises à jour : 1. Refusées : 0.\n"
    found = account(office)
    assert found is not None
    assert found[1].telephone == "06 39 98 99 99"
    assert password_matches(found[0].mot_de_passe, PASSWORD)
    office.done("assures", "import", office.people({**NADIA, "mot_de_passe": "un autre mot de passe"}))
    found = account(office)
    assert found is not None
    assert password_matches(found[0].mot_de_passe, "un autre mot de passe")
    assert counted(office) == 1


def test_an_account_that_is_erased_meanwhile_is_not_opened_again_without_a_password(office: Office) -> None:
    with office.database() as db, writing(db):
        paul = Assure.model_validate_json(json.dumps({k: v for k, v in PAUL.items() if k != "mot_de_passe"}))
        file_accounts(db, office.settings.data_ring, [Account(paul, "", "")])
    assert counted(office) == 0


def test_a_new_password_ends_the_sessions_of_its_account_alone(office: Office) -> None:
    office.done("assures", "import", office.people(NADIA, PAUL))
    with office.database() as db, writing(db):
        for compte in db.exec(select(Compte)):
            open_session(db, compte, office.settings.clock(), SESSION_LIFETIME)
    office.done("assures", "import", office.people({**NADIA, "mot_de_passe": "un autre mot de passe"}))
    paul = account(office, PAUL["nir"])
    with office.database() as db:
        assert [row.compte_id for row in db.exec(select(SessionOuverte))] == [paul[0].id]


def test_an_argon2_hash_is_kept_as_it_is(office: Office) -> None:
    hashed = hash_password(PASSWORD)
    person = {name: value for name, value in NADIA.items() if name != "mot_de_passe"}
    office.done("assures", "import", office.people({**person, "mot_de_passe_argon2": hashed}))
    found = account(office)
    assert found is not None
    assert found[0].mot_de_passe == hashed


def test_a_child_keeps_the_key_that_drafts_know(office: Office) -> None:
    office.done("assures", "import", office.people({**NADIA, "enfants": [SAMI]}))
    before = account(office)
    lina = {**SAMI, "prenom": "Lina", "nir": "2100993990103"}
    office.done("assures", "import", office.people({**NADIA, "enfants": [lina, SAMI]}))
    after = account(office)
    assert before is not None
    assert after is not None
    assert after[1].enfants[1].cle == before[1].enfants[0].cle != after[1].enfants[0].cle


def test_a_civil_status_is_kept_and_makes_the_account_findable(office: Office) -> None:
    office.done("assures", "import", office.people(NADIA))
    before = account(office)
    civil = {
        "nom_naissance": "L'Exemple",
        "prenoms": ["Nadia", "Rose"],
        "sexe": "F",
        "lieu_naissance": "75111",
        "pays_naissance": "99100",
    }
    office.done("assures", "import", office.people({**NADIA, **civil}))
    after = account(office)
    assert before is not None
    assert after is not None
    assert before[0].index_pivot is None
    assert after[0].index_pivot
    assert {name: after[1].model_dump(mode="json")[name] for name in civil} == civil


@pytest.mark.parametrize(
    ("cost", "kept"),
    [
        ("argon2id$v=19$m=65536,t=3,p=4", True),
        ("argon2id$v=19$m=7168,t=5,p=1", True),
        ("argon2id$v=19$m=65536,t=10,p=8", True),
        ("argon2id$v=19$m=7168,t=4,p=1", False),
        ("argon2id$v=19$m=65537,t=1,p=4", False),
        ("argon2id$v=19$m=65536,t=11,p=4", False),
        ("argon2id$v=19$m=65536,t=3,p=9", False),
        ("argon2i$v=19$m=65536,t=3,p=4", False),
    ],
)
def test_a_hash_too_weak_or_too_heavy_to_verify_is_refused(office: Office, cost: str, kept: bool) -> None:
    hashed = f"${cost}$" + hash_password(PASSWORD).split("$", 4)[-1]
    line = {name: value for name, value in NADIA.items() if name != "mot_de_passe"} | {
        "mot_de_passe_argon2": hashed
    }
    if kept:
        office.done("assures", "import", office.people(line))
    else:
        said = office.refused("assures", "import", office.people(line))
        assert "colonne mot_de_passe_argon2 : la valeur (non affichée) ne convient pas" in said
        assert hashed not in said
    assert counted(office) == int(kept)


def test_a_trial_changes_nothing(office: Office) -> None:
    said = office.done("assures", "import", office.people(NADIA), "--dry-run")
    assert "Ajoutées : 1." in said
    assert counted(office) == 0


def test_standard_input_leaves_no_file(office: Office) -> None:
    office.done("assures", "import", "-", given=json.dumps([NADIA]))
    assert counted(office) == 1


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({"naissance": "1960-00-00"}, "naissance"),
        ({"naissance": "1960-03-00"}, "naissance"),
        ({"prenom": ""}, "prenom"),
        ({"prenom": None}, "prenom"),
        ({"nom": ""}, "nom"),
    ],
)
def test_what_some_people_do_not_have_stops_no_file(
    office: Office, changed: dict[str, Any], kept: str
) -> None:
    office.done("assures", "import", office.people(PAUL, {**NADIA, **changed}))
    assert counted(office) == 2
    found = account(office)
    assert found is not None
    assert str(getattr(found[1], kept)) == (changed[kept] or "")


@pytest.mark.parametrize("number", [{}, {"nir": None}, {"nir": ""}])
def test_a_child_without_a_number_keeps_its_key(office: Office, number: dict[str, Any]) -> None:
    baby = {name: value for name, value in SAMI.items() if name != "nir"} | number
    office.done("assures", "import", office.people({**NADIA, "enfants": [SAMI, baby]}))
    before = account(office)
    office.done("assures", "import", office.people({**NADIA, "enfants": [baby]}))
    after = account(office)
    assert after is not None
    assert before is not None
    assert after[1].enfants[0].nir is None
    assert after[1].enfants[0].cle == before[1].enfants[1].cle != before[1].enfants[0].cle


WRONG: list[tuple[str, Any]] = [
    ("nir", "2870675990"),
    ("nir", "9870675990101"),
    ("nir", f"{NIR}00"),
    ("nir", None),
    ("prenom", " "),
    ("nom", "x" * 61),
    ("naissance", "14/06/1987"),
    ("naissance", "2987-06-14"),
    ("naissance", 11851),
    ("caisse", "999"),
    ("courriel", "nadia"),
    ("droit_ouvert", "oui"),
    ("adresse", "12 rue de l'Exemple"),
    ("familles_collectees", ["loterie"]),
    ("enfants", "Sami"),
    ("enfants.1.nir", [{**SAMI, "nir": "1"}]),
    ("enfants.1.naissance", [{**SAMI, "naissance": "2017"}]),
    ("enfants.1.cle", [{**SAMI, "cle": "moi"}]),
    ("mot_de_passe", "court"),
    ("mot_de_passe", 12345678),
    ("mot_de_passe", None),
    ("mot_de_passe_argon2", "$argon2id$non"),
    ("surnom", "Nad"),
    ("nom_naissance", "x" * 61),
    ("nom_naissance", " "),
    ("prenoms", ["Nadia", ""]),
    ("prenoms", "Nadia Rose"),
    ("sexe", "2"),
    ("lieu_naissance", "93"),
    ("lieu_naissance", "99324"),
    ("pays_naissance", "FR"),
]


@pytest.mark.parametrize(("column", "value"), WRONG)
def test_a_wrong_value_is_named_and_not_shown(office: Office, column: str, value: Any) -> None:
    wrong = {**NADIA, column.split(".")[0]: value}
    said = office.refused("assures", "import", office.people(PAUL, wrong))
    assert f"Ligne 2, colonne {column} : la valeur (non affichée) ne convient pas. Attendu : " in said
    assert ". Exemple : " in said
    assert "Lignes lues : 2. Ajoutées : 0. Mises à jour : 0. Refusées : 1." in said
    assert counted(office) == 0, "Paul's line is right, and is not kept either"


@pytest.mark.parametrize("column", ["prenom", "nom", "naissance", "nir", "caisse", "mot_de_passe"])
def test_an_absent_required_field_is_named(office: Office, column: str) -> None:
    person = {name: value for name, value in NADIA.items() if name != column}
    said = office.refused("assures", "import", office.people(person))
    assert said.count("Ligne 1, colonne ") == 1
    assert f"Ligne 1, colonne {column} :" in said


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_no_number_is_written(office: Office, option: tuple[str, ...]) -> None:
    misplaced = {**NADIA, NIR: "oui", "caisse": NIR, "prenom": f"Nadia\n{NIR}"}
    path = office.write(
        "a.jsonl", "\n".join(map(json.dumps, [PAUL, PAUL, misplaced])) + f"\n{NIR} Nadia\n[{NIR}]"
    )
    said = office.refused("assures", "import", path, *option)
    assert NIR not in said.replace(" ", "")
    assert PAUL["nir"] not in said
    assert "pas déjà ligne 1" in said


def test_the_demonstration_takes_no_real_account(office: Office) -> None:
    said = office.refused("assures", "import", office.people(NADIA), C2S_DEMO="on")
    assert "La démonstration ne reçoit pas de compte réel" in said
    assert counted(office) == 0
