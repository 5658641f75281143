"""Signing in through FranceConnect: the way there, the way back, and the way out of both."""

import secrets
from typing import Any

from starlette.responses import Response

from app.domain.pivot import Pivot
from app.oidc.failure import Failed, FailureReason, signed_in_there
from app.oidc.identity import pivot_of
from app.oidc.issuer import STATE_BYTES, Departure, Issuer
from app.store.database import writing
from app.store.journal import Fait, note
from app.store.liens import compte_of, name_of
from app.store.tables import Compte
from app.store.tentatives import count_return, forget_return
from app.web.account import LEFT, STILL_OPEN, local, sign_out_word, welcome
from app.web.ask import Ask
from app.web.cookies import Cookie
from app.web.hypermedia import go_to
from app.web.lien import (
    LEAVING,
    PENDING,
    STOPPED,
    TEN_MINUTES,
    ask_for_way_out,
    is_still_there,
    keep_identity,
    keep_way_out,
    tie,
    way_out,
)
from app.web.sealed_cookie import SealedCookie
from app.web.session import Standing, set_session

HERE = "/connexion/franceconnect"
RETURN = f"{HERE}/retour"
AWAY = SealedCookie(Cookie("c2s_fc_aller", RETURN, TEN_MINUTES), TEN_MINUTES)


def aller(ask: Ask) -> Response:
    """To FranceConnect: by a link, since our own policy refuses a form that leads to another site."""
    suite = local(ask.query.get("suite", ""))
    if ask.session is not None:
        return go_to(suite)
    departure = Departure.draw()
    try:
        response = go_to(_issuer(ask).leave_for(departure))
    except Failed as failed:
        return _told(failed, suite)
    AWAY.set(response, ask.house.settings, {"departure": vars(departure), "suite": suite}, ask.token)
    # The departure of another browser is worth nothing here.
    set_session(response, ask.house.settings, ask.token)
    return response


def retour(ask: Ask) -> Response:
    """Back from FranceConnect. Whatever happens, the browser comes back once only, and to an address without a code."""
    kept = AWAY.read(ask.request, ask.house.settings, ask.token) or {}
    suite = kept.get("suite", "")
    try:
        response = _arrive(ask, kept.get("departure"), suite)
    except Failed as failed:
        response = _told(failed, suite)
        if failed.id_token:
            _stop(ask, response, failed.id_token)
    AWAY.drop(response, ask.house.settings)
    return response


def _arrive(ask: Ask, departure: dict[str, Any] | None, suite: str) -> Response:
    if departure is None:
        raise Failed(FailureReason.TARD, "cookie")
    now, ip = ask.house.settings.clock(), ask.request.client.host if ask.request.client else ""
    with writing(ask.db):  # before anything is asked of the issuer: what fails costs as much
        counted = count_return(ask.db, ask.house.ring, ip, now)
    if not counted:
        raise Failed(FailureReason.PAUSE, "pause")
    arrival = _issuer(ask).welcome(dict(ask.query), Departure(**departure))
    with signed_in_there(arrival.id_token):
        pivot, name = pivot_of(arrival.claims), name_of(_issuer(ask).url, arrival.sub)
    compte = compte_of(ask.db, ask.house.ring, name, pivot)
    if compte is None:
        response = _unknown(ask, name, pivot, suite)
        _stop(ask, response, arrival.id_token)
        return response
    response = _known(ask, compte, name, suite)
    with writing(ask.db):
        forget_return(ask.db, ask.house.ring, ip, now)
    keep_way_out(ask, response, arrival.id_token)
    return response


def _known(ask: Ask, compte: Compte, name: str, suite: str) -> Response:
    tie(ask, compte, name, "identité")
    return welcome(ask, compte, suite, par="franceconnect")


def _unknown(ask: Ask, name: str, pivot: Pivot, suite: str) -> Response:
    """None or several accounts: the same answer, which tells nothing."""
    response = _told(Failed(FailureReason.INCONNU, "aucun ou plusieurs comptes"), suite)
    keep_identity(ask, response, name, pivot)
    return response


def _stop(ask: Ask, response: Response, id_token: str) -> None:
    """FranceConnect is open on this device, and no account of ours whose sign-out would end it: offer its own."""
    settings = ask.house.settings
    keep_way_out(ask, response, id_token)
    STOPPED.set(response, settings, {}, ask.token)
    if ask.ticket.standing is not Standing.SIGNED_IN:
        set_session(response, settings, ask.token)


def sortir(ask: Ask) -> Response:
    """
    Out of FranceConnect alone (POST), for who came by it and was stopped here.

    It leads to our own page first: our policy refuses a form that leads to another site.
    """
    response = go_to(f"/deconnexion?fait={LEFT}")
    if ask_for_way_out(ask, response):
        response.headers["location"] += f"&franceconnect={STILL_OPEN}"
    else:
        STOPPED.drop(response, ask.house.settings)
    PENDING.drop(response, ask.house.settings)
    return response


def quitter(ask: Ask) -> Response:
    """Out of FranceConnect, once a form of ours has asked; the way back says what that form had to say."""
    if ask.session is not None:  # a link from elsewhere: what the true sign-out will need stays
        return go_to("/deconnexion")
    settings, fait = ask.house.settings, sign_out_word(ask.query.get("fait", ""))
    id_token = way_out(ask)
    if not id_token and is_still_there(ask):  # a link from elsewhere again
        return go_to("/connexion")
    try:
        state = f"{secrets.token_urlsafe(STATE_BYTES)}.{fait}"
        back = settings.public_url + "/deconnexion"
        url = _issuer(ask).leave(id_token, back, state) if id_token else f"/deconnexion?fait={fait}"
    except Failed as failed:
        note(Fait.FRANCECONNECT_REFUSE, raison=failed.reason, motif=failed.cause)
        url = f"/deconnexion?fait={fait}&franceconnect=panne"
    response = go_to(url)
    LEAVING.drop(response, settings)
    STOPPED.drop(response, settings)
    return response


def _told(failed: Failed, suite: str) -> Response:
    note(Fait.FRANCECONNECT_REFUSE, raison=failed.reason, motif=failed.cause)
    return go_to(f"/connexion?franceconnect={failed.reason}" + (f"&suite={suite}" if suite else ""))


def _issuer(ask: Ask) -> Issuer:
    assert ask.house.issuer is not None, "these addresses answer only when there is one"
    return ask.house.issuer
