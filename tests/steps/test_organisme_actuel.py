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
    first, *_, none = radios(page, "actuel")
    assert none == "aucun"
    assert radios(page, "gestionnaire") == []
    page = client.press("Suivant")
    assert page.status == 422
    assert page.errors[0].startswith("Choisissez votre organisme complémentaire actuel, ou")
    assert page.error_fields() == [f"actuel_{first}"]
    assert client.press("Suivant", actuel="inconnu").status == 422
    assert chosen(client, service) is None


@pytest.mark.parametrize(
    ("answer", "actuel", "options"),
    [
        (1, "L'Entraide Factice des Calanques", ["garder", "caisse", "organisme"]),
        (0, "Mutuelle Fictive Hors-Liste", ["caisse", "organisme"]),
        (-1, "", ["caisse", "organisme"]),
    ],
)
def test_l_organisme_designe_ouvre_le_choix(
    client: Browser, service: Starlette, answer: int, actuel: str, options: list[str]
) -> None:
    page = arrive(client, service, "karim")
    page = client.press("Suivant", actuel=radios(page, "actuel")[answer])
    assert page.path == PAGE
    assert page.status == 200
    assert "Choisissez maintenant l'organisme gestionnaire." in page.main
    assert radios(page, "gestionnaire") == options
    assert chosen(client, service) == ChoixOrganisme(actuel=actuel)
    assert client.press("Suivant", gestionnaire=options[0]).h1 == NEXT


def test_modifier_l_organisme_actuel(client: Browser, service: Starlette) -> None:
    hors_liste, entraide, *_ = radios(arrive(client, service, "karim"), "actuel")
    client.press("Suivant", actuel=entraide)
    client.press("Suivant", gestionnaire="garder")
    page = client.get(f"{PAGE}?retour=recapitulatif")
    page = client.get(page.links()["Modifier : organisme complémentaire actuel"])
    assert page.value("actuel") == entraide
    assert client.press("Suivant", actuel="inconnu").error_fields() == [f"actuel_{hors_liste}"]
    page = client.press("Suivant", actuel=hors_liste)
    assert page.url.startswith(f"{PAGE}?retour=recapitulatif")
    assert page.value("gestionnaire") == ""  # « Je garde » meant another organisme
    assert chosen(client, service) == ChoixOrganisme(actuel="Mutuelle Fictive Hors-Liste")
    client.press("Suivant", gestionnaire="caisse")
    client.get(f"{PAGE}?modifier=actuel")
    client.press("Suivant", actuel=entraide)
    assert client.page.value("gestionnaire") == "caisse"


def test_un_compte_importe_entre_temps_ne_change_pas_l_organisme_designe(
    client: Browser, service: Starlette
) -> None:
    _, entraide, *_ = radios(arrive(client, service, "karim"), "actuel")
    with database(service) as db, writing(db):
        compte = compte_of(db, "karim")
        assure = read_assure(ring(service), compte)
        importe = assure.model_copy(update={"organismes": assure.organismes[1:]})
        write_assure(ring(service), compte, importe)
        db.add(compte)
    client.press("Suivant", actuel=entraide)
    assert chosen(client, service) == ChoixOrganisme(actuel="L'Entraide Factice des Calanques")


def test_designer_quand_il_n_y_a_rien_a_departager(client: Browser, service: Starlette) -> None:
    arrive(client, service)
    page = client.post(PAGE, {"actuel": "aucun"})
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
    _, entraide, _ = radios(page, "actuel")
    page = client.press("Suivant", actuel=entraide)
    assert radios(page, "gestionnaire") == ["garder", "caisse", "organisme"]
    assert client.get(f"{PAGE}?modifier=actuel").value("actuel") == entraide
    client.get(PAGE)
    assert client.press("Suivant", gestionnaire="garder").h1 == NEXT
