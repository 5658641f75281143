"""Ce que la caisse répond, lu par la personne : un message à chaque changement, et ce qu'elle peut faire ensuite."""

import re
from typing import Any

import pytest
from starlette.applications import Starlette

from app.demo.states import STATES
from app.domain.demande import Beneficiaires, ChoixOrganisme, Lien, ModeDeGestion, OrganismesDuFoyer
from tests.states import State, open_state
from tests.support import samples
from tests.support.browser import Browser, Page, plain
from tests.support.household import une_personne
from tests.support.runner import demande_of, done, reference_of
from tests.support.walk import join, walk_to


def unread(page: Page) -> str:
    return plain(page.tree.css_first("nav").text())


def said(page: Page) -> str:
    """Le texte de la page, sans l'espace que la mise en gras ajoute devant un point."""
    return re.sub(r" (?=[.,)])", "", page.main)


def read_newest(client: Browser) -> Page:
    """Ouvrir le premier message de la liste."""
    page = client.get("/echanges")
    newest = page.tree.css_first("ul.liens a").attributes["href"]
    assert newest is not None
    return client.get(newest)


def test_toute_l_histoire_d_une_demande(client: Browser, service: Starlette) -> None:
    client.start("nadia")
    walk_to(client, "/demande/pieces")
    join(client, "avis_moi")
    walk_to(client, "/demande/terminee")
    reference = reference_of(service, "nadia")
    assert "(1 non lu)" in unread(client.get("/demarches"))

    done(
        service,
        "demandes",
        "ask",
        reference,
        "--document",
        "Avis d'impôt : Lina",
        "--raison",
        "Il manque la page 2.",
    )
    assert "(2 non lus)" in unread(client.get("/demarches"))
    page = client.get(f"/suivi/{reference}")
    assert (
        "Pièce demandée. Votre caisse attend un document, à envoyer au plus tard le 24 décembre 2026."
        in page.main
    )
    assert "Avis d'impôt : Lina" in page.main
    page = read_newest(client)
    assert page.h1 == "Votre caisse a besoin d'un document"
    assert "Il manque la page 2." in page.main
    client.press("Marquer comme lu")
    assert "(1 non lu)" in unread(client.get("/demarches"))

    page = client.get(f"/suivi/{reference}/completer")
    assert "Documents attendus par votre caisse : Avis d'impôt : Lina" in page.main
    late = ("fichier_complement", ("page-2.pdf", samples.pdf(), "application/octet-stream"))
    page = client.press("Envoyer à ma caisse", files=[late])
    assert "Pièce demandée" in page.main, "the caisse moves the demande, not the person"
    assert demande_of(service, "nadia").etat == "piece_demandee"
    client.get(f"/suivi/{reference}/completer")
    client.press("Envoyer à ma caisse", {"message": "La pension de Lina est 1 200 €, pas 120 €."})
    shown = done(service, "demandes", "show", reference)
    assert "page-2.pdf" in shown
    assert "La pension de Lina est 1 200 €, pas 120 €." in shown

    done(service, "demandes", "decide", reference, "instruction", "--complete-le", "2026-11-24")
    page = client.get(f"/suivi/{reference}")
    assert "jusqu'au 24 janvier 2027" in page.main
    assert "votre caisse a tous les documents" in page.main
    assert "Vous avez déjà une demande en cours" in client.get("/demande").main

    done(service, "demandes", "decide", reference, "accord-gratuit")
    page = client.get(f"/suivi/{reference}")
    assert "Accord. La C2S vous est accordée, sans rien à payer, à partir du 1er décembre 2026." in page.main
    page = read_newest(client)
    assert page.h1 == "Votre C2S est accordée"
    assert "Le droit va du 1er décembre 2026 au 30 novembre 2027." in said(page)
    assert "Corriger ou compléter ma demande" not in page.links()

    page = client.get("/demande")
    assert "Vous avez déjà une demande en cours" not in page.main
    client.press("Je démarre ma demande")
    walk_to(client, "/demande/terminee")
    second = reference_of(service, "nadia")
    assert second != reference
    assert "Vous avez déjà une demande en cours" in client.get("/demande").main
    page = client.get("/demarches")
    assert page.main.count(reference) >= 1
    assert page.main.count(second) >= 1


SAID: dict[str, tuple[str, ...]] = {
    "message-instruction": (
        "Votre caisse étudie votre demande",
        "depuis le 24 novembre 2026.",
        "Elle attend encore un ou plusieurs documents, à envoyer au plus tard le 12 décembre 2026. Leur liste est dans « Suivre ma demande ».",
    ),
    "message-instruction-complete": (
        "Elle a tous les documents depuis le 22 novembre 2026. Elle a jusqu'au 22 janvier 2027 pour répondre.",
        "L861-5",
        "Vous n'avez rien à faire.",
    ),
    "message-piece": (
        "Il manque un document pour étudier votre demande",
        "Envoyez-le au plus tard le 24 décembre 2026.",
        "CPAM de la Seine-Saint-Denis, 1 rue de l'Exemple, 93000 Bobigny. Une question ? Appelez le 36 46.",
        "Vous ne pouvez pas l'obtenir ? Dites-le à votre caisse au plus tard le",
        "L114-5",
    ),
    "message-plusieurs-pieces": (
        "Il manque des documents",
        "Envoyez-les au plus tard le 24 décembre 2026.",
        "La photo est trop sombre pour être lue.",
        "Vous ne pouvez pas les obtenir ?",
    ),
    "message-accord-gratuit": (
        "Votre caisse accorde la Complémentaire santé solidaire (C2S) à votre foyer. La C2S est gratuite pour vous.",
        "Décision du 24 novembre 2026",
        "Le droit va du 1er décembre 2026 au 30 novembre 2027.",
        "Nadia, Sami, Lina",
        "Demandez le renouvellement à votre caisse du 30 juillet 2027 au 30 septembre 2027. "
        "C'est entre 4 mois et 2 mois avant la fin du droit.",
        "Vous recevez le RSA, l'Aspa ou l'ASI ? Le renouvellement est automatique.",
        "carte Vitale à partir du 1er décembre 2026",
        "Commission de recours amiable, 1 rue de l'Exemple, 93000 Bobigny",
        "R142-1",
    ),
    "message-accord-participation": (
        "Vous payez une participation chaque mois, pour chaque personne.",
        "14 € par mois",
        "Vous recevez l'Aspa ou l'ASI ? Le renouvellement est automatique.",
        "30 € par mois",
        "l'âge au 1er janvier de l'année de la décision",
        "au plus tard le 24 février 2027. Vous avez 3 mois.",
        "Sans ces informations, le droit ne commence pas.",
        "Vous n'avez pas de compte bancaire ?",
        "Le droit commence le premier jour du mois qui suit la réception de ces informations.",
        "R142-1",
    ),
    "message-accord-en-urgence": (
        "Le droit va du 1er novembre 2026 au 31 octobre 2027.",
        "Organisme gestionnaire : Nadia",
        "Organisme gestionnaire : Sami, Lina",
    ),
    "message-refus": (
        "Les ressources de votre foyer sont au-dessus du plafond",
        "Nous avons compté vos salaires",
        "Vous avez 2 mois après avoir reçu cette décision.",
        "Commission de recours amiable, 1 rue de l'Exemple, 93000 Bobigny",
        "R142-1",
        "Vous pouvez faire une nouvelle demande.",
    ),
    "message-refus-avec-chiffres": (
        "Ressources comptées par votre caisse, du 1er octobre 2025 au 30 septembre 2026",
        "25 230,50 €",
        "Plafond par an pour 3 personnes, sans participation",
        "25 123 €",
        "Vérifiez les nombres.",
    ),
}
UNSAID = {
    "message-instruction": "Vous n'avez rien à faire.",
    "message-instruction-complete": "Elle attend encore",
    "message-accord-en-urgence": "le droit ne commence pas",
    "message-refus": "Vérifiez les nombres.",
}


@pytest.mark.parametrize("nom", SAID)
def test_chaque_message_dit_ce_que_la_loi_veut(service: Starlette, nom: str) -> None:
    page = open_state(service, STATES[nom])
    for sentence in SAID[nom]:
        assert sentence in said(page), sentence
    assert UNSAID.get(nom, "Ce texte n'est nulle part.") not in said(page)
    assert "Service Complémentaire santé solidaire, CPAM de la Seine-Saint-Denis" in page.main
    assert "Nadia Exemple" in page.main


def opened(service: Starlette, decision: str, **reponses: Any) -> Page:
    """Le message d'une décision sur une demande qui a ces réponses."""
    return open_state(
        service, State("essai", "/echanges/{message}", "", decision=decision, reponses=reponses)
    )


def test_deux_personnes_du_meme_prenom_se_distinguent(service: Starlette) -> None:
    twin = une_personne("p001", prenom="Lina", lien=Lien.AUTRE)
    page = opened(service, "accord_gratuit", beneficiaires=Beneficiaires(personnes=(twin,), vu=True))
    assert "Nadia, Sami, Lina (27 septembre 2010), Lina (14 mai 2013)" in page.main


def test_un_seul_organisme_pour_tous_se_dit_une_fois(service: Starlette) -> None:
    chosen = ChoixOrganisme(mode=ModeDeGestion.ORGANISME, code="DEMO-7501")
    same = OrganismesDuFoyer(meme=True, vu=True)
    page = opened(service, "accord_participation", organisme=chosen, organismes_du_foyer=same)
    assert page.main.count("Organisme gestionnaire") == 1
    assert "75001 Paris" in page.main


def test_le_message_reste_tel_qu_il_a_ete_ecrit(client: Browser, service: Starlette) -> None:
    """La caisse change d'adresse : le message d'avant ne change pas."""
    before = opened(service, "refus").main
    with service.state.house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE caisse SET recours = 'Ailleurs', adresse = 'Ailleurs'")
    client.sign_in("nadia")
    assert read_newest(client).main == before
