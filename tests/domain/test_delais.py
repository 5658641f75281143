"""Étape 8 : ce que disent les demandes décidées d'une caisse."""

from datetime import date, timedelta

import pytest

from app.domain.delais import DEMANDES_SUFFISANTES, Reponse, delais, en_jours_ou_moins

COMPLETE = date(2026, 6, 1)


def reponses(*jours: int) -> list[Reponse]:
    return [Reponse(COMPLETE, COMPLETE + timedelta(days=nombre)) for nombre in jours]


def test_a_partir_de_vingt_demandes_decidees_et_pas_avant() -> None:
    assert DEMANDES_SUFFISANTES == 20
    assert delais(reponses(*[10] * 19)) is None
    found = delais(reponses(*[10] * 20))
    assert found is not None
    assert (found.nombre, found.mediane, found.neuf_dixiemes) == (20, 10, 10)
    assert delais([]) is None


@pytest.mark.parametrize("nombre", range(1, 45))
def test_la_phrase_est_vraie_a_la_lettre(nombre: int) -> None:
    """Au moins cinq (neuf) demandes sur dix en tant de jours ou moins, et pas un jour plus tôt."""
    jours = sorted(rang * rang % 61 for rang in range(nombre))
    for dixiemes in (5, 9):
        limite = en_jours_ou_moins(jours, dixiemes)
        assert sum(jour <= limite for jour in jours) * 10 >= dixiemes * nombre
        assert sum(jour < limite for jour in jours) * 10 < dixiemes * nombre


@pytest.mark.parametrize(
    ("jours", "mediane", "neuf_dixiemes"),
    [
        pytest.param(range(1, 21), 10, 18, id="vingt demandes : la 10e et la 18e"),
        pytest.param(range(1, 22), 11, 19, id="vingt et une : la 11e et la 19e"),
        pytest.param([0] * 10 + [60] * 10, 0, 60, id="la moitié le jour même"),
        pytest.param([0] * 18 + [90] * 2, 0, 0, id="les lentes ne sont que deux sur vingt"),
        pytest.param([0] * 17 + [90] * 3, 0, 90, id="les lentes sont trois sur vingt"),
    ],
)
def test_la_mediane_et_le_neuvieme_decile_sont_des_temps_observes(
    jours: list[int], mediane: int, neuf_dixiemes: int
) -> None:
    found = delais(reponses(*jours))
    assert found is not None
    assert (found.mediane, found.neuf_dixiemes) == (mediane, neuf_dixiemes)


def test_l_ordre_des_demandes_ne_compte_pas() -> None:
    jours = [31, 4, 15, 9, 26, 5, 35, 8, 97, 93, 23, 84, 6, 26, 43, 38, 32, 79, 50, 28]
    assert delais(reponses(*jours)) == delais(reponses(*sorted(jours)))


def test_chaque_demande_est_dans_une_tranche_et_une_seule() -> None:
    found = delais(reponses(0, 14, 15, 28, 29, 42, 43, 62, 63, 400, *[20] * 10))
    assert found is not None
    assert [(t.debut, t.fin, t.nombre, t.part) for t in found.tranches] == [
        (0, 14, 2, 10),
        (15, 28, 12, 60),
        (29, 42, 2, 10),
        (43, 62, 2, 10),
        (63, None, 2, 10),
    ]


def test_une_part_s_arrondit_au_plus_proche() -> None:
    found = delais(reponses(*[1] * 13, *[20] * 11))
    assert found is not None
    assert [t.part for t in found.tranches] == [54, 46, 0, 0, 0]


def test_une_decision_d_avant_le_dernier_document_compte_zero_jour() -> None:
    assert Reponse(COMPLETE, COMPLETE - timedelta(days=3)).jours == 0
    assert Reponse(COMPLETE, COMPLETE).jours == 0


def test_les_mois_sont_ceux_des_decisions() -> None:
    found = delais(reponses(*range(10, 30)))
    assert found is not None
    assert (found.debut, found.fin) == (COMPLETE + timedelta(10), COMPLETE + timedelta(29))
