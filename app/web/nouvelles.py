"""News by e-mail: chosen and stopped by the person, or stopped by the link that each e-mail carries."""

from dataclasses import dataclass, replace

from starlette.responses import Response

from app.forms.form import Form, Question
from app.forms.typography import heure
from app.store.abonnements import (
    abonnement_by_link,
    abonnement_of,
    read_abonne,
    subscribe,
    unsubscribe,
)
from app.store.journal import Fait, mark_of, note
from app.store.quotas import NOUVELLES
from app.store.seals import unless_broken
from app.store.tables import Compte
from app.web.ask import Ask
from app.web.contact import COORDONNEES, read_courriel
from app.web.hypermedia import go_to

HERE = "/informations/nouvelles"
TITLE = "Recevoir des nouvelles de ma demande"
SAID = {  # by what the next page is told, `fait`
    "nouvelles": "Vous recevez un e-mail quand un message vous attend.",
    "sans-nouvelles": "Vous ne recevez pas d'e-mail.",
}
QUESTIONS = {
    "recevoir": Question(
        "Je choisis de recevoir un e-mail quand un message m'attend sur mon compte.",
        kind="box",
        required=False,
    ),
    "courriel": replace(
        COORDONNEES["courriel"],
        hint="Seulement si vous cochez la case. Exemple : prenom.nom@exemple.fr",
    ),
}


def news_form(ask: Ask) -> Form:
    """The choice as it is, with the address of the account if none was given, or is known any more."""
    chosen = courriel_of(ask)
    return Form(
        QUESTIONS,
        {
            "recevoir": "" if chosen is None else "oui",
            "courriel": chosen or ask.assure.courriel or "",
        },
    )


def form_in_passing(ask: Ask) -> Form | None:
    """The same choice, offered by the receipt to a person who has not made it; not where no e-mail can leave."""
    form = news_form(ask)
    if not ask.house.settings.has_news or form["recevoir"].value:
        return None
    return form


def courriel_of(ask: Ask) -> str | None:
    """Where this person is written to, empty if that does not open any more; none unless the person chose so."""
    abonnement = abonnement_of(ask.db, ask.open_session.compte_id)
    if abonnement is None:
        return None
    abonne = unless_broken(read_abonne, ask.house.ring, abonnement)
    return abonne.courriel if abonne else ""


@dataclass(frozen=True)
class RefusedChoice:
    """A choice that is not taken: the form as it was sent, and the limit that was reached, if that is why."""

    form: Form
    status: int = 422
    limit: tuple[str, str] | None = None


def take(ask: Ask) -> str | RefusedChoice:
    """Be written to, change the address, or stop, as the form of this choice says; a key of `SAID` once it is done."""
    mine = ask.open_session
    if not ask.sent.box("recevoir"):
        if ask.sent.text("courriel") not in ("", news_form(ask).values["courriel"]):
            ask.sent.refuse(
                "recevoir", "Cochez la case pour recevoir des e-mails, ou effacez l'adresse saisie."
            )
            return RefusedChoice(Form.again(QUESTIONS, ask.sent))
        unsubscribe(ask.db, mine.compte_id, session_id=mine.id)
        note(Fait.NOUVELLES, mark_of(ask.house.ring, mine), choix="non")
        return "sans-nouvelles"
    courriel = read_courriel(ask.sent)
    if ask.sent.errors:
        return RefusedChoice(Form.again(QUESTIONS, ask.sent))
    if end := ask.spend(NOUVELLES):
        limit = (
            "Beaucoup de changements en une heure",
            f"Vous avez changé {NOUVELLES.most} fois ce choix en une heure. "
            f"Vous pouvez le changer à nouveau à partir de {heure(end)}.",
        )
        return RefusedChoice(Form.again(QUESTIONS, ask.sent), 429, limit)
    subscribe(ask.db, ask.house.ring, mine.compte_id, courriel, ask.now, mine.id)
    note(Fait.NOUVELLES, mark_of(ask.house.ring, mine), choix="oui")
    return "nouvelles"


def nouvelles(ask: Ask) -> Response:
    """Show the choice (GET), or take it (POST)."""
    if ask.request.method != "POST":
        return _show(ask, news_form(ask))
    taken = take(ask)
    if isinstance(taken, RefusedChoice):
        return _show(ask, taken.form, taken.status, taken.limit)
    return go_to(f"/informations?fait={taken}")


def _show(ask: Ask, form: Form, status: int = 200, limit: tuple[str, str] | None = None) -> Response:
    return ask.page(
        "informations/nouvelles.html",
        TITLE,
        status,
        form=form,
        retour="/informations",
        limite=limit,
        fictif=not ask.house.settings.smtp_url,
        perdue=courriel_of(ask) == "",
    )


def arret(ask: Ask) -> Response:
    """
    Ask before stopping (GET), stop (POST), without signing in: the address is the permission, and opens nothing else.

    The answer to a POST is a page, not a redirection: mail software follows none (RFC 8058). Sent twice, or followed
    after another choice was made, the link is of no use any more, and the page says how to stop.
    """
    abonnement = abonnement_by_link(ask.db, ask.house.ring, ask.request.path_params["jeton"])
    # An account that is erased takes its link with it.
    compte = ask.db.get(Compte, abonnement.compte_id) if abonnement else None
    stopped, known = ask.request.method == "POST", compte is not None
    if stopped and abonnement is not None and compte is not None:
        unsubscribe(ask.db, abonnement.compte_id, abonnement.index_jeton)
        note(Fait.NOUVELLES, mark_of(ask.house.ring, compte), choix="lien")
    asked = "Vous ne recevez plus d'e-mail" if stopped else "Ne plus recevoir d'e-mail"
    titre = asked if known else "Ce lien ne sert plus"
    return ask.page("arret_des_nouvelles.html", titre, arrete=stopped, connu=known)
