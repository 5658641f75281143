"""The link between an account and FranceConnect: made by one sign-in with number and password, undone by its person."""

from collections.abc import Mapping
from datetime import timedelta

from starlette.responses import Response

from app.domain.pivot import Pivot, contredit
from app.oidc.failure import FailureReason
from app.settings import SESSION_LIFETIME
from app.store.comptes import read_assure
from app.store.database import writing
from app.store.journal import Fait, mark_of, note
from app.store.liens import link, unlink
from app.store.seals import unless_broken
from app.store.tables import Compte
from app.web.ask import Ask
from app.web.cookies import Cookie
from app.web.hypermedia import go_to
from app.web.sealed_cookie import SealedCookie

MINUTES = 10
TEN_MINUTES = timedelta(minutes=MINUTES)
HALF_AN_HOUR = timedelta(minutes=30)  # a session of FranceConnect
# The id_token, for signing out, and whether a form of ours has asked for it.
LEAVING = SealedCookie(Cookie("c2s_fc_sortie", "/deconnexion"), SESSION_LIFETIME)
# Empty: a person who came by FranceConnect and opened no account is offered the way out of it.
STOPPED = SealedCookie(Cookie("c2s_fc_ouvert", "/connexion"), HALF_AN_HOUR)
PENDING = SealedCookie(Cookie("c2s_fc_lien", "/connexion", TEN_MINUTES), TEN_MINUTES)
_OTHERWISE = "ou utilisez votre numéro de sécurité sociale et votre mot de passe."
SAID: Mapping[str, tuple[str, str]] = {  # what the sign-in page says of a return: title, text
    FailureReason.ANNULE: (
        "La connexion n'est pas terminée",
        f"La connexion avec FranceConnect s'est arrêtée avant la fin. Recommencez, {_OTHERWISE}",
    ),
    FailureReason.TARD: (
        "La connexion a pris trop de temps",
        f"Il faut revenir de FranceConnect en moins de {MINUTES} minutes, une seule fois, avec le même navigateur. "
        f"Recommencez, {_OTHERWISE}",
    ),
    FailureReason.REFUS: (
        "La réponse de FranceConnect n'est pas vérifiée",
        f"Par sécurité, aucun compte n'est ouvert. Recommencez, {_OTHERWISE}",
    ),
    FailureReason.PANNE: ("FranceConnect ne répond pas", f"Réessayez dans quelques minutes, {_OTHERWISE}"),
    FailureReason.PAUSE: (
        "La connexion avec FranceConnect est en pause",
        f"Réessayez dans une heure, {_OTHERWISE}",
    ),
    FailureReason.INCONNU: (
        "Connectez-vous une fois avec votre numéro",
        "FranceConnect ne suffit pas encore pour ouvrir votre compte.",
    ),
}
STEPS: Mapping[str, tuple[str, ...]] = {  # what to do then, one thing after the other
    FailureReason.INCONNU: (
        f"Dans les {MINUTES} minutes, saisissez ci-dessous votre numéro de sécurité sociale et votre mot de passe. "
        "Pas de mot de passe ? Appelez le 36 46.",
        "La prochaine fois, choisissez FranceConnect. Il ouvre ce compte si c'est bien la même personne.",
        "Pour arrêter, ouvrez « Mes informations ».",
    )
}


def keep_way_out(ask: Ask, response: Response, id_token: str) -> None:
    """The person has come by FranceConnect: keep what ends that session, until a form of ours asks for it."""
    LEAVING.set(response, ask.house.settings, {"id_token": id_token, "sortie": False})


def ask_for_way_out(ask: Ask, response: Response) -> bool:
    """A form of ours asks to end the session of FranceConnect, which no link can do; false if none is known."""
    kept = LEAVING.read(ask.request, ask.house.settings)
    if kept is None:
        return False
    LEAVING.set(response, ask.house.settings, kept | {"sortie": True})
    return True


def is_still_there(ask: Ask) -> bool:
    """This browser came by FranceConnect and has not left it since."""
    return LEAVING.read(ask.request, ask.house.settings) is not None


def way_out(ask: Ask) -> str:
    """The id_token that ends the session of FranceConnect; empty unless a form of ours has asked for it."""
    kept = LEAVING.read(ask.request, ask.house.settings) or {}
    return str(kept["id_token"]) if kept.get("sortie") else ""


def keep_identity(ask: Ask, response: Response, name: str, pivot: Pivot) -> None:
    """Keep an identity that opens no account yet, for a sign-in with this browser within ten minutes."""
    content = {"nom": name, "pivot": pivot.model_dump(mode="json")}
    PENDING.set(response, ask.house.settings, content, ask.token)


def link_pending(ask: Ask, compte: Compte, response: Response) -> None:
    """The account has just been opened by its number: link the identity that came before, unless they contradict."""
    settings, ring = ask.house.settings, ask.house.ring
    kept = PENDING.read(ask.request, settings, ask.token)
    if kept is None:
        return
    PENDING.drop(response, settings)
    assure = unless_broken(read_assure, ring, compte)  # one that does not open says nothing of who it is
    if assure is None or contredit(Pivot.model_validate(kept["pivot"]), assure):
        note(Fait.LIEN_REFUSE, mark_of(ring, compte))
    else:
        tie(ask, compte, kept["nom"], "mot de passe")


def tie(ask: Ask, compte: Compte, name: str, par: str) -> None:
    """Link, if it is not done yet."""
    with writing(ask.db):
        new = link(ask.db, ask.house.ring, compte, name, ask.house.settings.clock())
    if new:
        note(Fait.LIEN_FAIT, mark_of(ask.house.ring, compte), par=par)


def delier(ask: Ask) -> Response:
    """The person undoes the link (POST). Its page is « Mes informations »."""
    if ask.request.method != "POST":
        return go_to("/informations")
    mine = ask.open_session
    with writing(ask.db):
        done = unlink(ask.db, mine.compte_id, ask.house.settings.clock(), mine.id)
    if done:
        note(Fait.LIEN_DEFAIT, mark_of(ask.house.ring, mine), par="personne")
    return go_to("/informations?fait=delie")
