"""« Mes démarches » : chaque entrée de la source, et la demande de la personne."""

from starlette.applications import Starlette

from app.domain.suivi import Etat
from tests.support.browser import Browser, plain
from tests.support.filed import file
from tests.support.pas_a_pas import DEMARCHES

ELSEWHERE = " (compte ameli)"


def test_les_cinq_groupes_de_la_source_et_toutes_leurs_entrees(client: Browser) -> None:
    page = client.sign_in("nadia")
    groups: dict[str, list[str]] = {}
    for node in page.tree.css("main h2, main ul.liens a"):
        if node.tag == "h2":
            group = groups.setdefault(plain(node.text()), [])
        else:
            group.append(plain(node.text()).removesuffix(ELSEWHERE))
    assert {name: sorted(entries) for name, entries in groups.items()} == {
        name: sorted(entries) for name, entries in DEMARCHES.items()
    }, "those of this service first, the others folded under the name of their site"


def test_ce_que_ce_service_ne_fait_pas_mene_au_compte_ameli_et_le_dit(client: Browser) -> None:
    links = client.sign_in("nadia").links()
    here = {"/demande", "/informations/adresse", "/echanges", "/delais"}
    for text in (entry for entries in DEMARCHES.values() for entry in entries):
        if text in links:
            assert links[text] in here, text
        else:
            assert links[text + ELSEWHERE] == "https://assure.ameli.fr/"
    assert links["Changement d'adresse postale"] == "/informations/adresse"
    assert links["Faire une demande de Complémentaire santé solidaire"] == "/demande"
    assert links["Donnez votre avis !"] == "/avis"


def test_chaque_document_de_la_source_a_ses_precisions_fermees(client: Browser) -> None:
    client.sign_in("nadia")
    details = client.get("/demande").tree.css("main li > details")
    assert [plain(node.css_first("summary").text()) for node in details] == [
        "Avis d'impôt, ou de situation déclarative à l'impôt (ASDIR)",
        "Si vous avez un terrain ou un bâtiment non loué : avis de taxe foncière, de taxe locale d'habitation",
        "Si vous avez vécu à l'étranger ces 12 derniers mois : justificatif fiscal et social du pays",
        "Si vous demandez le RSA : attestation de la CAF ou de la MSA",
    ]
    assert all(node.css("div > p") and "open" not in node.attributes for node in details)


def test_la_suite_la_plus_utile_est_mise_en_avant(client: Browser, service: Starlette) -> None:
    def forward() -> list[str]:
        return [plain(node.text()) for node in client.page.tree.css("main .fort a, main a.bouton")]

    client.sign_in("nadia")
    assert forward() == ["Faire une demande de Complémentaire santé solidaire"]
    client.get("/demande")
    client.press("Je démarre ma demande")
    client.get("/demarches")
    assert forward() == ["Reprendre ma demande"]
    client.sign_out()
    reference = file(service, "marc")
    client.sign_in("marc")
    assert forward() == [f"Suivre ma demande {reference}"]


def test_sans_demande_la_page_n_en_suit_aucune(client: Browser) -> None:
    page = client.sign_in("nadia")
    assert "Ma demande de Complémentaire santé solidaire" not in page.main
    assert "Reprendre ma demande" not in page.links()


def test_un_brouillon_ouvert_se_reprend_avant_l_heure_dite(client: Browser) -> None:
    client.start("nadia")
    page = client.get("/demarches")
    assert page.links()["Reprendre ma demande"] == "/demande"
    assert "Elle est gardée jusqu'au" in page.main
    assert "sauf si vous quittez votre compte" in page.main
    assert "Reprendre ma demande" in client.get("/demande").links()


def test_la_demande_deposee_vient_en_premier(client: Browser, service: Starlette) -> None:
    reference = file(service, etat=Etat.INSTRUCTION, events=[("instruction", 2)])
    page = client.sign_in("nadia")
    assert plain(page.tree.css_first("main h2").text()) == "Ma demande de Complémentaire santé solidaire"
    assert reference in page.main
    assert "Votre caisse étudie votre demande depuis le 26 novembre 2026." in page.main
    assert page.links()[f"Suivre ma demande {reference}"] == f"/suivi/{reference}"
    assert page.links()[f"Corriger ou compléter ma demande {reference}"] == f"/suivi/{reference}/completer"
    assert "pas encore déposé" not in page.main


def test_une_demande_decidee_ne_se_complete_plus(client: Browser, service: Starlette) -> None:
    reference = file(service, etat=Etat.REFUS, events=[("refus", 20)], ouverte=False)
    page = client.sign_in("nadia")
    assert "Décision rendue le 14 décembre 2026. La C2S ne vous est pas accordée." in page.main
    assert f"Corriger ou compléter ma demande {reference}" not in page.links()


def test_plusieurs_demandes_sont_toutes_la(client: Browser, service: Starlette) -> None:
    first = file(service, etat=Etat.REFUS, ouverte=False)
    second = file(service)
    page = client.sign_in("nadia")
    assert page.main.count("État de ma demande") == 2
    assert {first, second} <= set(page.main.split())


def test_la_demande_d_une_autre_personne_n_apparait_pas(client: Browser, service: Starlette) -> None:
    reference = file(service, "benoit")
    assert reference not in client.sign_in("nadia").text


def test_ce_qui_vient_d_arriver_est_dit(client: Browser, service: Starlette) -> None:
    client.sign_in("nadia")
    assert "à titre individuel ne peut pas continuer" in client.get("/demarches?fait=moins-de-25-ans").main
    assert "est déposée" not in client.get("/demarches?fait=deposee").main
    reference = file(service)
    page = client.get("/demarches?fait=deposee")
    assert f"Votre demande {reference} est déposée." in page.main
    assert page.tree.css("main .succes")
    page = client.get("/demarches?fait=moins-de-25-ans")
    assert "à titre individuel ne peut pas continuer" in page.main
    assert not page.tree.css("main .succes"), "whatever was filed before, this is no success"


def test_sans_compte_on_se_connecte_d_abord(client: Browser) -> None:
    assert client.get("/demarches").path == "/connexion"
