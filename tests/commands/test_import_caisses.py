"""`c2s caisses import`: added and updated, never taken away; each needs its address, telephone and e-mail."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.store.tables import Caisse
from tests.support.office import CAISSE, Office, as_csv


@pytest.mark.parametrize("form", [json.dumps, as_csv], ids=["json", "csv"])
def test_a_caisse_is_added_then_updated(office: Office, form: Callable[[Any], str]) -> None:
    other = {
        **CAISSE,
        "code": "011",
        "departement": "01",
        "delai_pieces_jours": "15",
        "regime_local": "oui",
    }
    office.done("caisses", "import", office.write("une", form([other])))
    change = {**CAISSE, "code": "011", "departement": "01", "telephone": "01 23 45 67 89"}
    said = office.done("caisses", "import", office.write("deux", form([change])))
    assert said.splitlines() == [
        "Lignes lues : 1. Ajoutées : 0. Mises à jour : 1. Refusées : 0.",
        "Caisses absentes de ce fichier, qui restent comme elles sont : 1.",
    ]
    with office.database() as db:
        caisse = db.get_one(Caisse, "011")
        assert caisse.telephone == "01 23 45 67 89"
        assert caisse.delai_pieces_jours == 15, "a column that is not in the file says nothing"
        assert caisse.regime_local
        assert db.get(Caisse, "931") is not None


def test_the_caisses_of_the_repository_are_imported(office: Office) -> None:
    assert "Lignes lues : 107. Ajoutées : 106. Mises à jour : 1." in office.done(
        "caisses", "import", "data/caisses.json"
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("adresse", ""),
        ("adresse", None),
        ("telephone", ""),
        ("telephone", "appelez-nous"),
        ("courriel", ""),
        ("telephone", "0123456789012"),
        ("courriel", "c2s@caisse"),
        ("courriel", "c2s@caisse..exemple.fr"),
        ("code", "0/1"),
        ("delai_pieces_jours", 0),
        ("delai_pieces_jours", "trente"),
        ("regime_local", "peut-être"),
        ("nom", ["CPAM"]),
    ],
)
def test_a_wrong_value_is_named(office: Office, column: str, value: Any) -> None:
    rows = [{**CAISSE, "code": "011"}, {**CAISSE, "code": "021", column: value}]
    said = office.refused("caisses", "import", office.write("caisses.json", json.dumps(rows, indent=1)))
    assert f"Ligne 15, colonne {column} :" in said
    with office.database() as db:
        assert db.get(Caisse, "011") is None


def test_json_cut_short_changes_nothing(office: Office) -> None:
    text = json.dumps([{**CAISSE, "code": "011"}, CAISSE], indent=1)
    assert "ce n'est pas du JSON" in office.refused("caisses", "import", office.write("c", text[:-3]))
    assert "colonne toutes" in office.refused("caisses", "import", office.write("c", "[1, 2]"))
    with office.database() as db:
        assert db.get(Caisse, "011") is None
