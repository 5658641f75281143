"""A line of the table."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What is measured, what was found, and the most (or the least) that is allowed."""

    what: str
    found: float
    unit: str = "octets"
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.most is None and self.least is None:
            return ""
        kept = (self.most is None or self.found <= self.most) and (
            self.least is None or self.found >= self.least
        )
        return "tenu" if kept else "NON TENU"

    @property
    def limit(self) -> str:
        if self.most is not None:
            return f"{_number(self.most)} au plus"
        return f"{_number(self.least)} au moins" if self.least is not None else "publié"


def _number(value: float) -> str:
    digits = 0 if value >= 100 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}".replace(",", " ").replace(".", ",")


def show(title: str, rows: Iterable[Row]) -> bool:
    """Print a part of the table; says whether every limit is kept."""
    rows = list(rows)
    print(f"\n{title}")
    for row in rows:
        found = f"{_number(row.found)} {row.unit}"
        print(
            f"  {row.what:<74} {found:>18}   {row.limit:<18} {row.verdict:<9} {row.note}".rstrip(), flush=True
        )
    return all(row.verdict != "NON TENU" for row in rows)
