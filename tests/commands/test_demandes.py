"""`c2s demandes list`, `show` et `ask` : lire ce qui est déposé, demander un document."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import col
from starlette.applications import Starlette

from app.domain.instantane import Instantane
from app.domain.suivi import Etat
from app.files.shelf import Shelf
from app.settings import PARIS
from app.store.database import writing
from app.store.demandes import read_instantane
from app.store.suivi import OUVERTE, consulting
from app.store.tables import Caisse, Consultation, DemandeDeposee, Echange, EchangePdf, Piece
from tests.conftest import TODAY
from tests.support.browser import Browser
from tests.support.filed import damage, database, ring, rows
from tests.support.office import SEALING
from tests.support.runner import (
    AVIS,
    demande_of,
    done,
    events,
    file_demande,
    kept,
    last_message,
    reference_of,
    refused,
    run,
)
from tests.support.samples import pdf

# Lire


def test_the_list_tells_nothing_of_anybody(service: Starlette, reference: str) -> None:
    listed = done(service, "demandes", "list")
    assert reference in listed
    assert reference_of(service, "fatou") in listed
    assert "2 demandes." in listed
    everything = listed + done(service, "demandes", "list", "--json")
    for word in ("Nadia", "Fatou", "Exemple"):
        assert word not in everything


def test_a_program_reads_the_list(service: Starlette, reference: str) -> None:
    listed = json.loads(done(service, "demandes", "list", "--json"))
    nadia = next(row for row in listed if row["reference"] == reference)
    assert nadia == {
        "reference": reference,
        "caisse": "931",
        "deposee_le": nadia["deposee_le"],
        "etat": "deposee",
        "ouverte": True,
        "complete": False,
        "date_limite": "2026-12-12",
        "pieces": 0,
        "dernier_evenement": {"le": nadia["deposee_le"], "qui": "assuré", "quoi": "deposee"},
    }
    assert datetime.fromisoformat(nadia["deposee_le"]).astimezone(PARIS).date() == date(2026, 11, 12)


def test_the_list_can_be_narrowed(service: Starlette, reference: str) -> None:
    done(service, "demandes", "decide", reference, "accord-gratuit")
    fatou = reference_of(service, "fatou")
    opened = json.loads(done(service, "demandes", "list", "--ouvertes", "--json"))
    assert [row["reference"] for row in opened] == [fatou]
    of_931 = json.loads(done(service, "demandes", "list", "--caisse", "931", "--json"))
    assert [row["reference"] for row in of_931] == [reference]
    assert done(service, "demandes", "list", "--caisse", "921") == "Aucune demande.\n"
    unknown = refused(service, "demandes", "list", "--caisse", "999")
    assert unknown.startswith("Aucune caisse n'a le code « 999 ».")


def write(client: Browser, reference: str) -> None:
    """The person adds a word to a demande."""
    client.get(f"/suivi/{reference}/completer")
    assert client.press("Envoyer", {"message": "Voici."}).path == f"/suivi/{reference}"


def listed_line(service: Starlette, reference: str) -> str:
    """What the list says of a demande."""
    return next(line for line in done(service, "demandes", "list").splitlines() if line.startswith(reference))


def to_read(service: Starlette, *options: str) -> list[str]:
    """The references that wait to be read."""
    listed = json.loads(done(service, "demandes", "list", "--a-lire", "--json", *options))
    return [row["reference"] for row in listed]


def test_the_list_says_that_the_person_answered_until_the_caisse_does(
    client: Browser, service: Starlette, reference: str
) -> None:
    done(service, "demandes", "ask", reference, *AVIS)
    before = listed_line(service, reference)
    assert "documents attendus au plus tard le 24 décembre 2026" in before
    client.sign_in("nadia")
    write(client, reference)
    assert listed_line(service, reference) == f"{before}  complément reçu le 24 novembre 2026"
    done(service, "demandes", "decide", reference, "instruction")
    assert "complément" not in listed_line(service, reference)


@pytest.mark.engines
def test_what_waits_to_be_read_is_listed_until_the_caisse_opens_or_exports_it(
    client: Browser, service: Starlette, tmp_path: Path
) -> None:
    reference, fatou = file_demande(service), reference_of(service, "fatou")
    client.sign_in("nadia")
    assert to_read(service) == to_read(service) == [fatou, reference], "a list reads nothing"
    for reads in (("show", reference), ("export", reference, tmp_path)):
        done(service, "demandes", *reads)
        assert to_read(service) == [fatou], reads
        write(client, reference)
        assert to_read(service) == [fatou, reference], reads
    for answers in (("ask", reference, *AVIS), ("decide", reference, "instruction")):
        done(service, "demandes", *answers)
        assert to_read(service) == [fatou, reference], "an answer may cross what the person sends"
        assert "complément reçu le" in done(service, "demandes", "list", "--a-lire", "--caisse", "931")
    assert to_read(service, "--caisse", "931") == [reference]
    done(service, "demandes", "decide", reference, "accord-gratuit")
    assert to_read(service, "--caisse", "931") == []
    assert done(service, "demandes", "list", "--a-lire", "--caisse", "931") == "Aucune demande.\n"


def test_what_arrives_while_the_caisse_reads_is_still_to_be_read(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request of the person began before, and its files took a while to be kept."""
    reference = file_demande(service)
    client.sign_in("nadia")
    keep = Shelf.putting

    @contextmanager
    def slow(shelf: Shelf, files: Mapping[str, bytes]) -> Iterator[set[str]]:
        with keep(shelf, files) as committed:
            now = service.state.house.settings.now()
            with database(service) as db, consulting(db, demande_of(service, "nadia"), OUVERTE, now):
                pass
            yield committed

    monkeypatch.setattr(Shelf, "putting", slow)
    write(client, reference)
    assert reference in to_read(service)


def test_what_the_caisse_could_not_read_is_still_to_be_read(
    service: Starlette, reference: str, tmp_path: Path
) -> None:
    (tmp_path / "fichier").write_text("")
    (tmp_path / reference).mkdir()
    (tmp_path / reference / "une copie").write_text("")
    refused(service, "demandes", "export", reference, tmp_path / "fichier")
    refused(service, "demandes", "export", reference, tmp_path)
    with database(service) as db, writing(db):
        damage(db, DemandeDeposee, "instantane")
    refused(service, "demandes", "show", reference)
    assert rows(service, Consultation) == [], "the person reads of none of these"
    assert reference in to_read(service)


def test_show_cuts_the_numbers(service: Starlette, reference: str) -> None:
    with database(service) as db:
        filed: Instantane = read_instantane(ring(service), db.get(DemandeDeposee, int(reference[-6:])))
    shown = done(service, "demandes", "show", reference)
    for personne in filed.reponses.foyer:
        assert f"{personne.prenom} {personne.nom}" in shown
        assert personne.nir is not None
        assert f"finissant par {personne.nir[-2:]}\n" in shown
        assert personne.nir[-3:] not in shown
    assert "Documents attendus : Avis d’impôt : Nadia, Avis d’impôt : Lina" in shown.replace("'", "’")
    assert f"c2s demandes export {reference} DOSSIER" in shown


def test_show_tells_the_messages(service: Starlette, reference: str) -> None:
    done(service, "demandes", "ask", reference, *AVIS)
    shown = done(service, "demandes", "show", reference.lower())
    assert "de la caisse (non lu) : Votre caisse a besoin d'un document" in shown
    assert "Documents attendus : Avis d'impôt : Nadia\n" in shown


def test_show_tells_all_but_what_is_damaged(client: Browser, service: Starlette, reference: str) -> None:
    client.sign_in("nadia")
    client.get(f"/suivi/{reference}/completer")
    client.press("Envoyer", {"message": "Bonjour."}, files=[("fichier_complement", ("a.pdf", pdf(), ""))])
    done(service, "demandes", "ask", reference, *AVIS)
    with database(service) as db, writing(db):
        damage(db, Echange, "corps", col(Echange.genre) == Etat.PIECE_DEMANDEE)
        damage(db, Piece, "cle")
    result = run(service, "demandes", "show", reference)
    shown = result.stdout.replace("\u00a0", " ")
    assert result.exit_code == 1
    assert f"Une partie de la demande {reference} ne se lit plus." in result.stderr.replace("\u00a0", " ")
    for line in (
        "Nadia Exemple",
        "Documents attendus : contenu abîmé",
        ", dont le nom est abîmé, ",
        "de la caisse (non lu) : contenu abîmé",
        "de la personne : Bonjour. [a.pdf]",
        "de la caisse (non lu) : Accusé de réception",
    ):
        assert line in shown, line
    assert [row.quoi for row in rows(service, Consultation)] == [OUVERTE], (
        "it was opened, and the person reads so"
    )


def test_a_decision_that_is_damaged_still_closes_its_demande(service: Starlette, reference: str) -> None:
    done(service, "demandes", "decide", reference, "accord-gratuit")
    with database(service) as db, writing(db):
        damage(db, Echange, "corps", col(Echange.genre) == Etat.ACCORD_GRATUIT)
    assert f"La demande {reference} a déjà sa décision." in refused(
        service, "demandes", "ask", reference, *AVIS
    )
    assert "de la caisse (non lu) : contenu abîmé" in run(service, "demandes", "show", reference).stdout


@pytest.mark.parametrize(
    "command", [("show",), ("export", "/tmp"), ("ask", *AVIS), ("decide", "refus", "--motif", "x")]
)
def test_an_unknown_reference(service: Starlette, command: tuple[str, ...]) -> None:
    name, *rest = command
    where = [name, "C2S-2026-999999", *rest]
    sentence = refused(service, "demandes", *where)
    assert sentence.startswith("Aucune demande n'a la référence « C2S-2026-999999 ».")
    assert "c2s demandes list" in sentence


# Demander


def test_one_document_is_asked_for(service: Starlette, reference: str) -> None:
    said = done(service, "demandes", "ask", reference, *AVIS, "--avant", "2026-12-20")
    assert "1 document à envoyer au plus tard le 20 décembre 2026" in said
    demande = demande_of(service, "nadia")
    assert (demande.etat, demande.ouverte, demande.complete, demande.date_limite) == (
        Etat.PIECE_DEMANDEE,
        True,
        False,
        date(2026, 12, 20),
    )
    assert events(service, reference) == [("assuré", "deposee"), ("caisse", "piece_demandee")]
    message, body = last_message(service, reference)
    assert (message.genre, message.de_la_caisse, message.lu_le) == ("piece_demandee", True, None)
    assert body["pieces"] == [{"document": "Avis d'impôt : Nadia", "raison": "Il manque la page 2."}]
    assert rows(service, EchangePdf, EchangePdf.echange_id == message.id), "the letter is kept"


def test_without_a_date_the_delay_is_that_of_the_caisse(service: Starlette, reference: str) -> None:
    done(service, "demandes", "ask", reference, *AVIS)
    (caisse,) = rows(service, Caisse, Caisse.code == "931")
    assert caisse.delai_pieces_jours == 30
    assert demande_of(service, "nadia").date_limite == date(2026, 12, 24)


def test_several_documents_are_asked_for(service: Starlette, reference: str) -> None:
    done(
        service,
        "demandes",
        "ask",
        reference,
        *AVIS,
        "--document",
        "Taxe foncière",
        "--raison",
        "Elle est illisible.",
    )
    _, body = last_message(service, reference)
    assert [piece["document"] for piece in body["pieces"]] == ["Avis d'impôt : Nadia", "Taxe foncière"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ((), "Il manque l'option --document."),
        (AVIS[:2], "Il manque l'option --raison."),
        ((*AVIS, "--document", "Taxe"), "2 --document et 1 --raison : écrivez-en autant."),
        (("--document", " ", "--raison", "x"), "Écrivez le document et la raison"),
        ((*AVIS, "--avant", TODAY.isoformat()), "choisissez une date après aujourd'hui"),
        ((*AVIS, "--avant", "20/12/2026"), "n'est pas une date. Écrivez année-mois-jour, par exemple"),
    ],
)
def test_asking_for_a_document_in_the_wrong_way(
    service: Starlette, reference: str, options: tuple[str, ...], sentence: str
) -> None:
    before = kept(service)
    said = refused(service, "demandes", "ask", reference, *options, code=2)
    assert sentence in said
    assert "Aide : " in said
    assert kept(service) == before


# Ce qui manque autour


def test_a_base_of_another_version_is_refused(service: Starlette, reference: str) -> None:
    with service.state.house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    assert "Lancez d'abord : c2s init" in refused(service, "demandes", "show", reference)


def test_a_missing_key_is_told(service: Starlette, reference: str) -> None:
    said = refused(service, "demandes", "show", reference, C2S_DATA_KEYS=SEALING)
    assert "Ajoutez-la dans C2S_DATA_KEYS" in said
