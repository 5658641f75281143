"""What goes wrong is said, loses nothing that was typed, and shows nobody's answers to another person."""

from playwright.sync_api import expect

from app.domain.demande import Foyer as FoyerRepondu
from app.domain.nir import cle_du_nir
from e2e import records
from e2e.conftest import FALLING, RISING
from e2e.pages._page import Deconnexion
from e2e.pages.autres_ressources import AutresRessources
from e2e.pages.beneficiaires import Beneficiaires
from e2e.pages.complements import Complements
from e2e.pages.connexion import Connexion
from e2e.pages.consentement import Consentement
from e2e.pages.erreurs import Introuvable, SessionExpiree
from e2e.pages.foyer import Foyer
from e2e.pages.montants import Montants
from e2e.pages.organisme import Organisme
from e2e.pages.pieces import BIEN, ETRANGER, Pieces
from e2e.pages.recapitulatif import Recapitulatif
from e2e.pages.ressources import Ressources
from e2e.pages.situation import Situation
from e2e.pages.terminee import Terminee
from e2e.pages.validation import Validation
from e2e.records import assert_filed
from e2e.service import Service
from e2e.twin import Twin
from e2e.walks import demarre, joint_son_avis, vers_l_organisme
from e2e.window import Window
from tests.support import samples

NIR = "1130599999999"


@FALLING
def test_a_refusal_leads_to_each_field_and_keeps_what_was_typed(window: Window) -> None:
    situation = demarre(window, "Nadia", Situation)
    situation.tick(situation.caf)
    situation.text(situation.numero).fill("01 23 45")
    situation.tick(situation.changement)
    situation.refuse(
        "Le numéro d'allocataire compte 7 chiffres. Vous en avez saisi 6.",
        "Choisissez votre situation familiale d'aujourd'hui",
        *situation.required,
    )
    expect(situation.box(situation.caf)).to_be_checked()
    expect(situation.text(situation.numero)).to_have_value("01 23 45")
    expect(situation.box(situation.changement)).to_be_checked()
    situation.text(situation.numero).fill("0 123 456")
    situation.pick(situation.precision, "Veuf ou veuve")
    situation.remplir()
    situation.suivant(Foyer)


@RISING
def test_every_page_refuses_what_is_missing_and_takes_it_afterwards(window: Window, service: Service) -> None:
    """benoit presses the forward button of each page before he answers: the demande is the same in the end."""
    situation = demarre(window, "Benoit", Situation)
    situation.refuse(*situation.required)
    organisme = vers_l_organisme(situation, Organisme)
    organisme.refuse("Choisissez l'organisme gestionnaire")
    organisme.choisir_la_caisse()
    consentement = organisme.suivant(Consentement)
    consentement.refuse("Cochez « J'autorise l'Assurance Maladie… » pour continuer")
    consentement.autoriser()
    autres = consentement.suivant(Ressources).suivant(AutresRessources)
    autres.refuse("Cochez au moins une ressource")
    autres.cocher(autres.aucune, autres.autres)
    autres.refuse("Vous avez coché une ressource et « Mon foyer n'a perçu aucune de ces sources de revenu ».")
    autres.tick(autres.aucune, ticked=False)
    montants = autres.suivant(Montants)
    montants.total(autres.autres, "Benoit", "1.200")
    montants.refuse(
        "Dites en quelques mots de quoi il s'agit", "Benoit, Autres : ce nombre se lit de deux façons."
    )
    expect(montants.champ(autres.autres, "Benoit")).to_have_value("1.200")
    window.page.goto("/demande/autres-ressources")
    autres = AutresRessources(window)
    autres.tick(autres.autres, ticked=False)
    autres.tick(autres.aucune)
    complements = autres.suivant(Complements)
    complements.refuse(
        "Répondez à la question sur la rémunération de stage",
        "Répondez à la question sur le logement de votre foyer",
        "Répondez à la question sur l'arrêt de travail",
    )
    complements.tout_non()
    pieces = complements.suivant(Recapitulatif).suivant(Pieces)
    pieces.refuse(
        "Répondez à la question sur le bien",
        "Répondez à la question sur votre",
        "Joignez votre avis d'impôt",
    )
    pieces.repondre(BIEN, "Non")
    pieces.repondre(ETRANGER, "Non")
    pieces.choisir("Benoit (vous)", "avis.pdf", samples.protected_pdf())
    pieces.refuse_le_fichier("le PDF avis.pdf est protégé par un mot de passe")
    pieces.choisir("Benoit (vous)", "avis.pdf", samples.pdf(pages=2))
    validation = pieces.suivant(Validation)
    validation.refuse("Cochez « Je certifie l'exactitude des éléments déclarés » pour valider")
    validation.valider()
    assert_filed(service.deposited().contenu, records.BENOIT)


@FALLING
def test_enter_never_removes_anybody(window: Window, twin: Twin) -> None:
    """In a text field, Enter records the person of the page, and nobody leaves the household."""
    twin.give(window)
    personne = window.open("/demande/beneficiaires", Beneficiaires).ajouter()
    personne.text(personne.prenom).press("Enter")
    personne.refused(
        "Saisissez le prénom de cette personne",
        "Saisissez le nom de cette personne",
        "Choisissez le lien de parenté de cette personne",
        "Saisissez la date de naissance",
        "Choisissez la nationalité de cette personne",
        "Saisissez le numéro de sécurité sociale de cette personne",
    )
    personne.remplir("Paul", "Exemple", "Enfant", ("14", "05", "2013"), (NIR, cle_du_nir(NIR)))
    personne.text(personne.nom).press("Enter")
    beneficiaires = Beneficiaires(window)
    beneficiaires.says("Paul fait maintenant partie de votre foyer. Nombre de personnes : 4.").liste("Paul")
    personne = beneficiaires.modifier("Paul")
    personne.text(personne.caf).fill("0123456")
    personne.text(personne.caf).press("Enter")
    Beneficiaires(window).liste("Paul")


@RISING
def test_enter_in_the_search_searches_and_loses_no_choice(window: Window, twin: Twin) -> None:
    twin.give(window, "marc")
    organisme = window.open("/demande/organisme", Organisme)
    organisme.ouvrir()
    organisme.champ("ville").fill("Strasbourg")
    organisme.champ("ville").press("Enter")
    organisme.resultats()
    organisme.says("3 organismes trouvés")
    organisme.choisir_le_premier()
    organisme.suivant(Consentement)


@FALLING
def test_back_after_sign_out_shows_nothing_personal(window: Window) -> None:
    situation = demarre(window, "Nadia", Situation)
    situation.remplir(caf="0123456")
    foyer = situation.suivant(Foyer)
    foyer.quitter().says("Les réponses et les fichiers de la demande non validée sont effacés.")
    window.page.go_back()  # where the page asked first
    assert "Nadia" not in Deconnexion(window).tab.content()
    for _ in range(3):
        window.page.go_back()
        Connexion(window)
        everything = window.page.content()
        assert not any(word in everything for word in ("Compte ouvert", "Sami", "Lina", "0123456"))


@RISING
def test_what_is_not_there_has_a_way_back(window: Window, service: Service, twin: Twin) -> None:
    twin.give(window, foyer=FoyerRepondu())
    window.open("/demande/foyer", Foyer)
    window.expect(404)
    window.page.goto("/demande/une-page-inconnue")
    foyer = Introuvable(window).revenir().reprendre().reprendre(Foyer)
    service.forget_sessions()
    connexion = foyer.press(foyer.forward, SessionExpiree).se_reconnecter()
    connexion.en_tant_que("Nadia").silent_on("Reprendre ma demande")


@FALLING
def test_two_clicks_make_one_demande(window: Window, service: Service, twin: Twin) -> None:
    twin.give(window, "benoit")
    pieces = window.open("/demande/pieces", Pieces)
    validation = joint_son_avis(pieces, "Benoit").suivant(Validation)
    validation.tick(validation.certifie)
    validation.button(validation.forward).dblclick()
    terminee = Terminee(window)
    filed = service.deposited()
    terminee.reference(filed.demande.reference)
    assert_filed(filed.contenu, records.BENOIT)
