"""« Recevoir des nouvelles de ma demande » : choisies, changées, arrêtées d'un lien ; rien de personnel dans ce lien."""

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from app.main import create_app
from app.store.abonnements import Abonne, abonnement_by_link, abonnement_of, read_abonne
from app.store.comptes import read_assure
from app.store.conservation import erase_compte
from app.store.database import writing
from app.store.nouvelles import settle
from app.store.tables import Abonnement, Delivery, Nouvelle
from app.web import nouvelles
from tests.states import STATES, open_browser
from tests.support.browser import Browser
from tests.support.filed import compte_of, damage, database, file, ring, rows
from tests.support.office import NADIA, NIR, PASSWORD, Office

HERE = "/informations/nouvelles"
COURRIEL = "nouvelles@courriel.example"
UN_CLIC = {"List-Unsubscribe": "One-Click"}


def abonne(service: Starlette, cle: str = "nadia") -> Abonne | None:
    with database(service) as db:
        found = abonnement_of(db, compte_of(db, cle).id)
        return read_abonne(ring(service), found) if found else None


def choisir(client: Browser, courriel: str = COURRIEL, cle: str = "nadia") -> None:
    client.sign_in(cle)
    client.get(HERE)
    client.press("Enregistrer", recevoir="oui", courriel=courriel)


def test_rien_n_est_choisi_d_avance(client: Browser, service: Starlette) -> None:
    client.sign_in("nadia")
    page = client.get(HERE)
    assert page.value("recevoir") == ""
    assert page.value("courriel") == "nadia@courriel.example", "the address of the account, to check"
    assert "Vous ne recevez pas d'e-mail." in client.get("/informations").main
    assert rows(service, Abonnement) == []


def test_le_choix_est_garde_scelle_puis_change(client: Browser, service: Starlette) -> None:
    choisir(client)
    assert client.page.url == "/informations?fait=nouvelles"
    assert "Vous recevez un e-mail quand un message vous attend, à l'adresse : nouvelles@" in client.page.main
    (kept,) = rows(service, Abonnement)
    assert COURRIEL.encode() not in kept.fiche
    before = abonne(service)
    client.get(HERE)
    client.press("Enregistrer", courriel="autre@courriel.example")
    after = abonne(service)
    assert after.courriel == "autre@courriel.example"
    assert after.jeton != before.jeton, "a link that went to the other address stops nothing any more"


@pytest.mark.parametrize(
    "courriel",
    ["", "nadia", "nadia@", "a@b@c.fr", "nadia@exemple.fr\nBcc: x@y.fr", "=?utf-8?q?a=0ABcc?=@exemple.fr"],
)
def test_une_adresse_qui_n_en_est_pas_une_est_refusee(
    client: Browser, service: Starlette, courriel: str
) -> None:
    choisir(client, courriel)
    assert (client.page.status, client.page.error_fields()) == (422, ["courriel"])
    assert client.page.value("recevoir") == "oui", "what was ticked stays"
    assert rows(service, Abonnement) == []


def test_decocher_arrete_et_oublie_l_adresse(client: Browser, service: Starlette) -> None:
    choisir(client)
    client.get(HERE)
    page = client.press("Enregistrer", recevoir=None)
    assert page.url == "/informations?fait=sans-nouvelles"
    assert "Vous ne recevez pas d'e-mail." in page.main
    assert rows(service, Abonnement) == []


def test_le_recu_offre_le_choix_et_y_ramene(client: Browser, service: Starlette) -> None:
    seen = open_browser(service, STATES["terminee-incomplete"])
    assert "checked" not in seen.page.tree.css_first("#recevoir").attributes
    page = seen.press("Enregistrer", recevoir="oui")
    assert page.url == "/demande/terminee?fait=nouvelles#nouvelles"
    assert "Vous recevez un e-mail quand un message vous attend." in page.main
    assert page.tree.css_first("#recevoir") is None, "asked once"
    assert abonne(service).courriel == "nadia@courriel.example"
    (waiting,) = rows(service, Nouvelle)
    assert not waiting.rappel, "the accusé has not been read: the first e-mail tells of it"


def test_une_adresse_a_completer_revient_sur_le_recu(client: Browser, service: Starlette) -> None:
    seen = open_browser(service, STATES["terminee-incomplete"])
    accuse = seen.page.links()["Voir mon accusé de réception"]
    page = seen.press("Enregistrer", recevoir="oui", courriel="nadia")
    assert (page.status, page.path, page.error_fields()) == (422, "/demande/terminee", ["courriel"])
    assert "Le choix des e-mails n'est pas enregistré Votre demande est bien déposée." in page.main
    assert page.tree.css_first("details[open] #courriel[aria-invalid]"), "it is seen without opening anything"
    assert (page.value("recevoir"), page.value("courriel")) == ("oui", "nadia")
    assert page.links()["Voir mon accusé de réception"] == accuse, "all of the receipt is there"
    assert rows(service, Abonnement) == []
    page = seen.press("Enregistrer", courriel="nadia@courriel.example")
    assert page.url == "/demande/terminee?fait=nouvelles#nouvelles"
    assert abonne(service).courriel == "nadia@courriel.example"


def test_choisir_n_annonce_que_le_dernier_message_non_lu(client: Browser, service: Starlette) -> None:
    file(service)
    choisir(client)
    (first,) = rows(service, Nouvelle)
    client.get(HERE)
    client.press("Enregistrer", courriel="autre@courriel.example")
    assert rows(service, Nouvelle) == [first], "another address announces nothing twice"


def test_une_adresse_corrigee_recoit_ce_que_la_premiere_a_refuse(client: Browser, service: Starlette) -> None:
    file(service)
    choisir(client, "nouveles@courriel.example")
    with database(service) as db:
        settle(
            db, db.exec(select(Nouvelle)).one(), Delivery.REFUSEE, service.state.house.settings.clock(), "550"
        )
    client.get(HERE)
    client.press("Enregistrer", courriel="nouveles@courriel.example")
    (refused,) = rows(service, Nouvelle)
    assert refused.issue == Delivery.REFUSEE, "nobody has this address: it is not written to again"
    client.get(HERE)
    client.press("Enregistrer", courriel=COURRIEL)
    (again,) = rows(service, Nouvelle)
    assert (again.id, again.issue, again.suivant_le) == (refused.id, Delivery.ATTEND, None)


@pytest.mark.parametrize("wanted", ["oui", None])
def test_une_adresse_qui_ne_se_lit_plus_se_donne_a_nouveau_ou_s_efface(
    client: Browser, service: Starlette, wanted: str | None
) -> None:
    file(service)
    choisir(client)
    old = abonne(service)
    (waiting,) = rows(service, Nouvelle)
    with database(service) as db:
        settle(db, waiting, Delivery.ABANDONNEE, service.state.house.settings.clock(), "illisible")
        with writing(db):
            damage(db, Abonnement, "fiche")
    page = client.get("/informations")
    assert "Vous ne recevez plus d'e-mail : votre adresse ne se lit plus. Donnez-la à nouveau." in page.main
    page = client.get(HERE)
    assert (
        "Vous ne recevez plus d'e-mail : votre adresse ne se lit plus. Saisissez-la ou vérifiez-la"
        in page.main
    )
    assert page.value("courriel") == "nadia@courriel.example"
    page = client.press("Enregistrer", recevoir=wanted, courriel=COURRIEL if wanted else "")
    assert "ne se lit plus" not in page.main
    new = abonne(service)
    if wanted:
        assert (new.courriel, new.jeton == old.jeton) == (COURRIEL, False)
        assert rows(service, Nouvelle)[0].issue == Delivery.ATTEND, "what could not leave leaves now"
    else:
        assert new is None


def test_le_lien_d_une_adresse_n_arrete_pas_celle_qui_la_remplace(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    choisir(client)
    url, find = f"/nouvelles/arret/{abonne(service).jeton}", abonnement_by_link

    def found_then_changed(*asked: Any) -> Abonnement | None:
        found = find(*asked)
        client.get(HERE)
        client.press("Enregistrer", courriel="autre@courriel.example")
        return found

    monkeypatch.setattr(nouvelles, "abonnement_by_link", found_then_changed)
    TestClient(service).post(url, data=UN_CLIC)
    assert abonne(service).courriel == "autre@courriel.example"


def test_le_lien_demande_avant_d_arreter(client: Browser, service: Starlette) -> None:
    choisir(client)
    url = f"/nouvelles/arret/{abonne(service).jeton}"
    stranger = Browser(TestClient(service))
    page = stranger.get(url)
    assert "set-cookie" not in page.response.headers
    assert abonne(service) is not None, "to open a link stops nothing: scanners of mail do"
    page = stranger.press("Ne plus recevoir d'e-mail")
    assert page.h1 == "Vous ne recevez plus d'e-mail"
    assert abonne(service) is None
    assert page.links()["Me connecter et choisir mes nouvelles"] == "/informations/nouvelles"
    page = stranger.get(url)
    assert "Ce lien ne sert plus" in page.main
    assert page.links()["Me connecter et choisir mes nouvelles"] == "/informations/nouvelles"
    assert COURRIEL not in page.text


def test_un_clic_dans_la_messagerie_arrete_sans_session_ni_jeton_de_formulaire(
    client: Browser, service: Starlette
) -> None:
    """RFC 8058: no cookie, another origin, no redirection followed; and it can be sent twice."""
    choisir(client)
    url = f"/nouvelles/arret/{abonne(service).jeton}"
    mailbox = TestClient(service, follow_redirects=False)
    headers = {"origin": "https://messagerie.exemple", "sec-fetch-site": "cross-site"}
    for _ in range(2):
        answer = mailbox.post(url, data=UN_CLIC, headers=headers)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
    assert abonne(service) is None
    multipart = mailbox.post(url, files={"List-Unsubscribe": (None, "One-Click")})
    assert multipart.status_code == 200


def test_un_compte_efface_pendant_la_reponse_a_un_lien_qui_ne_sert_plus(
    client: Browser, service: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    choisir(client)
    house, found = service.state.house, abonnement_by_link

    def found_then_erased(*asked: Any) -> Abonnement | None:
        abonnement = found(*asked)
        with database(service) as db:
            nadia = compte_of(db, "nadia")
            nir, clock = read_assure(house.ring, nadia).nir, house.settings.clock()
            erase_compte(db, house.shelf, house.ring, nadia.id, nir, clock.date(), clock)
        return abonnement

    monkeypatch.setattr(nouvelles, "abonnement_by_link", found_then_erased)
    answer = client.client.post(f"/nouvelles/arret/{abonne(service).jeton}", data=UN_CLIC)
    assert (answer.status_code, "Ce lien ne sert plus" in answer.text) == (200, True)


def test_ce_lien_n_ouvre_rien_d_autre(client: Browser, service: Starlette) -> None:
    """Sent with the cookies of another person, it stops the e-mails of its own and touches no session."""
    choisir(client)
    url = f"/nouvelles/arret/{abonne(service).jeton}"
    client.sign_out()
    choisir(client, "marc@courriel.example", "marc")
    client.client.post(url, data=UN_CLIC)
    assert abonne(service) is None
    assert abonne(service, "marc") is not None
    assert client.get("/demarches").path == "/demarches", "marc is still signed in"
    assert "Marc" not in client.client.get(url).text
    stranger = TestClient(service, follow_redirects=False)
    assert stranger.get("/informations").headers["location"].startswith("/connexion")


def test_un_lien_invente_n_arrete_rien(client: Browser, service: Starlette) -> None:
    choisir(client)
    known = abonne(service).jeton
    for jeton in ("x", known[:-1], known + "A", rows(service, Abonnement)[0].index_jeton):
        assert client.client.post(f"/nouvelles/arret/{jeton}").status_code == 200
    assert abonne(service) is not None


def test_le_journal_nomme_le_choix_et_personne(client: Browser, service: Starlette) -> None:
    with capture_logs() as lines:
        choisir(client)
        url = f"/nouvelles/arret/{abonne(service).jeton}"
        client.client.post(url)
    noted = [line for line in lines if line["event"] == "nouvelles"]
    assert [line["choix"] for line in noted] == ["oui", "lien"]
    assert len({line["compte"] for line in noted}) == 1
    for secret in (COURRIEL, url.rpartition("/")[2]):
        assert secret not in repr(lines)


def test_sans_serveur_de_courrier_rien_n_est_offert_ni_promis(client: Browser, tmp_path: Path) -> None:
    office = Office(tmp_path).open()
    office.done("assures", "import", office.people(NADIA))
    app = create_app(office.settings.model_copy(update={"cookies_secure": False}))
    browser = Browser(TestClient(app, base_url="https://c2s.caisse-931.fr"))
    browser.get("/connexion")
    browser.press("Se connecter", nir=NIR, motdepasse=PASSWORD)
    assert "e-mail quand" not in browser.get("/informations").main
    assert browser.client.get(HERE).status_code == 404
    assert browser.client.post("/demande/terminee").status_code == 405
    app.state.house.engine.dispose()
