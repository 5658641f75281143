"""Play a command on the data of a service, and file demandes to play it on."""

from datetime import date
from typing import Any

import structlog
from sqlmodel import select
from starlette.applications import Starlette
from typer.testing import CliRunner, Result

from app.cli import cli
from app.demo.demandes import file_demo_demande
from app.store.suivi import BODIES, read_body
from app.store.tables import DemandeDeposee, Echange, EchangePdf, Evenement
from tests.conftest import TODAY
from tests.support.filed import compte_of, database, ring, rows

AVIS = ("--document", "Avis d'impôt : Nadia", "--raison", "Il manque la page 2.")


def run(
    service: Starlette, *words: object, today: date = TODAY, given: str | None = None, **settings: str
) -> Result:
    """`c2s WORDS…` with the settings of this service, on this day; `given` comes on the standard input."""
    house = service.state.house
    env = {"C2S_DEMO": "on", "C2S_DATA_DIR": str(house.settings.data_dir), "C2S_TODAY": today.isoformat()}
    try:
        return CliRunner().invoke(cli, [str(word) for word in words], input=given, env=env | settings)
    finally:
        structlog.reset_defaults()  # the command logs on an output that ends with it


def done(service: Starlette, *words: object, **settings: Any) -> str:
    """What a command that succeeds writes, spaces that do not break made plain."""
    result = run(service, *words, **settings)
    assert result.exit_code == 0, result.output
    return result.stdout.replace("\u00a0", " ")


def refused(service: Starlette, *words: object, code: int = 1, **settings: Any) -> str:
    """What a command that fails says, on its error output only."""
    result = run(service, *words, **settings)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    return result.stderr.replace("\u00a0", " ")


def file_demande(service: Starlette, cle: str = "nadia") -> str:
    """File the demande of a demonstration account, twelve days ago and without any file; its reference."""
    house = service.state.house
    with database(service) as db:
        file_demo_demande(db, house.settings, house.shelf, cle)
    return reference_of(service, cle)


def reference_of(service: Starlette, cle: str) -> str:
    """The demande this account has in progress."""
    return demande_of(service, cle).reference


def demande_of(service: Starlette, cle: str, *, ouverte: bool = True) -> DemandeDeposee:
    with database(service) as db:
        mine = select(DemandeDeposee).where(DemandeDeposee.compte_id == compte_of(db, cle).id)
        return db.exec(mine.where(DemandeDeposee.ouverte == ouverte)).one()  # type: ignore[no-any-return]


def kept(service: Starlette) -> list[str]:
    """All that is kept of the demandes: what a refused command leaves as it is."""
    return [
        repr(row)
        for table in (DemandeDeposee, Evenement, Echange, EchangePdf)
        for row in rows(service, table)
    ]


def last_message(service: Starlette, reference: str) -> tuple[Echange, dict[str, Any]]:
    """The newest message about a demande, and what it says."""
    number = int(reference[-6:])
    echanges = rows(service, Echange, Echange.demande_id == number)
    newest = max(echanges, key=lambda echange: echange.le)
    body = read_body(ring(service), newest, BODIES[newest.genre])
    return newest, body.model_dump(mode="json")


def events(service: Starlette, reference: str) -> list[tuple[str, str]]:
    """(who, what) of all that happened to a demande."""
    return [(e.qui, e.quoi) for e in rows(service, Evenement, Evenement.demande_id == int(reference[-6:]))]
