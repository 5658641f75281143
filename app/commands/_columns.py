"""The columns of the lists of organismes and caisses: what each accepts, as docs/imports.md says it."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from app.commands._lines import Columns
from app.domain.demande import CAISSE
from app.mail.courriel import kept_courriel
from app.store.communes import departements
from app.store.text import normalise, town_key
from app.web.contact import is_reachable

TYPES = ("mutuelle", "prevoyance", "assurance")
_LONGEST_DELAY = 365  # days
_YES_NO = {"oui": True, "non": False}


def _column(expected: str, example: str, **more: Any) -> Any:
    return Field(description=expected, examples=[example], **more)


def _where(holds: Callable[[str], bool]) -> AfterValidator:
    """A value for which this holds."""

    def check(written: str) -> str:
        if not holds(written):
            raise ValueError
        return written

    return AfterValidator(check)


def _text(longest: int, key: Callable[[str], str] = normalise) -> AfterValidator:
    """A text that a search can find: it has a letter or a digit."""
    return _where(lambda written: len(written) <= longest and written.isprintable() and bool(key(written)))


_CodePostal = Annotated[str, _column("5 chiffres", "01000", pattern=r"^[0-9]{5}$")]
_Departement = Annotated[
    str,
    _column("le code d'un département, avec son zéro", "01"),
    _where(lambda written: written in departements()),
]


class ColonnesOrganisme(Columns):
    """`c2s organismes import`."""

    code: Annotated[
        str,
        _column(
            f"de 1 à 40 lettres sans accent, chiffres, points ou tirets, autre que « {CAISSE} »",
            "MUT-0101",
            pattern=r"^[A-Za-z0-9._-]{1,40}$",
        ),
        _where(lambda written: written != CAISSE),  # that word means the caisse itself
    ]
    nom: Annotated[
        str, _column("un nom de 120 caractères au plus", "Mutuelle Factice des Volcans"), _text(120)
    ]
    adresse: Annotated[
        str, _column("une adresse de 200 caractères au plus", "1 rue de l'Exemple"), _text(200)
    ]
    code_postal: _CodePostal
    commune: Annotated[
        str, _column("une ville de 80 caractères au plus", "Bourg-en-Bresse"), _text(80, town_key)
    ]
    departement: _Departement
    type: Annotated[
        str,
        _column(", ".join(TYPES[:-1]) + f" ou {TYPES[-1]}", TYPES[0]),
        AfterValidator(normalise),
        _where(lambda written: written in TYPES),
    ]


class ColonnesCaisse(Columns):
    """`c2s caisses import`."""

    code: Annotated[str, _column("de 1 à 10 lettres ou chiffres", "011", pattern=r"^[A-Za-z0-9]{1,10}$")]
    nom: Annotated[str, _column("un nom de 120 caractères au plus", "CPAM de l'Ain"), _text(120)]
    departement: _Departement
    ville: Annotated[str, _column("une ville de 80 caractères au plus", "Bourg-en-Bresse"), _text(80)]
    adresse: Annotated[
        str,
        _column(
            "l'adresse postale entière, 200 caractères au plus", "1 rue de l'Exemple, 01000 Bourg-en-Bresse"
        ),
        _text(200),
    ]
    code_postal: _CodePostal
    telephone: Annotated[str, _column("un numéro de téléphone", "36 46"), _where(is_reachable)]
    courriel: Annotated[
        str,
        _column("une adresse e-mail", "c2s@caisse.exemple.fr"),
        _where(lambda w: bool(kept_courriel(w))),
    ]
    dpo: Annotated[
        str,
        _column(
            "comment écrire à la protection des données, 200 caractères au plus", "dpo@caisse.exemple.fr"
        ),
        _text(200),
    ]
    service: Annotated[
        str,
        _column(
            "le service qui étudie les demandes, 120 caractères au plus",
            "Service Complémentaire santé solidaire",
        ),
        _text(120),
    ]
    recours: Annotated[
        str,
        _column(
            "où contester une décision, 200 caractères au plus",
            "Commission de recours amiable, 1 rue de l'Exemple, 01000 Bourg-en-Bresse",
        ),
        _text(200),
    ]
    delai_pieces_jours: Annotated[
        int, _column(f"un nombre de jours, de 1 à {_LONGEST_DELAY}", "30", ge=1, le=_LONGEST_DELAY)
    ] = 30
    regime_local: Annotated[
        bool,
        _column("oui ou non", "non"),
        BeforeValidator(lambda written: _YES_NO.get(written.casefold(), written)),
    ] = False
