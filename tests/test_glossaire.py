"""Le glossaire tient : les mots de « n'écrivez pas » ne nomment rien dans le code."""

import ast
import re
from collections.abc import Iterator

import pytest

from app.settings import ROOT

FICHIERS = sorted((ROOT / "app").rglob("*.py"))


def colonne() -> str:
    """Ce que la page écrit sous « n'écrivez pas »."""
    lignes = (ROOT / "docs" / "glossaire.md").read_text(encoding="utf-8").splitlines()
    cases = [[case.strip() for case in ligne.split("|")] for ligne in lignes if ligne.startswith("| ")]
    return ", ".join(ligne[cases[0].index("n'écrivez pas")] for ligne in cases[1:])


def interdits() -> set[str]:
    """Les mots de la colonne, sans leurs parenthèses."""
    mots = (mot.strip() for mot in re.sub(r"\(.*?\)", "", colonne()).split(","))
    return {mot for mot in mots if re.fullmatch(r"\w+", mot)}


def permis() -> set[str]:
    """Les noms que d'autres ont donnés : « sauf `ce_nom` », entre parenthèses."""
    return {nom for sauf in re.findall(r"\(sauf (.*?)\)", colonne()) for nom in re.findall(r"`(\w+)`", sauf)}


def noms(arbre: ast.AST) -> Iterator[str]:
    """Ce que le code nomme : modules, classes, fonctions, paramètres, variables, champs."""
    for noeud in ast.walk(arbre):
        match noeud:
            case ast.FunctionDef(name=nom) | ast.ClassDef(name=nom) | ast.arg(arg=nom):
                yield nom
            case ast.Name(id=nom, ctx=ast.Store()) | ast.Attribute(attr=nom, ctx=ast.Store()):
                yield nom


def mots(nom: str) -> set[str]:
    """Les mots d'un nom, au singulier et au pluriel."""
    lus = {mot.lower() for mot in re.findall(r"[A-Z]?[a-zà-ÿ0-9]+|[A-Z]+(?![a-z])", nom)}
    return lus | {mot.removesuffix("s") for mot in lus}


def test_la_colonne_se_lit() -> None:
    assert {"snapshot", "household", "slot", "usager", "address", "dump"} <= interdits()
    assert permis() == {"dump_bytecode", "__slots__", "schema_pluriannuel_url"}


@pytest.mark.parametrize(
    ("nom", "lu"),
    [("FILES_PER_SLOTS", "slot"), ("readSnapshots", "snapshot"), ("_household", "household")],
)
def test_un_mot_se_trouve_dans_un_nom(nom: str, lu: str) -> None:
    assert lu in mots(nom)


def test_le_code_n_ecrit_pas_ces_mots() -> None:
    defendus, acceptes = interdits(), permis()
    trouves = {
        f"{fichier.relative_to(ROOT)} : {nom}"
        for fichier in FICHIERS
        for nom in (fichier.stem, *noms(ast.parse(fichier.read_text(encoding="utf-8"))))
        if nom not in acceptes and mots(nom) & defendus
    }
    assert trouves == set()
