"""Les personnes du foyer, toutes décrites de la même façon."""

from dataclasses import dataclass
from typing import Self

from app.domain.assure import Assure, Enfant
from app.domain.demande import MOI, Lien, Personne
from app.domain.naissance import Naissance
from app.domain.noms import avec_majuscule


@dataclass(frozen=True, slots=True)
class Membre:
    """Une personne du foyer, d'où qu'elle vienne : le demandeur, un enfant du compte, une personne ajoutée."""

    cle: str
    prenom: str
    nom: str
    naissance: Naissance
    lien: Lien | None  # vide pour la personne qui demande
    nir: str | None
    rsa_en_cours: bool = False

    @property
    def appel(self) -> str:
        """Comment on l'appelle : son prénom, ou son nom si elle n'a pas de prénom."""
        return self.prenom or self.nom

    @property
    def nom_entier(self) -> str:
        """Son prénom et son nom ; l'un des deux peut manquer."""
        return f"{self.prenom} {self.nom}".strip()

    @classmethod
    def demandeur(cls, compte: Assure) -> Self:
        """La personne qui demande."""
        return cls(
            cle=MOI,
            prenom=compte.prenom,
            nom=compte.nom,
            naissance=compte.naissance,
            lien=None,
            nir=compte.nir,
        )

    @classmethod
    def enfant(cls, enfant: Enfant) -> Self:
        """Un enfant du compte."""
        return cls(
            cle=enfant.cle,
            prenom=enfant.prenom,
            nom=enfant.nom,
            naissance=enfant.naissance,
            lien=Lien.ENFANT,
            nir=enfant.nir,
        )

    @classmethod
    def ajoute(cls, personne: Personne) -> Self:
        """Une personne ajoutée à l'étape 2."""
        return cls(
            cle=personne.cle,
            prenom=avec_majuscule(personne.prenom),
            nom=avec_majuscule(personne.nom),
            naissance=personne.naissance,
            lien=personne.lien,
            nir=personne.nir,
            rsa_en_cours=personne.rsa_en_cours,
        )
