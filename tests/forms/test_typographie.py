"""What a line never ends in the middle of."""

import pytest

from app.forms.typography import NBSP, typo, typo_kept


@pytest.mark.parametrize(
    "text",
    [
        "12 derniers mois",
        "10 fichiers",
        "30 jours",
        "1 jour",
        "1 rue de la Paix",
        "3 bis quai Nord",
        "36 46",
        "7 mars",
    ],
)
def test_a_number_stays_with_what_it_counts(text: str) -> None:
    assert typo(text) == text.replace(" ", NBSP, 1)


@pytest.mark.parametrize("text", ["75001 Paris", "mars 2026"])
def test_a_long_name_may_start_its_own_line(text: str) -> None:
    """With letters twice as big on a phone, a welded town or year would be cut in its middle."""
    assert typo(text) == text


def test_a_long_text_is_written_as_any_other_and_not_kept_in_memory() -> None:
    """A person may send 250 kB again and again to a page that shows them: those of a minute must not add up."""
    before = typo_kept.cache_info().misses
    assert typo("Vraiment ? " * 1_000) == f"Vraiment{NBSP}? " * 1_000
    assert typo_kept.cache_info().misses == before
    typo("Une phrase que personne n'a encore écrite ici")
    assert typo_kept.cache_info().misses == before + 1
