"""Words that several pages say: the options of lists, and the names of people and documents."""

from app.domain.bareme import participation_bornes
from app.domain.demande import CAISSE, MOI, Changement, Lien, Nationalite
from app.domain.dossier import Dossier
from app.domain.membre import Membre
from app.domain.moins_de_25_ans import Motif
from app.domain.pieces import Document, Emplacement
from app.forms.typography import jour, typo

CHANGEMENTS = {
    Changement.COUPLE: "Marié(e) / en concubinage / Pacsé(e)",
    Changement.CELIBATAIRE: "Célibataire",
    Changement.SEPARE: "Séparé(e) / divorcé(e)",
    Changement.VEUF: "Veuf ou veuve",
}
NATIONALITES = {
    Nationalite.FRANCAISE: "Française",
    Nationalite.UE: "Union européenne, EEE ou Suisse",
    Nationalite.AUTRE: "Autre nationalité",
}
LIENS = {
    Lien.CONJOINT: "Conjoint(e), concubin(e) ou partenaire de Pacs",
    Lien.ENFANT: "Enfant",
    Lien.ENFANT_DU_CONJOINT: "Enfant de mon conjoint",
    Lien.AUTRE: "Autre personne à charge",
}
ENGAGEMENTS = {
    "engagement_avis": "Je m'engage sur l'honneur à faire ma propre déclaration d'impôt pour l'année à venir.",
    "engagement_pension": (
        "Je m'engage sur l'honneur à ne plus recevoir de pension alimentaire déduite des impôts de mes parents "
        "pour l'année à venir."
    ),
}
MOTIFS = {
    Motif.LIENS: "Les liens avec ma famille sont rompus",
    Motif.ENFANT: "J'ai un enfant à charge, ou je vais en avoir un",
    Motif.COUPLE: "Je vis en couple",
    Motif.RSA: "Je reçois le RSA ou le RSA jeune actif",
    Motif.CROUS: "Je reçois l'aide d'urgence annuelle du Crous",
    Motif.CONDITIONS: "Je n'habite pas sous le même toit que mes parents",
}
DOCUMENTS = {
    Document.AVIS: "Avis d'impôt",
    Document.FONCIERE: "Avis de taxe foncière",
    Document.HABITATION: "Avis de taxe d'habitation",
    Document.ETRANGER: "Justificatif fiscal et social du pays",
    Document.RSA: "Attestation de ressources de la CAF ou de la MSA",
    Document.COMPLEMENT: "Document envoyé après le dépôt",
}


def prenom(dossier: Dossier, membre: Membre) -> str:
    """The first name; with the date of birth when two people share it."""
    nom = typo(membre.appel)
    return f"{nom} ({jour(membre.naissance)})" if dossier.est_homonyme(membre) else nom


def document(dossier: Dossier, emplacement: Emplacement) -> str:
    """The name of a document, with whose it is."""
    membre = dossier.membre(emplacement.personne)
    nom = DOCUMENTS[emplacement.document]
    return f"{nom} : {prenom(dossier, membre)}" if membre else nom


WORDS = {
    "CHANGEMENTS": CHANGEMENTS,
    "NATIONALITES": NATIONALITES,
    "LIENS": LIENS,
    "ENGAGEMENTS": ENGAGEMENTS,
    "DOCUMENTS": DOCUMENTS,
    "MOI": MOI,
    "CAISSE": CAISSE,
    "bornes_de_participation": participation_bornes,
    "prenom": prenom,
    "document": document,
}
