"""The states of étapes 3 to 7."""

from datetime import date
from decimal import Decimal
from typing import Any

from app.demo.etat import Etat
from app.demo.etats_foyer import SACHA
from app.demo.fichiers import HEAVY_PDF, HEIC, ONE_PAGE_PDF, PROTECTED_PDF, TWO_PAGE_PDF, WORD
from app.domain.demande import (
    Beneficiaires,
    ChoixOrganisme,
    ModeDeGestion,
    Montants,
    OrganismesDuFoyer,
    Pieces,
)

_TOTALS = {
    code: {"moi": Decimal(1800), "k7qd": Decimal(0), "m3xw": Decimal(0)}
    for code in ("pension_alimentaire_percue", "autres")
}
_MONTANTS = {
    "autres_ressources": tuple(_TOTALS),
    "montants": Montants(totaux=_TOTALS, libelle_autres="gain à un jeu"),
}
_EVERY_KIND = {
    "autres_ressources": (
        "pension_alimentaire_percue", "dons_familiaux", "placements_sans_revenu", "indemnites_exceptionnelles",
        "ti_hors_gerants", "ti_gerants", "autres",
    ),
}  # fmt: skip
_OUI = {"pieces": Pieces(bien=True, etranger=True, figure=("m3xw",), absentes=("habitation",))}
_EMPLACEMENTS = {"bien": "non", "etranger": "non", "figure_m3xw": "oui"}


def organisme_states() -> list[Etat]:
    chosen = {"organisme": ChoixOrganisme(mode=ModeDeGestion.ORGANISME, code="DEMO-7501")}
    here = "/demande/organisme"
    each = "/demande/organismes-du-foyer"
    return [
        Etat("organisme-cas-1-et-2", here, "étape 3, cas 1 et 2", avant="organisme"),
        Etat("organisme-cas-3", here, "étape 3, cas 3", compte="marc", avant="organisme"),
        Etat("organisme-cas-4", here, "étape 3, cas 4", compte="lucie", avant="organisme"),
        Etat("organisme-plusieurs", here, "étape 3", compte="karim", avant="organisme"),
        Etat("organisme-plusieurs-erreur", here, "étape 3", compte="karim", avant="organisme", envoi={}, statut=422),
        Etat("organisme-choisi", here, "étape 3", avant="organisme", reponses=chosen),
        Etat("organisme-vide", here, "étape 3", avant="organisme", envoi={}, statut=422),
        Etat("organisme-sans-nom", here, "étape 3", avant="organisme", envoi={"gestionnaire": "organisme"}, statut=422),
        Etat("recherche-plusieurs", f"{here}?ville=Paris", "étape 3, recherche", avant="organisme"),
        Etat("recherche-suite", f"{here}?ville=Paris&page=2", "étape 3, recherche", avant="organisme"),
        Etat("recherche-un", f"{here}?ville=75001&organisme=bleuet", "étape 3, recherche", avant="organisme"),
        Etat("recherche-vide", f"{here}?organisme=introuvable", "étape 3, recherche", avant="organisme"),
        Etat("recherche-ville-sans", f"{here}?ville=Y", "étape 3, recherche", avant="organisme"),
        Etat("recherche-departement-inconnu", f"{here}?departement=Atlantide", "étape 3, recherche", avant="organisme"),
        Etat("recherche-sans-rien", f"{here}?ville=&organisme=&departement=", "étape 3, recherche", avant="organisme"),
        Etat("organismes-du-foyer", each, "étape 3", avant="organismes-du-foyer", reponses=chosen),
        Etat("organismes-du-foyer-une-personne", f"{each}?personne=k7qd", "étape 3", avant="organismes-du-foyer"),
        Etat("organismes-du-foyer-differents", each, "étape 3", avant="organismes-du-foyer",
             reponses=chosen | {"organismes_du_foyer": OrganismesDuFoyer(meme=False, choix={"k7qd": "caisse"}, vu=True)}),
    ]  # fmt: skip


def resources_states() -> list[Etat]:
    return [
        Etat("consentement", "/demande/consentement", "étape 4", avant="consentement"),
        Etat("consentement-refuse", "/demande/consentement", "étape 4", avant="consentement", envoi={}, statut=422),
        Etat("consentement-donne", "/demande/consentement", "étape 4", avant="ressources"),
        Etat("ressources", "/demande/ressources", "étape 5", avant="ressources"),
        Etat("ressources-rien-de-recupere", "/demande/ressources", "étape 5", compte="karim", avant="ressources"),
        Etat("autres-ressources", "/demande/autres-ressources", "étape 5", avant="autres-ressources"),
        Etat("autres-ressources-vide", "/demande/autres-ressources", "étape 5", avant="autres-ressources", envoi={}, statut=422),
        Etat("autres-ressources-contraires", "/demande/autres-ressources", "étape 5", avant="autres-ressources", statut=422,
             envoi={"ressource": ["autres", "aucune"]}),
        Etat("montants", "/demande/montants", "étape 5", avant="montants", reponses=_EVERY_KIND),
        Etat("montants-remplis", "/demande/montants", "étape 5", avant="complements", reponses=_MONTANTS),
        Etat("montants-erreurs", "/demande/montants", "étape 5", avant="montants", statut=422,
             reponses={"autres_ressources": ("pension_alimentaire_percue", "autres")},
             envoi={"total_pension_alimentaire_percue_moi": "1.200", "total_pension_alimentaire_percue_k7qd": "-5",
                    "total_pension_alimentaire_percue_m3xw": "mille"}),
        Etat("complements", "/demande/complements", "étape 5, R861-5 et R861-8", avant="complements"),
        Etat("complements-seul", "/demande/complements", "étape 5", compte="marc", avant="complements"),
        Etat("complements-vide", "/demande/complements", "étape 5", avant="complements", envoi={}, statut=422),
        Etat("recapitulatif", "/demande/recapitulatif", "étape 5, récapitulatif", avant="recapitulatif"),
        Etat("recapitulatif-complet", "/demande/recapitulatif", "étape 5, récapitulatif", avant="recapitulatif",
             reponses=_MONTANTS),
        Etat("recapitulatif-modifie", "/demande/recapitulatif?fait=modifie", "étape 5", avant="recapitulatif"),
        Etat("recapitulatif-change", "/demande/recapitulatif?fait=change", "étape 7", avant="recapitulatif"),
        Etat("recapitulatif-mois-change", "/demande/recapitulatif", "R861-8", avant="recapitulatif",
             reponses={"ouverte_le": date(2026, 10, 31)}),
        Etat("recapitulatif-leo", "/demande/recapitulatif", "étape 0 bis", compte="leo", avant="recapitulatif"),
    ]  # fmt: skip


def pieces_states() -> list[Etat]:
    here = "/demande/pieces"

    def sent(
        nom: str, emplacement: str, fichier: str, contenu: bytes, statut: int = 422, **reste: Any
    ) -> Etat:
        return Etat(f"pieces-{nom}", here, "étape 6", avant="pieces", statut=statut,
                    envoi=_EMPLACEMENTS | {"envoyer": emplacement}, fichiers=[(emplacement, fichier, contenu)], **reste)  # fmt: skip

    return [
        Etat("pieces", here, "étape 6", avant="pieces"),
        Etat("pieces-toutes-les-demandes", here, "étape 6", avant="pieces", reponses=_OUI),
        Etat("pieces-attestation-rsa", here, "étape 6", avant="pieces",
             reponses={"beneficiaires": Beneficiaires(personnes=(SACHA,), vu=True)}),
        Etat("pieces-vide", here, "étape 6", avant="pieces", envoi={"action": "suivant"}, statut=422),
        sent("recue", "avis_moi", "avis.pdf", TWO_PAGE_PDF, 200),
        sent("une-seule-page", "avis_moi", "avis.pdf", ONE_PAGE_PDF, 200),
        sent("refus-pdf-lourd", "avis_moi", "avis.pdf", HEAVY_PDF),
        sent("refus-vide", "avis_moi", "avis.pdf", b""),
        sent("refus-heic", "avis_moi", "IMG_0001.HEIC", HEIC),
        sent("refus-word", "avis_moi", "avis.docx", WORD),
        sent("refus-protege", "avis_moi", "avis.pdf", PROTECTED_PDF),
        sent("refus-inconnu", "avis_moi", "avis.pdf", bytes(range(256)) * 40),
        Etat("pieces-sans-fichier", here, "étape 6", avant="pieces", envoi=_EMPLACEMENTS | {"envoyer": "avis_moi"}, statut=422),
        Etat("pieces-disparu", f"{here}?fait=disparu", "étape 6", avant="pieces"),
    ]  # fmt: skip


def end_states() -> list[Etat]:
    return [
        Etat("validation", "/demande/validation", "étape 7", avant="validation"),
        Etat(
            "validation-sans-certifier",
            "/demande/validation",
            "étape 7",
            avant="validation",
            envoi={},
            statut=422,
        ),
        Etat("terminee-incomplete", "/demande/terminee", "étape 7, CRPA R112-11-4", avant="", depose=True),
    ]
