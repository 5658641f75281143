"""The PDF of a message: made once, kept sealed, made again if need be, and nobody else's."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette

from app.store.accuses import find_pdf
from app.store.sweep import sweep
from app.store.tables import Echange, EchangePdf
from app.web import message_pdf
from app.web.letter import NotMade
from tests.support.browser import Browser
from tests.support.filed import accuse_id, compte_of, database, file, once, rows
from tests.support.paper import deposit, pdf_of

WHO = "benoit"


@pytest.fixture(scope="module")
def filled_folder(filled_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data once Benoit has filed a demande."""
    with once(filled_folder, tmp_path_factory.mktemp("depose") / "donnees") as (folder, client, _):
        deposit(client, joined=False, compte=WHO)
    return folder


@pytest.fixture
def echange(client: Browser, service: Starlette) -> str:
    """The accusé of that demande, which Benoit may read."""
    client.sign_in(WHO)
    with database(service) as db:
        mine = Echange.compte_id == compte_of(db, WHO).id
    return str(rows(service, Echange, mine)[0].id)


def test_le_pdf_est_fait_au_depot_garde_scelle_et_toujours_le_meme(
    client: Browser, service: Starlette, echange: str
) -> None:
    (row,) = rows(service, EchangePdf, EchangePdf.echange_id == echange)
    kept = service.state.house.shelf.get(row.id)
    assert b"%PDF" not in kept
    first = pdf_of(client, echange)
    assert first.startswith(b"%PDF")
    assert first == pdf_of(client, echange)
    assert row.taille == len(first)
    assert rows(service, EchangePdf, EchangePdf.echange_id == echange) == [row]


def test_le_balayage_laisse_le_pdf(client: Browser, service: Starlette, echange: str) -> None:
    before = pdf_of(client, echange)
    house = service.state.house
    with database(service) as db:
        sweep(db, house.shelf, house.settings.clock() + timedelta(days=2))
        found = find_pdf(db, echange)
    assert found is not None
    assert found.id in house.shelf.names()
    client.sign_in(WHO)
    assert pdf_of(client, echange) == before


def test_sans_pdf_garde_il_est_fait_a_la_demande_et_rien_n_est_ecrit(
    client: Browser, service: Starlette
) -> None:
    reference = file(service)
    client.sign_in("nadia")
    page = client.get(f"/echanges/{accuse_id(reference)}")
    size = next(text for text in page.links() if text.startswith("Garder ce message en PDF ("))
    pdf = pdf_of(client, accuse_id(reference))
    assert f"({round(len(pdf) / 1024)} ko)" in size
    assert pdf == pdf_of(client, accuse_id(reference))
    assert rows(service, EchangePdf, EchangePdf.echange_id == accuse_id(reference)) == []


def test_un_pdf_perdu_est_refait(client: Browser, service: Starlette, echange: str) -> None:
    before = pdf_of(client, echange)
    service.state.house.shelf.remove(rows(service, EchangePdf, EchangePdf.echange_id == echange)[0].id)
    assert pdf_of(client, echange) == before


@pytest.mark.parametrize("failure", [NotMade(), OSError("disque plein")], ids=["typst", "disque"])
def test_la_demande_est_deposee_meme_si_le_pdf_ne_peut_pas_l_etre(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object) -> bytes:
        raise failure

    with monkeypatch.context() as broken:
        broken.setattr(message_pdf, "typeset" if isinstance(failure, NotMade) else "keep_pdf", fail)
        echange = deposit(client, joined=False)
        page = client.get(f"/echanges/{echange}")
        assert page.status == 200
    assert rows(service, EchangePdf, EchangePdf.echange_id == echange) == []
    assert pdf_of(client, echange).startswith(b"%PDF")


def test_les_deux_pages_menent_au_pdf(client: Browser) -> None:
    echange = deposit(client, joined=False)
    url = f"/echanges/{echange}/accuse.pdf"
    (text,) = [text for text, href in client.page.links().items() if href == url]
    assert re.fullmatch(r"Accusé de réception \(PDF, \d+ ko\)", text)
    (text,) = [text for text, href in client.get(f"/echanges/{echange}").links().items() if href == url]
    assert re.fullmatch(r"Garder ce message en PDF \(\d+ ko\)", text)


def test_le_fichier_ne_nomme_personne_et_n_est_garde_par_aucun_intermediaire(
    client: Browser, service: Starlette
) -> None:
    reference = file(service)
    client.sign_in("nadia")
    headers = client.client.get(f"/echanges/{accuse_id(reference)}/accuse.pdf").headers
    assert headers["content-type"] == "application/pdf"
    assert headers["content-disposition"] == f'attachment; filename="accuse-{reference}.pdf"'
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]


@pytest.mark.parametrize("name", ["accuse", "refus", "complement"])
def test_le_pdf_d_une_autre_personne_n_existe_pas(client: Browser, service: Starlette, name: str) -> None:
    theirs, mine = accuse_id(file(service, "lucie")), accuse_id(file(service))
    client.sign_in("nadia")
    assert client.get(f"/echanges/{theirs}/{name}.pdf").status == 404
    assert client.client.get(f"/echanges/{mine}/{name}.pdf").status_code == (200 if name == "accuse" else 404)
    assert client.get(f"/echanges/zzzz/{name}.pdf").status == 404


def test_sans_session_le_pdf_demande_de_se_connecter(client: Browser, service: Starlette) -> None:
    assert client.get(f"/echanges/{accuse_id(file(service))}/accuse.pdf").path == "/connexion"
