"""Étape 2, la liste des personnes ajoutées : retirer, remettre, continuer."""

import re
from datetime import date

import pytest
from starlette.applications import Starlette

from app.domain.demande import Beneficiaires, Changement, Foyer, Lien, OrganismesDuFoyer
from app.domain.dossier import Dossier
from app.domain.moins_de_25_ans import MoinsDe25Ans
from app.journey import JOURNEY
from app.steps import beneficiaires
from tests.conftest import TODAY
from tests.support.browser import Browser
from tests.support.drafts import current, seed
from tests.support.household import (
    AJOUTER,
    JULES,
    LISTE,
    NIR,
    SITUATION,
    ajoute,
    ajoutees,
    arrive,
    compte_de,
    une_personne,
)

EN_COUPLE = MoinsDe25Ans(enfant=False, couple=True)


def test_personne_a_ajouter(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, compte="marc")
    assert page.h1 == "Les personnes de mon foyer"
    assert "Déjà dans votre foyer : vous." in page.main
    assert "Personne d'autre ? Choisissez « Suivant »." in page.main
    assert page.links()["Ajouter une personne"] == AJOUTER
    assert page.links()["Retour"] == "/demande/foyer"
    response = client.client.post(
        LISTE, data={"jeton": client.token, "action": "suivant"}, follow_redirects=False
    )
    assert (response.status_code, response.headers["location"]) == (303, "/demande/organisme")
    assert current(client, service).demande.beneficiaires.vu


def test_retirer_puis_remettre(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9", nir=NIR, garde_alternee=True, rsa_en_cours=True))
    page = client.press("Retirer Jules du foyer")
    assert "Jules ne fait plus partie de votre foyer. Nombre de personnes : 3." in page.main
    assert "Personnes ajoutées : 0" in page.main
    assert page.url.endswith("#p_m4q9")
    assert "autofocus" in page.tree.css_first("#p_m4q9").attributes
    assert "Modifier : Jules" not in page.links()
    page = client.press("Remettre Jules dans le foyer")
    assert "Jules fait à nouveau partie de votre foyer. Nombre de personnes : 4." in page.main
    assert "Demande de RSA en cours" in page.main
    assert ajoutees(client, service)[0].nir == NIR


def test_deux_personnes_du_meme_prenom_ont_une_seule_fois_leur_date(
    client: Browser, service: Starlette
) -> None:
    arrive(client, service, une_personne("m4q9"), une_personne("z7tb", naissance=date(2014, 5, 2)))
    there, gone = client.page, client.press("Retirer Jules (2 mai 2014) du foyer")
    for carte in (*there.tree.css("li.carte"), *gone.tree.css("li.carte")):
        said = " ".join(node.text() for node in carte.css("h3, p"))
        assert len(re.findall(r"\d+(?:er)?\s\w+\s\d{4}", said)) == 1, said


def test_un_double_appui_ne_change_rien_de_plus(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9"))
    for bouton, phrase in (("retirer", "ne fait plus partie"), ("remettre", "fait à nouveau partie")):
        for _ in range(2):
            page = client.post(LISTE, {bouton: "m4q9"})
            assert f"Jules {phrase} de votre foyer." in page.main
    assert current(client, service).demande.beneficiaires.retires == ()


@pytest.mark.parametrize("bouton", ["retirer", "remettre"])
@pytest.mark.parametrize("cle", ["zzzz", "", "moi", "k7qd", "<b>"])
def test_une_cle_inconnue_redonne_la_page(client: Browser, service: Starlette, bouton: str, cle: str) -> None:
    arrive(client, service, une_personne("m4q9"))
    page = client.post(LISTE, {bouton: cle})
    assert page.status == 200
    assert "Ce que vous vouliez changer n'est plus là." in page.main
    assert current(client, service).demande.beneficiaires.retires == ()


def test_un_second_conjoint_ne_revient_pas(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9", lien=Lien.CONJOINT), une_personne("z7tb", prenom="N'Golo", lien=Lien.CONJOINT))  # fmt: skip
    seed(client, service, beneficiaires=current(client, service).demande.beneficiaires.model_copy(update={"retires": ("m4q9",)}))  # fmt: skip
    client.get(LISTE)
    page = client.press("Remettre Jules dans le foyer")
    assert page.status == 422
    assert page.error_fields() == ["p_m4q9"]
    assert "déjà un conjoint ou une conjointe : N'Golo. Retirez d'abord cette personne" in page.errors[0]
    assert f"À corriger : {page.errors[0]}" in page.main
    client.press("Retirer N'Golo du foyer")
    assert client.press("Remettre Jules dans le foyer").status == 200


def test_une_21e_personne_ne_revient_pas(client: Browser, service: Starlette) -> None:
    gens = [une_personne(f"p{rang:03}", prenom=f"Lou{'a' * rang}") for rang in range(18)]
    arrive(client, service)
    seed(client, service, beneficiaires=Beneficiaires(personnes=tuple(gens), retires=("p003",)))
    client.get(LISTE)
    page = client.press("Remettre Louaaa dans le foyer")
    assert page.error_fields() == ["p_p003"]
    assert "Vous ne pouvez pas ajouter une 21e personne ici." in page.errors[0]


def test_un_numero_repris_par_une_autre_empeche_de_revenir(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9", nir=NIR))
    client.press("Retirer Jules du foyer")
    ajoute(client, prenom="Lou")
    page = client.press("Remettre Jules dans le foyer")
    assert page.error_fields() == ["p_m4q9"]
    assert "Jules et Lou ont le même numéro de sécurité sociale." in page.errors[0]
    assert NIR not in page.text


def test_une_personne_qui_vient_d_avoir_25_ans_sort_du_foyer(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, une_personne("m4q9", naissance=date(2001, 11, 24)))
    assert "25 ans ou plus : en dehors de votre foyer" in page.main
    assert "Jules a 25 ans." in page.main
    assert "Personnes ajoutées : 0" in page.main
    page = client.press("Retirer Jules du foyer")
    assert "Remettre Jules dans le foyer" not in page.buttons()
    assert "n'est plus là" in client.post(LISTE, {"remettre": "m4q9"}).main


def test_une_vie_en_couple_sans_conjoint_est_signalee_sans_bloquer(
    client: Browser, service: Starlette
) -> None:
    """R861-2 counts the conjoint: who said so two pages before, and adds nobody, is told once that nobody is there."""
    arrive(client, service)
    assert "Votre conjoint(e) n'est pas dans votre foyer" not in client.page.main
    couple = SITUATION.model_copy(update={"changement": Changement.COUPLE})
    seed(client, service, situation=couple, foyer=Foyer(vu=True))
    page = client.get(LISTE)
    assert (
        "Votre conjoint(e) n'est pas dans votre foyer Vous avez répondu que vous êtes en couple." in page.main
    )
    ajoute(client, prenom="Zoé", lien="conjoint", nir_confirme="oui", naissance_annee="1985")
    assert "Votre conjoint(e) n'est pas dans votre foyer" not in client.page.main
    client.get(LISTE)
    page = client.press("Retirer Zoé du foyer")
    assert "Votre conjoint(e) n'est pas dans votre foyer" not in page.main, "the person has just said so"
    assert client.press("Suivant").path == "/demande/organisme"


def test_un_enfant_dit_avant_25_ans_est_a_ajouter(client: Browser, service: Starlette) -> None:
    """A child opens the démarche before 25: born since, without a number yet, the child is not on the account."""
    signale = "Aucun enfant n'est dans votre foyer"
    client.start("leo")
    seed(
        client,
        service,
        moins_de_25_ans=MoinsDe25Ans(enfant=True),
        situation=SITUATION,
        foyer=Foyer(vu=True),
    )
    page = client.get(LISTE)
    assert signale in page.main
    assert "même sans numéro de sécurité sociale" in page.main
    assert client.press("Suivant").path == "/demande/organisme"
    ajoute(client, prenom="Lou", naissance_annee="2026", nir="", cle="", pas_de_numero="oui")
    assert signale not in client.page.main
    assert signale not in client.press("Retirer Lou du foyer").main, "the person has just said so"


def test_un_enfant_ne_se_rappelle_pas_a_un_foyer_plein(client: Browser, service: Starlette) -> None:
    """Nobody is told to add a child where the page offers no way to."""
    client.start("leo")
    others = tuple(une_personne(f"p{rang:03}", prenom="Lou", lien=Lien.AUTRE) for rang in range(19))
    seed(
        client,
        service,
        moins_de_25_ans=MoinsDe25Ans(enfant=True),
        situation=SITUATION,
        foyer=Foyer(vu=True),
        beneficiaires=Beneficiaires(personnes=others),
    )
    page = client.get(LISTE)
    assert "Votre foyer compte déjà 20 personnes" in page.main
    assert "Aucun enfant n'est dans votre foyer" not in page.main


def test_un_couple_dit_avant_25_ans_compte_aussi(client: Browser, service: Starlette) -> None:
    client.start("leo")
    seed(client, service, moins_de_25_ans=EN_COUPLE, situation=SITUATION, foyer=Foyer(vu=True))
    assert "Vous avez répondu que vous êtes en couple." in client.get(LISTE).main
    assert client.press("Suivant").path == "/demande/organisme"


def test_l_enfant_d_un_conjoint_absent_est_signale_sans_bloquer(client: Browser, service: Starlette) -> None:
    page = arrive(client, service, une_personne("m4q9", lien=Lien.ENFANT_DU_CONJOINT))
    assert "14 mai 2013, enfant de mon conjoint" in page.main
    assert "Votre conjoint(e) n'est pas dans votre foyer" in page.main
    ajoute(client, prenom="Zoé", lien="conjoint", nir_confirme="oui", naissance_annee="1985")
    assert "Votre conjoint(e) n'est pas dans votre foyer" not in client.page.main


def test_deux_personnes_du_meme_prenom_se_distinguent(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9", prenom="Sami"))
    assert "Retirer Sami (14 mai 2013) du foyer" in client.page.buttons()


def test_un_foyer_qui_ne_tient_plus_ramene_ici(client: Browser, service: Starlette) -> None:
    deux = (une_personne("m4q9", lien=Lien.CONJOINT), une_personne("z7tb", prenom="Zoé", lien=Lien.CONJOINT))
    arrive(client, service, *deux)
    seed(client, service, beneficiaires=Beneficiaires(personnes=deux, vu=True))
    dossier = Dossier(current(client, service).demande, compte_de(service, "nadia"), TODAY)
    assert not beneficiaires.STEP.answered(dossier)
    client.get("/demande/organisme")
    assert client.page.path == LISTE
    page = client.press("Suivant")
    assert page.error_fields() == ["p_z7tb"]
    assert "déjà un conjoint ou une conjointe : Jules." in page.errors[0]


def test_depuis_le_recapitulatif_on_y_revient(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9", nir=NIR))
    seed(client, service, beneficiaires=Beneficiaires(personnes=(une_personne("m4q9", nir=NIR),), vu=True))
    page = client.get(f"{LISTE}?retour=recapitulatif")
    assert page.links()["Ajouter une personne"] == f"{AJOUTER}?retour=recapitulatif"
    page = client.press("Retirer Jules du foyer")
    assert page.url.startswith(f"{LISTE}?retour=recapitulatif&fait=retiree")
    client.press("Remettre Jules dans le foyer")
    client.get(client.page.links()["Modifier : Jules"])
    response = client.client.post(
        client.page.url, data={**JULES, "jeton": client.token, "action": "suivant"}, follow_redirects=False
    )
    dossier = Dossier(current(client, service).demande, compte_de(service, "nadia"), TODAY)
    first = JOURNEY.first_open(dossier).url
    assert response.headers["location"] == f"{first}?retour=recapitulatif&fait=nouvelles"


def test_corriger_une_personne_garde_ses_autres_reponses(client: Browser, service: Starlette) -> None:
    arrive(client, service, une_personne("m4q9", nir=NIR))
    choix = OrganismesDuFoyer(meme=False, choix={"m4q9": "caisse"}, vu=True)
    seed(client, service, organismes_du_foyer=choix)
    client.get(f"{LISTE}/m4q9")
    client.press("Enregistrer cette personne", prenom="Julien")
    assert current(client, service).demande.organismes_du_foyer == choix
