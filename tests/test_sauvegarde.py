"""docs/exploitation/sauvegarde.py: what was deposited is in the copy, and no draft outlives its session in it."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.settings import ROOT
from app.store.database import reading
from app.store.sessions import sweep
from app.store.tables import DemandeDeposee, Piece, PieceEnAttente, SessionOuverte
from tests.support import samples
from tests.support.browser import Browser
from tests.support.runner import done
from tests.support.waiting import ready, send
from tests.support.walk import walk_to

SCRIPT = ROOT / "docs" / "exploitation" / "sauvegarde.py"


def backup(service: Starlette, target: Path) -> "subprocess.CompletedProcess[str]":
    folder = service.state.house.settings.data_dir
    return subprocess.run(
        [sys.executable, SCRIPT, folder, target], capture_output=True, text=True, check=False
    )


@pytest.fixture
def lived_in(make_client: object, service: Starlette) -> Starlette:
    """A service where one person has filed a demande with a piece, and another is half way."""
    nadia, benoit = (Browser(TestClient(service)) for _ in range(2))
    ready(nadia, service)
    send(nadia, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
    walk_to(nadia, "/demande/terminee")
    ready(benoit, service, "benoit")
    send(benoit, "avis_moi", ("avis.pdf", samples.pdf(pages=3)))
    return service


def test_ce_qui_est_depose_se_relit_apres_une_restauration(
    lived_in: Starlette, make_service: object, tmp_path: Path
) -> None:
    copy = tmp_path / "copie"
    assert backup(lived_in, copy).returncode == 0
    settings = lived_in.state.house.settings
    (copy / "cles-de-demonstration.json").write_bytes(
        (settings.data_dir / "cles-de-demonstration.json").read_bytes()
    )
    restored = make_service(data_dir=copy)  # type: ignore[operator]
    house = restored.state.house
    with reading(house.engine) as db:
        pieces = db.exec(select(Piece.id)).all()
        reference = db.exec(select(DemandeDeposee.reference)).all()[-1]
        assert len(pieces) == 1
        assert sweep(db, house.shelf, settings.clock()).strays == 0, "no file without a row"
    done(restored, "demandes", "export", reference, tmp_path / "export")  # opens its piece and its accusé
    house.engine.dispose()


def test_une_sauvegarde_n_a_ni_session_ni_fichier_en_attente(lived_in: Starlette, tmp_path: Path) -> None:
    with reading(lived_in.state.house.engine) as db:
        secrets = list(db.exec(select(SessionOuverte.secret)))
        (waiting,) = db.exec(select(PieceEnAttente.id))
    copy = tmp_path / "copie"
    assert backup(lived_in, copy).returncode == 0
    content = b"".join(path.read_bytes() for path in copy.rglob("*") if path.is_file())
    assert len(secrets) == 2
    assert not any(secret in content for secret in secrets)
    assert waiting.encode() not in content
    assert not (copy / "fichiers" / waiting).exists()


def test_une_sauvegarde_n_est_lisible_que_par_son_proprietaire(service: Starlette, tmp_path: Path) -> None:
    copy = tmp_path / "copie"
    backup(service, copy)
    assert {path.stat().st_mode & 0o077 for path in (copy, *copy.rglob("*"))} == {0}


def test_une_sauvegarde_n_en_ecrase_pas_une_autre(service: Starlette, tmp_path: Path) -> None:
    assert backup(service, tmp_path / "copie").returncode == 0
    assert backup(service, tmp_path / "copie").returncode != 0
    assert "FileExistsError" in backup(service, tmp_path / "copie").stderr
