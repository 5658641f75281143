"""What is sent about one person of the household, read in the order of its page."""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta

from app.domain.age import AGE_FIN_DE_CHARGE, AGE_GARDE_ALTERNEE, AGE_MAXIMAL, age
from app.domain.dates import DefautDate
from app.domain.demande import MOI, Lien, Nationalite, Personne
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.nir import contredit_la_naissance, est_provisoire, naissance_du_nir
from app.forms.form import Sent
from app.forms.readers import read_caf, read_date, read_name, read_nir
from app.forms.typography import jour, mois
from app.forms.words import LIENS, NATIONALITES, prenom
from app.steps.foyer import obstacle

_KEY_SIGNS = "bcdfghjkmnpqrstvwxz23456789"  # no vowel: a key spells no word
_KEY_LENGTH = 4
_ENFANTS = (Lien.ENFANT, Lien.ENFANT_DU_CONJOINT)
_BIRTH = {
    DefautDate.VIDE: "Saisissez la date de naissance : jour, mois, année. Par exemple 12 03 2016.",
    DefautDate.JOUR: "Il manque le jour de naissance. Saisissez un nombre de 1 à 31, par exemple 12.",
    DefautDate.MOIS: "Il manque le mois de naissance. Saisissez un nombre de 1 à 12, par exemple 03.",
    DefautDate.ANNEE: "Il manque l'année de naissance. Saisissez 4 chiffres, par exemple 2016.",
    DefautDate.ANNEE_COURTE: "L'année de naissance compte 4 chiffres. Complétez-la, par exemple 2016.",
    DefautDate.LETTRES: "Saisissez la date de naissance avec des chiffres, par exemple 12 03 2016.",
    DefautDate.INEXISTANTE: (
        "Cette date de naissance n'existe pas dans le calendrier. "
        "Vérifiez le jour et le mois, par exemple 12 03 2016."
    ),
}


def new_key(dossier: Dossier) -> str:
    """An opaque name for somebody, that nobody of this household has."""
    while True:
        cle = "".join(secrets.choice(_KEY_SIGNS) for _ in range(_KEY_LENGTH))
        if dossier.membre(cle) is None:
            return cle


def read_person(dossier: Dossier, sent: Sent, others: Sequence[Membre], cle: str) -> Personne | None:
    """The person described, beside these others; refusals are left in `sent.errors`, and nobody is returned."""
    prenom_saisi = read_name(sent, "prenom", "prénom", ("Jean-Baptiste", "Jean-Baptiste"))
    nom = read_name(sent, "nom", "nom", ("Martin", "D'Almeida"))
    lien = _read_link(dossier, sent, others)
    naissance = _read_birth(sent, lien, dossier.le)
    nationalite = _read_nationality(sent)
    nir = read_nir(sent, {autre.nir: _same_number(dossier, autre) for autre in others if autre.nir})
    if nir and naissance and contredit_la_naissance(nir, naissance):
        _warn(sent, nir, naissance, dossier.personne(cle), dossier.le)
    else:
        sent.fill("nir_confirme", "")  # nothing to confirm, or not yet
    numero_caf = read_caf(sent, "caf")
    garde_alternee = _read_custody(sent, lien, naissance, dossier.le)
    if sent.errors or lien is None or naissance is None or nationalite is None:
        return None
    return Personne(
        cle=cle,
        prenom=prenom_saisi,
        nom=nom,
        lien=lien,
        naissance=naissance,
        nationalite=nationalite,
        nir=nir,
        numero_caf=numero_caf,
        garde_alternee=garde_alternee,
        rsa_en_cours=sent.box("rsa"),
        c2s_en_cours=sent.box("c2s"),
    )


def already_there(dossier: Dossier, sent: Sent) -> Personne | None:
    """Whom this very form has added before: it was sent twice. Somebody removed since is found again too."""
    copy = Sent({name: sent.many(name) for name in sent.names()})
    described = read_person(dossier, copy, (), cle="")
    for personne in dossier.demande.beneficiaires.personnes:
        if personne.model_copy(update={"cle": ""}) == described:
            membre = dossier.membre(personne.cle)
            assert membre is not None
            return None if obstacle(dossier, membre) else personne
    return None


def _read_link(dossier: Dossier, sent: Sent, others: Sequence[Membre]) -> Lien | None:
    choisi = sent.text("lien")
    if choisi not in LIENS:
        sent.refuse(
            "lien",
            "Choisissez un des quatre liens de parenté de la liste, par exemple « Enfant »."
            if choisi
            else "Choisissez le lien de parenté de cette personne avec vous, par exemple « Enfant ».",
        )
        return None
    lien = Lien(choisi)
    conjoint = next((autre for autre in others if autre.lien is Lien.CONJOINT), None)
    if lien is Lien.CONJOINT and conjoint:
        sent.refuse(
            "lien",
            f"Votre foyer compte déjà un conjoint ou une conjointe : {prenom(dossier, conjoint)}. "
            "Choisissez un autre lien de parenté, par exemple « Enfant ». Ou retirez d'abord l'autre personne.",
        )
    return lien


def _read_birth(sent: Sent, lien: Lien | None, le: date) -> date | None:
    naissance = read_date(sent, "naissance", _BIRTH)
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
            f"D'après sa date de naissance, cette personne a {ans} ans. Une personne à charge a moins de 25 ans, "
            f"par exemple née en {le.year - AGE_FIN_DE_CHARGE + 1}. Vérifiez la date, ou choisissez "
            "« Revenir sans enregistrer cette personne »."
        )
    else:
        return naissance
    sent.refuse("naissance", message, at="naissance_annee")
    return None


def _read_nationality(sent: Sent) -> Nationalite | None:
    choisie = sent.text("nationalite")
    if choisie in NATIONALITES:
        return Nationalite(choisie)
    sent.refuse(
        "nationalite",
        "Choisissez une des trois nationalités de la liste, par exemple « Française »."
        if choisie
        else "Choisissez la nationalité de cette personne, par exemple « Française ».",
    )
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
    autre = "le mois" if annee == naissance.year else "l'année"
    sent.refuse(
        "nir_confirme",
        f"Le numéro de sécurité sociale donne comme naissance : {lu}. La date saisie est : {jour(naissance)}. "
        f"Vérifiez les deux, par exemple {autre}. Si tout est juste, cochez « C'est bien ce numéro ».",
    )


def _read_custody(sent: Sent, lien: Lien | None, naissance: date | None, le: date) -> bool:
    """Only the home of a minor child alternates (R861-2)."""
    if not sent.box("garde"):
        return False
    if lien and lien not in _ENFANTS:
        sent.refuse(
            "garde",
            "La garde alternée concerne un enfant. Décochez-la, ou changez le lien de parenté, "
            "par exemple « Enfant ».",
        )
    elif naissance and age(naissance, le) >= AGE_GARDE_ALTERNEE:
        sent.refuse(
            "garde",
            "La garde alternée concerne un enfant de moins de 18 ans. Décochez-la, ou vérifiez la date de "
            "naissance, par exemple 12 03 2016.",
        )
    return True
