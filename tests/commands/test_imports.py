"""`c2s organismes import`: all or nothing, every bad line told, codes that keep their meaning."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col, select
from starlette.applications import Starlette

from app.commands import _console
from app.domain.demande import ChoixOrganisme, ModeDeGestion
from app.settings import ROOT
from app.store.organismes import find_organismes
from app.store.tables import OrganismeGestionnaire
from tests.support.browser import Browser
from tests.support.office import Office, as_csv, organismes
from tests.support.runner import done
from tests.support.waiting import ready

Row = dict[str, str]
ROW = organismes()[0]


def listed(office: Office) -> dict[str, OrganismeGestionnaire]:
    with office.database() as db:
        return {
            row.code: row
            for row in db.exec(select(OrganismeGestionnaire).order_by(col(OrganismeGestionnaire.code)))
        }


def import_rows(office: Office, rows: list[Row], *options: str) -> str:
    return office.done("organismes", "import", office.write("liste.csv", as_csv(rows)), *options)


def test_five_thousand_organismes_are_imported_and_searched(office: Office) -> None:
    rows = [{**row, "code": f"{row['code']}.{n}"} for n in range(10) for row in organismes()][:5000]
    assert (
        import_rows(office, rows) == "Lignes lues : 5000. Ajoutées : 5000. Mises à jour : 0. Refusées : 0.\n"
    )
    with office.database() as db:
        assert find_organismes(db, "mutuelle").many


def test_a_file_with_three_lines_to_correct_changes_nothing_and_names_them(office: Office) -> None:
    import_rows(office, organismes())
    before = listed(office)
    rows = organismes()
    rows[3]["code_postal"] = "1000"
    rows[7]["departement"] = "99"
    rows[8]["type"] = "banque"
    rows.append({**ROW, "code": "NEUF"})
    said = office.refused("organismes", "import", office.write("liste.csv", as_csv(rows)))
    assert said.splitlines() == [
        "Ligne 5, colonne code_postal : « 1000 » ne convient pas. Attendu : 5 chiffres. Exemple : 01000.",
        "Ligne 9, colonne departement : « 99 » ne convient pas. "
        "Attendu : le code d'un département, avec son zéro. Exemple : 01.",
        "Ligne 10, colonne type : « banque » ne convient pas. "
        "Attendu : mutuelle, prevoyance ou assurance. Exemple : mutuelle.",
        "Lignes lues : 502. Ajoutées : 0. Mises à jour : 0. Refusées : 3.",
        "Rien n'est changé. Corrigez ces lignes, puis recommencez.",
    ]
    assert listed(office) == before


def test_a_trial_says_everything_and_changes_nothing(office: Office) -> None:
    import_rows(office, organismes())
    before = listed(office)
    rows = [*organismes()[2:], {**ROW, "code": "NEUF"}]
    rows[0]["nom"] = "Mutuelle Rebaptisée"
    trial = import_rows(office, rows, "--dry-run")
    assert trial.splitlines() == [
        "Lignes lues : 500. Ajoutées : 1. Mises à jour : 1. Refusées : 0.",
        "Organismes absents de ce fichier, qui ne sont plus proposés : 2. Une page le dit aux personnes qui en avaient choisi un.",
        "C'est un essai : rien n'est changé.",
    ]
    assert listed(office) == before
    assert import_rows(office, rows).splitlines() == trial.splitlines()[:2]
    assert listed(office) != before


def test_a_code_keeps_its_meaning(office: Office) -> None:
    first, second = organismes()[:2]
    import_rows(office, [first, second])
    import_rows(office, [{**second, "nom": "Mutuelle Rebaptisée"}])
    rows = listed(office)
    assert not rows[first["code"]].actif
    assert rows[first["code"]].nom == first["nom"], "whoever chose it can be told its name"
    with office.database() as db:
        assert [row.code for row in find_organismes(db, "rebaptisee").rows] == [second["code"]]
        assert find_organismes(db, second["nom"].split()[-1]).total == 0
    import_rows(office, [first])
    assert listed(office)[first["code"]].actif
    assert not listed(office)[second["code"]].actif
    assert import_rows(office, [first]).startswith("Lignes lues : 1. Ajoutées : 0. Mises à jour : 0.")


def test_a_person_who_chose_an_organisme_that_left_is_told(
    client: Browser, service: Starlette, tmp_path: Path
) -> None:
    ready(client, service, organisme=ChoixOrganisme(mode=ModeDeGestion.ORGANISME, code=ROW["code"]))
    path = tmp_path / "liste.csv"
    path.write_text(as_csv(organismes()[1:]))
    done(service, "organismes", "import", path)
    page = client.get("/demande/organisme")
    assert f"{ROW['nom']} n'est plus dans la liste" in page.main


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("code", ""),
        ("code", "caisse"),
        ("code", "MUT 1"),
        ("code", "../etc"),
        ("code", "x" * 41),
        ("nom", ""),
        ("nom", "—"),
        ("nom", "x" * 121),
        ("adresse", ""),
        ("code_postal", "1000"),
        ("code_postal", "O1000"),
        ("code_postal", "٠١٠٠٠"),
        ("commune", ""),
        ("departement", "1"),
        ("departement", "20"),
        ("type", ""),
    ],
)
def test_a_wrong_value_is_named(office: Office, column: str, value: str) -> None:
    path = office.write("liste.csv", as_csv([ROW | {column: value}]))
    said = office.refused("organismes", "import", path)
    shown = value if len(value) <= 60 else f"{value[:60]}…"
    assert f"Ligne 2, colonne {column} : « {shown} » ne convient pas. Attendu : " in said
    assert ". Exemple : " in said
    assert listed(office) == {}


def test_what_spreadsheets_write_is_read(office: Office) -> None:
    text = as_csv([{**ROW, "type": "Mutuelle", "nom": '  La "Grande"  ; Mutuelle '}]).replace(
        "\r\n", "\r\n;;;;;;\r\n\r\n"
    )
    office.done(
        "organismes", "import", office.write("liste.csv", "\ufeff" + text.replace("code;nom", "Code; NOM "))
    )
    assert listed(office)[ROW["code"]].nom == 'La "Grande" ; Mutuelle'


def test_columns_come_in_any_order_and_others_are_passed_over(office: Office) -> None:
    row = {"region": "ARA", **dict(reversed(ROW.items()))}
    import_rows(office, [row])
    assert listed(office)[ROW["code"]].adresse == ROW["adresse"]


def _short(text: str) -> str:
    return text.replace("code_postal;", "").replace(";type", "")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(_short, "Il manque : code_postal, type.", id="colonnes"),
        pytest.param(
            lambda text: text.replace(";", ","), "séparées par « ; ». Il manque : code, nom", id="virgules"
        ),
        pytest.param(
            lambda text: text.encode("latin-1"), "Ligne 2 : ce fichier n'est pas en UTF-8", id="latin-1"
        ),
        pytest.param(lambda text: text + '"ouvert;', "Ligne 4 : cette ligne ne se lit pas", id="guillemet"),
        pytest.param(lambda text: text.split("\r\n")[0], "aucune ligne à importer", id="sans ligne"),
        pytest.param(lambda _: "", "aucune ligne à importer", id="vide"),
        pytest.param(lambda text: text + "A;B;C;D;E;F;G;H\r\n", "Attendu : 7 cases", id="cases de trop"),
        pytest.param(
            lambda text: text + text.split("\r\n")[1] + "\r\n", "pas déjà ligne 2", id="code deux fois"
        ),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(
    office: Office, spoil: Callable[[str], str | bytes], said: str
) -> None:
    rows = [ROW | {"nom": "Mutuelle de l'Été"}, ROW | {"code": "AUTRE"}]
    path = office.write("liste.csv", spoil(as_csv(rows)))
    assert said in office.refused("organismes", "import", path)
    assert listed(office) == {}


def test_an_absent_file_is_told(office: Office) -> None:
    assert "absent.csv : ce fichier ne s'ouvre pas" in office.refused("organismes", "import", "absent.csv")


def test_a_program_reads_json(office: Office) -> None:
    path = office.write("liste.csv", as_csv([ROW, ROW | {"code": "AUTRE", "code_postal": "1"}]))
    assert json.loads(office.refused("organismes", "import", path, "--json")) == {
        "essai": False,
        "lues": 2,
        "ajoutees": 0,
        "mises_a_jour": 0,
        "absentes": 0,
        "refusees": 1,
        "refus": [
            {
                "ligne": 3,
                "colonne": "code_postal",
                "valeur": "1",
                "attendu": "5 chiffres",
                "exemple": "01000",
            }
        ],
    }
    assert json.loads(import_rows(office, [ROW], "--json", "--dry-run"))["ajoutees"] == 1
    assert listed(office) == {}


def test_a_base_of_another_version_names_the_command(tmp_path: Path) -> None:
    office = Office(tmp_path)
    said = office.refused("organismes", "import", office.write("liste.csv", as_csv([ROW])))
    assert "c2s init" in said


def test_a_bar_moves_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(_console.progress([1, 2, 3], "Lecture")) == [1, 2, 3]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert list(_console.progress([1, 2, 3], "Lecture")) == [1, 2, 3]
    assert "Lecture" in capsys.readouterr().err


def test_the_examples_of_the_guide_are_imported_as_they_are(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "imports.md").read_text(encoding="utf-8")
    examples = re.findall(r"^## `c2s (\w+) import .*?^```\w+\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    office = Office(tmp_path)
    office.done("init")
    assert {what for what, _ in examples} == {"organismes", "caisses", "assures"}
    for what, example in examples:
        path = office.write(f"{what}.csv" if what == "organismes" else f"{what}.json", example)
        assert "Refusées : 0." in office.done(what, "import", path)
