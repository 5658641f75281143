"""Of a base of PostgreSQL, the copy that the guide describes: what was deposited comes back, and no session is in it."""

import re
import subprocess
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.settings import ROOT
from app.store.tables import PieceEnAttente, SessionOuverte
from tests.support import postgres, samples
from tests.support.browser import Browser
from tests.support.filed import rows
from tests.support.runner import done, file_demande
from tests.support.waiting import send
from tests.support.walk import walk_to

pytestmark = [pytest.mark.engines("postgresql"), pytest.mark.xdist_group("objets")]
GUIDE = (ROOT / "docs" / "exploitation.md").read_text(encoding="utf-8")


def played(program: str, *words: str) -> str:
    """What this program of PostgreSQL writes."""
    ended = subprocess.run(
        [postgres._programs() / program, *words], capture_output=True, text=True, check=True
    )
    return ended.stdout


def test_a_dump_brings_back_what_was_deposited_and_nothing_of_who_was_there(
    service: Starlette, client: Browser, tmp_path: Path
) -> None:
    reference = file_demande(service)
    client.start("benoit")
    walk_to(client, "/demande/pieces")
    send(client, "avis_moi", ("avis.pdf", samples.pdf()))
    [session], [piece] = rows(service, SessionOuverte), rows(service, PieceEnAttente)
    [how] = re.findall(r"`pg_dump (--\S+)`", GUIDE)
    base = postgres.name_of(service.state.house.settings.data_dir)
    dump = tmp_path / "copie.sql"
    dump.write_text(played("pg_dump", how, postgres.url(base)))
    said = dump.read_text()
    assert reference in said
    assert [what for what in (session.id, session.secret.hex(), piece.id) if what in said] == []
    service.state.house.engine.dispose()
    postgres.create(base)
    played("psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", str(dump), postgres.url(base))
    done(service, "init")
    assert "absents 0, altérés 0" in done(service, "doctor", "--tout")
    again = Browser(TestClient(service))
    assert client.get("/demande/pieces").path == "/session-expiree"
    assert reference in again.sign_in("nadia").main
