"""« Mes démarches »: the demande of this person, and every entry of the source (étape 0)."""

from dataclasses import dataclass

from starlette.responses import Response

from app.forms.typography import heure, jour
from app.store.suivi import demandes_of, evenements_of
from app.store.tables import DemandeDeposee
from app.web import delais
from app.web.ask import Ask
from app.web.milestones import Milestone, milestones

AMELI = "https://assure.ameli.fr/"
FOLLOW = "Suivre mes démarches"

# (group, entries): an entry is its label in the source, and its page here; without a page, the real account does it
GROUPS = (
    (
        "Effectuer une démarche",
        (
            ("Commander une carte Vitale", ""),
            ("Déclarer la perte ou le vol d'une carte européenne d'assurance maladie (CEAM)", ""),
            ("Commander une carte européenne d'assurance maladie (CEAM)", ""),
            ("Déclarer la perte ou le vol de carte Vitale", ""),
            ("Déclarer un accident causé par un tiers", ""),
            ("Faire une demande de Complémentaire santé solidaire", "/demande"),
            ("Demander le remboursement d'un transport personnel en France", ""),
            ("Inscrire votre enfant sur la carte Vitale de l'autre parent", ""),
            ("Faire ou révoquer une procuration en ligne", ""),
            ("Demander un remboursement de soins à l'étranger", ""),
        ),
    ),
    (
        FOLLOW,
        (
            ("Commande de carte Vitale", ""),
            ("Arrêts de travail", ""),
            (delais.TITLE, "/delais"),
        ),
    ),
    (
        "Télécharger",
        (
            ("Attestation de droits", ""),
            ("Attestation de paiement d'indemnités journalières", ""),
            ("Mes relevés mensuels", ""),
            ("Relevé fiscal", ""),
        ),
    ),
    (
        "Déclarer un changement de situation",
        (
            ("Changement d'adresse postale", "/informations/adresse"),
            ("Déclaration du nouveau-né", ""),
            ("Modifier mes coordonnées bancaires", ""),
            ("Changement de nom d'usage", ""),
        ),
    ),
    ("Espace d'échanges", (("Consulter mon espace d'échanges", "/echanges"),)),
)


@dataclass(frozen=True)
class Followed:
    """A filed demande, with the words of its card."""

    demande: DemandeDeposee
    milestones: list[Milestone]


def demarches(ask: Ask) -> Response:
    """Show the dashboard."""
    end, fait = ask.session_ends, ask.query.get("fait", "")
    filed = [
        Followed(demande, milestones(demande, evenements_of(ask.db, demande)))
        for demande in demandes_of(ask.db, ask.open_session.compte_id)
    ]
    return ask.page(
        "demarches.html",
        "Mes démarches",
        groupes=GROUPS,
        ameli=AMELI,
        suivre=FOLLOW,
        demandes=filed,
        brouillon=ask.open_session.brouillon is not None,
        fin=f"{jour(end.date())} à {heure(end)}",
        fait=fait,
        statut=_said(fait, filed),
    )


def _said(fait: str, filed: list[Followed]) -> str:
    if fait == "moins-de-25-ans":
        return (
            "Votre demande à titre individuel ne peut pas continuer. "
            "L'explication est dans « Vous avez moins de 25 ans »."
        )
    return f"Votre demande {filed[0].demande.reference} est déposée." if fait == "deposee" and filed else ""
