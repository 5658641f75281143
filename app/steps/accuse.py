"""The accusé de réception (CRPA R112-11-1): what it says of a demande, made once at the deposit."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from app.domain.accuse import ServiceDeLaCaisse
from app.domain.dossier import Dossier
from app.domain.instantane import empreinte_des_reponses
from app.domain.periode import acceptation_implicite
from app.domain.pieces import Emplacement
from app.forms.words import ENGAGEMENTS, document
from app.steps._lines import make_blocks, plain_lines
from app.store.tables import Caisse


def deadline(caisse: Caisse, dossier: Dossier) -> date | None:
    """By when to send what is missing (CRPA R112-11-4); none if nothing is."""
    return dossier.le + timedelta(days=caisse.delai_pieces_jours) if dossier.manquants else None


def accuse_body(
    db: Session, caisse: Caisse, dossier: Dossier, reference: str, now: datetime
) -> Mapping[str, Any]:
    """The content of the accusé, as JSON. No date of acceptance when a document is missing (CRPA L114-5)."""
    limite = deadline(caisse, dossier)
    return {
        "reference": reference,
        "deposee_le": now.isoformat(),
        "prenom": dossier.assure.prenom,
        "nom": dossier.assure.nom,
        "personnes": len(dossier.foyer),
        "caisse": caisse.model_dump(include=set(ServiceDeLaCaisse.model_fields)),
        "acceptation": None if dossier.manquants else acceptation_implicite(dossier.le).isoformat(),
        "pieces": [
            {
                "document": _name(dossier, fichier.emplacement),
                "nom": fichier.nom,
                "taille": fichier.taille,
                "pages": fichier.pages,
            }
            for fichier in dossier.fichiers_utiles
        ],
        "manquants": [document(dossier, emplacement) for emplacement in dossier.manquants],
        "date_limite": limite.isoformat() if limite else None,
        "periode": [dossier.periode.debut.isoformat(), dossier.periode.fin.isoformat()],
        "engagements": [ENGAGEMENTS[engagement] for engagement in dossier.engagements],
        "empreinte": empreinte_des_reponses(dossier),
        "declare": plain_lines(make_blocks(db, caisse, dossier)),
    }


def _name(dossier: Dossier, code: str) -> str:
    place: Emplacement = next(e for e in dossier.emplacements if e.code == code)
    return document(dossier, place)
