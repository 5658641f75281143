"""Étape 3, quand plusieurs organismes sont enregistrés : dire d'abord lequel est le bon."""

import pytest
from starlette.applications import Starlette

from app.domain.demande import ChoixOrganisme
from app.store.comptes import read_assure, write_assure
from app.store.database import writing
from tests.steps.test_organisme import NEXT, PAGE, arrive, chosen, radios
from tests.support.browser import Browser
from tests.support.filed import compte_of, database, ring


def test_plusieurs_organismes_on_dit_d_abord_lequel(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, "karim")
    assert "Plusieurs organismes complémentaires sont enregistrés sur votre compte" in page.main
    assert radios(page, "actuel") == ["0", "1", "2", "aucun"]
    assert radios(page, "gestionnaire") == []
    page = client.press("Suivant")
    assert page.status == 422
    assert page.errors[0].startswith("Choisissez votre organisme complémentaire actuel, ou")
    assert page.error_fields() == ["actuel_0"]
    assert client.press("Suivant", actuel="9").status == 422
    assert chosen(client, service) is None


@pytest.mark.parametrize(
    ("answer", "actuel", "options"),
    [
        ("1", "L'Entraide Factice des Calanques", ["garder", "caisse", "organisme"]),
        ("0", "Mutuelle Fictive Hors-Liste", ["caisse", "organisme"]),
        ("aucun", "", ["caisse", "organisme"]),
    ],
)
def test_l_organisme_designe_ouvre_le_choix(
    client: Browser, service: Starlette, answer: str, actuel: str, options: list[str]
) -> None:
    arrive(client, service, "karim")
    page = client.press("Suivant", actuel=answer)
    assert page.path == PAGE
    assert page.status == 200
    assert "Choisissez maintenant l'organisme gestionnaire." in page.main
    assert radios(page, "gestionnaire") == options
    assert chosen(client, service) == ChoixOrganisme(actuel=actuel)
    assert client.press("Suivant", gestionnaire=options[0] if answer == "1" else "caisse").h1 == NEXT


def test_modifier_l_organisme_actuel(client: Browser, service: Starlette) -> None:
    arrive(client, service, "karim")
    client.press("Suivant", actuel="1")
    client.press("Suivant", gestionnaire="garder")
    page = client.get(f"{PAGE}?retour=recapitulatif")
    page = client.get(page.links()["Modifier : organisme complémentaire actuel"])
    assert page.value("actuel") == "1"
    assert client.press("Suivant", actuel="7").error_fields() == ["actuel_0"]
    page = client.press("Suivant", actuel="0")
    assert page.url.startswith(f"{PAGE}?retour=recapitulatif")
    assert page.value("gestionnaire") == ""  # « Je garde » meant another organisme
    assert chosen(client, service) == ChoixOrganisme(actuel="Mutuelle Fictive Hors-Liste")
    client.press("Suivant", gestionnaire="caisse")
    client.get(f"{PAGE}?modifier=actuel")
    client.press("Suivant", actuel="1")
    assert client.page.value("gestionnaire") == "caisse"


def test_designer_quand_il_n_y_a_rien_a_departager(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = client.post(PAGE, {"actuel": "0"})
    assert page.status == 200
    assert "n'est plus là" in page.main
    assert client.get(f"{PAGE}?modifier=actuel").value("actuel") == ""


def test_de_deux_contrats_du_meme_nom_celui_qui_est_designe_reste(
    client: Browser, service: Starlette
) -> None:
    """The first does not manage the C2S, the second does: the name alone would always mean the first."""
    with database(service) as db, writing(db):
        compte = compte_of(db, "karim")
        assure = read_assure(ring(service), compte)
        first, second, _ = assure.organismes
        twins = (first, second.model_copy(update={"nom": first.nom}))
        write_assure(ring(service), compte, assure.model_copy(update={"organismes": twins}))
        db.add(compte)
    page = arrive(client, service, "karim")
    notes = [node.text() for node in page.tree.css("main fieldset .choix .petit")]
    assert len(set(notes)) == 2, "two answers of the same name are told apart by the day they began"
    assert all(note.startswith("Depuis le ") for note in notes)
    page = client.press("Suivant", actuel="1")
    assert radios(page, "gestionnaire") == ["garder", "caisse", "organisme"]
    assert client.get(f"{PAGE}?modifier=actuel").value("actuel") == "1"
    client.get(PAGE)
    assert client.press("Suivant", gestionnaire="garder").h1 == NEXT
