"""Every address of the service, in one list."""

import asyncio
import errno

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from app.journey import JOURNEY
from app.steps import validation
from app.store.belonging import check
from app.store.database import reading
from app.web import (
    account,
    avis,
    beneficiaire,
    dashboard,
    delais,
    deposit,
    donnees,
    echanges,
    informations,
    lien,
    message_pdf,
    nouvelles,
    piece,
    plain,
    rgaa,
    start,
    suivi,
    well_known,
)
from app.web.ask import by_link, private, private_with_files, public, sign_in, trip
from app.web.house import House, house_of
from app.web.pages import step_page
from app.web.session import Standing, read_ticket
from app.web.submission import LARGEST_UPLOAD

LEAST_ROOM = 100_000_000  # bytes: the files of one demande, and its rows
LARGEST_SIGN_IN = 32_768  # bytes: a long password, each letter written %XX; a stranger's form costs little
BOTH = ["GET", "POST"]


def get_routes(house: House) -> list[BaseRoute]:
    """What answers what: Starlette tries them one after the other, so what is most asked for comes first."""
    return [
        Route("/static/{name}", house.assets.serve),
        *_demarche(house),
        Route("/", home),
        Route("/sante", health),
        Route(well_known.URL, well_known.security_txt),
        Route("/connexion", sign_in(account.connexion), methods=BOTH, max_body_size=LARGEST_SIGN_IN),
        Route("/deconnexion", public(account.deconnexion, sent_by_account=True), methods=BOTH),
        *(_through_the_issuer() if house.issuer else ()),
        Route("/session-expiree", public(account.session_expiree)),
        *(Route(url, public(plain.plain_page(url))) for url in plain.PAGES),
        Route("/accessibilite/resultats.csv", rgaa.results_file),
        Route("/delais", public(delais.page)),
        Route("/demarches", private(dashboard.demarches)),
        *_informations(house),
        Route("/nouvelles/arret/{jeton}", by_link(nouvelles.arret), methods=BOTH),
        Route("/echanges", private(echanges.echanges)),
        Route("/echanges/{id}", private(echanges.echange), methods=BOTH),
        Route("/echanges/{id}/{nom}.pdf", private(message_pdf.message_pdf)),
        Route("/suivi/{reference}", private(suivi.suivi)),
        Route(
            "/suivi/{reference}/completer",
            private_with_files(suivi.completer),
            methods=BOTH,
            max_body_size=LARGEST_UPLOAD,
        ),
        Route("/avis", private(avis.avis), methods=BOTH),
    ]


def _demarche(house: House) -> list[BaseRoute]:
    """The pages of a demande that is being written."""
    return [
        Route("/demande", private(start.demande), methods=BOTH),
        Route("/demande/beneficiaires/ajouter", private(beneficiaire.ajouter), methods=BOTH),
        Route("/demande/beneficiaires/{cle}", private(beneficiaire.corriger), methods=BOTH),
        Route("/demande/pieces/{id}", private(piece.piece)),
        *(
            Route(
                row.step.url,
                private_with_files(step_page(row.step))
                if row.step.slug == "pieces"
                else private(step_page(row.step)),
                methods=BOTH,
                max_body_size=LARGEST_UPLOAD if row.step.slug == "pieces" else None,
            )
            for row in JOURNEY.rows
            if row.step is not validation.STEP
        ),
        Route(validation.STEP.url, private(deposit.validation_page), methods=BOTH),
        Route(deposit.DONE, private(deposit.terminee), methods=BOTH if house.settings.has_news else ["GET"]),
    ]


def _informations(house: House) -> list[BaseRoute]:
    """« Mes informations » and its pages; nobody is offered e-mails that cannot leave (those that did can be stopped)."""
    choice = Route(nouvelles.HERE, private(nouvelles.nouvelles), methods=BOTH)
    return [
        Route("/informations", private(informations.informations)),
        Route("/informations/coordonnees", private(informations.coordonnees), methods=BOTH),
        Route("/informations/adresse", private(informations.adresse), methods=BOTH),
        Route("/informations/organismes", private(informations.organismes), methods=BOTH),
        Route(donnees.HERE, private(donnees.donnees), methods=BOTH),
        Route(f"{donnees.HERE}/{{fichier}}", private(donnees.copie)),
        Route("/informations/franceconnect", private(lien.delier), methods=BOTH),
        *([choice] if house.settings.has_news else ()),
    ]


def _through_the_issuer() -> list[BaseRoute]:
    """They answer only when there is an issuer, and so are its libraries in memory."""
    from app.web import franceconnect

    return [
        Route(franceconnect.HERE, trip(franceconnect.aller)),
        Route(franceconnect.RETURN, trip(franceconnect.retour)),
        Route(account.OUT, trip(franceconnect.quitter), methods=["GET"]),
        # No trip: a form that is slow to come keeps no traveller waiting.
        Route(account.OUT, public(franceconnect.sortir), methods=["POST"]),
    ]


async def home(request: Request) -> Response:
    """To the dashboard, or to the sign-in page."""
    signed_in = read_ticket(request, house_of(request).settings).standing is Standing.SIGNED_IN
    return RedirectResponse("/demarches" if signed_in else "/connexion", 303)


async def health(request: Request) -> Response:
    """
    Alive, and to stay: its database is read, its files are those of this database, there is room for a deposit.

    Anybody may ask: those who ask while the answer is sought wait for that one, in no thread.
    """
    house = house_of(request)
    if house.draining:
        raise HTTPException(503)
    if house.checkup is None or house.checkup.done():
        house.checkup = asyncio.ensure_future(run_in_threadpool(_check_up, house))
    await asyncio.shield(house.checkup)
    return PlainTextResponse("ok")


def _check_up(house: House) -> None:
    with reading(house.engine) as db:
        check(db, house.shelf)
    room = house.shelf.room()
    if room is not None and room < LEAST_ROOM:
        raise OSError(errno.ENOSPC, "less room than a deposit may take")
