"""The pages of the démarche: one handler for every step, and the guard before it."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from starlette.responses import Response

from app.domain.dossier import Dossier
from app.forms.form import Form
from app.forms.typography import typo
from app.journey import JOURNEY
from app.steps import recapitulatif
from app.steps._said import DONE_HERE, TO_KNOW, SaidAnywhere
from app.steps._step import RECAP, Done, Step, Visit
from app.store.pieces import waiting_files
from app.web.ask import Ask, Handler
from app.web.draft import Draft, DraftTooLarge, draft_cookie, open_draft, seal_draft
from app.web.hypermedia import go_to, stay_on
from app.web.session import set_draft

REVEAL = "afficher"  # the action that shows what a box or a Oui opens: it answers nothing
TOO_LARGE = (
    "Il n'y a plus de place pour vos réponses. La dernière n'est pas enregistrée. Celles d'avant sont "
    "gardées. Raccourcissez les textes longs, ou continuez sans cette réponse. "
    "Vous ne pouvez pas continuer ? Appelez votre caisse au 36 46."
)


def step_page(step: Step) -> Handler:
    """The handler of a row of the table."""

    def handle(ask: Ask) -> Response:
        return visit_step(ask, step, step)

    return handle


def visit_step(ask: Ask, listed: Step, step: Step) -> Response:
    """
    Show a step (GET), or read what was sent and move on (POST).

    `listed` is the page of the table that guards it: itself, or the page it belongs to.
    """
    draft = read_draft(ask)
    if draft is None:
        return go_to("/demande")
    visit = make_visit(ask, draft, step)
    if not JOURNEY.allows(listed, visit.dossier):
        return _turned_away(listed, visit.dossier)
    if ask.request.method != "POST":
        return show(ask, listed, step, visit, step.form(visit))
    if ask.sent.text("action") == REVEAL:
        form = Form.again(step.questions(visit), ask.sent)
        return show(ask, listed, step, visit, form, annonce=step.revealed(visit, ask.sent))
    visit = step.receive(visit, ask.sent)
    for button, act in step.actions().items():
        if button in ask.sent:
            done = act(visit, ask.sent, ask.sent.text(button))
            break
    else:
        demande = step.read(visit, ask.sent)
        done = None
        if not ask.sent.errors:
            done = step.done(visit, demande, _onward(ask, listed, visit.dossier.avec(demande)))
    if done is None:
        return show(ask, listed, step, visit, Form.again(step.questions(visit), ask.sent), 422)
    response = _answer(ask, listed, step, visit, done)
    if not done.answers and response.status_code == 200:
        return response
    try:
        return keep(ask, draft.answered(done.demande), response)
    except DraftTooLarge:
        ask.sent.refuse("brouillon", TOO_LARGE, at="contenu")
        return show(ask, listed, step, visit, Form.again(step.questions(visit), ask.sent), 422)


def _answer(ask: Ask, listed: Step, step: Step, visit: Visit, done: Done) -> Response:
    """Go where this leads; a page that does something without leaving is shown as it has become."""
    url = _with_said(ask, step, done)
    if done.url:
        return go_to(url)
    fait = done.fait or ""
    said = {**visit.query, "fait": fait, "qui": done.qui}
    after = replace(visit.after(done.demande), query=said)
    aloud = (step.said(after, fait, done.qui) if done.aloud else "") or TO_KNOW.get(fait, "")
    return stay_on(
        ask.request,
        url,
        lambda: show(ask, listed, step, after, step.form(after), annonce=aloud, repondu=done.answers),
    )


def show(
    ask: Ask,
    listed: Step,
    step: Step,
    visit: Visit,
    form: Form,
    status: int = 200,
    *,
    annonce: str = "",
    repondu: bool = False,
) -> Response:
    """
    The page of a step, with this form in it.

    If it is a part of a page already open: `annonce` is said aloud; `repondu`, an answer has just been taken.
    """
    fait, qui = visit.query.get("fait", ""), visit.query.get("qui", "")
    recap, back = recapitulatif.STEP, JOURNEY.before(listed, visit.dossier)
    context: Mapping[str, object] = {
        "step": step,
        "form": form,
        "dossier": visit.dossier,
        "caisse": visit.caisse,
        "etape": JOURNEY.stage(listed),
        "adresse": _url_after(ask, step),
        "retour": recap.url if _returns(ask) and listed is not recap else back,
        "vers_recapitulatif": f"?retour={RECAP}" if _returns(ask) else "",
        "fait": fait,
        "qui": qui,
        "statut": typo(DONE_HERE.get(fait) or step.said(visit, fait, qui)) if status == 200 else "",
        "remarque": TO_KNOW.get(fait, "") if status == 200 else "",
        "annonce": typo(annonce),
        "repondu": repondu,
        **step.context(visit),
    }
    return ask.page(step.template, step.heading(visit), status, **context)


def read_draft(ask: Ask) -> Draft | None:
    """The draft this browser holds, if it is this session's."""
    value = draft_cookie(ask.request, ask.house.settings)
    draft = open_draft(ask.house.settings, value, ask.ticket.token, ask.open_session.secret)
    return draft if draft and draft.demande.id == ask.open_session.brouillon else None


def make_visit(ask: Ask, draft: Draft, step: Step | None = None) -> Visit:
    """What a step may use; `step`: the page that is shown or was sent, if there is one."""
    session = ask.open_session
    dossier = Dossier(
        draft.demande,
        ask.assure,
        ask.now.date(),
        lambda: waiting_files(ask.db, session.id, draft.file_key),
    )
    query = {**ask.query, **(step.drawn_with(ask.sent) if step else {})}
    return Visit(
        lambda: ask.db,
        ask.house.shelf,
        session.compte_id,
        session.id,
        ask.caisse,
        dossier,
        draft.file_key,
        ask.now,
        query,
    )


def keep(ask: Ask, draft: Draft, response: Response) -> Response:
    """Answer, and hand the draft to the browser. Raises DraftTooLarge."""
    value = seal_draft(ask.house.settings, draft, ask.ticket.token, ask.open_session.secret)
    set_draft(response, ask.house.settings, value)
    return response


def _returns(ask: Ask) -> bool:
    return ask.query.get("retour") == RECAP


def _url_after(ask: Ask, step: Step) -> str:
    """Where the form is sent: this page, without the sentence it has said."""
    kept = {name: value for name, value in ask.query.items() if name in ("retour", *step.names_it)}
    return ask.path + (f"?{urlencode(kept)}" if kept else "")


def _onward(ask: Ask, listed: Step, dossier: Dossier) -> str:
    if not _returns(ask):
        return JOURNEY.after(listed, dossier).url
    first = JOURNEY.first_open(dossier)
    path = JOURNEY.path(dossier)
    if path.index(first) >= path.index(recapitulatif.STEP):
        return f"{recapitulatif.STEP.url}?fait={SaidAnywhere.MODIFIE}"
    return f"{first.url}?retour={RECAP}&fait={SaidAnywhere.NOUVELLES}"


def _with_said(ask: Ask, step: Step, done: Done) -> str:
    """The address to go to, with the name of the sentence to say there."""
    url = done.url or _url_after(ask, step)
    said = {name: value for name, value in (("fait", done.fait), ("qui", done.qui)) if value}
    if said:
        url += ("&" if "?" in url else "?") + urlencode(said)
    return url + (f"#{done.anchor}" if done.anchor else "")


def _turned_away(listed: Step, dossier: Dossier) -> Response:
    if listed not in JOURNEY.path(dossier):
        return go_to(f"{JOURNEY.past(listed, dossier).url}?fait={SaidAnywhere.SAUTEE}")
    return go_to(f"{JOURNEY.first_open(dossier).url}?fait={SaidAnywhere.TROP_TOT}")
