"""Waiting files: sealed each with its own key, itself sealed by the draft's, gone with the session."""

from app.domain.pieces import Fichier
from sqlmodel import Session


def waiting_files(db: Session, jeton: str, file_key: bytes) -> list[Fichier]:
    """Placeholder."""
    return []
