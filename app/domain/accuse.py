"""Les messages échangés au sujet d'une demande déposée, tels qu'ils sont gardés."""

from datetime import date, datetime

from app.domain._fige import Garde


class ServiceDeLaCaisse(Garde):
    """Qui étudie la demande, et comment le joindre (CRPA R112-11-1, 2°)."""

    nom: str
    service: str
    adresse: str
    courriel: str
    telephone: str


class FichierEnvoye(Garde):
    """Un fichier envoyé à la caisse. `pages` vide : une photo ; `document` vide : après le dépôt."""

    document: str = ""
    nom: str
    taille: int
    pages: int | None = None


class Accuse(Garde):
    """
    L'accusé de réception d'une demande (CRPA L112-3, L112-11, R112-11-1).

    `acceptation` est vide quand il manque un document : le délai de deux mois ne court pas encore,
    et `date_limite` dit jusqu'à quand l'envoyer (CRPA L114-5).
    """

    reference: str
    deposee_le: datetime
    prenom: str
    nom: str
    personnes: int
    caisse: ServiceDeLaCaisse
    acceptation: date | None = None
    pieces: tuple[FichierEnvoye, ...] = ()
    manquants: tuple[str, ...] = ()
    date_limite: date | None = None
    periode: tuple[date, date]
    engagements: tuple[str, ...] = ()
    empreinte: str
    declare: tuple[tuple[str, tuple[str, ...]], ...] = ()


class MessageEnvoye(Garde):
    """Ce que la personne envoie après le dépôt : elle corrige ou complète (CRPA L123-1)."""

    message: str = ""
    fichiers: tuple[FichierEnvoye, ...] = ()
