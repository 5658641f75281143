"""The security journal: each thing a host may have to look into has its line, and nobody is in it."""

import json
from collections.abc import Iterator, MutableMapping
from contextlib import redirect_stderr
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import structlog
from starlette.applications import Starlette
from structlog.testing import capture_logs

from app.commands._console import settings as read_settings
from app.store.database import writing
from app.store.journal import Fait, note
from app.store.quotas import AVIS, spend
from app.store.tentatives import FREE
from tests.support.browser import Browser
from tests.support.filed import compte_of, database
from tests.support.office import NADIA, NIR, PASSWORD, Office, as_csv, organismes
from tests.support.runner import done, file_demande
from tests.web.test_account import NADIA as NADIA_PASSWORD
from tests.web.test_account import nir_of, sign_in

Lines = list[MutableMapping[str, Any]]


@pytest.fixture
def logs() -> Iterator[Lines]:
    with capture_logs() as lines:
        yield lines


def noted(lines: Lines) -> Lines:
    """The lines of this journal, without those of the requests."""
    return [line for line in lines if line.get("journal") == "securite"]


def events(lines: Lines) -> list[str]:
    return [line["event"] for line in noted(lines)]


def written(lines: Lines) -> str:
    return repr(lines)


def test_a_sign_in_and_a_sign_out_are_of_the_same_account(client: Browser, logs: Lines) -> None:
    sign_in(client, nir_of("nadia"), NADIA_PASSWORD)
    client.sign_out()
    assert events(logs) == ["connexion", "deconnexion"]
    first, last = noted(logs)
    assert first["compte"] == last["compte"]
    assert len(first["compte"]) == 16


def test_refusals_and_pauses_are_noted_for_unknown_numbers_too(client: Browser, logs: Lines) -> None:
    for _ in range(FREE + 1):
        sign_in(client, "2910475111234", "un secret mal tapé")
    assert events(logs) == ["connexion_refusee"] * FREE + ["connexion_en_pause"]
    assert len({line["compte"] for line in noted(logs)}) == 1
    sign_in(client, nir_of("marc"), "non")
    assert noted(logs)[-1]["compte"] != noted(logs)[0]["compte"]
    for secret in ("2910475111234", "un secret mal tapé", nir_of("marc"), "testclient"):
        assert secret not in written(logs)


def test_a_known_device_is_told_from_another(client: Browser, logs: Lines) -> None:
    sign_in(client, nir_of("nadia"), NADIA_PASSWORD)
    client.sign_out()
    sign_in(client, nir_of("nadia"), "non")
    sign_in(client, nir_of("marc"), "non")
    assert [line.get("appareil_connu") for line in noted(logs)[-2:]] == [True, False]


@pytest.mark.parametrize(
    ("sent", "headers", "motif"),
    [
        pytest.param({"jeton": "x"}, {}, "jeton", id="jeton"),
        pytest.param({}, {"origin": "https://exemple.fr"}, "origine", id="origine"),
    ],
)
def test_a_form_that_is_not_ours_is_noted(
    client: Browser, logs: Lines, sent: dict[str, str], headers: dict[str, str], motif: str
) -> None:
    client.sign_in("nadia")
    client.client.post("/demande", data=sent, headers=headers)
    assert dict(noted(logs)[-1]) | {"compte": ""} == {
        "event": "acces_refuse",
        "log_level": "info",
        "journal": "securite",
        "compte": "",
        "motif": motif,
        "page": "/demande",
    }


def test_the_demande_of_another_person_is_noted_without_its_reference(
    client: Browser, service: Starlette, logs: Lines
) -> None:
    reference = file_demande(service)
    client.sign_in("marc")
    assert client.get(f"/suivi/{reference}").status == 404
    line = noted(logs)[-1]
    assert (line["event"], line["motif"], line["page"]) == (
        "acces_refuse",
        "introuvable",
        "/suivi/{reference}",
    )
    assert line["compte"]
    assert reference not in written(logs)


def test_an_account_that_sends_too_much_is_noted(client: Browser, service: Starlette, logs: Lines) -> None:
    client.sign_in("nadia")
    house = service.state.house
    now = house.settings.clock()
    with database(service) as db, writing(db):
        compte = compte_of(db, "nadia").id
        assert compte is not None
        for moment in (now, now + timedelta(hours=1)):  # the clock may strike between the two
            spend(db, house.ring, compte, AVIS, moment, AVIS.most)
    client.get("/avis")
    client.press("Envoyer mon avis", note="3")
    assert (noted(logs)[-1]["event"], noted(logs)[-1]["quoi"]) == ("envois_limites", "avis")


def test_the_names_of_the_keys_are_noted_at_start_and_nothing_of_them(service: Starlette) -> None:
    from app.main import create_app

    settings = service.state.house.settings
    with capture_logs() as lines:
        create_app(settings).state.house.engine.dispose()
        changed = settings.model_copy(update={"secret_keys": ("une autre clé " * 4, *settings.secret_keys)})
        create_app(changed).state.house.engine.dispose()
    before, after = noted(lines)
    assert before["event"] == after["event"] == "demarrage"
    assert after["cles_de_signature"][1:] == before["cles_de_signature"]
    assert after["cles_de_donnees"] == before["cles_de_donnees"]
    for key in (*settings.secret_keys, *settings.data_keys):
        assert key[:8] not in written(lines)


# Commands: their lines go to the error output, as JSON


def test_what_commands_change_or_take_out_is_noted(service: Starlette, tmp_path: Path) -> None:
    from tests.support.runner import run

    reference = file_demande(service)
    said = [
        run(service, "demandes", "export", reference, tmp_path / "export").stderr,
        run(service, "demandes", "decide", reference, "instruction").stderr,
        run(service, "demandes", "decide", reference, "accord-gratuit").stderr,
    ]
    assert ['"event": "export"' in said[0], *('"event": "decision"' in line for line in said[1:])] == [
        True
    ] * 3
    assert '"issue": "accord-gratuit"' in said[2]
    marks = {line.split('"compte": "')[1][:16] for line in said}
    assert len(marks) == 1
    assert reference not in "".join(said)
    assert '"event": "rescellement"' in run(service, "doctor", "--resceller").stderr
    assert "securite" not in run(service, "demandes", "show", reference).stderr
    assert done(service, "demandes", "list")


def test_imports_and_lifted_pauses_are_noted(office: Office) -> None:
    people, liste = office.people(NADIA), office.write("liste.csv", as_csv(organismes()))
    assert "securite" not in office.run("assures", "import", people, "--dry-run").stderr
    for what, path in (("assures", people), ("organismes", liste)):
        said = office.run(what, "import", path).stderr
        assert f'"quoi": "{what}"' in said
        assert '"event": "import"' in said
        assert NIR not in said
        assert PASSWORD not in said
    said = office.run("assures", "debloquer", given=f"{NIR}\n").stderr
    assert '"event": "pauses_levees"' in said
    assert NIR not in said


def test_a_line_is_json_dated_in_utc_and_nothing_typed_makes_another(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written here names nobody, but a file or a table may: a new line in it starts no line of the journal."""
    for name, value in office.env.items():
        monkeypatch.setenv(name, value)
    with redirect_stderr(StringIO()) as journal:
        read_settings()
        note(Fait.IMPORT, quoi='a\n{"event": "connexion"}\x1b[31m')
    structlog.reset_defaults()
    line, end = journal.getvalue().split("\n")
    written = json.loads(line)
    assert end == ""
    assert datetime.fromisoformat(written["timestamp"]).utcoffset() == timedelta(0)
    assert (written["event"], written["journal"]) == ("import", "securite")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path).open()
