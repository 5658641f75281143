"""Les noms et prénoms, de toute langue."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.noms import (
    NOM_MAXIMAL,
    avec_majuscule,
    est_latin,
    normalise_nom,
    signe_inconnu,
)


@pytest.mark.parametrize(
    "nom",
    [
        "Jean-Baptiste",
        "D'Almeida",
        "D’Almeida",
        "Œuvrard",
        "Nguyễn Thị Ánh",
        "Ştefăniţă",
        "Pompeu Gal·la",
        "St. Clair",
        "Ʒaɣen",
        "محمد",
        "Ελένη",
        "王小明",
        "अंजलि",
        "Kahoʻokele",
        "‘t Hooft",
        "Jean\u2011Baptiste",
        unicodedata.normalize("NFD", "Zoé"),
        "",
    ],
)
def test_un_nom_de_toute_langue_passe(nom: str) -> None:
    assert signe_inconnu(nom) == ""


@pytest.mark.parametrize(
    ("nom", "signe"),
    [
        pytest.param("Jean2", "2", id="chiffre"),
        pytest.param("Jean٢", "٢", id="chiffre arabe"),
        pytest.param("<b>Jean", "<", id="chevron ouvrant"),
        pytest.param("Jean>", ">", id="chevron fermant"),
        pytest.param("Zoé😀!", "😀", id="emoji, avant le point d'exclamation"),
        pytest.param("Jean\u202eegna", "\u202e", id="sens d'écriture renversé"),
        pytest.param("Jean\u200d", "\u200d", id="signe sans largeur"),
        pytest.param("Jean\tPaul", "\t", id="tabulation"),
        pytest.param("Jean\x00", "\x00", id="caractère nul"),
        pytest.param("Jean_Paul", "_", id="souligné"),
        pytest.param("Jean,Paul", ",", id="virgule"),
        pytest.param('Jean "Jo"', '"', id="guillemet"),
    ],
)
def test_le_premier_signe_inconnu_est_montre(nom: str, signe: str) -> None:
    assert signe_inconnu(nom) == signe


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        pytest.param("  Jean   Paul ", "Jean Paul", id="espaces en trop"),
        pytest.param("Jean\u00a0Paul\t", "Jean Paul", id="espace insécable et tabulation"),
        pytest.param("D’Almeida", "D'Almeida", id="apostrophe typographique"),
        pytest.param("Jean\u2011Paul", "Jean-Paul", id="trait d'union insécable"),
        pytest.param("Zoe\u0301", "Zoé", id="accent séparé"),
        pytest.param("D´Almeida", "D'Almeida", id="accent aigu pour apostrophe"),
        pytest.param("D`Almeida", "D'Almeida", id="accent grave pour apostrophe"),
        pytest.param("D′Almeida", "D'Almeida", id="prime pour apostrophe"),
        pytest.param("Jean\u2013Paul\u2014Luc", "Jean-Paul-Luc", id="tirets"),
        pytest.param("So\ufb01a", "Sofia", id="ligature"),
        pytest.param("\ufb02eur \u0133", "fleur ij", id="autres ligatures"),
        pytest.param("   ", "", id="rien"),
    ],
)
def test_un_nom_s_ecrit_d_une_seule_facon(texte: str, attendu: str) -> None:
    assert normalise_nom(texte) == attendu


@pytest.mark.parametrize(
    "nom", ["Nguyễn Thị Ánh", "Œuvrard", "Ʒaɣen", "Kahoʻokele", "Gal·la", "M'Bodj", "Łukasz", ""]
)
def test_un_nom_en_lettres_latines(nom: str) -> None:
    assert est_latin(nom)


@pytest.mark.parametrize("nom", ["محمد", "Ελένη", "王小明", "अंजलि", "\u0410nna", "Jean محمد"])
def test_une_autre_ecriture_se_reconnait_meme_sous_un_dessin_latin(nom: str) -> None:
    assert not est_latin(nom)


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [("jules", "Jules"), ("émile", "Émile"), ("d'Almeida", "D'Almeida"), ("McGee", "McGee"), ("", "")],
)
def test_la_premiere_lettre_est_une_capitale(nom: str, attendu: str) -> None:
    assert avec_majuscule(nom) == attendu


def test_un_nom_a_soixante_caracteres_au_plus() -> None:
    assert NOM_MAXIMAL == 60


@given(st.text())
def test_normaliser_deux_fois_ne_change_rien(texte: str) -> None:
    nom = normalise_nom(texte)
    assert normalise_nom(nom) == nom
    assert unicodedata.is_normalized("NFC", nom)
    assert nom == nom.strip()


@given(st.text())
def test_le_signe_montre_est_dans_le_nom_et_n_est_pas_une_lettre(nom: str) -> None:
    signe = signe_inconnu(nom)
    assert signe in nom
    assert not signe.isalpha()


@given(st.text(st.characters(categories=["L", "M"]), min_size=1))
def test_des_lettres_seules_passent_toujours(nom: str) -> None:
    assert signe_inconnu(nom) == ""
    assert signe_inconnu(normalise_nom(nom)) == ""
