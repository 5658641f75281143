"""E-mail addresses: what is one, and how a server reads it."""

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

# `.invalid` (RFC 6761) is for invented people: such an address is welcome, as an invented telephone number is. No
# parameter of `validate_email` lets it through (`test_environment` is for `.test` alone), and its list is documented as
# one that an application may change.
SPECIAL_USE_DOMAIN_NAMES.remove("invalid")

_ENCODED = "=?"  # begins an encoded word (RFC 2047): in a header, whatever letters it stands for


def kept_courriel(typed: str) -> str:
    """An address as this service keeps it; empty if this is none. Deliverability is the caisse's matter."""
    try:
        return validate_email(typed, check_deliverability=False).normalized if _ENCODED not in typed else ""
    except EmailNotValidError:
        return ""


def wire_courriel(courriel: str) -> str:
    """The same, as servers read it: a domain with accents has a plain form. Raises ValueError for one that none reads."""
    if _ENCODED in courriel:
        raise ValueError("a header would say another address")
    parts = validate_email(courriel, check_deliverability=False)  # « straße.de » is not « strasse.de »
    return f"{parts.local_part}@{parts.ascii_domain}"
