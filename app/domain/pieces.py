"""Étape 6 : les documents attendus, et ceux qui sont là."""

import hashlib
import secrets
from collections.abc import Collection
from enum import StrEnum
from itertools import count
from typing import Any, Final, Self

from pydantic import Field

from app.domain._fige import Fige


class Document(StrEnum):
    """Les documents de l'étape 6 de la source, et l'attestation annoncée à l'étape 0."""

    AVIS = "avis"
    FONCIERE = "fonciere"
    HABITATION = "habitation"
    ETRANGER = "etranger"
    RSA = "rsa"
    COMPLEMENT = "complement"  # envoyé après le dépôt (étape 8)


PEUT_NE_PAS_EXISTER: Final = frozenset({Document.HABITATION})
"""
Le bien peut n'avoir aucun avis de cette taxe : « Je n'ai pas ce document » ne laisse alors rien à attendre.

[OWN] depuis 2023, la taxe d'habitation ne concerne plus que les résidences secondaires ; un terrain n'en a pas.
Les deux mois de réponse n'attendent pas un document qui n'existe pas ; une caisse qui veut le voir le demande.
"""


class Emplacement(Fige):
    """Une place pour un document. `personne` : clé dans le foyer, vide s'il vaut pour tous."""

    document: Document
    personne: str = ""
    requis: bool = True

    @property
    def code(self) -> str:
        """Son nom dans le formulaire : `avis_moi`, `fonciere`…"""
        return f"{self.document}_{self.personne}" if self.personne else str(self.document)

    @classmethod
    def de(cls, code: str) -> Self:
        """La place qui porte ce code. `ValueError` si ce n'est pas celui d'un document."""
        document, _, personne = code.partition("_")
        return cls(document=Document(document), personne=personne)


def nom_distinct(nom: str, pris: Collection[str]) -> str:
    """Le nom d'un fichier, suivi de « (2) » si un autre l'a déjà : un téléphone appelle toutes ses photos image.jpg."""
    deja = {autre.casefold() for autre in pris}
    noms = (nom if rang == 1 else f"{nom} ({rang})" for rang in count(1))
    return next(essai for essai in noms if essai.casefold() not in deja)


class DescriptionDeFichier(Fige):
    """Ce qu'on sait d'un fichier, de son arrivée à son export. `personne` : clé dans le foyer, vide s'il vaut pour tous."""

    nom: str = Field(description="Le nom donné par la personne.")
    taille: int = Field(description="En octets.")
    pages: int | None = Field(description="Vide pour une photo.")
    media: str
    empreinte: str = Field(description="SHA-256 du fichier.")  # en hexadécimal
    document: Document
    personne: str


class Fichier(DescriptionDeFichier):
    """
    Un fichier gardé jusqu'au dépôt. `avant` : octets de la photo avant que ce service la réduise.

    `contenu` : ses octets, quand il vient d'arriver ou qu'on l'a relu.
    """

    id: str  # son nom parmi les fichiers scellés
    avant: int | None = None
    contenu: bytes = Field(default=b"", exclude=True, repr=False)

    @classmethod
    def recu(cls, place: Emplacement, contenu: bytes, **dit: Any) -> Self:
        """Un fichier qui arrive pour cette place, sous un identifiant nouveau. `dit` : nom, media, pages, avant."""
        return cls(
            id=secrets.token_hex(12),
            document=place.document,
            personne=place.personne,
            taille=len(contenu),
            empreinte=hashlib.sha256(contenu).hexdigest(),
            contenu=contenu,
            **dit,
        )

    @property
    def emplacement(self) -> str:
        """Le code de sa place."""
        return Emplacement(document=self.document, personne=self.personne).code
