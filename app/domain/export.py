"""
Une demande telle qu'un outil d'instruction la reçoit : le fichier `demande.json` d'un export.

Son schéma est publié dans `docs/demande.schema.json`. Pour l'écrire à nouveau : `make schema`.
"""

from datetime import date, datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from app.domain._fige import Fige
from app.domain.accuse import Accuse, MessageEnvoye
from app.domain.format import FORMAT
from app.domain.instantane import Instantane
from app.domain.messages import (
    AccordAvecParticipation,
    AccordGratuit,
    EnInstruction,
    PiecesDemandees,
    Refus,
)
from app.domain.pieces import DescriptionDeFichier
from app.domain.suivi import Etat

_SHA256: Final = r"^[0-9a-f]{64}$"


class PieceExportee(DescriptionDeFichier):
    """Un document, dans le dossier de l'export. `personne` : clé dans `demande.reponses.foyer`, vide pour tous."""

    fichier: str = Field(description="Son nom dans le dossier.")
    media: Literal["application/pdf", "image/jpeg", "image/png"]
    empreinte: str = Field(pattern=_SHA256, description="SHA-256 du fichier.")


class PiecePerdue(PieceExportee):
    """Un document déposé que ce service n'a plus tel qu'il l'a reçu : il n'est pas dans le dossier."""

    fichier: str = Field(description="Le nom qu'il aurait dans le dossier.")
    nom: str = Field(description="Le nom donné par la personne, vide s'il ne se lit plus.")
    motif: Literal["absent", "altere"] = Field(description="Le fichier n'est plus là, ou il a changé.")


class EvenementExporte(Fige):
    """Ce qui est arrivé à la demande. `quoi` : un état, ou `complement`, ou `complete`."""

    le: datetime
    qui: str
    quoi: str


class _Echange(Fige):
    id: str
    le: datetime
    de_la_caisse: bool
    lu_le: datetime | None = Field(description="Quand la personne a dit l'avoir lu.")


class EchangeAccuse(_Echange):
    """L'accusé de réception."""

    genre: Literal["accuse"]
    contenu: Accuse


class EchangeComplement(_Echange):
    """Ce que la personne a envoyé après le dépôt."""

    genre: Literal["complement"]
    contenu: MessageEnvoye


class EchangeInstruction(_Echange):
    """La demande est en cours d'instruction."""

    genre: Literal["instruction"]
    contenu: EnInstruction


class EchangePiece(_Echange):
    """Des documents ont été demandés."""

    genre: Literal["piece_demandee"]
    contenu: PiecesDemandees


class EchangeAccordGratuit(_Echange):
    """La C2S gratuite est accordée."""

    genre: Literal["accord_gratuit"]
    contenu: AccordGratuit


class EchangeAccordParticipation(_Echange):
    """La C2S avec participation est accordée."""

    genre: Literal["accord_participation"]
    contenu: AccordAvecParticipation


class EchangeRefus(_Echange):
    """La C2S est refusée."""

    genre: Literal["refus"]
    contenu: Refus


EchangeExporte = Annotated[
    EchangeAccuse
    | EchangeComplement
    | EchangeInstruction
    | EchangePiece
    | EchangeAccordGratuit
    | EchangeAccordParticipation
    | EchangeRefus,
    Field(discriminator="genre"),
]


class EchangePerdu(_Echange):
    """Un message dont le contenu ne se lit plus."""

    genre: str = Field(description="Comme dans `echanges`.")


class DemandeExportee(Fige):
    """Une demande de Complémentaire santé solidaire, avec ce qui lui est arrivé jusqu'à l'export."""

    version: int = Field(
        json_schema_extra={"const": FORMAT}, description="Le format, tel que ce schéma le décrit."
    )
    reference: str = Field(pattern=r"^C2S-\d{4}-\d{6,}$")
    caisse: str = Field(description="Le code de la caisse.")
    deposee_le: datetime
    exportee_le: datetime
    etat: Etat
    ouverte: bool = Field(description="Sans décision.")
    complete: bool = Field(description="Tous les documents sont là : les deux mois courent (CRPA L114-5).")
    date_limite: date | None = Field(description="Jusqu'à quand envoyer ce qui manque.")
    empreinte: str = Field(
        pattern=_SHA256, description="SHA-256 du récapitulatif ; la même est sur l'accusé de réception."
    )
    accuse: str | None = Field(
        description="Le nom du fichier de l'accusé de réception, dans le dossier. Vide s'il ne se lit plus."
    )
    demande: Instantane
    pieces: tuple[PieceExportee, ...] = Field(description="Dans l'ordre d'arrivée, après le dépôt compris.")
    pieces_perdues: tuple[PiecePerdue, ...] = Field(
        default=(),
        description="Celles qui manquent au dossier : à redemander, si aucune sauvegarde ne les a.",
    )
    echanges: tuple[EchangeExporte, ...] = Field(description="Du plus ancien au plus récent.")
    echanges_perdus: tuple[EchangePerdu, ...] = Field(
        default=(), description="Ceux qui ne se lisent plus, du plus ancien au plus récent."
    )
    evenements: tuple[EvenementExporte, ...] = Field(description="Du plus ancien au plus récent.")
