"""Why a sign-in through the issuer went no further: what the person is told, and a closed word for the journal."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class FailureReason(StrEnum):
    """What the person is told; each has its sentence on the sign-in page."""

    ANNULE = "annule"  # the person, or the issuer for the person, gave up
    TARD = "tard"  # too long, twice, or from another browser
    REFUS = "refus"  # forged, mixed up, or not what the issuer signs
    PANNE = "panne"  # the issuer does not answer, or not as it should
    INCONNU = "inconnu"  # no account, several, or an identity with something missing: never told apart
    PAUSE = "pause"  # too many returns without an account from one address


class Failed(Exception):
    """
    Nobody is signed in. `cause`: a word of this code, or an error of the protocol; never a text from outside.

    `id_token`: the person is signed in at the issuer all the same, and leaves it by this.
    """

    def __init__(self, reason: FailureReason, cause: str) -> None:
        super().__init__(cause)
        self.reason = reason
        self.cause = cause
        self.id_token = ""


@contextmanager
def signed_in_there(id_token: str) -> Iterator[None]:
    """From here on the issuer has signed a person in: what fails says how he or she leaves it."""
    try:
        yield
    except Failed as failed:
        failed.id_token = id_token
        raise


# The errors that FranceConnect and OpenID Connect name, at the return and at the exchange of the code. The person gave
# up, or was not let in; the code or the request is too old; all others are for the host to look into.
ERRORS = {
    "access_denied": FailureReason.ANNULE,
    "login_required": FailureReason.ANNULE,
    "consent_required": FailureReason.ANNULE,
    "interaction_required": FailureReason.ANNULE,
    "account_selection_required": FailureReason.ANNULE,
    "unmet_authentication_requirements": FailureReason.ANNULE,
    "invalid_grant": FailureReason.TARD,
    "invalid_token": FailureReason.TARD,
    "invalid_request": FailureReason.PANNE,
    "invalid_client": FailureReason.PANNE,
    "invalid_scope": FailureReason.PANNE,
    "invalid_target": FailureReason.PANNE,
    "unauthorized_client": FailureReason.PANNE,
    "unsupported_grant_type": FailureReason.PANNE,
    "unsupported_response_type": FailureReason.PANNE,
    "request_not_supported": FailureReason.PANNE,
    "request_uri_not_supported": FailureReason.PANNE,
    "registration_not_supported": FailureReason.PANNE,
    "server_error": FailureReason.PANNE,
    "temporarily_unavailable": FailureReason.PANNE,
}


def failure_of(error: object) -> Failed:
    """What an error of the protocol means; one that is not in the list is not repeated."""
    known = str(error)
    return Failed(ERRORS[known], known) if known in ERRORS else Failed(FailureReason.PANNE, "erreur inconnue")
