"""What the law and the rest of the household say of a person who is described on her page."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.domain.age import AGE_FIN_DE_CHARGE, AGE_GARDE_ALTERNEE, AGE_MAXIMAL, age
from app.domain.demande import MOI, Lien, Personne
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.nir import contredit_la_naissance, est_provisoire, naissance_du_nir
from app.forms.form import Sent
from app.forms.readers import read_nir
from app.forms.typography import jour, mois
from app.forms.words import prenom

_KEY_SIGNS = "bcdfghjkmnpqrstvwxz23456789"  # no vowel: a key spells no word
_KEY_LENGTH = 4
_ENFANTS = (Lien.ENFANT, Lien.ENFANT_DU_CONJOINT)


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
    Hold what was read of a person against itself, and against these others.

    Returns the social security number, which is read here: another person may have it, and it tells a birth.
    """
    lien: Lien | None = read["lien"]
    _check_link(dossier, sent, lien, others)
    naissance = _possible_birth(sent, lien, read["naissance"], dossier.le)
    nir = read_nir(sent, {autre.nir: _same_number(dossier, autre) for autre in others if autre.nir})
    if nir and naissance and contredit_la_naissance(nir, naissance):
        _warn(sent, nir, naissance, dossier.personne(cle), dossier.le)
    else:
        sent.fill("nir_confirme", "")  # nothing to confirm, or not yet
    _check_custody(sent, lien, naissance, dossier.le)
    return nir


def _check_link(dossier: Dossier, sent: Sent, lien: Lien | None, others: Sequence[Membre]) -> None:
    conjoint = next((autre for autre in others if autre.lien is Lien.CONJOINT), None)
    if lien is Lien.CONJOINT and conjoint:
        sent.refuse(
            "lien",
            f"Votre foyer compte déjà un conjoint ou une conjointe : {prenom(dossier, conjoint)}. "
            "Choisissez un autre lien de parenté, ou retirez d'abord l'autre personne.",
        )


def _possible_birth(sent: Sent, lien: Lien | None, naissance: date | None, le: date) -> date | None:
    """The same day; None once it is refused, so that the date gets a single error message."""
    if naissance is None:
        return None
    ans = age(naissance, le)
    a_charge = lien not in (None, Lien.CONJOINT)
    if naissance > le:
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
    confirmed = known and (known.nir, known.naissance) == (nir, naissance)  # when it was recorded
    if confirmed or sent.box("nir_confirme"):
        return
    rang, deux_chiffres = naissance_du_nir(nir)
    annees = [
        siecle + deux_chiffres
        for siecle in range(1800, le.year + 1, 100)
        if siecle + deux_chiffres <= le.year
    ]
    annee = min(annees, key=lambda annee: abs(annee - naissance.year))  # a number tells no century
    lu = mois(date(annee, rang, 1)) if rang and not est_provisoire(nir) else str(annee)
    sent.refuse(
        "nir_confirme",
        f"Le numéro de sécurité sociale donne comme naissance : {lu}. La date saisie est : {jour(naissance)}. "
        "Vérifiez les deux. Si tout est juste, cochez « C'est bien ce numéro ».",
    )


def _check_custody(sent: Sent, lien: Lien | None, naissance: date | None, le: date) -> None:
    """Only the home of a minor child alternates (R861-2)."""
    if not sent.box("garde"):
        return
    if lien and lien not in _ENFANTS:
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
