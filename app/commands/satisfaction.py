"""`c2s satisfaction`: what people think of the service; who thinks it is not kept."""

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

import typer
from babel.numbers import format_decimal

from app.commands._console import opened
from app.forms.typography import nombre
from app.store.listing import count_notes
from app.web.avis import NOTE

_WIDEST = 40  # characters, for the note that was given most often


def satisfaction(
    as_json: Annotated[bool, typer.Option("--json", help="Répond en JSON, pour un programme.")] = False,
) -> None:
    """Dit combien d'avis ont été donnés, leur moyenne et leur répartition."""
    with opened() as (_, db):
        notes = count_notes(db)
    total = sum(notes.values())
    mean = _mean(notes, total)
    if as_json:
        moyenne = None if mean is None else float(mean)
        typer.echo(json.dumps({"nombre": total, "moyenne": moyenne, "repartition": notes}))
    elif mean is None:
        typer.echo("Aucun avis pour le moment.")
    else:
        note = format_decimal(mean, "0.#", locale="fr")
        typer.echo(f"{nombre(total)} avis. Note moyenne : {note} sur 5.")
        for value, label in reversed(NOTE.options):
            count = notes[int(value)]
            bar = "#" * (count * _WIDEST // max(notes.values()))
            typer.echo(f"{label:<20} {nombre(count):>7} {bar}".rstrip())


def _mean(notes: dict[int, int], total: int) -> Decimal | None:
    if not total:
        return None
    points = sum(note * count for note, count in notes.items())
    return (Decimal(points) / total).quantize(Decimal("0.1"), ROUND_HALF_UP)
