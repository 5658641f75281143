"""What a page of ours becomes on paper: every word, in its order, in any script."""

import io
import re
from datetime import UTC, datetime
from html import escape

import pikepdf
import pypdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.web.letter import UNWRITABLE, Letter, typeset

WRITTEN = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)


def made(html: str) -> bytes:
    return typeset(Letter("Essai", WRITTEN, "C2S-2026-000001", f"<h1>Essai</h1>{html}"))


def text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_what_people_write_is_never_code() -> None:
    evil = '#panic("x") #import "a" *b* $x$ = t \\ [c] @d &lt;b&gt; "'
    assert '#panic("x") #import "a" *b* $x$ = t \\ [c] @d <b> "' in text(made(f"<p>{evil}</p>"))


def test_the_same_letter_is_the_same_bytes_and_another_is_not() -> None:
    assert made("<p>a</p>") == made("<p>a</p>")
    assert made("<p>a</p>") != made("<p>b</p>")


def test_the_letter_carries_its_own_date_not_that_of_its_making() -> None:
    with pikepdf.open(io.BytesIO(made("<p>a</p>"))) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith("D:20261124094200")


@pytest.mark.parametrize("name", ["Zoé Ñandú-Œuvré", "Łukasz Đặng", "Иван", "Ελένη", "عمر", "שרה", "रवि"])
def test_a_name_keeps_its_own_letters(name: str) -> None:
    pdf = made(f"<p>{name}</p>")
    assert UNWRITABLE not in text(pdf)


def test_a_ligature_is_unfolded_and_leaves_no_hole() -> None:
    said = text(made("<p>So\ufb01a Le\ufb00évre</p>"))
    assert "Sofia Leffévre" in said
    assert UNWRITABLE not in said


@pytest.mark.parametrize("name", ["محمد علي", "שרה לוי"])
def test_a_name_of_another_direction_leaves_its_line_in_order(name: str) -> None:
    assert ":2fichiers" in "".join(text(made(f"<p>{name} : 2 fichiers</p>")).split())


@pytest.mark.parametrize("name", ["写真.jpg", "📷.jpg", "사진.png", "รูป.pdf", "a\u064e.pdf"])
def test_a_sign_no_font_has_is_replaced_and_the_letter_says_so(name: str) -> None:
    said = text(made(f"<p>avant {name} après</p>"))
    before, _, note = said.partition("Le signe")
    assert UNWRITABLE in before
    assert "avant" in before
    assert "après" in before
    assert note.startswith(f" {UNWRITABLE} remplace un caractère")


def test_a_turn_of_direction_does_not_reach_the_letter() -> None:
    assert "avant fdp.exe après" in text(made("<p>avant \u202efdp.exe\u202c après</p>"))


def test_a_soft_hyphen_does_not_take_the_place_of_the_others() -> None:
    said = text(made("<p>rendez-vous, a\u00ad</p>"))
    assert "rendez-vous" in said
    assert "\u00ad" not in said


def test_an_accent_written_apart_is_an_accent() -> None:
    assert "é" in text(made("<p>e\u0301</p>"))


def test_an_accent_that_makes_no_letter_is_not_read_on_every_other() -> None:
    said = text(made("<p>l\u0300, l'école</p>"))
    assert f"l{UNWRITABLE}, " in said
    assert "école" in said


@given(st.text(min_size=1, max_size=60))
@example("0 \u0641")  # typst gives the mark of direction to the space before it, then to every such space
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_the_letter_can_be_made(written: str) -> None:
    """PDF/UA refuses a character without a glyph: a single one let through would leave a demande without its PDF."""
    said = text(made(f"<ul><li>{escape(written)}</li></ul><p>fin de la lettre</p>"))
    # marks of direction are neither seen nor read out
    assert "fin de la lettre" in re.sub("[\u2068\u2069]", "", said)


def test_a_word_longer_than_the_line_is_cut() -> None:
    said = text(made(f"<ul><li>{'W' * 100}.pdf</li></ul>"))
    lines = [line.count("W") for line in said.replace("\u200b", "").splitlines() if "W" in line]
    assert sum(lines) == 100
    assert max(lines) <= 40, "the line holds no more"
