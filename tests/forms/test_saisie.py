"""Digits of any script, spaces of any width: every field where a number is typed reads them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from app.domain.caf import normalise_caf
from app.domain.dates import DefautDate
from app.domain.montant import lit_montant
from app.domain.nir import cle_du_nir
from app.forms.form import Sent
from app.forms.readers import read_date, read_nir
from app.web.contact import read_adresse, read_telephone
from tests.support.household import NIR

WAYS: dict[str, Callable[[str], str]] = {
    "arabic": lambda text: text.translate({0x30 + n: 0x660 + n for n in range(10)}),
    "full width": lambda text: text.translate({0x20 + n: 0xFF00 + n for n in range(1, 95)}),
    "no-break spaces": lambda text: text.replace(" ", "\u202f"),
    "direction marks": lambda text: f"\u2067{text}\u2069",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_each_number_is_read_however_it_is_typed(way: Callable[[str], str]) -> None:
    fields = {
        "ne_jour": "14 ",
        "ne_mois": "05",
        "ne_annee": "2013",
        "nir": f"{NIR[:5]} {NIR[5:]} / {cle_du_nir(NIR)}",
        "caf": "012 34 56",
        "total": "1 200,50 €",
        "telephone": "01 39 98 10 08",
        "voie": "12 rue des Lilas",
        "code_postal": "76 600",
        "commune": "Le Havre",
    }
    sent = Sent({name: (way(typed),) for name, typed in fields.items()})
    assert read_date(sent, "ne", dict.fromkeys(DefautDate, "")) == date(2013, 5, 14)
    assert read_nir(sent, {}) == NIR
    assert normalise_caf(sent.text("caf")) == "0123456"
    assert lit_montant(sent.text("total")) == Decimal("1200.50")
    assert read_telephone(sent) == "01 39 98 10 08"
    adresse = read_adresse(sent)
    assert (adresse.voie, adresse.code_postal) == ("12 rue des Lilas", "76600")
    assert sent.errors == {}
