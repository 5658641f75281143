"""Les sept ressources : leurs mots, leur période, leurs dates d'effet."""

from datetime import date

import pytest
from pydantic import ValidationError

from app.domain.ressources import CODES, RESSOURCES, Ressource, ressource
from tests.support.pas_a_pas import RESSOURCES as RESSOURCES_DE_LA_SOURCE

VEILLE_DU_DECRET = date(2025, 6, 30)
JOUR_DU_DECRET = date(2025, 7, 1)
SANS_EFFET_DEPUIS = {"dons_familiaux", "placements_sans_revenu"}


def test_les_sept_libelles_sont_ceux_de_la_source_dans_son_ordre() -> None:
    assert [ressource.libelle for ressource in RESSOURCES] == RESSOURCES_DE_LA_SOURCE


@pytest.mark.parametrize("code", CODES)
def test_une_ressource_se_retrouve_par_son_code(code: str) -> None:
    assert ressource(code).code == code


def test_un_code_inconnu_n_est_pas_une_ressource() -> None:
    with pytest.raises(KeyError):
        ressource("loterie")


@pytest.mark.parametrize("code", CODES)
def test_toutes_comptent_la_veille_du_decret(code: str) -> None:
    assert ressource(code).compte_le(VEILLE_DU_DECRET)


@pytest.mark.parametrize("code", CODES)
def test_dons_et_placements_ne_comptent_plus_le_1er_juillet_2025(code: str) -> None:
    assert ressource(code).compte_le(JOUR_DU_DECRET) is (code not in SANS_EFFET_DEPUIS)


def test_une_ressource_ne_compte_pas_avant_sa_date_d_effet() -> None:
    nouvelle = ressource("autres").model_copy(update={"effet_du": JOUR_DU_DECRET})
    assert not nouvelle.compte_le(VEILLE_DU_DECRET)
    assert nouvelle.compte_le(JOUR_DU_DECRET)


@pytest.mark.parametrize(
    ("code", "periode"),
    [
        pytest.param("ti_hors_gerants", "trimestres", id="indépendant"),
        pytest.param("placements_sans_revenu", "somme_detenue", id="argent placé"),
        pytest.param("ti_gerants", "reference", id="gérant"),
        pytest.param("pension_alimentaire_percue", "reference", id="pension"),
        pytest.param("dons_familiaux", "reference", id="dons"),
        pytest.param("indemnites_exceptionnelles", "reference", id="indemnités"),
        pytest.param("autres", "reference", id="autres"),
    ],
)
def test_chaque_ressource_a_sa_periode(code: str, periode: str) -> None:
    assert ressource(code).periode == periode


def test_une_ressource_ne_se_modifie_pas() -> None:
    with pytest.raises(ValidationError):
        ressource("autres").libelle = "Autre chose"  # type: ignore[misc]


def test_une_cle_mal_ecrite_dans_la_table_est_refusee() -> None:
    with pytest.raises(ValidationError):
        Ressource.model_validate({**dict(ressource("autres")), "effet_jusqua": None})
