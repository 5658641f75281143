"""Étape 6 — « Mes pièces justificatives »: one room, whose door is `STEP`."""

from app.steps.pieces.step import STEP

__all__ = ["STEP"]
