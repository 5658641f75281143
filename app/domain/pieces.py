"""Étape 6 : les documents attendus, et ceux qui sont là."""

from enum import StrEnum

from app.domain._fige import Fige


class Document(StrEnum):
    """Les documents de l'étape 6 de la source, et l'attestation annoncée à l'étape 0."""

    AVIS = "avis"
    FONCIERE = "fonciere"
    HABITATION = "habitation"
    ETRANGER = "etranger"
    RSA = "rsa"
    COMPLEMENT = "complement"  # envoyé après le dépôt (étape 8)


class Emplacement(Fige):
    """Une place pour un document. `personne` : clé dans le foyer, vide s'il vaut pour tous."""

    document: Document
    personne: str = ""
    requis: bool = True

    @property
    def code(self) -> str:
        """Son nom dans le formulaire : `avis_moi`, `fonciere`…"""
        return f"{self.document}_{self.personne}" if self.personne else str(self.document)


class Fichier(Fige):
    """
    Un fichier reçu et gardé jusqu'au dépôt. `taille` en octets ; `pages` pour un PDF seulement.

    `avant` : octets de la photo avant que ce service la réduise.
    """

    id: str
    emplacement: str
    nom: str
    taille: int
    pages: int | None
    media: str
    empreinte: str  # SHA-256 du contenu, en hexadécimal
    avant: int | None = None
