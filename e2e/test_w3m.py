"""benoit makes his whole démarche in w3m, a browser without JavaScript, style or pictures."""

from pathlib import Path

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
