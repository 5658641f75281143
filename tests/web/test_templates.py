"""A line never ends inside a short word: what is welded, and where a tag would be read as words."""

import re

import pytest

from app.forms.typography import NBSP, weld
from app.web.templates import TEL, make_environment, telephone, with_number_to_press


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("la liste ci-dessous.", ["ci-dessous."]),
        (f"Êtes-vous sans emploi{NBSP}?", ["Êtes-vous"]),
        (f"avez-vous{NBSP}? Oui", [f"avez-vous{NBSP}?"]),
        ("(Article L861-5 du Code)", ["L861-5"]),
        ("votre e-mail, prenom.nom@exemple.fr.", ["e-mail,", "prenom.nom@exemple.fr."]),
        ("l’e-mail", ["l’e-mail"]),
        (f"« Demandez-la{NBSP}»", [f"Demandez-la{NBSP}»"]),
        ("du 1er au 2 - rien, -1, a -b, avis-1.jpg", []),
    ],
)
def test_a_line_does_not_end_inside_a_word(text: str, kept: list[str]) -> None:
    welded = weld(text)
    assert re.sub("<.*?>", "", welded) == text
    assert [part.split("</span>")[0] for part in welded.split('<span class="insec">')[1:]] == kept


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("<p>ci-dessous {{ mot }}</p>", "<p>{} {}</p>"),
        ("<p>{{ mot if n else '' }}</p>", "<p>{}</p>"),
        ("<title>ci-dessous {{ mot }}</title>", "<title>ci-dessous ci-dessous</title>"),
        ("<option>{{ mot }}</option>", "<option>ci-dessous</option>"),
        ('<a href="/">{{ mot }}</a>', '<a href="/">ci-dessous</a>'),
        ('<a href="#nom">{{ mot }}</a>', '<a href="#nom">{}</a>'),
        ('<p class="{{ mot }}">x</p>', '<p class="ci-dessous">x</p>'),
        (
            '{% macro m() %} data-x="{{ mot }}" aria-label="a-b"{% endmacro %}<p{{ m() }}>{{ mot }}</p>',
            '<p data-x="ci-dessous" aria-label="a-b">{}</p>',
        ),
        ("<p>{{ balise }}</p>", "<p>&lt;b&gt;{}&lt;/b&gt;</p>"),
        ("<p>{{ n }} {{- mot -}} </p>", "<p>3{}</p>"),
    ],
)
def test_only_what_is_shown_between_tags_is_welded(source: str, drawn: str) -> None:
    page = make_environment().from_string(source).render(mot="ci-dessous", balise="<b>ci-dessous</b>", n=3)
    word = '<span class="insec">ci-dessous</span>'
    assert page == drawn.replace("{}", word)


@pytest.mark.parametrize(
    "number", ["+33 (0)4 72 00 00 00", "+33 4 72 00 00 00 poste 12", "+33-4.72.00.00.00"]
)
def test_a_number_is_dialled_without_what_people_only_read(number: str) -> None:
    assert 'href="tel:+33472000000"' in telephone(number)


def test_a_number_to_call_is_pressed_alone_and_not_inside_a_longer_one() -> None:
    assert with_number_to_press("Appelez le 36 46.") == f"Appelez le {TEL}."
    assert TEL not in with_number_to_press("Téléphone : 02 36 46 10 10")
    assert TEL not in with_number_to_press("Téléphone : 01 23 36 46")
