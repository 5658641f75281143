"""« Donnez votre avis ! »: one note from 1 to 5, kept with its day and tied to nobody."""

from dataclasses import replace

from starlette.responses import Response

from app.forms.form import Form, Question
from app.forms.typography import heure
from app.store.database import writing
from app.store.quotas import AVIS
from app.store.tables import Satisfaction
from app.web.ask import Ask
from app.web.hypermedia import go_to

NOTE = Question(
    "Êtes-vous satisfait de ce service ?",
    "Votre réponse est anonyme.",
    kind="radio",
    options=(
        ("1", "1, pas du tout"),
        ("2", "2, plutôt non"),
        ("3", "3, moyennement"),
        ("4", "4, plutôt oui"),
        ("5", "5, tout à fait"),
    ),
)
IN_PASSING = replace(NOTE, optional=True)


def satisfaction_form() -> Form:
    """The question as another page asks it in passing: that page includes `partials/avis.html` with it."""
    return Form({"note": IN_PASSING}, {})


def avis(ask: Ask) -> Response:
    """Ask for a note (GET), or keep it (POST)."""
    questions = {"note": NOTE}
    if ask.request.method != "POST":
        return _show(ask, Form(questions, {}))
    note = ask.sent.text("note")
    if note not in dict(NOTE.options):
        ask.sent.refuse(
            "note",
            "Choisissez une note de satisfaction de 1 à 5.",
        )
        return _show(ask, Form.again(questions, ask.sent), 422)
    if end := ask.spend(AVIS):
        limit = (
            "Beaucoup de notes en une heure",
            f"Vous avez donné {AVIS.most} notes en une heure. Elles sont enregistrées. "
            f"Vous pouvez en donner une autre à partir de {heure(end)}.",
        )
        return _show(ask, Form.again(questions, ask.sent), 429, limit)
    with writing(ask.db):
        ask.db.add(Satisfaction(le=ask.now.date(), note=int(note)))
    return go_to("/avis?fait=merci")


def _show(ask: Ask, form: Form, status: int = 200, limit: tuple[str, str] | None = None) -> Response:
    return ask.page(
        "avis.html",
        "Donnez votre avis !",
        status,
        satisfaction=form,
        limite=limit,
        merci=status == 200 and ask.query.get("fait") == "merci",
    )
