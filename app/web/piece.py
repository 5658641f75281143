"""A waiting file, as it is kept: to its owner only, and unable to do anything in the browser."""

from starlette.responses import Response

from app.steps import pieces
from app.steps._said import SaidAnywhere
from app.store.pieces import read_file, waiting_files
from app.web.ask import Ask
from app.web.hypermedia import PRIVATE, go_to
from app.web.pages import read_draft

HEADERS = {
    **PRIVATE,
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
NAMES = {"image/jpeg": "photo.jpg", "image/png": "photo.png", "application/pdf": "document.pdf"}


def piece(ask: Ask) -> Response:
    """« Voir »: a photo in place, a PDF to download, under a file name without personal data."""
    draft = read_draft(ask)
    if draft is None:
        return go_to("/demande")
    session_id, identity = ask.open_session.id, ask.request.path_params["id"]
    found = read_file(ask.db, ask.house.shelf, session_id, draft.file_key, identity)
    if found is None:
        listed = any(fichier.id == identity for fichier in waiting_files(ask.db, session_id, draft.file_key))
        said = f"{pieces.PiecesSaid.PERDU}&qui={identity}" if listed else SaidAnywhere.DISPARU
        return go_to(f"{pieces.STEP.url}?fait={said}")
    shown = "attachment" if found.media == "application/pdf" else "inline"
    headers = HEADERS | {"Content-Disposition": f'{shown}; filename="{NAMES[found.media]}"'}
    return Response(found.contenu, media_type=found.media, headers=headers)
