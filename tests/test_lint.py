"""Wrong markup is found under the words of a page, whichever they are."""

import pytest

from tests.support.lint import faults_of, markup

SOUND = """<!DOCTYPE html>
<html lang="fr">
<head><title>Mon foyer : C2S</title></head>
<body>
<p id="aide" class="petit">Nadia &amp; ses 2 enfants, 50 %</p>
<table><tr><td>1 200,50 €</td></tr></table>
<input type="text" name="nom" value="D’Almeida">
</body>
</html>"""
WRONG = {
    "an element that closes nothing": ("50 %</p>", "50 %</p></p>"),
    "an element left open": ("</td></tr></table>", "</td></tr>"),
    "elements that cross": ("ses 2 enfants", "<b>ses <i>2</b> enfants</i>"),
    "a paragraph in the rows of a table": ("<tr><td>", "<tr><p>Total</p><td>"),
    "a field in the rows of a table": ("<tr><td>", '<tr><input type="text"><td>'),
    "an attribute given twice": ('<p id="aide"', '<p id="aide" id="autre"'),
    "attributes that touch": ('"aide" class', '"aide"class'),
    "a quote left open": ('class="petit"', 'class="petit'),
    "a quote in a value": ('value="D’', 'value="D"'),
    "a sign in the name of an attribute": ("class=", "cl<ass="),
    "a lone opening sign": ("ses 2", "< 2"),
    "an entity that does not exist": ("ses 2", "&foyer; 2"),
    "an entity that is not ended": ("ses 2", "&eacute 2"),
    "a character that no page may hold": ("ses 2", "ses\x0b2"),
    "such a character in a value": ("D’Almeida", "D’\x1cAlmeida"),
    "no doctype": ("<!DOCTYPE html>\n", ""),
}


def test_a_sound_page_has_no_fault() -> None:
    assert not faults_of(SOUND)
    assert not faults_of(markup(SOUND))


@pytest.mark.parametrize("fault", WRONG)
def test_a_fault_is_told_whatever_the_words(fault: str) -> None:
    right, wrong = WRONG[fault]
    assert right in SOUND
    page = SOUND.replace(right, wrong)
    named = [name for name, _ in faults_of(page)]
    assert named
    assert [name for name, _ in faults_of(markup(page))] == named


def test_other_words_are_no_other_page() -> None:
    assert markup(SOUND.replace("Nadia", "Awa").replace("petit", "grand")) == markup(SOUND)
    assert markup(SOUND.replace("text", "hidden")) != markup(SOUND)
