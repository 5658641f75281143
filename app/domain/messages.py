"""Ce que la caisse écrit au sujet d'une demande, à chaque changement d'état, tel que c'est gardé."""

from datetime import date
from decimal import Decimal

from pydantic import Field

from app.domain._fige import Garde
from app.domain.accuse import ServiceDeLaCaisse
from app.domain.naissance import Naissance


class _Lettre(Garde):
    """Ce que tout message de la caisse porte : le jour, à qui, et qui écrit (CRPA L111-2)."""

    le: date
    prenom: str
    nom: str
    caisse: ServiceDeLaCaisse


class EnInstruction(_Lettre):
    """
    La caisse étudie la demande.

    `complete_le` : le jour du dernier document reçu, quand le dépôt ne suffisait pas ; les deux mois en partent
    (CRPA L114-5), jusqu'à `acceptation`. `attendus_avant` : un document manque encore.
    """

    complete_le: date | None = None
    acceptation: date | None = None
    attendus_avant: date | None = None


class PieceDemandee(Garde):
    """Un document que la caisse demande, et pourquoi."""

    document: str
    raison: str


class PiecesDemandees(_Lettre):
    """Les documents que la caisse attend : tous, le dernier message fait foi (CRPA L114-5)."""

    pieces: tuple[PieceDemandee, ...] = Field(min_length=1)
    date_limite: date


class Gestionnaire(Garde):
    """Qui gère la C2S d'une personne, et où lui écrire."""

    nom: str
    adresse: str


class PersonneCouverte(Garde):
    """Une personne à qui la C2S est accordée. `participation` : euros par mois, vide si elle est gratuite."""

    prenom: str
    naissance: Naissance
    gestionnaire: Gestionnaire
    participation: Decimal | None = None


class DroitOuvert(Garde):
    """Du jour `debut` au jour `fin`, compris ; la suite se demande du premier au second jour de `renouvellement`."""

    debut: date
    fin: date
    renouvellement: tuple[date, date]


class _Decision(_Lettre):
    """`recours` : la commission de recours amiable de la caisse, et son adresse (R142-1)."""

    recours: str


class _Accord(_Decision):
    personnes: tuple[PersonneCouverte, ...] = Field(min_length=1)

    @property
    def gestionnaires(self) -> dict[Gestionnaire, list[PersonneCouverte]]:
        """Qui gère la C2S de qui, dans l'ordre du foyer."""
        trouves: dict[Gestionnaire, list[PersonneCouverte]] = {}
        for personne in self.personnes:
            trouves.setdefault(personne.gestionnaire, []).append(personne)
        return trouves


class AccordGratuit(_Accord):
    """La C2S est accordée, sans rien à payer (L861-5)."""

    droit: DroitOuvert


class AccordAvecParticipation(_Accord):
    """
    La C2S est accordée, avec une participation (R861-16-1 II, R861-16-3).

    `droit` est vide tant que les informations de paiement ne sont pas reçues, sauf en urgence.
    """

    payer_avant: date
    droit: DroitOuvert | None = None

    @property
    def total(self) -> Decimal:
        """Ce que paie le foyer chaque mois, en euros."""
        return sum((personne.participation or Decimal(0) for personne in self.personnes), start=Decimal(0))


class ChiffresDuRefus(Garde):
    """Les nombres de la décision, donnés par la caisse : ce service ne calcule pas le droit. Euros par an."""

    ressources: Decimal
    plafond_gratuit: Decimal
    plafond_participation: Decimal
    personnes: int
    periode: tuple[date, date]


class Refus(_Decision):
    """La C2S n'est pas accordée : pourquoi (CRPA L211-2), et où contester (R142-1)."""

    motif: str = Field(min_length=1)
    chiffres: ChiffresDuRefus | None = None
