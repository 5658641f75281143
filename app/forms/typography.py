"""French typography, dates, sums and weights, as a reader expects them."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel.numbers import format_decimal

from app.domain.naissance import NaissanceIncomplete

NBSP = "\u00a0"
LONGEST_KEPT = 1_000  # characters: longer than any sentence of ours
_ISOLATED, _END = "\u2068", "\u2069"  # FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE
_RIGHT_TO_LEFT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]+"
_RUN = re.compile(rf"(?=[^\W\d_]){_RIGHT_TO_LEFT}(?:[^\S\n]+{_RIGHT_TO_LEFT})*")
_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_STREETS = "bis|ter|rue|avenue|boulevard|place|allée|chemin|impasse|cours|quai|route"

_RULES = (
    (re.compile(r"(?<=\w)'"), "’"),
    (re.compile(r" (?=[:;?!»€%])"), NBSP),
    (re.compile(r"(?<=«) "), NBSP),
    (
        re.compile(
            rf"(?<=\d) (?=\d|(?:Mo|ans?|mois|h|pages?|euros|heures|minutes?|jours?|fichiers?|derniers|{_STREETS}|{_MONTHS})\b)"
        ),
        NBSP,
    ),
    (re.compile(r"(?<=\d h) (?=\d)"), NBSP),
    (re.compile(rf"(?<=1er) (?=(?:{_MONTHS})\b)"), NBSP),
)


def typo(text: str) -> str:
    """
    Typographic apostrophes, and spaces that do not break before « : ; ? ! » or inside « », dates and sums.

    Words that are read from right to left are isolated.
    """
    return typo_kept(text) if len(text) <= LONGEST_KEPT else _written(text)


@lru_cache(maxsize=4096)
def typo_kept(text: str) -> str:
    """The same, kept for a while. Of long texts, each of 250 kB perhaps, memory would not hold as many."""
    return _written(text)


def _written(text: str) -> str:
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return isolated(text)


def isolated(text: str) -> str:
    """Keep words that are read from right to left (Arabic, Hebrew) from moving the numbers and signs beside them."""
    if text.isascii():
        return text
    return _RUN.sub(rf"{_ISOLATED}\g<0>{_END}", text.replace(_ISOLATED, "").replace(_END, ""))


_WELDED = re.compile(
    rf"(?:[«(]{NBSP}?)?(?:\w{{1,40}}’)?(?:(?<![\w.+-])[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,6}}|(?<![\w-])(?:\w{{1,40}}-){{1,6}}\w{{1,40}}(?![\w-]|\.\w))(?:[.,;)]|{NBSP}[:;?!»])*"
)


def weld(html: str) -> str:
    """
    Keep a line from ending inside « ci-dessous », « êtes-vous » or an e-mail address: text without tags → HTML.

    A style does it, which gives way where a line is too narrow for the word: a hyphen of another kind would change what
    is searched, copied and read aloud. The punctuation comes along, which a style would let go to the next line.
    """
    return _WELDED.sub(r'<span class="insec">\g<0></span>', html)


def lowered(sentence: str) -> str:
    """With a small first letter: to go on in another sentence."""
    return sentence[:1].lower() + sentence[1:]


def jour(value: date) -> str:
    """« 15 mai 2025 », « 1er avril 2024 »; « mars 1990 » or « 1990 » for a birth whose day is unknown."""
    if isinstance(value, NaissanceIncomplete):
        return mois(value) if value.mois_connu else str(value.year)
    return f"{'1er' if value.day == 1 else value.day}{NBSP}{mois(value)}"


def mois(value: date) -> str:
    """« avril 2024 »."""
    return f"{_MONTHS.split('|')[value.month - 1]} {value.year}"


def heure(value: datetime) -> str:
    """« 14 h 05 »."""
    return f"{value.hour}{NBSP}h{NBSP}{value.minute:02d}"


def nombre(value: int | Decimal) -> str:
    """« 12 345,50 »: digits in threes, a comma before the cents when there are some."""
    return format_decimal(value, "#,##0.##" if value == int(value) else "#,##0.00", locale="fr").replace(
        "\u202f", NBSP
    )


def euros(value: int | Decimal) -> str:
    """« 1 200 € », « 1 200,50 € »."""
    return f"{nombre(value)}{NBSP}€"


def poids(size: int) -> str:
    """« 4,2 Mo » for 4 200 000 bytes or so; « 85 ko » under a tenth of a Mo. One Mo is 1 048 576 bytes here."""
    mo = Decimal(size) / 1_048_576
    if mo < Decimal("0.1"):
        return f"{max(1, round(size / 1024))}{NBSP}ko" if size else f"0{NBSP}octet"
    return f"{format_decimal(round(mo, 1), '#,##0.#', locale='fr')}{NBSP}Mo"
