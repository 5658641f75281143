"""
« Mon espace d'échanges »: the messages about the demandes of this person.

A GET never writes, and a browser may fetch a page nobody reads: opening a message does not mark it as read.
Its page carries a button « Marquer comme lu » (POST to the same address), which counts it out of the menu.
"""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.store.suivi import echanges_of, find_echange, mark_read
from app.web.ask import Ask
from app.web.hypermedia import go_to
from app.web.message_pdf import offered
from app.web.messages import message_context, show_message, told_apart


def echanges(ask: Ask) -> Response:
    """Every message, the newest first."""
    messages = [
        show_message(ask.house.ring, echange) for echange in echanges_of(ask.db, ask.open_session.compte_id)
    ]
    return ask.page("echanges.html", "Mon espace d'échanges", messages=messages)


def echange(ask: Ask) -> Response:
    """One message (GET); note that it is read (POST)."""
    found = find_echange(ask.db, ask.open_session.compte_id, ask.request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    row, demande = found
    if ask.request.method == "POST":
        if row.de_la_caisse and not mark_read(ask.db, row.compte_id, row.id, ask.now):
            raise HTTPException(404)
        return go_to(f"/echanges/{row.id}?fait=lu")
    message = show_message(ask.house.ring, row)
    read = ask.query.get("fait") == "lu" and not message.unread
    more = {
        "lu": read,
        "pdf": offered(ask, row, opens=message.opens),
        "precision": told_apart(message, demande),
    }
    context = message_context(message, demande) | more
    return ask.page(message.template, message.title, 200, **context)
