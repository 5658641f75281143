"""The checks themselves: a page that has every defect is told each of them, or their silence would say nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from e2e.audit import axe, forms, nu
from e2e.audit.auditor import Auditor
from e2e.audit.nu import checker
from e2e.audit.results import ROOT
from e2e.audit.seen import Seen

HEAD = '<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
CONTENT = """<body><div role="status">déjà plein</div><div aria-live="polite"></div>
<header class="tete"><nav><a href="/autre">Autre menu</a></nav></header><main><h1>Page</h1><h3>Sauté</h3>
<p><svg><title>x</title></svg></p><p></p><p>Voir ci-contre 😀</p><p>a<br><br>b</p><p>Cliquez sur upload</p><p>T I T R E S</p>
<table><tr><td>nu</td></tr><tbody><tr><th>sans portée</th><td>1</td></tr><tr><td>2</td></tr></tbody></table>
<a href="/un" target="_blank">ici</a><a href="/un">même mot</a><a href="/deux">même mot</a>
<div aria-hidden="true"><a href="/cache">caché</a></div><details><summary>Aide</summary><p class="msg">il faut</p></details>
<p style="color: red" tabindex="3">rouge</p><span><h3>mal placé</h3></span></main><footer><p>Rien</p><ul><li><a href="/x">X</a></li></ul></footer></body></html>"""
FORM = """<body><main id="contenu" tabindex="-1"><h1>Page</h1><form method="post">
<input type="text" name="courriel" autocomplete="off"><label for="oui">Oui</label><input type="radio" id="oui" name="r">
<fieldset><p>sans légende</p></fieldset><div role="group"></div>
<label for="faux">Faux</label><input type="text" id="faux" name="faux" aria-invalid="true" autocomplete="off">
<select id="long"><option>1</option>{options}</select>
<button>Pareil</button><button>Pareil</button></form></main></body></html>"""
LAYOUT = """<body><main><h1>Page</h1><style>a:focus, button:focus { outline: none } @keyframes tourne { to { opacity: 0 } }</style>
<p style="width: 500px">large</p>
<p style="height: 1.1em; width: 100px; overflow: hidden">un texte qui ne tient pas du tout dans sa boîte</p>
<div style="animation: tourne 9s infinite">tourne</div><div style="position: sticky; top: 0">collé</div>
<label for="loin">Loin</label><div style="height: 60px"></div><input type="text" id="loin">
<div style="display: flex; flex-direction: column-reverse"><a href="/1">un deux trois</a><a href="/2">quatre cinq six</a></div>
<button style="width: 10px; height: 10px; padding: 0">x</button></main></body></html>"""


@pytest.fixture(scope="module")
def blank(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Auditor]:
    """A tab where any page can be drawn."""
    folder: Path = tmp_path_factory.mktemp("controles")
    with checker(folder) as nu:
        context = browser.new_context(viewport={"width": 320, "height": 256})
        yield Auditor(context.new_page(), nu)
        context.close()


def told(auditor: Auditor, body: str, lang: str = "en", head: str = "") -> set[str]:
    """The criteria that the report says this page breaks."""
    page = HEAD.format(lang=lang, title="Autre titre", head=head) + body
    auditor.page.set_content(page)
    return {finding.critere for finding in auditor.check(Seen(page, 200))}


def test_what_the_tree_tells(blank: Auditor) -> None:
    refresh = '<meta http-equiv="refresh" content="900">'
    expected = {
        *("1.1", "1.2", "5.4", "5.6", "5.7", "6.1", "7.5", "8.2", "8.4", "8.6", "8.7", "8.9", "9.1", "9.2"),
        *("10.1", "10.8", "10.9", "12.2", "12.4", "12.7", "12.8", "13.1", "13.2", "13.5", "WCAG 3.2.6"),
    }
    assert expected - told(blank, CONTENT, head=refresh) == set()


def test_what_a_form_tells(blank: Auditor) -> None:
    body = FORM.replace("{options}", "<option>n</option>" * forms.LONGEST_LIST)
    expected = {"11.1", "11.5", "11.6", "11.8", "11.9", "11.10", "11.13"}
    assert expected - told(blank, body, lang="fr") == set()


def test_what_only_the_screen_tells(blank: Auditor) -> None:
    expected = {"10.4", "10.7", "10.11", "10.12", "11.4", "12.8", "13.8", "WCAG 2.4.11", "WCAG 2.5.8"}
    assert expected - told(blank, LAYOUT, lang="fr") == set()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<select aria-label="a"></select><p class="msg">à corriger</p>', "message collé à son champ"),
        ('<div class="bouton">un</div><div class="bouton">deux</div>', "boutons trop proches"),
        ("<table><tr><td>1</td></tr></table><p>collé</p>", "texte collé à une boîte"),
        ('<div class="carte">un</div><div class="carte">deux</div>', "boîtes collées"),
        ('<p class="bouton" style="width: 90px">déconnexion</p>', "mot coupé : déconnexion"),
        ('<a href="/x" style="position: absolute; top: 0; outline: 9px solid">x</a>', "anneau coupé"),
        (
            '<p style="height: 190px"></p><button style="height: 90px; scroll-margin-bottom: -60px">x<br>y</button>',
            "focus coupé",
        ),
    ],
)
def test_what_is_cut_or_glued_is_told(blank: Auditor, body: str, said: str) -> None:
    sheet = "body { margin: 12px } p, table, div { margin: 0 } .bouton { overflow-wrap: anywhere }"
    page = (
        HEAD.format(lang="fr", title="Page", head=f"<style>{sheet}</style>")
        + f"<body><main>{body}</main></body></html>"
    )
    blank.page.set_content(page)
    found = blank.check(Seen(page, 200))
    assert [finding.texte for finding in found if finding.texte.startswith(said)], found


def test_the_statement_names_the_tools_that_were_used() -> None:
    statement = (ROOT / "templates" / "plain" / "accessibilite.html").read_text(encoding="utf-8")
    axe_version = re.search(r"axe v(\d[\d.]*)", axe.SOURCE)
    assert axe_version
    assert f"axe-core {axe_version.group(1)}" in statement
    assert f"Nu HTML Checker {nu.version()}" in statement


def test_axe_says_which_criterion_it_is() -> None:
    assert axe.criteria(["cat.forms", "wcag2a", "RGAAv4", "RGAA-11.1.1", "RGAA-11.1.2"]) == ["11.1"]
    assert axe.criteria(["wcag22aa", "cat.sensory"]) == ["WCAG wcag22aa"]


def test_axe_and_the_sheet_agree_on_contrast(blank: Auditor) -> None:
    grey = '<body><main><h1>Page</h1><p style="color: #aaa; background: #fff">pâle</p></main></body></html>'
    assert "3.2" in told(blank, grey, lang="fr")


def test_one_label_everywhere() -> None:
    field = '<label for="x">{}<span class="aide">Exemple</span></label><input type="text" id="x" name="nom">'
    pages = [Seen(field.format(label), 200) for label in ("Nom", "Nom", "Votre nom")]
    assert list(forms.dictionary(pages[:2])) == []
    assert [finding.critere for finding in forms.dictionary(pages)] == ["11.3"]
