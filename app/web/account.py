"""Signing in, signing out, and what is told when a session is over."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.domain.nir import DefautNir, defaut_du_nir, normalise_nir
from app.files.sealing import KeyMissing, SealBroken
from app.forms.form import Form, Question
from app.forms.typography import heure
from app.settings import SESSION_LIFETIME
from app.store.comptes import (
    find_compte,
    find_demo,
    hash_to_check,
    password_matches,
    renew_hash,
    renewed_hash,
)
from app.store.database import writing
from app.store.journal import Fait, mark_of, mark_of_number, note
from app.store.sessions import close_session, open_session
from app.store.tables import Compte
from app.store.tentatives import attempt_of, count_attempt, forget_attempt, paused_until
from app.web.ask import Ask
from app.web.device import known_device, remember_device
from app.web.hypermedia import go_to
from app.web.lien import SAID, STEPS, STOPPED, ask_for_way_out, is_still_there, link_pending, way_out
from app.web.session import Standing, drop_draft, drop_session, set_session

HOME = "/demarches"
OUT = "/deconnexion/franceconnect"
STILL_OPEN = "ouvert"  # what the address of the sign-out page says of FranceConnect, until it is left
LEFT = "franceconnect"  # nobody was signed in here: the session of FranceConnect alone is left
ASK_FIRST = "demander"  # what the address of the sign-out page says while a demande under way would be lost
EXAMPLE = "par exemple 2910475111234"
QUESTIONS = {
    "nir": Question(
        "Numéro de sécurité sociale (13 chiffres)",
        "Sans la clé. Exemple : 2910475111234. Les espaces sont acceptés.",
        size="c13",
        autocomplete="username",
        capitals=True,
    ),
    "motdepasse": Question(
        "Mot de passe",
        "Vous pouvez le coller.",
        kind="password",
        autocomplete="current-password",
    ),
}
_NOT_LEFT = {  # the title of the page, as long as FranceConnect is not left
    STILL_OPEN: "Vous quittez FranceConnect",
    "panne": "FranceConnect est peut-être encore ouvert",
}
REFUSED = "Ce numéro de sécurité sociale et ce mot de passe ne vont pas ensemble. Vérifiez les deux."


@dataclass(frozen=True)
class Pause:
    """The service checks no password for a while: until when, and whether it checked the last one sent."""

    texte: str
    verifie: bool


def connexion(ask: Ask) -> Response:
    """Sign in with a number and a password, or as a person of the demonstration."""
    if ask.request.method == "POST":
        return _sign_in(ask)
    if ask.session is not None:
        return go_to(HOME)
    return _show(ask, Form(QUESTIONS, {}))


def _show(
    ask: Ask, form: Form, status: int = 200, pause: Pause | None = None, *, refused: str = "", left: str = ""
) -> Response:
    suite = local(ask.query.get("suite", ""))
    said = SAID.get(ask.query.get("franceconnect", "")) if ask.house.franceconnect else None
    response = ask.page(
        "connexion.html",
        "Me connecter à mon compte",
        status,
        form=form,
        pause=pause,
        refus=refused,
        suite=suite if suite != HOME else "",
        comptes=ask.house.env.globals["COMPTES_DEMO"],
        franceconnect=ask.house.franceconnect,
        dit=said if ask.request.method != "POST" else None,
        suites=STEPS.get(ask.query.get("franceconnect", ""), ()),
        encore=f"Dans le mot de passe, les majuscules comptent. {left}" if left else False,
        ouvert=ask.house.franceconnect
        and STOPPED.read(ask.request, ask.house.settings, ask.token) is not None,
    )
    if ask.ticket.standing is not Standing.SIGNED_IN:
        set_session(response, ask.house.settings, ask.token)
    return response


def _sign_in(ask: Ask) -> Response:
    if "compte" in ask.sent:
        compte = find_demo(ask.db, ask.sent.text("compte")) if ask.house.settings.demo else None
        if compte is None:
            raise HTTPException(404)
        return welcome(ask, compte, local(ask.query.get("suite", "")))
    nir = normalise_nir(ask.sent.text("nir"))
    password = ask.sent.raw("motdepasse")
    _check(ask, nir, password)
    if ask.sent.errors:
        return _show(ask, Form.again(QUESTIONS, ask.sent), 422)
    return _checked_password(ask, nir[:13], password)


def _checked_password(ask: Ask, nir: str, password: str) -> Response:
    settings, db = ask.house.settings, ask.db
    now = settings.clock()
    ip = ask.request.client.host if ask.request.client else ""
    device = known_device(ask.request, settings, nir)
    attempt = attempt_of(ask.house.ring, nir, ip, now, device)
    with writing(db):
        left = count_attempt(db, attempt, now)
    mark = mark_of_number(ask.house.ring, nir)
    if isinstance(left, datetime):
        note(Fait.CONNEXION_EN_PAUSE, mark, appareil_connu=bool(device))
        return _paused(ask, left, verifie=False)
    compte = find_compte(db, ask.house.ring, nir)
    kept = hash_to_check(db, ask.house.ring, nir, compte)
    db.commit()  # nothing is held while a password is hashed
    if password_matches(kept, password) and compte is not None:
        renewed = renewed_hash(kept, password)
        with writing(db):
            if renewed:
                renew_hash(db, compte, renewed)  # the account before the counts, as where it is erased
            forget_attempt(db, attempt)
        response = welcome(ask, compte, local(ask.query.get("suite", "")))
        link_pending(ask, compte, response)
        remember_device(ask.request, response, settings, nir)
        return response
    note(Fait.CONNEXION_REFUSEE, mark, appareil_connu=bool(device))
    if end := paused_until(db, attempt, now):
        return _paused(ask, end, verifie=True)
    left -= 1
    plural = "s" if left > 1 else ""
    ask.sent.refuse("nir", REFUSED)
    return _show(
        ask,
        Form.again(QUESTIONS, ask.sent),
        422,
        refused="Connexion refusée",
        left=f"Il reste {left} essai{plural} avant une pause d'une minute.",
    )


def _check(ask: Ask, nir: str, password: str) -> None:
    sent = ask.sent
    if len(nir) == 15:  # the key was pasted with the number
        nir = nir[:13]
    if not nir:
        sent.refuse("nir", f"Saisissez votre numéro de sécurité sociale. Il compte 13 chiffres, {EXAMPLE}.")
    elif (defaut := defaut_du_nir(nir)) is DefautNir.LONGUEUR:
        sent.refuse(
            "nir",
            f"Le numéro de sécurité sociale compte 13 signes. Vous en avez saisi {len(nir)}. Vérifiez-le, {EXAMPLE}.",
        )
    elif defaut:
        sent.refuse(
            "nir",
            "Saisissez votre numéro de sécurité sociale avec des chiffres, ou 2A ou 2B pour la Corse. "
            "Par exemple 2910475111234.",
        )
    if not password:
        sent.refuse("motdepasse", "Saisissez le mot de passe de votre compte.")


def _paused(ask: Ask, end: datetime, *, verifie: bool) -> Response:
    """Say how long to wait, and what need not wait. `verifie`: the service checked this password, and it is wrong."""
    minutes = max(1, -(-int((end - ask.house.settings.clock()).total_seconds()) // 60))
    duree = "1 minute" if minutes == 1 else f"{minutes} minutes"
    until = ask.house.settings.shown(end + timedelta(minutes=1 if end.second else 0))
    pause = Pause(f"Réessayez dans {duree}, à partir de {heure(until)}.", verifie)
    return _show(ask, Form.again(QUESTIONS, ask.sent), 429, pause)


def welcome(ask: Ask, compte: Compte, suite: str, **how: str) -> Response:
    """
    Open a session and end the previous one of this browser; other devices keep theirs.

    `suite`: the page that was asked for; `how`: the details of the sign-in for the journal.
    """
    if ask.session is not None:
        close_session(ask.db, ask.house.shelf, ask.session.id)
    with writing(ask.db):
        token = open_session(ask.db, compte, ask.house.settings.clock(), SESSION_LIFETIME)
    note(Fait.CONNEXION, mark_of(ask.house.ring, compte), **how)
    response = go_to(suite or HOME)
    drop_draft(response, ask.house.settings)
    set_session(response, ask.house.settings, token)
    return response


def deconnexion(ask: Ask) -> Response:
    """End the session (POST): what was not filed is gone, so the page asks first. Tell so (GET)."""
    if ask.request.method != "POST":
        fait = sign_out_word(ask.query.get("fait") or ask.query.get("state", "").rpartition(".")[2])
        asking = fait == ASK_FIRST and ask.session is not None and ask.session.brouillon is not None
        there = word if (word := ask.query.get("franceconnect", "")) in _NOT_LEFT else ""
        if fait == LEFT and not there and is_still_there(ask):
            return go_to("/connexion")  # a link from elsewhere: it is not left
        title = "Vous allez perdre votre demande" if asking else _title_of(fait, there)
        response = ask.page("deconnexion.html", title, fait=fait, demander=asking, franceconnect=there)
        if there == STILL_OPEN and way_out(ask):
            response.headers["Refresh"] = f"0; url={OUT}?fait={fait}"  # a form may not lead to another site
        return response
    fait = "vide"
    if "quitter" not in ask.sent and _can_be_asked(ask):
        return go_to(f"/deconnexion?fait={ASK_FIRST}")
    if ask.session is not None:
        fait = (
            "brouillon" if ask.session.brouillon else "deposee" if ask.session.derniere_reference else "vide"
        )
        close_session(ask.db, ask.house.shelf, ask.session.id)
        note(Fait.DECONNEXION, mark_of(ask.house.ring, ask.session))
    response = go_to(f"/deconnexion?fait={fait}")
    if ask.house.issuer and ask_for_way_out(ask, response):
        response.headers["location"] += f"&franceconnect={STILL_OPEN}"
    drop_session(response, ask.house.settings)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _title_of(fait: str, there: str) -> str:
    """What the sign-out page says first; `there`: what has become of FranceConnect."""
    if fait != LEFT:
        return "Vous avez quitté votre compte"
    return _NOT_LEFT.get(there, "Vous avez quitté FranceConnect")


def sign_out_word(written: str) -> str:
    """What an address says of the end of a session, also on the way back from FranceConnect (`state`)."""
    return written if written in (ASK_FIRST, LEFT, "brouillon", "deposee") else "vide"


def _can_be_asked(ask: Ask) -> bool:
    """A demande under way would be lost, and the account can be read: else no page may stand before the way out."""
    if ask.session is None or ask.session.brouillon is None:
        return False
    with suppress(KeyMissing, SealBroken, ValidationError):
        return bool(ask.assure)
    return False


def session_expiree(ask: Ask) -> Response:
    """Where a request whose session is over ends."""
    if ask.session is not None:
        return go_to(HOME)
    response = ask.page("session_expiree.html", "Votre session est terminée")
    drop_session(response, ask.house.settings)
    return response


def local(url: str) -> str:
    """A page of this site to come back to after sign-in; anything else is the dashboard."""
    try:
        parts = urlsplit(url)
    except ValueError:  # not an address at all
        return HOME
    path = parts.path
    if parts.scheme or parts.netloc or not path.startswith("/") or path.startswith(("//", "/\\")):
        return HOME
    return (
        path
        if path.split("/")[1] in ("demarches", "demande", "informations", "echanges", "suivi", "avis")
        else HOME
    )
