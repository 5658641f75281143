"""`c2s doctor`: one line a thing, the remedy where something is to be done, and an exit code."""

import json
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import Session, delete, select
from starlette.applications import Starlette

from app.commands._doctor import AUTHORITIES, in_clear
from app.settings import PARIS, SESSION_LIFETIME, Settings, load_settings
from app.store.database import writing
from app.store.sessions import open_session
from app.store.tables import Caisse, Compte, DemandeDeposee
from app.store.versions import VERSION
from tests.commands.test_maintenance import at_version
from tests.support.data import opens_the_file_of_sqlite
from tests.support.frontal import EXAMPLES
from tests.support.office import NADIA, NEWER, SEALING, SIGNING, Office, as_csv, organismes
from tests.support.runner import run

NEW = NEWER
NOTICE = (
    "OPERATEUR_NOM",
    "OPERATEUR_ADRESSE",
    "OPERATEUR_COURRIEL",
    "OPERATEUR_TELEPHONE",
    "DIRECTEUR_PUBLICATION",
    "HEBERGEUR",
)
ILLS: list[Any] = [  # a setting, and what doctor says
    ({"C2S_PUBLIC_URL": ""}, "C2S_PUBLIC_URL=https://"),
    ({"C2S_PUBLIC_URL": "http://c2s.caisse-931.fr"}, "C2S_PUBLIC_URL=https://"),
    ({"C2S_COOKIES_SECURE": "off"}, "Retirez C2S_COOKIES_SECURE=off"),
    ({"C2S_TRUSTED_PROXIES": ""}, "C2S_TRUSTED_PROXIES=127.0.0.1"),
    ({"C2S_OPERATEUR_NOM": "L'équipe de démonstration"}, "Donnez C2S_OPERATEUR_NOM."),
    *(({f"C2S_{name}": ""}, f"Donnez C2S_{name}.") for name in NOTICE),
    ({"C2S_DATA_KEYS": "courte"}, "C2S_DATA_KEYS : la valeur ne convient pas"),
    ({"C2S_SECRET_KEYS": ""}, "C2S_SECRET_KEYS n'a pas de valeur"),
    pytest.param(
        {"C2S_DATA_DIR": "/dev/null"},
        "/dev/null/c2s.sqlite n'existe pas. Lancez : c2s init",
        marks=opens_the_file_of_sqlite,
    ),
]


@pytest.fixture
def sound(office: Office) -> Office:
    """An installation where nothing is to be done."""
    office.done("organismes", "import", office.write("liste.csv", as_csv(organismes())))
    office.done("assures", "import", office.people(NADIA))
    return office


def change(office: Office, act: Callable[[Session], object]) -> None:
    with office.database() as db, writing(db):
        act(db)


def test_when_all_is_well_every_line_says_ok(sound: Office) -> None:
    lines = sound.done("doctor").splitlines()
    assert [line.split(" : ")[0] for line in lines] == [
        f"ok       {subject}"
        for subject in (
            "réglages",
            "horloge",
            "disque",
            "base",
            "fichiers",
            "clés de données",
            "clés de signature",
            "e-mails",
            "caisses",
            "organismes",
        )
    ]
    assert "clés de données : la 1re scelle. Elle sert à 1 compte." in "\n".join(lines)


@pytest.mark.parametrize(("settings", "remedy"), ILLS)
def test_a_setting_to_look_at_is_told(sound: Office, settings: dict[str, str], remedy: str) -> None:
    said = sound.refused("doctor", **settings)
    (line,) = [line for line in said.splitlines() if line.startswith("à faire")]
    assert remedy in line
    assert SEALING not in said
    assert SIGNING not in said


BASE, ROOT = "postgresql://c2s:secret@base.exemple.fr/c2s", "sslrootcert=/etc/ssl/interne.pem"


@pytest.mark.parametrize(
    ("setting", "value", "wrong"),
    [
        ("database_url", "", ""),
        ("database_url", "postgresql:///c2s", ""),
        ("database_url", "postgresql://c2s@/c2s?host=/run/postgresql", ""),
        ("database_url", "postgresql://c2s@localhost/c2s", ""),
        ("database_url", "postgresql://c2s@[::1]/c2s", ""),
        ("database_url", "postgresql://c2s@10.0.0.2/c2s", "C2S_DATABASE_URL"),
        ("database_url", "postgresql://c2s@/c2s?host=base.exemple.fr", "C2S_DATABASE_URL"),
        ("database_url", BASE, "C2S_DATABASE_URL"),
        ("database_url", f"{BASE}?sslmode=require", "C2S_DATABASE_URL"),
        ("database_url", f"{BASE}?sslmode=verify-ca&{ROOT}", ""),
        ("database_url", f"{BASE}?sslmode=verify-full&sslrootcert={AUTHORITIES}", ""),
        ("files_url", "s3://c2s?endpoint=http://127.0.0.1:8333", ""),
        ("files_url", "s3://c2s?endpoint=http://10.0.0.3:8333", "C2S_FILES_URL"),
        ("files_url", "s3://c2s?endpoint=https://objets.exemple.fr", ""),
    ],
)
def test_what_would_go_in_clear_to_another_machine_is_told(setting: str, value: str, wrong: str) -> None:
    told = list(in_clear(load_settings(demo=True, **{setting: value})))
    assert len(told) == bool(wrong)
    assert all(wrong in remedy for _, remedy in told)
    assert "secret@" not in str(told)


def test_the_environment_may_say_how_the_base_is_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert list(in_clear(load_settings(demo=True, database_url=BASE))) == []


def test_what_goes_in_clear_is_to_be_mended(sound: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.commands._doctor._is_here", lambda _: False)
    said = sound.refused("doctor", C2S_FILES_URL="s3://c2s?endpoint=http://127.0.0.1:1")
    assert "à faire  réglages : le stockage est sur une autre machine : sa clé y va en clair." in said


def test_a_name_that_is_no_setting_is_told_with_the_one_it_looks_like(sound: Office) -> None:
    said = sound.refused("doctor", C2S_DATADIR="/srv/c2s", C2S_ZZZ="1")
    assert "ce service ne lit pas C2S_DATADIR (peut-être C2S_DATA_DIR), C2S_ZZZ." in said


def test_what_an_orchestrator_adds_is_no_mistake(sound: Office) -> None:
    sound.done("doctor", C2S_SERVICE_HOST="10.0.0.1", C2S_PORT="tcp://10.0.0.1:80", C2S_PORT_80_TCP_PORT="80")


def test_what_the_example_leaves_to_fill_is_asked_for(sound: Office) -> None:
    """One after the other: the service does not start without its keys."""
    to_fill = re.findall(r"^(\w+)=$", (EXAMPLES / "c2s.env").read_text(encoding="utf-8"), re.MULTILINE)
    sound.env |= dict.fromkeys(to_fill, "")
    assert "C2S_SECRET_KEYS n'a pas de valeur" in sound.refused("doctor")
    sound.env["C2S_SECRET_KEYS"] = SIGNING
    assert "C2S_DATA_KEYS n'a pas de valeur" in sound.refused("doctor")
    sound.env["C2S_DATA_KEYS"] = SEALING
    said = sound.refused("doctor")
    assert set(re.findall(r"C2S_\w+", said)) == set(to_fill) - {"C2S_SECRET_KEYS", "C2S_DATA_KEYS"}


@pytest.mark.parametrize(
    ("column", "partie"),
    [("adresse", "d'adresse"), ("telephone", "de téléphone"), ("courriel", "d'adresse e-mail")],
)
def test_a_caisse_without_a_contact_is_refused(sound: Office, column: str, partie: str) -> None:
    change(sound, lambda db: db.add(db.get_one(Caisse, "931").sqlmodel_update({column: " "})))
    sentence = (
        f"CPAM de la Seine-Saint-Denis n'a pas {partie}. "
        "L'adresse, le téléphone et l'adresse e-mail sont obligatoires hors démonstration."
    )
    assert sentence in sound.refused("doctor")


def test_sample_data_is_told(sound: Office, service: Starlette) -> None:
    sound.done("caisses", "import", "data/caisses.json")
    change(sound, lambda db: db.add(db.exec(select(Compte)).one().sqlmodel_update({"demo": "nadia"})))
    said = sound.refused("doctor")
    assert "107 ont une adresse e-mail d'exemple" in said
    assert "comptes de démonstration, dont le mot de passe est public" in said
    demo = run(service, "doctor")
    assert demo.exit_code == 0, demo.output
    assert "c'est une démonstration" in demo.output


def test_an_empty_base_says_what_to_import(sound: Office) -> None:
    change(sound, lambda db: [db.exec(delete(Caisse)), db.get_one(Compte, 1)])
    change(sound, lambda db: db.connection().exec_driver_sql("UPDATE organisme SET actif = false"))
    said = sound.refused("doctor")
    assert "à faire  caisses : il n'y en a aucune. Lancez : c2s caisses import FICHIER" in said
    assert "à faire  organismes : 0 dans la liste. Lancez : c2s organismes import FICHIER" in said


@opens_the_file_of_sqlite
def test_a_base_without_tables_is_not_one_to_save(sound: Office, tmp_path: Path) -> None:
    (tmp_path / "neuve.sqlite").touch()
    said = sound.refused("doctor", C2S_DATABASE_URL=f"sqlite:///{tmp_path}/neuve.sqlite")
    assert "à faire  base : elle n'a aucune table de ce service. Lancez : c2s init" in said


def test_the_version_of_the_base_is_compared_with_that_of_the_service(sound: Office) -> None:
    at_version(sound, "0001")
    assert "Sauvegardez-la, puis lancez : c2s init" in sound.refused("doctor")
    at_version(sound, "9999", since=VERSION)
    said = f"base : version 9999, lisible depuis la version {VERSION} : ce service ({VERSION}) la lit."
    assert said in sound.done("doctor")
    at_version(sound, "9999")
    assert (
        "sa version (9999), lisible depuis la version 9999, est plus récente que ce service"
        in sound.refused("doctor")
    )


@opens_the_file_of_sqlite
def test_a_damaged_base_is_told(sound: Office) -> None:
    path = sound.folder / "donnees" / "c2s.sqlite"
    path.write_bytes(b"ceci n'est pas une base" * 100)
    assert "ne se lit pas. Reprenez la dernière sauvegarde." in sound.refused("doctor")


@pytest.mark.parametrize(
    ("setting", "value", "sentence", "commands"),
    [
        (
            "C2S_DATABASE_URL",
            "postgresql://c2s@127.0.0.1:1/c2s",
            "Vérifiez qu'il tourne, puis C2S_DATABASE_URL.",
            ("doctor", "init", "serve"),
        ),
        (
            "C2S_FILES_URL",
            "s3://c2s?endpoint=http://127.0.0.1:1",
            "Vérifiez qu'il tourne, puis C2S_FILES_URL",
            ("doctor", "serve"),
        ),
    ],
    ids=["base", "stockage"],
)
def test_a_server_that_does_not_answer_is_no_reason_to_restore(
    sound: Office,
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
    value: str,
    sentence: str,
    commands: tuple[str, ...],
) -> None:
    monkeypatch.setattr("app.files.objects.RETRIES", 0)
    monkeypatch.setenv("PORT", "0")
    sound.env[setting] = value
    for command in commands:
        said = sound.refused(command)
        assert sentence in said
        assert not {"sauvegarde", "Dossier"} & set(re.findall(r"\w+", said)), command


def test_the_disk_and_the_folder(sound: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = sound.folder / "donnees"
    folder.chmod(0o755)
    assert f"Lancez : chmod 700 {folder}" in sound.refused("doctor")
    folder.chmod(0o700)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=300_000_000))
    assert "à faire  disque : ce service peut écrire" in sound.refused("doctor")


def test_a_closed_folder_is_told(sound: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", closed)  # root may write everywhere
    assert "à faire  dossier : ce service ne peut pas écrire" in sound.refused("doctor")


def test_the_clock_is_plausible(sound: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "clock", lambda _: datetime(1970, 1, 1, tzinfo=PARIS))
    assert "à faire  horloge : il est 00 h 00 le 01/01/1970 à Paris." in sound.refused("doctor")


def test_a_demande_of_the_future_tells_that_the_clock_is_slow(sound: Office) -> None:
    demande = DemandeDeposee(
        reference="C2S-2090-000001",
        compte_id=1,
        caisse="931",
        brouillon="b",
        deposee_le=datetime(2090, 1, 1, tzinfo=PARIS),
        format=1,
        complete=True,
        empreinte="",
        instantane=sound.settings.data_ring.seal(b"{}", b"demande C2S-2090-000001"),
    )
    change(sound, lambda db: db.add(demande))
    assert "une demande déposée porte une date à venir" in sound.refused("doctor")


def test_a_missing_key_is_told_with_what_depends_on_it(sound: Office) -> None:
    said = sound.refused("doctor", C2S_DATA_KEYS=NEW)
    assert (
        "à faire  clés de données : Une clé ancienne manque. Elle sert encore à 1 compte. "
        "Ajoutez-la dans C2S_DATA_KEYS, après la plus récente."
    ) in said


def test_an_old_key_is_of_use_then_of_none(sound: Office) -> None:
    sound.env["C2S_DATA_KEYS"] = f"{NEW},{SEALING}"
    assert "la 2e sert encore à 1 compte. Gardez-la, ou passez tout sous la 1re" in sound.done("doctor")
    said = sound.run("doctor", "--resceller")
    assert said.exit_code == 0
    assert "Contenus scellés sous la clé de données la plus récente : 1." in said.stderr
    assert "la 2e ne sert plus : vous pouvez la retirer de C2S_DATA_KEYS." in said.stdout


def test_a_damaged_content_is_told(sound: Office) -> None:
    change(sound, lambda db: db.add(db.exec(select(Compte)).one().sqlmodel_update({"fiche": b"x"})))
    assert "à faire  base : le contenu est abîmé : 1 compte." in sound.refused("doctor")


def test_the_signing_keys_say_when_the_old_one_may_go(sound: Office) -> None:
    assert "une seule, qui signe" in sound.done("doctor")
    two = f"{NEW},{SIGNING}"
    assert "les anciennes peuvent partir maintenant" in sound.done("doctor", C2S_SECRET_KEYS=two)
    now = sound.settings.clock()
    change(sound, lambda db: open_session(db, db.get_one(Compte, 1), now, SESSION_LIFETIME))
    said = sound.done("doctor", C2S_SECRET_KEYS=two)
    assert "Les anciennes peuvent partir 20 heures après le démarrage du service avec elle" in said


def test_a_program_reads_json(sound: Office) -> None:
    findings = json.loads(sound.refused("doctor", "--json", C2S_PUBLIC_URL=""))
    assert findings[0] == {
        "sujet": "réglages",
        "ok": False,
        "constat": "l'adresse publique n'est pas une adresse https.",
        "remede": "Donnez C2S_PUBLIC_URL, par exemple C2S_PUBLIC_URL=https://c2s.exemple.fr",
    }
    assert all(finding["ok"] for finding in findings[1:])


def test_with_franceconnect_the_accounts_that_cannot_be_found_are_counted(sound: Office) -> None:
    settings = {
        "C2S_OIDC_ISSUER": "https://fc.exemple/api/v2",
        "C2S_OIDC_CLIENT_ID": "c2s",
        "C2S_OIDC_CLIENT_SECRET": "secret",
    }
    assert "1 compte sur 1 ne peut pas être retrouvé" in sound.done("doctor", **settings)
    sound.done("assures", "import", sound.people({**NADIA, "nom_naissance": "Exemple"}))
    assert "FranceConnect : chaque compte peut être retrouvé." in sound.done("doctor", **settings)
    assert "FranceConnect" not in sound.done("doctor")
