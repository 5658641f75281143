"""`c2s demandes export` : un dossier qu'un outil d'instruction sait lire, avec tout ce qui est là, et le nom de ce qui manque."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col
from starlette.applications import Starlette

from app.demo.comptes import demo_accounts
from app.domain.publication import publie
from app.domain.suivi import Etat
from app.settings import ROOT
from app.store.accuses import read_pdf
from app.store.database import writing
from app.store.suivi import ACCUSE, accuse_of
from app.store.tables import Echange, EchangePdf, Piece
from tests.support import samples
from tests.support.filed import damage, database, once, ring, rows
from tests.support.published import stale
from tests.support.runner import AVIS, demande_of, done, file_demande, reference_of, refused, run
from tests.support.shelves import flipped, rewrite
from tests.support.walk import join, walk_to

SCHEMA = ROOT / "docs" / "demande.schema.json"
ISSUES = (
    ("instruction",),
    ("accord-gratuit",),
    ("accord-participation", "--debut", "2026-11-01"),
    ("refus", "--motif", "Vos ressources sont au-dessus du plafond.", "--chiffres", "25230,50/18610/25123"),
)


@pytest.fixture(scope="module")
def filled_folder(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Les données, une fois la demande de Nadia déposée : un PDF, une photo, et un document envoyé après."""
    with once(filled_folder, tmp_path_factory.mktemp("depose") / "donnees") as (folder, client, service):
        client.start("nadia")
        walk_to(client, "/demande/pieces")
        join(client, "avis_moi", name="avis de Nadia.pdf")
        join(client, "avis_m3xw", name="IMG_4213.jpg", content=samples.photo())
        walk_to(client, "/demande/terminee")
        client.get(f"/suivi/{reference_of(service, 'nadia')}/completer")
        late = ("fichier_complement", ("page 3.png", samples.png(), "application/octet-stream"))
        client.press("Envoyer à ma caisse", {"message": "Voici la page 3."}, files=[late])
    return folder


@pytest.fixture
def reference(service: Starlette) -> str:
    """Le numéro de cette demande."""
    return reference_of(service, "nadia")


def export(service: Starlette, reference: str, folder: Path) -> tuple[Path, Any]:
    """Le dossier écrit, et son JSON."""
    done(service, "demandes", "export", reference, folder)
    return folder / reference, json.loads((folder / reference / "demande.json").read_bytes())


def validate(*files: Path) -> subprocess.CompletedProcess[str]:
    """Ce que dit un validateur qui n'est pas de nous."""
    assert not stale(), stale()
    command: list[str | Path] = [
        Path(sys.executable).parent / "check-jsonschema",
        "--schemafile",
        SCHEMA,
        *files,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_published_schema_is_that_of_the_code() -> None:
    assert not stale(), stale()


def test_a_schema_that_lacks_a_new_question_names_it_and_the_command() -> None:
    published = json.loads(publie())
    del published["$defs"]["Reponses"]["properties"]["changement"]
    assert "Reponses.changement" in stale(json.dumps(published))
    assert "make schema" in stale(json.dumps(published))


def test_the_export_of_every_account_follows_the_schema(
    service: Starlette, reference: str, tmp_path: Path
) -> None:
    files = [export(service, reference, tmp_path)[0] / "demande.json"]
    accounts = [account.cle for account in demo_accounts() if account.cle != "nadia"]
    for rank, cle in enumerate(accounts):
        filed = reference_of(service, cle) if cle == "fatou" else file_demande(service, cle)
        if rank % 2:
            done(service, "demandes", "ask", filed, "--document", "Avis d'impôt", "--raison", "Illisible.")
        done(service, "demandes", "decide", filed, *ISSUES[rank % len(ISSUES)])
        files.append(export(service, filed, tmp_path)[0] / "demande.json")
    assert len(files) == 13
    result = validate(*files)
    assert result.returncode == 0, result.stdout + result.stderr
    genres = {e["genre"] for file in files for e in json.loads(file.read_bytes())["echanges"]}
    assert genres == {
        "accuse", "complement", "instruction", "piece_demandee", "accord_gratuit", "accord_participation", "refus",
    }  # fmt: skip


@pytest.mark.parametrize("change", ["de plus", "de moins", "empreinte", "genre"])
def test_the_schema_refuses_what_is_no_export(
    service: Starlette, reference: str, tmp_path: Path, change: str
) -> None:
    folder, exported = export(service, reference, tmp_path)
    match change:
        case "de plus":
            exported["demande"]["couleur"] = "bleu"
        case "de moins":
            del exported["reference"]
        case "empreinte":
            exported["pieces"][0]["empreinte"] = "0"
        case "genre":
            exported["echanges"][0]["genre"] = "refus"
    (folder / "demande.json").write_text(json.dumps(exported))
    assert validate(folder / "demande.json").returncode == 1


def test_the_files_are_those_that_were_filed(service: Starlette, reference: str, tmp_path: Path) -> None:
    folder, exported = export(service, reference, tmp_path)
    names = ["01-avis.pdf", "02-avis.jpg", "03-complement.png"]
    assert sorted(path.name for path in folder.iterdir()) == [*names, "accuse.pdf", "demande.json"]
    assert [piece["fichier"] for piece in exported["pieces"]] == names
    assert [piece["nom"] for piece in exported["pieces"]] == [
        "avis de Nadia.pdf",
        "IMG_4213.jpg",
        "page 3.png",
    ]
    assert [piece["personne"] for piece in exported["pieces"]] == ["moi", "m3xw", ""]
    for piece in exported["pieces"]:
        content = (folder / piece["fichier"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == piece["empreinte"]
        assert len(content) == piece["taille"]
    filed = [piece["empreinte"] for piece in exported["demande"]["pieces"]]
    assert filed == [piece["empreinte"] for piece in exported["pieces"][:2]]
    assert (folder / "01-avis.pdf").read_bytes().startswith(b"%PDF-")


def test_the_export_holds_the_whole_demande(service: Starlette, reference: str, tmp_path: Path) -> None:
    _, exported = export(service, reference, tmp_path)
    assert exported["reference"] == reference
    assert exported["empreinte"] == demande_of(service, "nadia").empreinte
    assert [personne["prenom"] for personne in exported["demande"]["reponses"]["foyer"]] == [
        "Nadia",
        "Sami",
        "Lina",
    ]
    assert all(len(personne["nir"]) == 13 for personne in exported["demande"]["reponses"]["foyer"])
    assert [echange["genre"] for echange in exported["echanges"]] == ["accuse", "complement"]
    assert exported["echanges"][1]["contenu"]["message"] == "Voici la page 3."
    assert [evenement["quoi"] for evenement in exported["evenements"]] == ["deposee", "complement"]


def test_the_accuse_is_the_one_that_was_kept(service: Starlette, reference: str, tmp_path: Path) -> None:
    folder, exported = export(service, reference, tmp_path)
    with database(service) as db:
        found = accuse_of(db, ring(service), demande_of(service, "nadia"))
        assert found is not None
        pdf = read_pdf(db, service.state.house.shelf, ring(service), found[0].id)
    assert pdf is not None
    assert (folder / exported["accuse"]).read_bytes() == pdf


def test_only_its_owner_reads_the_export(service: Starlette, reference: str, tmp_path: Path) -> None:
    parent = tmp_path / "exports" / "novembre"
    folder, _ = export(service, reference, parent)
    assert parent.stat().st_mode & 0o777 == 0o700
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_folder_that_holds_something_is_not_touched(
    service: Starlette, reference: str, tmp_path: Path
) -> None:
    (tmp_path / reference).mkdir()
    export(service, reference, tmp_path)  # empty: it is filled
    before = {path: path.read_bytes() for path in (tmp_path / reference).iterdir()}
    said = refused(service, "demandes", "export", reference, tmp_path)
    assert f"{tmp_path / reference} contient déjà quelque chose. Rien n'est écrit." in said
    assert {path: path.read_bytes() for path in (tmp_path / reference).iterdir()} == before


@pytest.mark.parametrize(
    ("fault", "motif"), [("altéré", "altere"), ("perdu", "absent"), ("empreinte", "altere")]
)
def test_a_lost_document_is_named_and_the_rest_is_written(
    service: Starlette, reference: str, tmp_path: Path, fault: str, motif: str
) -> None:
    piece = min(rows(service, Piece), key=lambda piece: piece.rang)
    harm(service, piece, fault)
    result = run(service, "demandes", "export", reference, tmp_path / "exports")
    assert result.exit_code == 1
    assert f"La demande {reference} est exportée dans" in result.stdout
    assert "Il manque 01-avis.pdf : ce fichier n'est plus" in result.stderr
    folder = tmp_path / "exports" / reference
    exported = json.loads((folder / "demande.json").read_bytes())
    assert [(lost["fichier"], lost["nom"], lost["motif"]) for lost in exported["pieces_perdues"]] == [
        ("01-avis.pdf", "avis de Nadia.pdf", motif)
    ]
    there = [written["fichier"] for written in exported["pieces"]]
    assert there == ["02-avis.jpg", "03-complement.png"]
    assert {path.name for path in folder.iterdir()} == {*there, "accuse.pdf", "demande.json"}
    assert validate(folder / "demande.json").returncode == 0


def test_a_lost_document_tells_nothing_of_anybody_on_the_terminal(
    service: Starlette, reference: str, tmp_path: Path
) -> None:
    for piece in rows(service, Piece):
        harm(service, piece, "perdu")
    said = run(service, "demandes", "export", reference, tmp_path / "exports").output
    assert said.count("Il manque") == 3
    assert "Nadia" not in said


@pytest.mark.parametrize("kept", [True, False], ids=["accusé gardé", "accusé à refaire"])
def test_a_damaged_letter_is_named_and_the_rest_is_written(
    service: Starlette, reference: str, tmp_path: Path, *, kept: bool
) -> None:
    """Its accusé, that is, whose PDF may be there still; and the key of a document."""
    first = min(rows(service, Piece), key=lambda piece: piece.rang)
    done(service, "demandes", "ask", reference, *AVIS)
    with database(service) as db, writing(db):
        damage(db, Echange, "corps", col(Echange.genre).in_([ACCUSE, Etat.PIECE_DEMANDEE]))
        damage(db, Piece, "cle", col(Piece.id) == first.id)
        if not kept:
            damage(db, EchangePdf, "cle")
    result = run(service, "demandes", "export", reference, tmp_path)
    said, folder = result.stderr.replace("\u00a0", " "), tmp_path / reference
    assert result.exit_code == 1
    assert f"La demande {reference} est exportée dans" in result.stdout
    for line in (
        "Il manque 01-avis.pdf : ce fichier n'est plus celui qui a été déposé.",
        "de la caisse : son contenu est abîmé.",
        "Les messages abîmés sont dans « echanges_perdus » de demande.json",
        "Restaurez la base depuis une sauvegarde, puis exportez à nouveau.",
    ):
        assert line in said, line
    assert said.count("Il manque le message du") == 2
    assert ("Il manque accuse.pdf" in said) is not kept
    assert "Nadia" not in said
    exported = json.loads((folder / "demande.json").read_bytes())
    assert validate(folder / "demande.json").returncode == 0
    assert [echange["genre"] for echange in exported["echanges_perdus"]] == ["accuse", "piece_demandee"]
    assert [echange["contenu"]["message"] for echange in exported["echanges"]] == ["Voici la page 3."]
    assert [(lost["nom"], lost["motif"]) for lost in exported["pieces_perdues"]] == [("", "altere")]
    assert exported["accuse"] == ("accuse.pdf" if kept else None)
    there = {"02-avis.jpg", "03-complement.png", "demande.json"} | ({"accuse.pdf"} if kept else set())
    assert {path.name for path in folder.iterdir()} == there


def harm(service: Starlette, piece: Piece, fault: str) -> None:
    shelf = service.state.house.shelf
    match fault:
        case "altéré":
            rewrite(shelf, piece.id, flipped)
        case "perdu":
            shelf.remove(piece.id)
        case "empreinte":
            with database(service) as db, writing(db):
                db.get_one(Piece, piece.id).empreinte = "0" * 64


def test_a_folder_that_cannot_be_written(service: Starlette, reference: str, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    said = refused(service, "demandes", "export", reference, tmp_path / "fichier")
    assert "Rien n'est écrit. Choisissez un autre dossier." in said
