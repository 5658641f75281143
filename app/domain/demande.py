"""La demande : ce que la personne a répondu, page par page. Tout le reste s'en déduit."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from app.domain._fige import Fige
from app.domain.moins_de_25_ans import MoinsDe25Ans
from app.domain.naissance import Naissance

MOI = "moi"  # la clé de la personne qui demande, parmi celles des personnes du foyer
CAISSE = "caisse"  # la caisse choisie comme gestionnaire, à la place d'un code d'organisme
FOYER_MAXIMAL = 20  # personnes, demandeur compris : la place du brouillon [OWN]
LIBELLE_MAXIMAL = 60  # caractères pour dire ce que sont les « Autres » ressources


class Changement(StrEnum):
    """« Précisez ce changement » (étape 1, libellés de la source)."""

    COUPLE = "couple"
    CELIBATAIRE = "celibataire"
    SEPARE = "separe"
    VEUF = "veuf"


class Nationalite(StrEnum):
    """Trois groupes (R111-3 : la liste des titres ne vise pas l'UE, l'EEE ni la Suisse)."""

    FRANCAISE = "fr"
    UE = "ue"
    AUTRE = "autre"


class Lien(StrEnum):
    """« Lien de parenté » avec la personne qui demande (étape 2)."""

    CONJOINT = "conjoint"
    ENFANT = "enfant"
    ENFANT_DU_CONJOINT = "enfant_conjoint"
    AUTRE = "autre"


ENFANTS = (Lien.ENFANT, Lien.ENFANT_DU_CONJOINT)


class SituationDuFoyer(Fige):
    """Étape 1, ce qui est répondu une fois pour le foyer, et déposé ainsi. Sans changement, `changement` est vide."""

    changement: Changement | None = None


class Situation(SituationDuFoyer):
    """Étape 1. Le numéro CAF et la nationalité sont déposés avec la personne qui demande."""

    numero_caf: str | None = None
    nationalite: Nationalite


class Foyer(Fige):
    """
    Étape 2, les enfants du compte, par leurs clés. `retires` : ceux qui n'en font plus partie.

    Un enfant dont personne n'a dit s'il est en garde alternée n'est dans aucune des deux listes.
    """

    retires: tuple[str, ...] = ()
    en_garde_alternee: tuple[str, ...] = ()
    pas_en_garde_alternee: tuple[str, ...] = ()
    vu: bool = False


class SituationDUnePersonne(Fige):
    """Étape 2, ce qui est répondu de plus au sujet d'une personne ajoutée, et déposé ainsi."""

    numero_caf: str | None = None
    rsa_en_cours: bool = False
    c2s_en_cours: bool = False


class Personne(SituationDUnePersonne):
    """
    Étape 2, une personne ajoutée. Sans `nir` : « pas encore de numéro ».

    `garde_alternee` : une case facultative, qui ne dit rien tant qu'elle n'est pas cochée.
    """

    cle: str
    prenom: str
    nom: str
    lien: Lien
    naissance: Naissance
    nationalite: Nationalite
    nir: str | None = None
    garde_alternee: bool = False


class Beneficiaires(Fige):
    """Étape 2, les personnes ajoutées, dont celles retirées depuis."""

    personnes: tuple[Personne, ...] = ()
    retires: tuple[str, ...] = ()
    vu: bool = False


class ModeDeGestion(StrEnum):
    """La réponse à « Quel organisme gestionnaire choisissez-vous ? »."""

    GARDER = "garder"
    ORGANISME = "organisme"
    CAISSE = "caisse"


class ChoixOrganisme(Fige):
    """Étape 3. `actuel` : le repère du bon organisme parmi plusieurs enregistrés (vide : aucun de ceux-là)."""

    actuel: str | None = None
    mode: ModeDeGestion | None = None
    code: str | None = None


class OrganismesDuFoyer(Fige):
    """Étape 3, personne par personne. `choix` : clé → code d'organisme, ou `caisse`."""

    meme: bool = True
    choix: Mapping[str, str] = Field(default_factory=dict)
    vu: bool = False


class Montants(Fige):
    """Étape 5. `totaux` : ressource → clé de la personne → euros, sur la période de cette ressource."""

    totaux: Mapping[str, Mapping[str, Decimal]] = Field(default_factory=dict)
    libelle_autres: str = ""


class ComplementsDuFoyer(Fige):
    """Étape 5, ce qui est répondu une fois pour le foyer, et déposé ainsi."""

    logement: bool | None = None


class Complements(ComplementsDuFoyer):
    """Étape 5, les questions sur le logement et le travail. Celles qui sont posées par personne (clé → réponse) sont déposées avec elle."""

    stage: Mapping[str, bool] = Field(default_factory=dict)
    arret: Mapping[str, bool] = Field(default_factory=dict)


class QuestionsDesPieces(Fige):
    """Étape 6, les questions, déposées ainsi."""

    bien: bool | None = None
    etranger: bool | None = None


class Pieces(QuestionsDesPieces):
    """Étape 6. `figure` : clés des personnes qui figurent sur l'avis du demandeur."""

    figure: tuple[str, ...] = ()
    absentes: tuple[str, ...] = ()  # emplacements où « Je n'ai pas ce document » est coché
    vu: bool = False


class Demande(Fige):
    """Les réponses données. Une page sans réponse est vide ; une réponse devenue inutile est gardée."""

    id: str
    ouverte_le: date
    moins_de_25_ans: MoinsDe25Ans | None = None
    situation: Situation | None = None
    foyer: Foyer = Field(default_factory=Foyer)
    beneficiaires: Beneficiaires = Field(default_factory=Beneficiaires)
    organisme: ChoixOrganisme | None = None
    organismes_du_foyer: OrganismesDuFoyer | None = None
    consentement: str | None = None  # date et heure de l'autorisation, ISO 8601
    ressources: bool = False  # la page d'information a été lue
    autres_ressources: tuple[str, ...] | None = None
    montants: Montants = Field(default_factory=Montants)
    complements: Complements = Field(default_factory=Complements)
    recapitulatif: str | None = None  # début de l'empreinte des réponses qui ont été confirmées
    pieces: Pieces = Field(default_factory=Pieces)
