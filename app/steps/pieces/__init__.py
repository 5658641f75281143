"""Étape 6 — « Mes pièces justificatives »: one room, whose door is `STEP`."""

from app.steps.pieces.step import STEP
from app.steps.pieces.words import PiecesSaid

__all__ = ["STEP", "PiecesSaid"]
