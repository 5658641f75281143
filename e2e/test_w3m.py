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


@pytest.mark.parametrize(("ends", "again"), [(signal.SIGSEGV, True), (signal.SIGTERM, False)])
def test_a_browser_of_text_that_crashes_is_started_again_and_no_other(
    service: Service, tmp_path: Path, ends: signal.Signals, again: bool
) -> None:
    opened: list[W3m] = []

    @in_text
    def walk() -> None:
        with W3m(service.url, tmp_path) as w3m:
            opened.append(w3m)
            w3m.arrives("Me connecter à mon compte")
            if len(opened) == 1:
                os.kill(w3m.pid, ends)
                w3m.arrives("Mes démarches")

    if again:
        walk()
    else:
        with pytest.raises(pexpect.EOF):
            walk()
    assert len(opened) == (2 if again else 1)
