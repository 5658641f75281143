"""
From the commit before to the next one, one service after the other, while people file.

The next one is this code with one migration more. A clone of one commit asks where it comes from for the commit before;
what cannot be had (no git, no network) is said: the update is then played from this code alone.
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any, cast

import httpx2
import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.settings import ROOT, Settings, load_settings
from app.store.belonging import open_shelf
from app.store.database import open_database, reading
from app.store.inventory import read_piece
from app.store.tables import DemandeDeposee
from app.store.versions import VERSION, versions_of
from tests.bench.demarches import Lean
from tests.conftest import TODAY
from tests.support import samples
from tests.support.filed import compte_of, filed_pieces
from tests.support.services import NO_TRUST, SECONDS, SERVE
from tests.support.several import in_front, sharing, started
from tests.support.walk import forward, join, walk_to

pytestmark = pytest.mark.xdist_group("objets")
PIECES = "/demande/pieces"
PEOPLE = ("nadia", "marc", "lucie")
MOST = 8  # files
BETWEEN_TWO_WALKS = 0.3  # seconds
HEAD, ORIGIN = ("rev-parse", "HEAD"), ("remote", "get-url", "origin")
AS_SOMEONE = ("-c", "user.name=essai", "-c", "user.email=essai@exemple.invalid", "-c", "commit.gpgsign=false")
WHAT_RUNS = ("app", "templates", "static", "data")
NEXT = f"{int(VERSION) + 1:04}"
MIGRATION = f"""
from alembic import op

revision, down_revision = "{NEXT}", "{VERSION}"


def upgrade() -> None:
    op.execute("CREATE TABLE essai (id INTEGER)")
"""


def code_before(home: Path, repository: Path = ROOT) -> Path | None:
    """What the commit before runs; none if it can be had nowhere. The repository is left as it is."""

    def git(*words: str) -> bytes:
        silent = os.environ | {"GIT_TERMINAL_PROMPT": "0"}
        how: dict[str, Any] = {"cwd": repository, "env": silent, "capture_output": True, "timeout": SECONDS}
        return bytes(subprocess.run(["git", *words], check=True, **how).stdout)

    try:
        archive = git("archive", "HEAD~1", *WHAT_RUNS)
    except OSError:
        return None
    except subprocess.SubprocessError:
        aside = f"--git-dir={home}.git"
        try:
            commit, origin = (git(*words).decode().strip() for words in (HEAD, ORIGIN))
            git("init", "--quiet", "--bare", f"{home}.git")
            git(aside, "fetch", "--quiet", "--depth=2", origin, commit)
            archive = git(aside, "archive", f"{commit}~1", *WHAT_RUNS)
        except subprocess.SubprocessError:
            return None
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(home, filter="data")
    return home


@pytest.mark.parametrize("is_there", [True, False])
def test_a_clone_of_one_commit_asks_for_the_one_before(tmp_path: Path, *, is_there: bool) -> None:
    whole, clone = tmp_path / "entier", tmp_path / "clone"
    whole.mkdir()

    def git(*words: object) -> None:
        subprocess.run(["git", *AS_SOMEONE, *map(str, words)], cwd=whole, check=True, capture_output=True)

    git("init", "--quiet")
    for said in ("avant", "après"):
        for name in WHAT_RUNS:
            (whole / name).mkdir(exist_ok=True)
            (whole / name / "dit.txt").write_text(said)
        git("add", ".")
        git("commit", "--quiet", "--message", said)
    git("clone", "--quiet", "--depth=1", whole.as_uri(), clone)
    if not is_there:
        shutil.rmtree(whole)
    code = code_before(tmp_path / "code", clone)
    assert (code is not None) is is_there
    assert {(code / name / "dit.txt").read_text() for name in WHAT_RUNS if code} == (
        {"avant"} if code else set()
    )


def code_after(home: Path) -> Path:
    shutil.copytree(ROOT / "app", home / "app")
    for name in WHAT_RUNS[1:]:
        (home / name).symlink_to(ROOT / name)
    versions = home / "app" / "store" / "versions.py"
    text, count = re.subn(
        f'^VERSION = "{VERSION}"', f'VERSION = "{NEXT}"', versions.read_text(), flags=re.MULTILINE
    )
    assert count == 1
    versions.write_text(text)
    (home / "app/store/migrations/versions" / f"{NEXT}_essai.py").write_text(MIGRATION)
    return home


def file_slowly(url: str, compte: str, updated: Event) -> dict[str, bytes]:
    """
    Walk back and forth until the update is over, then file; the files that the service said it has.

    People look at a page: walks without a break would leave no processor to the services that start.
    """
    sent: dict[str, bytes] = {}
    with httpx2.Client(base_url=url, timeout=60, verify=NO_TRUST) as client:
        browser = Lean(cast(TestClient, client))  # fails on any answer but a page
        browser.start(compte)
        walk_to(browser, PIECES)
        while not updated.wait(BETWEEN_TWO_WALKS) or not sent:
            if len(sent) < MOST:
                name = f"{len(sent)}.pdf"
                content = samples.pdf(1, f"{compte} {name}")
                assert name in join(browser, "avis_moi", name=name, content=content).main
                sent[name] = content
            browser.get("/demande/situation")
            forward(browser)
            walk_to(browser, PIECES)
        walk_to(browser, "/demande/terminee")
    return sent


def filed(db: Session, settings: Settings, compte: str) -> dict[str, bytes]:
    """The files of the one demande of this account."""
    mine = select(DemandeDeposee).where(DemandeDeposee.compte_id == compte_of(db, compte).id)
    pieces = filed_pieces(db, settings.data_ring, db.exec(mine).one())
    shelf = open_shelf(settings)
    return {nom: read_piece(shelf, piece, key) for piece, nom, key in pieces}


def test_no_answered_request_is_lost_while_each_service_is_replaced(tmp_path: Path) -> None:
    before, after = code_before(tmp_path / "avant"), code_after(tmp_path / "apres")
    updated = Event()
    with (
        sharing(tmp_path, C2S_TODAY=TODAY.isoformat(), C2S_DRAIN_SECONDS="5") as told,
        started(tmp_path, told, code=before or ROOT) as services,
        in_front(tmp_path / "frontal", services) as url,
        ThreadPoolExecutor(len(PEOPLE)) as pool,
    ):
        people = {compte: pool.submit(file_slowly, url, compte, updated) for compte in PEOPLE}
        try:
            init = [sys.executable, "-c", SERVE, "init"]
            subprocess.run(init, cwd=after, env=services[0].environment, check=True, timeout=SECONDS)
            for service in services:
                service.stop()
                service.start(after)
                service.ready()
        finally:
            updated.set()
        sent = {compte: walk.result() for compte, walk in people.items()}
        settings = load_settings(
            demo=True,
            data_dir=told["C2S_DATA_DIR"],
            database_url=told["C2S_DATABASE_URL"],
            files_url=told["C2S_FILES_URL"],
        )
        engine = open_database(settings.database)
        assert versions_of(engine).version == NEXT
        with reading(engine) as db:
            assert {compte: filed(db, settings, compte) for compte in PEOPLE} == sent
        engine.dispose()
    if before is None:
        pytest.skip(
            "The update went well from this code, but the commit before is not here: git fetch --deepen=1"
        )
