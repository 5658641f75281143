"""Un seul numéro de format : un schéma qui change en prend un autre, et ce qui est déposé avant se lit encore."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from starlette.applications import Starlette

from app.domain.export import DemandeExportee
from app.domain.format import FORMAT, FORMATS, MISES_A_NIVEAU, FormatInconnu, mets_a_niveau
from app.domain.publication import empreinte, numerote, publie
from app.settings import ROOT
from app.store import seals
from app.store.database import writing
from app.store.decisions import demande_named
from app.store.demandes import read_instantane
from app.store.tables import DemandeDeposee
from tests.support.browser import Browser
from tests.support.filed import database, ring, rows
from tests.support.published import stale
from tests.support.runner import done, file_demande, kept, last_message, refused

NUMBERS = json.loads(FORMATS.read_bytes())
PREMIER = (Path(__file__).parent / "instantane_v1.json").read_bytes()


def test_a_schema_that_changes_takes_another_number() -> None:
    assert numerote(NUMBERS) == NUMBERS, f"the schema is no longer that of its number. {stale()}"
    assert json.loads(publie())["properties"]["version"]["const"] == FORMAT


def test_a_number_is_added_once_for_what_was_published_last() -> None:
    before = dict(list(NUMBERS.items())[:-1])
    assert list(numerote(before)) == list(NUMBERS)
    assert numerote({"1": "another schema"}) == {"1": "another schema", "2": empreinte(2)}
    assert numerote({"1": empreinte(1)}) == {"1": empreinte(1)}


def test_every_number_is_published_and_leads_to_the_next() -> None:
    assert list(NUMBERS) == [str(numero) for numero in range(1, FORMAT + 1)]
    assert set(MISES_A_NIVEAU) <= set(range(1, FORMAT))
    assert len(set(NUMBERS.values())) == FORMAT


def test_the_changelog_says_what_each_number_changed() -> None:
    """A caisse that reads exports with a program learns there what is new in them."""
    said = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").lower()
    unsaid = [numero for numero in range(2, FORMAT + 1) if not re.search(rf"\bformat {numero}\b", said)]
    assert unsaid == [], "a line of CHANGELOG.md says what this number of format changed"


@pytest.mark.parametrize("numero", [0, FORMAT + 1])
def test_an_unknown_format_is_not_read(numero: int) -> None:
    with pytest.raises(FormatInconnu, match=f"format {numero}"):
        mets_a_niveau({}, numero)


def test_a_demande_of_a_newer_format_waits_for_a_newer_service(service: Starlette, tmp_path: Path) -> None:
    reference = file_demande(service)
    with database(service) as db, writing(db):
        demande = demande_named(db, reference)
        demande.format = FORMAT + 1
        db.add(demande)
    before = kept(service)
    for words in (("show", reference), ("export", reference, tmp_path), ("decide", reference, "instruction")):
        said = refused(service, "demandes", *words)
        assert f"La demande {reference} est d'un format plus récent que ce service." in said
        assert "Mettez ce service à jour, puis recommencez." in said
    assert (kept(service), list(tmp_path.iterdir())) == (before, [])


def test_a_garde_alternee_that_nobody_denied_is_not_a_no() -> None:
    foyer = [{"garde_alternee": True}, {"garde_alternee": False}, {}]
    lu = mets_a_niveau({"reponses": {"foyer": foyer}}, 8)
    assert [personne["garde_alternee"] for personne in lu["reponses"]["foyer"]] == [True, None, None]


@pytest.fixture
def ancienne(service: Starlette) -> str:
    """Une demande de Nadia telle que la première version la gardait, mot pour mot."""
    reference = file_demande(service)
    with database(service) as db, writing(db):
        demande = db.get_one(DemandeDeposee, int(reference[-6:]))
        demande.format = 1
        demande.instantane = seals.DEMANDE.close(ring(service), reference, PREMIER)
        db.add(demande)
    return reference


def test_a_demande_of_an_old_format_is_read(service: Starlette, ancienne: str) -> None:
    [demande] = rows(service, DemandeDeposee, DemandeDeposee.reference == ancienne)
    lue = read_instantane(ring(service), demande).model_dump(mode="json", exclude_unset=True)
    depose = json.loads(PREMIER)
    assert depose["reponses"].pop("version") == 1
    for personne in depose["reponses"]["foyer"]:
        assert personne["garde_alternee"] is False
        personne["garde_alternee"] = None  # format 9: nobody had said « no »
    assert lue == depose
    assert "Sami" in done(service, "demandes", "show", ancienne)


def test_a_demande_of_an_old_format_is_exported_in_the_present_one(
    service: Starlette, ancienne: str, tmp_path: Path
) -> None:
    done(service, "demandes", "export", ancienne, tmp_path)
    exportee = DemandeExportee.model_validate_json((tmp_path / ancienne / "demande.json").read_bytes())
    assert exportee.version == FORMAT
    assert [personne.prenom for personne in exportee.demande.reponses.foyer] == ["Nadia", "Sami", "Lina"]


def test_a_demande_of_an_old_format_is_corrected_and_decided(
    client: Browser, service: Starlette, ancienne: str
) -> None:
    client.sign_in("nadia")
    client.get(f"/suivi/{ancienne}/completer")
    page = client.press("Envoyer à ma caisse", {"message": "Je me suis trompée de rue."})
    assert "Votre message est envoyé à votre caisse." in page.main
    assert last_message(service, ancienne)[1]["message"] == "Je me suis trompée de rue."
    done(service, "demandes", "decide", ancienne, "accord-participation")
    [demande] = rows(service, DemandeDeposee, DemandeDeposee.reference == ancienne)
    assert not demande.ouverte
    done(service, "purge", today=date(2030, 11, 30))
    assert rows(service, DemandeDeposee, DemandeDeposee.reference == ancienne)
    done(service, "purge", today=date(2030, 12, 1))
    assert rows(service, DemandeDeposee, DemandeDeposee.reference == ancienne) == []
