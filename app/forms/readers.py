"""Readers that pages share: a name, a date in three boxes, and a social security number with its key."""

from collections.abc import Mapping
from datetime import date

from app.domain.dates import DefautDate, lit_date
from app.domain.nir import (
    LONGUEUR_NIR,
    DefautNir,
    cle_correspond,
    defaut_du_nir,
    normalise_nir,
    signe_inattendu,
)
from app.domain.noms import NOM_MAXIMAL, est_latin, normalise_nom, signe_inconnu
from app.domain.saisie import chiffres_seuls
from app.forms.form import Sent

KEY_LENGTH = 2
PARTS = ("jour", "mois", "annee")
_SOUND = ("1", "1", "2000")  # a date that exists, to try each box in turn


def read_name(sent: Sent, name: str, called: str, missing: str) -> str:
    """A name, written in one way. `called`: what it is; `missing`: what to do without it."""
    nom = normalise_nom(sent.text(name))
    if not nom:
        sent.refuse(name, missing)
    elif signe := signe_inconnu(nom):
        sent.refuse(
            name,
            f"Le {called} contient un signe que ce service ne reconnaît pas : {signe}. "
            f"Saisissez des lettres, un tiret ou une apostrophe.",
        )
    elif not est_latin(nom):
        sent.refuse(name, f"Saisissez le {called} en lettres latines, comme sur la carte Vitale.")
    elif not any(signe.isalpha() for signe in nom):
        sent.refuse(name, f"Le {called} compte au moins une lettre. Complétez-le.")
    elif len(nom) > NOM_MAXIMAL:
        sent.refuse(
            name,
            f"Le {called} compte {len(nom)} caractères. Le plus long accepté en compte {NOM_MAXIMAL}. "
            f"Saisissez le premier {called} seulement.",
        )
    return nom


def read_date(sent: Sent, name: str, words: Mapping[DefautDate, str]) -> date | None:
    """Read a date typed in three boxes; each error message links to the box at fault."""
    parts = [sent.text(f"{name}_{part}") for part in PARTS]
    found = lit_date(*parts)
    if isinstance(found, date):
        return found
    sent.refuse(name, words[found], at=f"{name}_{_faulty(parts)}")
    return None


def _faulty(parts: list[str]) -> str:
    """The first box that makes no date among sound ones; the day when each is sound by itself (30 February)."""
    for index, part in enumerate(PARTS):
        tried = [*_SOUND[:index], parts[index], *_SOUND[index + 1 :]]
        if isinstance(lit_date(*tried), DefautDate):
            return part
    return PARTS[0]


def read_nir(sent: Sent, taken: Mapping[str, str]) -> str | None:
    """
    A number whose key goes with it; None when the person has none yet, or when it is refused.

    `taken`: the numbers of the others, each with the error message for using it again.
    """
    nir, cle = normalise_nir(sent.text("nir")), normalise_nir(sent.text("cle"))
    if sent.box("pas_de_numero"):
        if nir or cle:
            sent.refuse(
                "pas_de_numero",
                "Vous avez saisi un numéro de sécurité sociale et coché « Cette personne n'a pas encore de numéro ». "
                "Gardez l'un ou l'autre.",
            )
        return None
    if not nir:
        sent.refuse(
            "nir",
            "Saisissez le numéro de sécurité sociale de cette personne. Il compte 13 chiffres, par exemple "
            "2910475111234. Pas encore de numéro ? Cochez « Cette personne n'a pas encore de numéro ».",
        )
        return None
    if len(nir) == LONGUEUR_NIR + KEY_LENGTH and cle in ("", nir[LONGUEUR_NIR:]):
        nir, cle = nir[:LONGUEUR_NIR], nir[LONGUEUR_NIR:]
        sent.fill("nir", nir)
        sent.fill("cle", cle)
    _check_number(sent, nir)
    if nir in taken:
        sent.refuse("nir", taken[nir])
    _check_key(sent, nir, cle)
    return None if "nir" in sent.errors or "cle" in sent.errors else nir


def _check_number(sent: Sent, nir: str) -> None:
    match defaut_du_nir(nir):
        case DefautNir.LONGUEUR:
            sent.refuse(
                "nir",
                f"Le numéro de sécurité sociale compte 13 signes. Vous en avez saisi {len(nir)}. "
                "Vérifiez-le, par exemple 2910475111234.",
            )
        case DefautNir.CARACTERES:
            sent.refuse(
                "nir",
                f"Le numéro de sécurité sociale contient un signe inattendu : {signe_inattendu(nir)}. "
                "Saisissez des chiffres, ou 2A ou 2B pour la Corse, par exemple 253072A073004.",
            )
        case DefautNir.DEBUT:
            sent.refuse(
                "nir",
                "Le numéro de sécurité sociale commence par 1, 2, 3, 4, 7 ou 8. "
                "Vérifiez le premier chiffre, par exemple 2910475111234.",
            )


def _check_key(sent: Sent, nir: str, cle: str) -> None:
    """The right key is never said: it would let anybody pass with any number."""
    if not cle:
        sent.refuse(
            "cle", "Saisissez la clé : les 2 chiffres après le numéro de sécurité sociale, par exemple 04."
        )
    elif len(cle) != KEY_LENGTH or not chiffres_seuls(cle):
        sent.refuse(
            "cle",
            "La clé compte 2 chiffres. Vérifiez-la, avec le zéro du début s'il y en a un, par exemple 04.",
        )
    elif defaut_du_nir(nir) is None and not cle_correspond(nir, cle):
        sent.refuse(
            "cle",
            f"La clé {cle} ne va pas avec ce numéro de sécurité sociale. Comparez les deux avec la carte Vitale, "
            "par exemple numéro 2910475111234 et clé 04.",
        )
