"""Étape 0: what to prepare, what stands in the way, and the start of a draft."""

from starlette.responses import Response

from app.domain.assure import Blocage, blocages
from app.forms.typography import heure, jour
from app.journey import JOURNEY
from app.store.database import writing
from app.store.demandes import open_demande
from app.store.sessions import remove_pieces, still_open
from app.store.tables import DemandeDeposee
from app.web.ask import Ask
from app.web.draft import Draft, draft_cookie
from app.web.hypermedia import go_to
from app.web.pages import keep, make_visit, read_draft
from app.web.session import drop_draft

TITLE = "Demande de Complémentaire santé solidaire"


def obstacles(ask: Ask) -> list[Blocage]:
    """What keeps this person from starting, or from filing."""
    return _obstacles(ask, _in_progress(ask))


def demande(ask: Ask) -> Response:
    """The introduction, or the situations to settle first; the start of a draft (POST)."""
    in_progress = _in_progress(ask)  # once: the caisse may decide it meanwhile
    blocked = _obstacles(ask, in_progress)
    if ask.request.method == "POST" and not blocked:
        return _restart(ask) if "recommencer" in ask.sent else _start(ask)
    draft = read_draft(ask)
    unreadable = (
        draft_cookie(ask.request, ask.house.settings)
        and ask.open_session.brouillon is not None
        and draft is None
    )
    end = ask.session_ends
    response = ask.page(
        "demande.html",
        TITLE,
        blocages=blocked,
        caisse=ask.caisse,
        en_cours=in_progress,
        reprendre=JOURNEY.first_open(make_visit(ask, draft).dossier).url if draft else "",
        illisible=unreadable,
        fait=ask.query.get("fait", ""),
        fin=f"{jour(end.date())} à {heure(end)}",
    )
    if unreadable:
        drop_draft(response, ask.house.settings)
    return response


def _in_progress(ask: Ask) -> DemandeDeposee | None:
    return open_demande(ask.db, ask.open_session.compte_id)


def _obstacles(ask: Ask, in_progress: DemandeDeposee | None) -> list[Blocage]:
    return list(blocages(ask.assure, demande_en_cours=in_progress is not None))


def _start(ask: Ask) -> Response:
    if draft := read_draft(ask):  # pressed twice: the answers already given stay
        return go_to(JOURNEY.first_open(make_visit(ask, draft).dossier).url)
    draft = Draft.start(ask.now.date())
    _remember(ask, draft.demande.id)
    return keep(ask, draft, go_to(JOURNEY.first_open(make_visit(ask, draft).dossier).url))


def _restart(ask: Ask) -> Response:
    _remember(ask, None)
    response = go_to("/demande?fait=recommencer")
    drop_draft(response, ask.house.settings)
    return response


def _remember(ask: Ask, draft_id: str | None) -> None:
    """Note that a draft begins, or is thrown away: the files of the one before go with it."""
    session = ask.open_session
    with writing(ask.db):
        row = still_open(ask.db, session.id)
        ids = remove_pieces(ask.db, session.id)
        row.brouillon = draft_id
        ask.db.add(row)
    ask.house.shelf.discard(ids)
