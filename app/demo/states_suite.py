"""The states of étapes 3 to 7."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from app.demo import fichiers
from app.demo.state import State
from app.demo.states_foyer import SACHA
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
COMPLETE: dict[str, Any] = {
    "avant": "",
    "depose": True,
    "joints": ("avis_moi",),
    "reponses": {"pieces": Pieces(bien=False, etranger=False, vu=True)},
}
_EMPLACEMENTS = {"bien": "non", "etranger": "non", "figure_m3xw": "oui"}


def organisme_states() -> list[State]:
    chosen = {"organisme": ChoixOrganisme(mode=ModeDeGestion.ORGANISME, code="DEMO-7501")}
    here = "/demande/organisme"
    each = "/demande/organismes-du-foyer"
    return [
        State("organisme-cas-1-et-2", here, "étape 3, cas 1 et 2", avant="organisme"),
        State("organisme-cas-3", here, "étape 3, cas 3", compte="marc", avant="organisme"),
        State("organisme-cas-4", here, "étape 3, cas 4", compte="lucie", avant="organisme"),
        State("organisme-plusieurs", here, "étape 3", compte="karim", avant="organisme"),
        State("organisme-plusieurs-erreur", here, "étape 3", compte="karim", avant="organisme", envoi={}, statut=422),
        State("organisme-choisi", here, "étape 3", avant="organisme", reponses=chosen),
        State("organisme-vide", here, "étape 3", avant="organisme", envoi={}, statut=422),
        State("organisme-sans-nom", here, "étape 3", avant="organisme", envoi={"gestionnaire": "organisme"}, statut=422),
        State("recherche-plusieurs", f"{here}?ville=Paris", "étape 3, recherche", avant="organisme"),
        State("recherche-suite", f"{here}?ville=Paris&page=2", "étape 3, recherche", avant="organisme"),
        State("recherche-au-plus", f"{here}?organisme=e&page=6", "étape 3, recherche", avant="organisme"),
        State("recherche-un", f"{here}?ville=75001&organisme=bleuet", "étape 3, recherche", avant="organisme"),
        State("recherche-vide", f"{here}?organisme=introuvable", "étape 3, recherche", avant="organisme"),
        State("recherche-ville-sans", f"{here}?ville=Y", "étape 3, recherche", avant="organisme"),
        State("recherche-departement-inconnu", f"{here}?departement=Atlantide", "étape 3, recherche", avant="organisme"),
        State("recherche-sans-rien", f"{here}?ville=&organisme=&departement=", "étape 3, recherche", avant="organisme"),
        State("organismes-du-foyer", each, "étape 3", avant="organismes-du-foyer", reponses=chosen),
        State("organismes-du-foyer-une-personne", f"{each}?personne=k7qd", "étape 3", avant="organismes-du-foyer"),
        State("organismes-du-foyer-differents", each, "étape 3", avant="organismes-du-foyer",
             reponses=chosen | {"organismes_du_foyer": OrganismesDuFoyer(meme=False, choix={"k7qd": "caisse"}, vu=True)}),
    ]  # fmt: skip


def resources_states() -> list[State]:
    return [
        State("consentement", "/demande/consentement", "étape 4", avant="consentement"),
        State("consentement-refuse", "/demande/consentement", "étape 4", avant="consentement", envoi={}, statut=422),
        State("consentement-donne", "/demande/consentement", "étape 4", avant="ressources"),
        State("ressources", "/demande/ressources", "étape 5", avant="ressources"),
        State("ressources-rien-de-recupere", "/demande/ressources", "étape 5", compte="karim", avant="ressources"),
        State("autres-ressources", "/demande/autres-ressources", "étape 5", avant="autres-ressources"),
        State("autres-ressources-vide", "/demande/autres-ressources", "étape 5", avant="autres-ressources", envoi={}, statut=422),
        State("autres-ressources-contraires", "/demande/autres-ressources", "étape 5", avant="autres-ressources", statut=422,
             envoi={"ressource": ["autres", "aucune"]}),
        State("montants", "/demande/montants", "étape 5", avant="montants", reponses=_EVERY_KIND),
        State("montants-remplis", "/demande/montants", "étape 5", avant="complements", reponses=_MONTANTS),
        State("montants-erreurs", "/demande/montants", "étape 5", avant="montants", statut=422,
             reponses={"autres_ressources": ("pension_alimentaire_percue", "autres")},
             envoi={"total_pension_alimentaire_percue_moi": "1.200", "total_pension_alimentaire_percue_k7qd": "-5",
                    "total_pension_alimentaire_percue_m3xw": "mille"}),
        State("montants-semblables", "/demande/montants", "étape 5", compte="awa", avant="montants", statut=422,
             reponses={"autres_ressources": ("pension_alimentaire_percue",)},
             envoi={f"total_pension_alimentaire_percue_{cle}": "mille" for cle in ("moi", "b6fk", "c2vn")}),
        State("montants-dix-enfants-vide", "/demande/montants", "étape 5", compte="awa", avant="montants", statut=422,
             reponses={"autres_ressources": ("pension_alimentaire_percue", "autres")}, envoi={}),
        State("montants-seul", "/demande/montants", "étape 5", compte="marc", avant="montants",
             reponses={"autres_ressources": ("pension_alimentaire_percue",)}),
        State("montants-seul-vide", "/demande/montants", "étape 5", compte="marc", avant="montants", statut=422,
             reponses={"autres_ressources": ("pension_alimentaire_percue",)}, envoi={}),
        State("complements", "/demande/complements", "étape 5, R861-5 et R861-8", avant="complements"),
        State("complements-seul", "/demande/complements", "étape 5", compte="marc", avant="complements"),
        State("complements-vide", "/demande/complements", "étape 5", avant="complements", envoi={}, statut=422),
        State("recapitulatif", "/demande/recapitulatif", "étape 5, récapitulatif", avant="recapitulatif"),
        State("recapitulatif-complet", "/demande/recapitulatif", "étape 5, récapitulatif", avant="recapitulatif",
             reponses=_MONTANTS),
        State("recapitulatif-modifie", "/demande/recapitulatif?fait=modifie", "étape 5", avant="recapitulatif"),
        State("recapitulatif-change", "/demande/recapitulatif?fait=change", "étape 7", avant="recapitulatif"),
        State("recapitulatif-mois-change", "/demande/recapitulatif", "R861-8", avant="recapitulatif",
             reponses={"ouverte_le": date(2026, 10, 31)}),
        State("recapitulatif-leo", "/demande/recapitulatif", "étape 0 bis", compte="leo", avant="recapitulatif"),
    ]  # fmt: skip


def pieces_states() -> list[State]:
    here = "/demande/pieces"

    def sent(
        nom: str,
        emplacement: str,
        fichier: str,
        contenu: Callable[[], bytes],
        statut: int = 422,
        **reste: Any,
    ) -> State:
        return State(f"pieces-{nom}", here, "étape 6", avant="pieces", statut=statut,
                    envoi=_EMPLACEMENTS | {"envoyer": emplacement}, fichiers=[(emplacement, fichier, contenu)], **reste)  # fmt: skip

    return [
        State("pieces", here, "étape 6", avant="pieces"),
        State("pieces-toutes-les-demandes", here, "étape 6", avant="pieces", reponses=_OUI),
        State("pieces-attestation-rsa", here, "étape 6", avant="pieces",
             reponses={"beneficiaires": Beneficiaires(personnes=(SACHA,), vu=True)}),
        State("pieces-vide", here, "étape 6", avant="pieces", envoi={"action": "suivant"}, statut=422),
        sent("recue", "avis_moi", "avis.pdf", fichiers.two_page_pdf, 200),
        sent("une-seule-page", "avis_moi", "avis.pdf", fichiers.one_page_pdf, 200),
        sent("refus-pdf-lourd", "avis_moi", "avis.pdf", fichiers.heavy_pdf),
        sent("refus-vide", "avis_moi", "avis.pdf", bytes),
        sent("refus-heic", "avis_moi", "IMG_0001.HEIC", fichiers.heic),
        sent("refus-word", "avis_moi", "avis.docx", fichiers.word),
        sent("refus-protege", "avis_moi", "avis.pdf", fichiers.protected_pdf),
        sent("refus-inconnu", "avis_moi", "avis.pdf", fichiers.unknown),
        State("pieces-sans-fichier", here, "étape 6", avant="pieces", envoi=_EMPLACEMENTS | {"envoyer": "avis_moi"}, statut=422),
        State("pieces-perdu", f"{here}?fait=perdu&qui={{perdu}}#slot_avis_moi", "étape 6", avant="validation", joints=("avis_moi",), perdu=True),
        State("pieces-disparu", f"{here}?fait=disparu", "étape 6", avant="pieces"),
    ]  # fmt: skip


def end_states() -> list[State]:
    return [
        State("validation", "/demande/validation", "étape 7", avant="validation"),
        State(
            "validation-sans-certifier",
            "/demande/validation",
            "étape 7",
            avant="validation",
            envoi={},
            statut=422,
        ),
        State("terminee-incomplete", "/demande/terminee", "étape 7, CRPA R112-11-4", avant="", depose=True),
        State("terminee", "/demande/terminee", "étape 7", compte="marc", **COMPLETE),
    ]
