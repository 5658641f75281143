"""benoit makes his whole démarche in w3m, a browser without JavaScript, style or pictures."""

import os
import signal
from pathlib import Path

import pexpect
import pytest

from e2e import records
from e2e.records import assert_filed
from e2e.service import Service
from e2e.w3m import W3m, benoit_depose, in_text
from tests.support import samples


@in_text
def test_benoit_in_a_browser_of_text(service: Service, tmp_path: Path) -> None:
    avis = tmp_path / "avis.pdf"
    avis.write_bytes(samples.pdf(pages=2))
    with W3m(service.url, tmp_path) as w3m:
        w3m.arrives("Me connecter à mon compte")
        w3m.type("Numéro de sécurité sociale (13", "1570269990104")
        w3m.type("Mot de passe Vous pouvez", "demo-benoit-2026")
        w3m.press("Se connecter", "Mes démarches")
        benoit_depose(w3m, avis)
        filed = service.deposited()
        assert filed.demande.reference in w3m.text
    assert_filed(filed.contenu, records.BENOIT)


served: set[Path] = set()


@in_text
def test_a_walk_whose_browser_of_text_crashes_is_played_again_on_a_fresh_service(
    service: Service, tmp_path: Path
) -> None:
    served.add(service.folder)
    with W3m(service.url, tmp_path) as w3m:
        w3m.arrives("Me connecter à mon compte")
        if len(served) == 1:
            os.kill(w3m.pid, signal.SIGSEGV)
            w3m.arrives("Mes démarches")
    assert len(served) == 2


@in_text
def test_a_browser_of_text_that_ends_has_not_crashed(service: Service, tmp_path: Path) -> None:
    with W3m(service.url, tmp_path) as w3m:
        w3m.arrives("Me connecter à mon compte")
        os.kill(w3m.pid, signal.SIGTERM)
        with pytest.raises(pexpect.EOF):
            w3m.arrives("Mes démarches")
