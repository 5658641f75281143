"""Étape 6, sur la page : les documents, les questions, « Suivant »."""

import pytest
from starlette.applications import Starlette

from app.domain.demande import Beneficiaires, Foyer, Pieces
from tests.support import samples
from tests.support.browser import Browser
from tests.support.household import une_personne
from tests.support.waiting import LINA, PIECES, TOUT_NON, answers, ready, send, sent, waiting

AVIS = ("avis.pdf", samples.pdf(3))
LES_DEUX_AVIS = [sent("avis_moi", *AVIS), sent(f"avis_{LINA}", "lina.pdf", samples.pdf(2))]
VALIDATION = "Validation de ma demande"


def test_la_page_dit_les_limites_avant_l_envoi(client: Browser, service: Starlette) -> None:
    page = ready(client, service)
    assert page.h1 == "Mes pièces justificatives"
    assert "PDF de 2 Mo au plus, ou photo" in page.main
    assert "10 fichiers au plus par document, 40 pour toute la demande" in page.main
    assert "Joignez toutes les pages : un PDF, ou une photo par page." in page.main
    assert "Vos fichiers sont effacés si vous quittez votre compte avant de valider" in page.main
    assert "Entre le 24 novembre 2025 et aujourd'hui." in page.main
    assert "Il reste 2 documents à joindre" in page.main
    assert page.links()["Réduire un document"] == "/aide/reduire-un-document"


def test_un_avis_pour_soi_et_pour_chaque_personne_de_seize_ans(client: Browser, service: Starlette) -> None:
    page = ready(client, service)
    assert [node.text(strip=True) for node in page.tree.css("section h3")][:2] == ["Nadia (vous)", "Lina"]
    assert "Sami" not in page.main
    assert not page.tree.css("#figure_moi")
    assert page.tree.css(f"#figure_{LINA}")


def test_suivant_avec_tous_les_documents_mene_a_la_validation(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = client.press("Suivant", TOUT_NON, files=LES_DEUX_AVIS)
    assert page.h1 == VALIDATION
    assert [fichier.nom for fichier in waiting(client, service)] == ["avis.pdf", "lina.pdf"]
    assert answers(client, service) == Pieces(bien=False, etranger=False, vu=True)
    page = client.get(PIECES)
    assert "Tous les documents demandés sont joints" in page.main
    assert page.main.count("Document joint : 1 fichier reçu") == 2
    assert page.value("bien") == "non"


def test_je_n_ai_pas_ce_document_ne_bloque_personne(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = client.press("Suivant", TOUT_NON | {"pas_avis_moi": "oui", f"figure_{LINA}": "oui"})
    assert page.h1 == VALIDATION
    page = client.get(PIECES)
    assert "C'est noté : vous n'avez pas ce document" in page.main
    assert "Lina figure sur votre avis. Son avis n'est plus demandé" in page.main
    assert "À envoyer plus tard : Avis d'impôt : Nadia" in page.main
    assert not page.tree.css(f"#fichier_avis_{LINA}")
    assert page.value("pas_avis_moi") == "oui"


@pytest.mark.parametrize(
    ("fields", "champs", "message"),
    [
        pytest.param({"pas_avis_moi": None}, ["fichier_avis_moi"], "Joignez votre avis d'impôt", id="avis"),
        pytest.param(
            {f"figure_{LINA}": None},
            [f"fichier_avis_{LINA}"],
            "Ou cochez « Lina figure sur mon avis d'imposition », ou « Je n'ai pas ce document ».",
            id="avis d'une bénéficiaire",
        ),
        pytest.param(
            {"bien": None}, ["bien_oui"], "Répondez à la question sur le bien immobilier", id="bien"
        ),
        pytest.param(
            {"bien": "peut-être"}, ["bien_oui"], "Répondez à la question sur le bien", id="bien inconnu"
        ),
        pytest.param({"etranger": None}, ["etranger_oui"], "votre séjour à l'étranger", id="étranger"),
    ],
)
def test_un_refus_dit_quoi_faire_et_garde_tout(
    client: Browser, service: Starlette, fields: dict[str, str | None], champs: list[str], message: str
) -> None:
    ready(client, service)
    good = TOUT_NON | {"pas_avis_moi": "oui", f"figure_{LINA}": "oui"}
    page = client.press("Suivant", good | fields)
    assert page.status == 422
    assert page.error_fields() == champs
    assert message in page.errors[0]
    for name, value in good.items():
        assert page.value(name) == ("" if name in fields else value)
    assert answers(client, service) == Pieces()


def test_les_refus_suivent_l_ordre_de_la_page(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = client.press("Suivant")
    assert page.error_fields() == ["bien_oui", "etranger_oui", "fichier_avis_moi", f"fichier_avis_{LINA}"]


@pytest.mark.parametrize(
    ("fields", "phrase", "codes"),
    [
        ({"bien": "oui"}, "Joignez maintenant ces deux documents", ["fonciere", "habitation"]),
        ({"etranger": "oui"}, "Joignez maintenant un document de ce pays", ["etranger"]),
        (
            {"bien": "oui", "etranger": "oui"},
            "D'autres documents sont demandés",
            ["fonciere", "habitation", "etranger"],
        ),
    ],
)
def test_un_nouveau_oui_revient_avec_une_phrase(
    client: Browser, service: Starlette, fields: dict[str, str], phrase: str, codes: list[str]
) -> None:
    ready(client, service)
    page = client.press("Suivant", TOUT_NON | fields, files=LES_DEUX_AVIS)
    assert (page.status, page.path) == (200, PIECES)
    assert phrase in page.main
    assert len(waiting(client, service)) == 2
    page = client.press("Suivant")
    assert page.error_fields() == [f"fichier_{code}" for code in codes]
    page = client.press("Suivant", {f"pas_{code}": "oui" for code in codes})
    assert page.h1 == VALIDATION


def test_un_oui_deja_montre_par_une_page_refusee_n_est_plus_nouveau(
    client: Browser, service: Starlette
) -> None:
    ready(client, service)
    page = client.press("Suivant", {"bien": "oui", "etranger": "non"})
    assert page.error_fields() == ["fichier_avis_moi", f"fichier_avis_{LINA}"]
    assert page.tree.css("#fichier_fonciere")
    page = client.press("Suivant", {"pas_avis_moi": "oui", f"figure_{LINA}": "oui"})
    assert page.error_fields() == ["fichier_fonciere", "fichier_habitation"]
    assert page.errors[1].startswith("Joignez l'avis de taxe d'habitation, ou cochez")


def test_la_taxe_jointe_avec_le_oui_suffit(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = client.press(
        "Suivant",
        {"bien": "oui", "etranger": "non", "pas_habitation": "oui"},
        files=[*LES_DEUX_AVIS, sent("fonciere", "taxe.pdf", samples.pdf(2))],
    )
    assert page.h1 == VALIDATION


def test_un_bien_sans_taxe_d_habitation_ne_laisse_rien_a_attendre(
    client: Browser, service: Starlette
) -> None:
    """The page says to tick the box when there is no such tax: the two months wait for no document that is not."""
    ready(client, service)
    page = client.press(
        "Suivant",
        {"bien": "oui", "etranger": "non", "pas_habitation": "oui"},
        files=[*LES_DEUX_AVIS, sent("fonciere", "taxe.pdf", samples.pdf(2))],
    )
    assert "Il manque" not in page.main
    page = client.get(PIECES)
    assert "C'est noté : vous n'avez pas ce document." in page.main
    assert "Votre caisse vous dira quoi faire" not in page.main
    assert "Tous les documents demandés sont joints." in page.main


def test_un_fichier_et_je_n_ai_pas_ce_document_se_contredisent(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = send(
        client, "avis_moi", AVIS, pas_avis_moi="oui", bien="non", etranger="non", **{f"figure_{LINA}": "oui"}
    )
    assert page.status == 200
    page = client.press("Suivant")
    assert page.error_fields() == ["pas_avis_moi"]
    assert "Décochez la case, ou supprimez avis.pdf" in page.errors[0]
    assert client.press("Suivant", pas_avis_moi=None).h1 == VALIDATION


def test_une_personne_qui_figure_sur_l_avis_peut_joindre_le_sien(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = client.press("Suivant", TOUT_NON | {f"figure_{LINA}": "oui"}, files=LES_DEUX_AVIS)
    assert page.h1 == VALIDATION


def test_decocher_figure_redemande_l_avis_sans_reproche(client: Browser, service: Starlette) -> None:
    ready(client, service)
    client.press("Suivant", TOUT_NON | {"pas_avis_moi": "oui", f"figure_{LINA}": "oui"})
    client.get(PIECES)
    page = client.press("Suivant", {f"figure_{LINA}": None})
    assert page.path == PIECES
    assert "L'avis est demandé pour Lina." in page.main
    assert client.press("Suivant").error_fields() == [f"fichier_avis_{LINA}"]


def test_un_avis_pdf_d_une_page_est_signale_une_fois_puis_accepte(
    client: Browser, service: Starlette
) -> None:
    ready(client, service)
    client.press(
        "Suivant", TOUT_NON | {f"figure_{LINA}": "oui"}, files=[sent("avis_moi", "avis.pdf", samples.pdf(1))]
    )
    assert client.page.path == PIECES
    assert "Ce PDF compte une seule page." in client.page.main
    assert client.press("Suivant").h1 == VALIDATION


def test_une_page_et_une_photo_ne_sont_pas_signalees(client: Browser, service: Starlette) -> None:
    ready(client, service)
    page = send(client, "avis_moi", ("avis.pdf", samples.pdf(1)), ("suite.jpg", samples.photo()))
    assert "une seule page" not in page.main
    page = send(client, "rsa", ("caf.pdf", samples.pdf(1)))
    assert "une seule page" not in page.main


def test_l_attestation_rsa_est_facultative_sauf_pour_qui_l_attend(
    client: Browser, service: Starlette
) -> None:
    jules = une_personne("zz11", rsa_en_cours=True)
    page = ready(client, service, beneficiaires=Beneficiaires(personnes=(jules,), vu=True))
    assert page.tree.css_first("#t_rsa").text(strip=True).endswith("(facultatif)")
    assert not page.tree.css("#pas_rsa")
    assert "Vous avez coché « Demande de RSA en cours » pour Jules" in page.main
    assert page.links()["Décochez la case à l'étape 2"] == "/demande/beneficiaires/zz11"
    page = client.press("Suivant", TOUT_NON, files=LES_DEUX_AVIS)
    assert page.error_fields() == ["fichier_rsa_zz11"]
    assert "l'attestation de la CAF ou de la MSA pour Jules" in page.errors[0]
    assert client.press("Suivant", files=[sent("rsa_zz11", "caf.pdf", samples.pdf(1))]).h1 == VALIDATION


def test_repondre_non_garde_les_fichiers_et_le_dit(client: Browser, service: Starlette) -> None:
    ready(client, service)
    send(client, "avis_moi", AVIS, bien="oui")
    send(client, "fonciere", ("taxe.pdf", samples.pdf(2)), pas_habitation="oui")
    page = client.press("Suivant", {"bien": "non", "etranger": "non", f"figure_{LINA}": "oui"})
    assert page.h1 == VALIDATION
    page = client.get(PIECES)
    assert "Vos fichiers pour ces taxes restent gardés si vous répondez à nouveau « Oui »" in page.main
    assert client.press("Suivant", {"bien": "oui"}).h1 == VALIDATION
    assert "taxe.pdf" in client.get(PIECES).main


def test_une_page_d_avant_un_changement_du_foyer_ne_perd_rien(client: Browser, service: Starlette) -> None:
    ready(client, service, foyer=Foyer(vu=True, retires=(LINA,)))
    fields = {
        **TOUT_NON,
        "montre": "avis_moi avis_m3xw rsa",
        "pas_avis_m3xw": "oui",
        "envoyer": f"avis_{LINA}",
    }
    page = client.post(PIECES, fields, files=[sent(f"avis_{LINA}", "lina.pdf", samples.pdf(2))])
    assert page.status == 200
    assert "n'est plus là" in page.main
    assert waiting(client, service) == []
    assert answers(client, service) == Pieces(bien=False, etranger=False)


@pytest.mark.parametrize("fields", [{"action": "suivant"}, {"envoyer": "x"}, {"supprimer": "x"}, {}])
def test_rien_d_inconnu_ne_fait_de_faute(client: Browser, service: Starlette, fields: dict[str, str]) -> None:
    ready(client, service)
    odd = {"montre": "x y", "figure_x": "oui", "pas_rsa": "oui", "pas_x": "oui", "bien": "x", "etranger": "'"}
    page = client.post(PIECES, odd | fields, files=[sent("x", "avis.pdf", samples.pdf())])
    assert page.status in (200, 422)
    assert waiting(client, service) == []
    assert answers(client, service) == Pieces()
