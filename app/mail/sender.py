"""Which e-mails go now: those that are due, one after the other, by whichever process asks first."""

from collections import Counter
from collections.abc import Callable

import sqlalchemy as sa
import structlog
from jinja2 import Environment
from sqlmodel import Session

from app.files.sealing import KeyMissing, SealBroken
from app.mail.courriel import wire_courriel
from app.mail.message import compose
from app.mail.transport import UNWRITABLE, SendResult, send
from app.settings import Settings
from app.store.abonnements import abonnement_of, read_abonne
from app.store.database import reading
from app.store.journal import UNREADABLE
from app.store.nouvelles import settle, take_next
from app.store.tables import Abonnement, Delivery, Nouvelle

_log = structlog.get_logger("c2s.nouvelles")


def send_due(
    engine: sa.Engine, env: Environment, settings: Settings, stopped: Callable[[], bool] = lambda: False
) -> Counter[Delivery]:
    """
    Send what is due, until nothing is, the server is down or `stopped`; how many e-mails met each outcome.

    Nothing is held in the database while a server answers. A line of the log says how many, and the last cause.
    """
    met: Counter[Delivery] = Counter()
    cause = ""
    with reading(engine) as db:
        while not stopped() and (taken := take_next(db, settings.clock(), settings.day())):
            row, abonnement = taken
            sent = _send(db, env, settings, row, abonnement)
            if sent is None:
                continue
            met[settle(db, row, sent.issue, settings.clock(), sent.cause)] += 1
            cause = sent.cause or cause
            if sent.down:
                break
    if met:
        _log.info("nouvelles", cause=cause, **{issue.value: count for issue, count in met.items()})
    return met


def _send(
    db: Session, env: Environment, settings: Settings, row: Nouvelle, abonnement: Abonnement
) -> SendResult | None:
    try:
        abonne = read_abonne(settings.data_ring, abonnement)
    except (KeyMissing, SealBroken):
        return SendResult(Delivery.ATTEND, UNREADABLE)
    try:
        to = wire_courriel(abonne.courriel)
    except ValueError:  # the others do not wait for it
        return SendResult(Delivery.REFUSEE, UNWRITABLE)
    message = compose(env, settings, row.id, to, abonne.jeton, settings.clock())
    chosen = abonnement.index_jeton  # as it is now: the row is read again while the server listens

    def is_wanted() -> bool:
        """Still, and at this address: another one has another link."""
        now = abonnement_of(db, row.compte_id)
        return now is not None and now.index_jeton == chosen

    return send(settings, message, to, is_wanted)
