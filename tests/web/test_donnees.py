"""« Mon compte, mes données » : tout ce qui est su, pour la personne et pour elle seule."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import html5lib
import pytest
from pydantic import BaseModel
from selectolax.lexbor import LexborHTMLParser
from sqlmodel import col
from starlette.applications import Starlette
from structlog.testing import capture_logs

from app.demo.remise import choose_news
from app.domain.assure import Assure
from app.domain.format import FORMAT
from app.domain.suivi import Etat
from app.store.comptes import read_assure
from app.store.database import writing
from app.store.decisions import demande_named
from app.store.liens import link, name_of
from app.store.suivi import ACCUSE, COMPLEMENT
from app.store.tables import (
    Abonnement,
    Consultation,
    DemandeDeposee,
    Echange,
    LienFournisseur,
    Piece,
    PieceEnAttente,
    SessionOuverte,
)
from app.web.donnees import HERE, LABELS, lines_of, name_of_device
from tests.support import samples
from tests.support.browser import Browser, plain
from tests.support.filed import FILED, compte_of, damage, database, ring, rows
from tests.support.runner import done, file_demande, refused
from tests.support.waiting import ready, send, session_id

LIRE, PROGRAMME = f"{HERE}/mes-donnees.html", f"{HERE}/mes-donnees.json"
MOT = "La pension de Lina est 1 200 €."


@pytest.fixture
def reference(client: Browser, service: Starlette) -> str:
    """Nadia a déposé une demande, écrit à sa caisse, choisi des nouvelles ; elle est connectée."""
    filed = file_demande(service)
    with database(service) as db:
        choose_news(db, service.state.house, compte_of(db, "nadia"))
    client.sign_in("nadia")
    client.get(f"/suivi/{filed}/completer")
    client.press("Envoyer", {"message": MOT})
    return filed


def assure(service: Starlette, cle: str = "nadia") -> Assure:
    with database(service) as db:
        return read_assure(ring(service), compte_of(db, cle))


def copie(client: Browser) -> dict[str, Any]:
    found: dict[str, Any] = client.client.get(PROGRAMME).json()
    return found


def test_le_fichier_json_dit_tout(client: Browser, service: Starlette, reference: str) -> None:
    mine = copie(client)
    assert Assure.model_validate(mine["compte"]) == assure(service)
    (demande,) = mine["demandes"]
    assert demande["reference"] == reference
    assert [personne["prenom"] for personne in demande["demande"]["reponses"]["foyer"]] == [
        "Nadia",
        "Sami",
        "Lina",
    ]
    assert [echange["genre"] for echange in demande["echanges"]] == ["accuse", "complement"]
    assert MOT in json.dumps(demande["echanges"], ensure_ascii=False)
    assert mine["nouvelles"]["courriel"] == "nadia@courriel.example"
    assert len(mine["sessions"]) == 1
    assert set(mine) == {"format", "le", "compte", "fournisseur", "nouvelles", "sessions", "demandes"}


def test_la_page_a_lire_dit_la_meme_chose_sans_rien_d_autre(
    client: Browser, service: Starlette, reference: str
) -> None:
    html = client.client.get(LIRE).text
    parser = html5lib.HTMLParser()
    parser.parse(html)
    tree = LexborHTMLParser(html)
    assert parser.errors == []
    assert tree.css_first("html").attributes["lang"] == "fr"
    assert len(tree.css("h1")) == 1
    text = plain(tree.css_first("main").text(separator=" "))
    compte = assure(service)
    for said in (
        compte.nir,
        *(enfant.nir for enfant in compte.enfants),
        compte.courriel,
        "Nadia Exemple, 14 juin 1988",
        reference,
        "Avis d'impôt : Nadia",
        plain(MOT),
        "votre caisse reçoit votre demande",
        "Choisies le 24 novembre 2026",
    ):
        assert said in text, said
    assert not tree.css("script, style, link, img, [style], form"), "it is read anywhere, and calls nobody"
    assert "None" not in text


def test_une_lettre_qui_ne_se_lit_plus_est_dite_avec_quoi_faire(
    client: Browser, service: Starlette, reference: str
) -> None:
    """Celle de la décision, d'où vient le dernier jour, ou l'accusé, qui dit ce qui est déclaré."""
    done(service, "demandes", "decide", reference, "accord-gratuit")
    with database(service) as db, writing(db):
        damage(db, Echange, "corps", col(Echange.genre).in_([ACCUSE, Etat.ACCORD_GRATUIT]))
    text = a_lire(client)
    for said in (
        "Pour en recevoir une copie, écrivez à votre caisse : CPAM",
        "Le message qui donne la décision ne se lit plus.",
        "L'accusé de réception ne se lit plus. Vos réponses sont dans le fichier JSON.",
        "12 novembre 2026 : un message de votre caisse, à",
        "Nadia Exemple, 14 juin 1988",
        plain(MOT),
    ):
        assert said in text, said
    assert text.count("un message de votre caisse") == 2
    (demande,) = copie(client)["demandes"]
    assert [perdu["genre"] for perdu in demande["echanges_perdus"]] == ["accuse", "accord_gratuit"]
    assert MOT in json.dumps(demande["echanges"], ensure_ascii=False)
    assert demande["gardee_jusqu_au"] is None
    page = client.get(HERE)
    assert page.status == 200
    assert "Pour savoir jusqu'à quand votre demande est gardée, écrivez à votre caisse." in page.main


def test_des_reponses_qui_ne_se_lisent_plus_laissent_lire_le_reste(
    client: Browser, service: Starlette, reference: str
) -> None:
    client.get(f"/suivi/{reference}/completer")
    client.press("Envoyer", {"message": MOT}, files=[("fichier_complement", ("a.pdf", samples.pdf(), ""))])
    assert "ne se lit plus" not in a_lire(client)
    with database(service) as db, writing(db):
        damage(db, DemandeDeposee, "instantane", DemandeDeposee.reference == reference)
        damage(db, Piece, "cle")
        damage(db, Echange, "corps", col(Echange.genre) == COMPLEMENT)
    text = a_lire(client)
    assert "Les réponses que vous avez envoyées ne se lisent plus." in text
    assert "son nom ne se lit plus" in text
    assert "un message que vous avez envoyé, à" in text
    assert "Avis d'impôt : Nadia" in text, "the accusé says what was lacking"
    (demande,) = copie(client)["demandes"]
    assert demande["demande"] is None


def test_une_adresse_ou_un_lien_abimes_laissent_lire_le_reste(
    client: Browser, service: Starlette, reference: str
) -> None:
    with database(service) as db, writing(db):
        link(db, ring(service), compte_of(db, "nadia"), name_of("https://fi.exemple", "b2c9"), FILED)
        damage(db, LienFournisseur, "sub")
        damage(db, Abonnement, "fiche")
    text = a_lire(client)
    assert "Votre repère chez FranceConnect ne se lit plus." in text
    assert (
        "Choisies le 24 novembre 2026. L'adresse ne se lit plus. Donnez-la à nouveau dans « Mes informations »"
        in text
    )
    assert reference in text
    mine = copie(client)
    assert mine["fournisseur"]["identifiant"] == mine["nouvelles"]["courriel"] == ""
    assert mine["demandes"][0]["demande"] is not None


def test_des_reponses_d_un_format_plus_recent_attendent_la_mise_a_jour(
    client: Browser, service: Starlette, reference: str
) -> None:
    """During an update, a service of the version before answers for a demande that the next one filed."""
    with database(service) as db, writing(db):
        demande = demande_named(db, reference)
        demande.format = FORMAT + 1
        db.add(demande)
    text = a_lire(client)
    assert (
        "Il ne lit pas encore les réponses que vous avez envoyées. Faites une autre copie plus tard." in text
    )
    assert "ne se lit plus" not in text
    assert "ne se lisent plus" not in text
    (demande,) = copie(client)["demandes"]
    assert demande["demande"] is None
    assert MOT in json.dumps(demande["echanges"], ensure_ascii=False)
    assert client.get(HERE).status == 200


def a_lire(client: Browser) -> str:
    """The text of the page to read, which is sound HTML."""
    html = client.client.get(LIRE).text
    parser = html5lib.HTMLParser()
    parser.parse(html)
    assert parser.errors == []
    assert "None" not in html
    return plain(LexborHTMLParser(html).css_first("main").text(separator=" "))


def test_chaque_chose_du_compte_a_son_nom(service: Starlette) -> None:
    """A field added to the account is in the file to read, under a name."""
    for model, labels in LABELS.items():
        assert list(labels) == list(model.model_fields), model.__name__
    nested = {model for model in LABELS if model is not Assure}
    known = {
        kind
        for field in Assure.model_fields.values()
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ()))
        if isinstance(kind, type) and issubclass(kind, BaseModel)
    }
    assert known == nested
    assert ("Droit ouvert à l'Assurance Maladie", "oui") in lines_of(assure(service))


def test_le_numero_n_est_ni_dans_une_adresse_ni_dans_un_nom_de_fichier(
    client: Browser, service: Starlette, reference: str
) -> None:
    compte = assure(service)
    page = client.get(HERE)
    assert compte.nir not in page.text
    for url in (LIRE, PROGRAMME):
        headers = client.client.get(url).headers
        assert headers["content-disposition"] == f'attachment; filename="{url.rpartition("/")[2]}"'
        assert headers["cache-control"] == "no-store"
        for secret in (compte.nir, compte.nom, reference):
            assert secret not in url + repr(headers)
    assert client.client.get(f"{HERE}/{compte.nir}.json").status_code == 404


def test_le_repere_d_un_fournisseur_d_identite_y_est(client: Browser, service: Starlette) -> None:
    client.sign_in("nadia")
    assert copie(client)["fournisseur"] is None
    with database(service) as db, writing(db):
        link(db, ring(service), compte_of(db, "nadia"), name_of("https://fi.exemple", "b2c9"), FILED)
    assert copie(client)["fournisseur"]["identifiant"] == "https://fi.exemple b2c9"
    assert "https://fi.exemple b2c9" in client.client.get(LIRE).text


def test_rien_d_un_autre_compte(
    client: Browser, make_client: Callable[[], Browser], service: Starlette, reference: str
) -> None:
    other = make_client()
    other.sign_in("marc")
    nadia = assure(service)
    shown = other.get(HERE).text + other.client.get(LIRE).text + other.client.get(PROGRAMME).text
    for secret in (
        nadia.nir,
        "Nadia",
        nadia.courriel,
        reference,
        MOT,
        *(enfant.prenom for enfant in nadia.enfants),
    ):
        assert secret not in shown
    assert assure(service, "marc").nir in shown


def test_il_faut_etre_connecte(client: Browser) -> None:
    for url in (HERE, LIRE, PROGRAMME):
        assert client.get(url).path == "/connexion"


def test_le_journal_dit_qui_a_ouvert_copie_decide_et_quand(
    client: Browser, service: Starlette, reference: str, tmp_path: Path
) -> None:
    done(service, "demandes", "show", reference, today=date(2026, 11, 25))
    done(service, "demandes", "export", reference, tmp_path / "export", today=date(2026, 11, 26))
    done(service, "demandes", "decide", reference, "accord-gratuit", today=date(2026, 11, 27))
    page = client.get(HERE)
    said = [plain(line.text()) for line in page.tree.css("main h3 + ul li")]
    assert [re.sub(r" à \d+ h \d+", "", line) for line in said] == [
        "27 novembre 2026 : votre caisse accorde la C2S",
        "26 novembre 2026 : votre caisse prend une copie de votre demande, pour l'étudier",
        "25 novembre 2026 : votre caisse ouvre votre demande",
        "24 novembre 2026 : vous envoyez une correction ou un complément",
        "12 novembre 2026 : votre caisse reçoit votre demande",
    ]
    assert [line["quoi"] for line in copie(client)["demandes"][0]["evenements"]][-3:] == [
        "ouverte",
        "exportee",
        "accord_gratuit",
    ]
    assert "ouvre votre demande" not in client.get(f"/suivi/{reference}").main, (
        "the suivi tells the states only"
    )


def test_ce_qui_n_est_pas_lu_n_est_pas_note(service: Starlette, reference: str) -> None:
    done(service, "demandes", "list")
    refused(service, "demandes", "show", "C2S-2026-999999")
    assert rows(service, Consultation) == []


def test_ce_qui_est_garde_l_est_jusqu_au_jour_de_la_purge(
    client: Browser, service: Starlette, reference: str
) -> None:
    until = date.fromisoformat(copie(client)["demandes"][0]["gardee_jusqu_au"])
    assert f"{until.day} novembre {until.year} au plus tard" in client.get(HERE).main
    done(service, "purge", today=until)
    assert reference in client.get(HERE).main
    done(service, "purge", today=until + timedelta(days=1))
    page = client.get(HERE)
    assert reference not in page.main
    assert "Vous n'avez pas déposé de demande." in page.main


def test_un_autre_appareil_se_ferme_d_ici_avec_sa_demande(
    client: Browser, make_client: Callable[[], Browser], service: Starlette
) -> None:
    lost = make_client()
    ready(lost, service, "nadia")
    send(lost, "avis_moi", ("avis.pdf", samples.pdf(pages=2)))
    client.sign_in("nadia")
    page = client.get(HERE)
    assert "Une demande y est commencée." in page.main
    assert page.buttons().count("Se déconnecter") <= 1
    page = client.press("Fermer")
    assert "Fermer cette session efface la demande commencée." in page.main
    assert page.links()["Ne pas fermer"] == f"{HERE}#sessions"
    for anchor in (urlsplit(page.url).fragment, "sessions"):  # where one lands, a title takes the focus
        assert page.tree.css_first(f":is(h2, h3)[tabindex='-1']#{anchor}"), anchor
    assert lost.get("/demande/pieces").path == "/demande/pieces", "nothing is lost yet"
    page = client.press("Fermer et tout effacer")
    assert page.url == f"{HERE}?fait=fermee#sessions"
    assert "Cette session est fermée." in page.main
    assert lost.get("/demande/pieces").path == "/session-expiree"
    assert rows(service, PieceEnAttente) == []
    assert client.get("/demarches").path == "/demarches", "this device stays"
    assert "Fermer" not in client.get(HERE).buttons()


def test_la_question_reste_a_propos_du_meme_appareil(
    client: Browser, make_client: Callable[[], Browser], service: Starlette
) -> None:
    """Devices that come and go meanwhile change its rank, not its name."""
    lost, gone, late = (make_client() for _ in range(3))
    for other in (lost, gone):
        ready(other, service, "nadia")
    client.sign_in("nadia")
    client.get(HERE)
    asked = name_of_device(session_id(lost, service))
    client.press("Fermer", value=asked)
    gone.sign_out()
    ready(late, service, "nadia")
    page = client.get(client.page.url)
    question = page.tree.css_first(f"#appareil_{asked}")
    assert "Fermer cette session efface la demande commencée." in plain(question.text())
    assert len([text for text in page.buttons() if text.startswith("Fermer et tout effacer")]) == 1
    client.press("Fermer et tout effacer")
    assert lost.get("/demande/pieces").path == "/session-expiree"
    assert late.get("/demande/pieces").path == "/demande/pieces"


def test_le_nom_d_un_appareil_ne_sert_qu_a_le_fermer(
    client: Browser, make_client: Callable[[], Browser], service: Starlette
) -> None:
    other = make_client()
    other.sign_in("nadia")
    client.sign_in("nadia")
    identity = session_id(other, service)
    nom = name_of_device(identity)
    assert nom in client.get(HERE).text
    assert not any(identity[at : at + 12] in client.page.text for at in range(len(identity) - 11))


def test_fermer_un_appareil_ne_renomme_pas_les_autres(
    client: Browser, make_client: Callable[[], Browser]
) -> None:
    for other in (make_client(), make_client()):
        other.sign_in("nadia")
    client.sign_in("nadia")
    _, second = [button for button in client.get(HERE).buttons() if button.startswith("Fermer")]
    client.press("Fermer")
    assert second in client.get(HERE).buttons()


def test_on_ne_ferme_ni_la_session_d_un_autre_ni_la_sienne(
    client: Browser, make_client: Callable[[], Browser], service: Starlette
) -> None:
    other = make_client()
    other.sign_in("marc")
    client.sign_in("nadia")
    client.get(HERE)
    for row in rows(service, SessionOuverte):
        for nom in (name_of_device(row.id), row.id[:16], row.id, ""):
            client.post(HERE, {"session": nom})
    assert other.get("/demarches").path == "/demarches"
    assert client.get("/demarches").path == "/demarches"


def test_une_copie_est_notee_sans_nom(client: Browser, service: Starlette, reference: str) -> None:
    with capture_logs() as lines:
        copie(client)
    (line,) = [line for line in lines if line.get("journal") == "securite"]
    assert (line["event"], len(line["compte"])) == ("copie", 16)
    assert reference not in repr(lines)
