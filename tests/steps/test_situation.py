"""Étape 1, sur la page."""

import pytest

from tests.support.browser import Browser
from tests.support.household import ETAPE_1


def test_un_numero_caf_garde_son_zero_et_oublie_ses_espaces(client: Browser) -> None:
    client.start("nadia")
    page = client.press("Suivant", ETAPE_1 | {"caf": "oui", "caf_numero": " 012 34 56 "})
    assert page.h1 == "Composition du foyer"
    assert client.get("/demande/situation").value("caf_numero") == "0123456"


@pytest.mark.parametrize(
    ("fields", "champ", "message"),
    [
        pytest.param(
            {"nationalite": ""}, "nationalite", "Choisissez votre nationalité", id="nationalité vide"
        ),
        pytest.param(
            {"nationalite": "xx"}, "nationalite", "une des trois réponses", id="nationalité inconnue"
        ),
        pytest.param(
            {"caf": "oui"}, "caf_numero", "Saisissez votre numéro d'allocataire", id="case sans numéro"
        ),
        pytest.param(
            {"caf": "oui", "caf_numero": "12"}, "caf_numero", "Vous en avez saisi 2", id="trop court"
        ),
        pytest.param(
            {"caf": "oui", "caf_numero": "1234567A"}, "caf_numero", "sans la lettre", id="lettre finale"
        ),
        pytest.param(
            {"caf": "oui", "caf_numero": "12-34/7"}, "caf_numero", "chiffres seulement", id="autre signe"
        ),
        pytest.param({"caf_numero": "1234567"}, "caf_numero", "ou videz le champ", id="numéro sans la case"),
        pytest.param(
            {"changement": "oui"}, "changement_type", "Précisez ce changement", id="changement vide"
        ),
        pytest.param(
            {"changement_type": "veuf"}, "changement_type", "revenez à « Choisir »", id="sans la case"
        ),
    ],
)
def test_un_refus_dit_quoi_faire_et_garde_tout(
    client: Browser, fields: dict[str, str], champ: str, message: str
) -> None:
    client.start("nadia")
    page = client.press("Suivant", ETAPE_1 | fields)
    assert page.status == 422
    assert page.error_fields() == [champ]
    assert message in page.errors[0]
    for name, value in fields.items():
        if value != "xx":
            assert page.value(name) == value
