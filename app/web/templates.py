"""The templates: strict about names, careful about French spaces, silent about nothing."""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.ext import Extension
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from app.forms import typography
from app.forms.form import Field
from app.forms.words import WORDS
from app.journey import STAGES, STARTS
from app.settings import PARIS
from app.web.hypermedia import CONFIG

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
MENU = (
    ("/demarches", "Mes démarches"),
    ("/echanges", "Mon espace d’échanges"),
    ("/informations", "Mes informations"),
)
FOOTER = (
    ("/accessibilite", "Accessibilité : non conforme"),
    ("/donnees-personnelles", "Données personnelles"),
    ("/mentions", "Mentions légales"),
    ("/plan", "Plan du site"),
    ("/aide", "Aide"),
)
DRAWINGS = 256  # kept of each macro that is drawn once
OF_A_FIELD = ("champ", "case", "radios", "texte")  # macros whose first argument is a `Field`
DRAWINGS_OF_AN_ANSWER = 16
_INDENTATION = re.compile(r"\n[ \t]+")
_CODE = re.compile(
    r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<(?:[^<>{]|\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{)*>)", re.DOTALL
)


_SHOWN = re.compile(r"\{\{(-?)(.*?)(-?)\}\}", re.DOTALL)
# What takes no tag, and what may lay out each part of its content as a column.
_NOT_WELDED = re.compile(r"<(title|option|textarea|script|button|summary|a(?! href=\"#))\b")


class Typography(Extension):
    """Write the text between tags with French typography, and without its indentation, when a template is compiled."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Change what is neither markup nor code; what code shows there is welded when it is drawn."""
        written, plain, quoted = [], False, False
        for index, part in enumerate(_CODE.split(source)):
            if index % 2 == 0:
                text = _INDENTATION.sub("\n", typography.typo(part))
                written.append(text if plain or '="' in part else typography.weld(text))
                quoted ^= part.count('"') % 2 == 1  # a macro that writes attributes
            elif part.startswith("{{") and not (plain or quoted):
                written.append(_SHOWN.sub(r"{{\1 (\2) | weld \3}}", part))
            else:
                written.append(part)
                if part.startswith("<"):
                    plain, quoted = bool(_NOT_WELDED.match(part)), False
        return "".join(written)


def weld(value: Any) -> Any:
    """What a template shows between two tags: a sentence is welded, the rest is as it was."""
    if isinstance(value, Markup) or not isinstance(value, str) or not ("-" in value or "@" in value):
        return value
    return Markup(typography.weld(str(escape(value))))  # noqa: S704 — escaped here


_NOT_DIALLED = re.compile(r"\(0\)|[^\W\d].*|[^+\d]")  # « +33 (0)4 … », « … poste 12 »


def telephone(number: str) -> Markup:
    """A number to be pressed."""
    return Markup('<a href="tel:{}">{}</a>').format(_NOT_DIALLED.sub("", number), typography.typo(number))


TEL = telephone("36 46")  # of the Assurance Maladie
ALONE = re.compile(rf"(?<!\d)(?<!\d\s)36{typography.NBSP}46(?!\s?\d)")  # not in a longer number


def with_number_to_press(sentence: str) -> Markup:
    """A sentence of ours, where the number it tells to call can be pressed."""
    written = typography.weld(str(escape(typography.typo(sentence))))
    return Markup(ALONE.sub(str(TEL), written))  # noqa: S704 — escaped here


class Compiled(BytecodeCache):
    """The templates this process has compiled, for every service that it starts. Nothing is written to the disk."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was made of this name and this content."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what Jinja has just made."""
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = Compiled()


def compile_templates(env: Environment) -> None:
    """Compile every template, so that the first visitor of a page waits no longer than the tenth."""
    for name in env.list_templates(extensions=["html"]):
        env.get_template(name)


def make_environment(**extra: Any) -> Environment:
    """Every template sees the same few globals and filters."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
        extensions=[Typography],
    )
    for name in ("typo", "jour", "mois", "heure", "nombre", "euros", "poids"):
        env.filters[name] = getattr(typography, name)
    env.filters["weld"] = weld
    env.filters["telephone"] = telephone
    env.filters["appel"] = with_number_to_press
    env.filters["jour_local"] = lambda moment: typography.jour(moment.astimezone(PARIS).date())
    env.filters["heure_locale"] = lambda moment: typography.heure(moment.astimezone(PARIS))
    env.globals.update(
        CONFIG=CONFIG,
        TEL=TEL,
        MENU=MENU,
        CADRE=frozenset(url for url, _ in (*MENU, *FOOTER)),
        PIED=[(url, typography.typo(name)) for url, name in FOOTER],
        ETAPES=STAGES,
        DEBUTS=STARTS,
        **WORDS,
        **extra,
    )
    # A block alone does not see what its template imports: the macros are global.
    env.globals["icone"] = drawn_once(env, "icones").icone
    env.globals["champs"] = _fields(env)
    env.globals["aides"] = drawn_once(env, "aides")
    env.globals["cadre"] = drawn_once(env, "cadre")
    return env


def drawn_once(env: Environment, partial: str) -> SimpleNamespace:
    """
    The macros of a file, each drawn once for the same arguments: what is in every page, and says nothing of anybody.

    They are given addresses of ours, étapes, numbers of messages: never what a person has said.
    """
    macros = vars(env.get_template(f"partials/{partial}.html").module).items()
    return SimpleNamespace(
        **{name: lru_cache(DRAWINGS)(macro) for name, macro in macros if isinstance(macro, Macro)}
    )


def _fields(env: Environment) -> SimpleNamespace:
    """The macros of fields and messages."""
    macros = vars(env.get_template("partials/champs.html").module)
    kept = {name: _kept(macros[name]) for name in OF_A_FIELD}
    return SimpleNamespace(**macros | kept)


def _kept(macro: Macro) -> Callable[..., Any]:
    """
    A macro that draws a field. What it drew is kept with the question, when it says nothing of anybody: no refusal,
    nothing typed, an address of ours without a query.
    """

    def draw(field: Field, *about: Any, **named: Any) -> Any:
        drawings = field.question.drawings.get(field.value)
        if drawings is None or field.error or "?" in named.get("adresse", ""):
            return macro(field, *about, **named)
        what = (macro, field.name, about, *named.items())
        drawn = drawings.get(what)
        if drawn is None:
            if len(drawings) >= DRAWINGS_OF_AN_ANSWER:
                drawings.clear()
            drawn = drawings[what] = macro(field, *about, **named)
        return drawn

    return draw
