"""Une date de naissance dont le jour, ou le mois, est inconnu."""

import pickle
from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from app.domain.age import age
from app.domain.dates import DefautDate
from app.domain.naissance import Naissance, NaissanceIncomplete, lit_naissance_incomplete, premier_jour
from app.domain.nir import contredit_la_naissance
from app.forms.typography import jour

GARDEE: TypeAdapter[date] = TypeAdapter(Naissance)
MARS, ANNEE = NaissanceIncomplete(1990, 3), NaissanceIncomplete(1990)


@pytest.mark.parametrize(
    ("ecrite", "debut", "fin", "mots"),
    [
        ("1990-03-12", date(1990, 3, 12), date(1990, 3, 12), "12 mars 1990"),
        ("1990-03-00", date(1990, 3, 1), date(1990, 3, 31), "mars 1990"),
        ("1992-02-00", date(1992, 2, 1), date(1992, 2, 29), "février 1992"),
        ("1960-00-00", date(1960, 1, 1), date(1960, 12, 31), "1960"),
    ],
)
def test_elle_est_gardee_et_dite_telle_qu_elle_est_connue(
    ecrite: str, debut: date, fin: date, mots: str
) -> None:
    naissance = GARDEE.validate_json(f'"{ecrite}"', strict=True)
    assert (premier_jour(naissance), naissance) == (debut, fin)
    assert jour(naissance).replace("\u00a0", " ") == mots
    assert GARDEE.dump_json(naissance) == f'"{ecrite}"'.encode()
    assert str(pickle.loads(pickle.dumps(naissance))) == str(naissance) == ecrite


@pytest.mark.parametrize(
    "ecrite", ["1990-13-00", "1990-02-30", "0000-00-00", "1990", "12/03/1990", "1990-3-1"]
)
def test_une_autre_ecriture_est_refusee(ecrite: str) -> None:
    with pytest.raises(ValidationError):
        GARDEE.validate_python(ecrite)


def test_un_jour_inconnu_ne_fait_perdre_aucun_droit() -> None:
    """Né en 2001, il a peut-être encore 24 ans."""
    assert age(NaissanceIncomplete(2001), date(2026, 11, 24)) == 24
    assert age(NaissanceIncomplete(2001, 11), date(2026, 11, 24)) == 24
    assert age(NaissanceIncomplete(2001, 10), date(2026, 11, 24)) == 25


@pytest.mark.parametrize(
    ("naissance", "contredit"),
    [(ANNEE, False), (NaissanceIncomplete(1991), True), (MARS, True), (NaissanceIncomplete(1990, 4), False)],
)
def test_le_numero_se_compare_a_ce_qui_est_connu(naissance: date, contredit: bool) -> None:
    assert contredit_la_naissance("2900475111234", naissance) is contredit


@pytest.mark.parametrize(
    ("mois", "annee", "lue"),
    [
        ("03", "1990", MARS),
        ("mars", "1990", MARS),
        ("", "1990", ANNEE),
        ("00", "1990", ANNEE),
        ("13", "1990", DefautDate.INEXISTANTE),
        ("03", "", DefautDate.ANNEE),
        ("", "90", DefautDate.ANNEE_COURTE),
    ],
)
def test_le_mois_et_l_annee_ou_l_annee_seule(mois: str, annee: str, lue: date | DefautDate) -> None:
    assert str(lit_naissance_incomplete(mois, annee)) == str(lue)
