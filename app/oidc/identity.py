"""The identité pivot, as FranceConnect names its claims."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.assure import Sexe
from app.domain.pivot import FRANCE, Pivot
from app.oidc.failure import Failed, FailureReason

LONGEST = 200  # characters
_SEXES = {"female": Sexe.FEMININ, "male": Sexe.MASCULIN}
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def pivot_of(claims: Mapping[str, Any]) -> Pivot:
    """
    The person that the claims certify; an unknown day or month is 01.

    Raises Failed where one that finds an account is missing: it is told as an account that is not found.
    """
    gender, born = claims.get("gender"), _date(claims.get("birthdate"))
    if not isinstance(gender, str) or gender not in _SEXES or born is None:
        raise Failed(FailureReason.INCONNU, "identité incomplète")
    return Pivot(
        nom=_text(claims.get("family_name")),
        prenoms=_first_names(claims),
        naissance=born,
        sexe=_SEXES[gender],
        commune=_text(claims.get("birthplace")),
        pays=_text(claims.get("birthcountry")) or FRANCE,
    )


def _first_names(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """The list where the issuer gives it: a single text does not say where the first name ends."""
    listed = claims.get("given_name_array")
    if isinstance(listed, list) and listed:
        return tuple(_text(name) for name in listed[:20])
    written = _text(claims.get("given_name"))
    return (written,) if written else ()


def _date(written: object) -> date | None:
    found = _DATE.fullmatch(written) if isinstance(written, str) else None
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year, month or 1, day or 1)
    except ValueError:
        return None


def _text(value: object) -> str:
    return value.strip()[:LONGEST] if isinstance(value, str) else ""
