"""Ce que la caisse sait de la personne qui demande : son compte."""

import hashlib
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field

from app.domain._fige import Fige
from app.domain.naissance import Naissance


class Enfant(Fige):
    """Un enfant inscrit sur le compte (étape 2). `cle` : identifiant opaque. Sans `nir` : pas encore de numéro."""

    cle: str
    prenom: str
    nom: str
    naissance: Naissance
    nir: str | None = None


class OrganismeConnu(Fige):
    """Un organisme complémentaire enregistré sur le compte (étape 3)."""

    nom: str
    gere_c2s: bool
    depuis: date
    actif: bool
    code: str | None = None  # son code dans la liste des organismes gestionnaires

    @property
    def cle(self) -> str:
        """Ce qui le désigne dans un formulaire : un rang en désignerait un autre si le compte change entre-temps."""
        return hashlib.sha256(f"{self.nom} {self.depuis}".encode()).hexdigest()[:8]


class Adresse(Fige):
    """L'adresse postale du compte."""

    voie: str = ""
    complement: str = ""
    code_postal: str = ""
    commune: str = ""

    @property
    def est_complete(self) -> bool:
        """Un courrier peut y arriver : voie, code postal et commune sont là."""
        return all((self.voie, self.code_postal, self.commune))


class Sexe(StrEnum):
    """Le sexe de l'état civil."""

    FEMININ = "F"
    MASCULIN = "M"


class Assure(Fige):
    """
    La personne qui demande la C2S, telle que son compte la décrit.

    `nom` peut être un nom d'usage. L'état civil complet est facultatif : il sert à retrouver le compte (`pivot.py`).
    """

    prenom: str
    nom: str
    naissance: Naissance
    nir: str
    caisse: str  # code de la caisse
    courriel: str | None = None
    telephone: str | None = None
    adresse: Adresse = Field(default_factory=Adresse)
    coordonnees_a_confirmer: bool = False
    adresse_a_corriger: bool = False
    droit_ouvert: bool = True
    organismes: tuple[OrganismeConnu, ...] = ()
    enfants: tuple[Enfant, ...] = ()
    familles_collectees: tuple[str, ...] = ()
    nom_naissance: str = ""
    prenoms: tuple[str, ...] = ()  # tous, dans l'ordre de l'état civil
    sexe: Sexe | None = None
    lieu_naissance: str = ""  # code INSEE de la commune
    pays_naissance: str = ""  # code INSEE du pays

    @property
    def coordonnees_a_jour(self) -> bool:
        """
        Une adresse e-mail ou un téléphone, confirmés (situation 1 de l'étape 0).

        Un des deux suffit [INF] : la source ne dit pas lesquels, et des personnes n'ont que l'un ou l'autre.
        """
        return bool((self.courriel or self.telephone) and not self.coordonnees_a_confirmer)

    @property
    def adresse_a_jour(self) -> bool:
        """Une adresse complète et juste (situation 4 de l'étape 0)."""
        return self.adresse.est_complete and not self.adresse_a_corriger

    @property
    def organismes_actifs(self) -> tuple[OrganismeConnu, ...]:
        """Les organismes complémentaires actifs aujourd'hui."""
        return tuple(organisme for organisme in self.organismes if organisme.actif)

    @property
    def a_un_chevauchement(self) -> bool:
        """Plusieurs organismes actifs en même temps (situation 2 de l'étape 0)."""
        return len(self.organismes_actifs) > 1

    @property
    def organismes_a_departager(self) -> tuple[OrganismeConnu, ...]:
        """Plusieurs enregistrés sans qu'un seul soit actif : l'assuré dit lequel est le bon (étape 3)."""
        if len(self.organismes) > 1 and len(self.organismes_actifs) != 1:
            return self.organismes
        return ()

    def a_un_homonyme(self, organisme: OrganismeConnu) -> bool:
        """Un autre contrat enregistré a le même nom."""
        return sum(connu.nom == organisme.nom for connu in self.organismes) > 1

    def repere(self, organisme: OrganismeConnu) -> str:
        """Ce qui désigne cet organisme parmi ceux du compte : son nom, suivi de son début s'il a un homonyme."""
        return f"{organisme.nom} {organisme.depuis}" if self.a_un_homonyme(organisme) else organisme.nom

    @property
    def organisme_actuel(self) -> OrganismeConnu | None:
        """Le seul organisme actif, ou le seul enregistré ; rien s'il faut départager."""
        if len(self.organismes_actifs) == 1:
            return self.organismes_actifs[0]
        return self.organismes[0] if len(self.organismes) == 1 else None

    def avec_coordonnees(self, courriel: str, telephone: str) -> Self:
        """Le compte avec des coordonnées confirmées par la personne."""
        return self.model_copy(
            update={
                "courriel": courriel or None,
                "telephone": telephone or None,
                "coordonnees_a_confirmer": False,
            }
        )

    def avec_adresse(self, adresse: Adresse) -> Self:
        """Le compte avec une adresse corrigée par la personne."""
        return self.model_copy(update={"adresse": adresse, "adresse_a_corriger": False})

    def avec_organisme(self, organisme: OrganismeConnu | None) -> Self:
        """
        Le compte quand la personne dit quel organisme elle a aujourd'hui (`None` : aucun de ceux-là).

        Deux contrats du même nom se distinguent par leur début ; le reste a pu changer entre-temps.
        """
        actuels = [
            connu.model_copy(update={"actif": True})
            for connu in self.organismes
            if organisme and (connu.nom, connu.depuis) == (organisme.nom, organisme.depuis)
        ]
        return self.model_copy(update={"organismes": tuple(actuels[:1])})


class Blocage(StrEnum):
    """Les cinq situations où la démarche n'est pas réalisable (étape 0 de la source)."""

    COORDONNEES = "coordonnees"
    ORGANISMES = "organismes"
    EN_COURS = "en_cours"
    ADRESSE = "adresse"
    DROIT = "droit"


def blocages(assure: Assure, *, demande_en_cours: bool) -> Sequence[Blocage]:
    """
    Tout ce qui empêche de commencer, dans l'ordre de la source.

    Plusieurs à la fois : toutes sont dites (aucune priorité n'est documentée) [INF].
    """
    situations = {
        Blocage.COORDONNEES: not assure.coordonnees_a_jour,
        Blocage.ORGANISMES: assure.a_un_chevauchement,
        Blocage.EN_COURS: demande_en_cours,
        Blocage.ADRESSE: not assure.adresse_a_jour,
        Blocage.DROIT: not assure.droit_ouvert,
    }
    return [blocage for blocage, vrai in situations.items() if vrai]
