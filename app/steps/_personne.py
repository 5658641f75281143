"""What the law and the rest of the household say of a person who is described on her page."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.domain.age import AGE_CONJOINT, AGE_FIN_DE_CHARGE, AGE_GARDE_ALTERNEE, AGE_MAXIMAL, age
from app.domain.demande import ENFANTS, MOI, Lien, Personne
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.naissance import premier_jour
from app.domain.nir import contredit_la_naissance, est_provisoire, naissance_du_nir
from app.domain.pivot import cle_de_nom
from app.forms.form import Sent
from app.forms.readers import read_nir
from app.forms.typography import jour, mois
from app.forms.words import prenom

_KEY_SIGNS = "bcdfghjkmnpqrstvwxz23456789"  # no vowel: a key spells no word
_KEY_LENGTH = 4


def new_key(dossier: Dossier) -> str:
    """Draw an opaque key that no member of this household has."""
    while True:
        cle = "".join(secrets.choice(_KEY_SIGNS) for _ in range(_KEY_LENGTH))
        if dossier.membre(cle) is None:
            return cle


def check_person(
    dossier: Dossier, sent: Sent, read: Mapping[str, Any], others: Sequence[Membre], cle: str
) -> str | None:
    """
    Check a person's answers against each other, and against these others.

    Returns the social security number, which is read here: another person may have it, and it tells a birth.
    """
    lien: Lien | None = read["lien"]
    if sent.box("prenom_absent") and sent.box("nom_absent"):
        sent.refuse("nom", "Saisissez le prénom ou le nom de cette personne.")
    known = dossier.personne(cle)
    _check_link(dossier, sent, lien, others, known)
    naissance = _possible_birth(sent, lien, read["naissance"], dossier.le)
    _check_age_of_conjoint(sent, lien, naissance, known, dossier.le)
    nir = read_nir(sent, {autre.nir: _same_number(dossier, autre) for autre in others if autre.nir})
    if nir and naissance and contredit_la_naissance(nir, naissance):
        _warn(sent, nir, naissance, known, dossier.le)
    else:
        sent.fill("nir_confirme", "")  # nothing to confirm, or not yet
    if "nir" not in sent.errors:  # else that number says already whose it is
        _check_same_person(sent, read["prenom"], naissance, others, known)
    _check_custody(sent, lien, naissance, dossier.le)
    return nir


def _check_link(
    dossier: Dossier, sent: Sent, lien: Lien | None, others: Sequence[Membre], known: Personne | None
) -> None:
    conjoint = next((autre for autre in others if autre.lien is Lien.CONJOINT), None)
    if lien is Lien.CONJOINT and conjoint:
        sent.refuse(
            "lien",
            f"Votre foyer compte déjà un conjoint ou une conjointe : {prenom(dossier, conjoint)}. "
            "Choisissez un autre lien de parenté, ou retirez d'abord l'autre personne.",
        )
    _ask_once(
        sent,
        "sans_conjoint",
        lien is Lien.ENFANT_DU_CONJOINT and conjoint is None,
        known is not None and known.lien is lien,
        "Votre foyer ne compte pas encore de conjoint ou de conjointe. "
        "Si le lien est juste, cochez « C'est bien ce lien ». Ajoutez ensuite votre conjoint ou conjointe.",
    )


def _check_age_of_conjoint(
    sent: Sent, lien: Lien | None, naissance: date | None, known: Personne | None, le: date
) -> None:
    young = lien is Lien.CONJOINT and naissance is not None and age(naissance, le) < AGE_CONJOINT
    _ask_once(
        sent,
        "age_confirme",
        young,
        known is not None and (known.lien, known.naissance) == (lien, naissance),
        "D'après sa date de naissance, votre conjoint ou conjointe a moins de 16 ans. "
        "Si tout est juste, cochez « C'est bien sa date de naissance ».",
    )


def _check_same_person(
    sent: Sent,
    prenom_saisi: str,
    naissance: date | None,
    others: Sequence[Membre],
    known: Personne | None,
) -> None:
    """Ask about a person who is already there under capitals, accents or hyphens of another kind."""
    alike = next(
        (
            autre
            for autre in others
            if naissance == autre.naissance and cle_de_nom(autre.prenom) == cle_de_nom(prenom_saisi)
        ),
        None,
    )
    who = "Vous avez" if alike and alike.cle == MOI else "Une personne de votre foyer a"
    _ask_once(
        sent,
        "autre_personne",
        alike is not None,
        known is not None and (known.prenom, known.naissance) == (prenom_saisi, naissance),
        f"{who} le même prénom et la même date de naissance. Si c'est la même personne, choisissez « Retour ». "
        "Sinon, cochez « Ce n'est pas la même personne ».",
    )


def _ask_once(sent: Sent, box: str, doubtful: bool, recorded: bool, message: str) -> None:
    """Ask about what is doubtful, unless this box is ticked or it was recorded so. No doubt: the box goes."""
    if not doubtful:
        sent.fill(box, "")
    elif not recorded and not sent.box(box):
        sent.refuse(box, message)


def _possible_birth(sent: Sent, lien: Lien | None, naissance: date | None, le: date) -> date | None:
    """The same day; None once it is refused, so that the date gets a single error message."""
    if naissance is None:
        return None
    ans = age(naissance, le)
    a_charge = lien not in (None, Lien.CONJOINT)
    if premier_jour(naissance) > le:
        message = (
            f"Cette date de naissance est après aujourd'hui. Vérifiez l'année, par exemple {le.year - 1}."
        )
    elif age(naissance, le - timedelta(days=1)) >= AGE_MAXIMAL:
        message = "Cette date de naissance a plus de 120 ans. Vérifiez l'année, par exemple 1956."
    elif a_charge and ans >= AGE_FIN_DE_CHARGE:
        message = (
            f"D'après sa date de naissance, cette personne a {ans} ans. Une personne à charge a moins de 25 ans. "
            "Vérifiez la date, ou choisissez « Retour »."
        )
    else:
        return naissance
    sent.refuse("naissance", message, at="naissance_annee")
    return None


def _same_number(dossier: Dossier, autre: Membre) -> str:
    if autre.cle == MOI:
        return (
            "Ce numéro de sécurité sociale est le vôtre. Saisissez celui de cette personne, "
            "par exemple 2910475111234. Un enfant a son propre numéro."
        )
    return (
        "Ce numéro de sécurité sociale est déjà celui d'une autre personne du foyer : "
        f"{prenom(dossier, autre)}. Chaque personne a son propre numéro. Vérifiez-le, par exemple 2910475111234."
    )


def _warn(sent: Sent, nir: str, naissance: date, known: Personne | None, le: date) -> None:
    """Ask once about a number that tells another birth: it may be right."""
    rang, deux_chiffres = naissance_du_nir(nir)
    annees = [
        siecle + deux_chiffres
        for siecle in range(1800, le.year + 1, 100)
        if siecle + deux_chiffres <= le.year
    ]
    annee = min(annees, key=lambda annee: abs(annee - naissance.year))  # a number tells no century
    lu = mois(date(annee, rang, 1)) if rang and not est_provisoire(nir) else str(annee)
    _ask_once(
        sent,
        "nir_confirme",
        True,
        known is not None and (known.nir, known.naissance) == (nir, naissance),
        f"Le numéro de sécurité sociale donne comme naissance : {lu}. La date saisie est : {jour(naissance)}. "
        "Si tout est juste, cochez « C'est bien ce numéro ».",
    )


def _check_custody(sent: Sent, lien: Lien | None, naissance: date | None, le: date) -> None:
    """Only the home of a minor child alternates (R861-2)."""
    if not sent.box("garde"):
        return
    if lien and lien not in ENFANTS:
        sent.refuse(
            "garde",
            "La garde alternée concerne un enfant. Décochez-la, ou changez le lien de parenté.",
        )
    elif naissance and age(naissance, le) >= AGE_GARDE_ALTERNEE:
        sent.refuse(
            "garde",
            "La garde alternée concerne un enfant de moins de 18 ans. Décochez-la, ou vérifiez la date de "
            "naissance.",
        )
