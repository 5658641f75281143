"""The five blocking situations: what people do about them, and that it is enough."""

from e2e.conftest import FALLING, RISING
from e2e.pages.connexion import Connexion
from e2e.pages.demande import Demande
from e2e.pages.informations import Adresse, Coordonnees, Informations, Organismes
from e2e.pages.organisme import Organisme
from e2e.pages.situation import Situation
from e2e.pages.suivi import Suivi
from e2e.service import Service
from e2e.walks import vers_l_organisme
from e2e.window import Window

COORDONNEES = "Vos coordonnées sont à mettre à jour"
ORGANISMES = "Plusieurs organismes complémentaires sont actifs en même temps"
EN_COURS = "Vous avez déjà une demande en cours"
ADRESSE = "Votre adresse est à compléter ou à corriger"
DROIT = "Vous n'avez pas de droit ouvert à l'Assurance Maladie"
LIBRE = "Vos informations sont à jour. Vous pouvez démarrer votre demande."


def _arrive(window: Window, prenom: str) -> Demande:
    return Connexion.open(window).en_tant_que(prenom).demander()


@FALLING
def test_jeanne_donne_son_telephone(window: Window, service: Service) -> None:
    demande = _arrive(window, "Jeanne")
    demande.est_bloquee(COORDONNEES)
    coordonnees = demande.follow("Mettre à jour mes coordonnées", Coordonnees)
    coordonnees.remplir(telephone="06 39 98 12 34")
    informations = coordonnees.enregistrer()
    informations.says("Vos coordonnées sont mises à jour.", LIBRE, "06 39 98 12 34")
    informations.revenir_a_ma_demande().demarrer(Situation)


@RISING
def test_paul_dit_quel_organisme_est_le_sien(window: Window, service: Service) -> None:
    demande = _arrive(window, "Paul")
    demande.est_bloquee(ORGANISMES)
    organismes = demande.follow("Indiquer mon organisme complémentaire", Organismes)
    organismes.choisir("Mutuelle Factice des Terrils")
    informations = organismes.enregistrer()
    informations.says("Votre organisme complémentaire est maintenant : Mutuelle Factice des Terrils.", LIBRE)
    situation = informations.revenir_a_ma_demande().demarrer(Situation)
    vers_l_organisme(situation, Organisme).says("Mutuelle Factice des Terrils (gère la C2S)")


@RISING
def test_yves_complete_son_adresse(window: Window, service: Service) -> None:
    demande = _arrive(window, "Yves")
    demande.est_bloquee(ADRESSE)
    adresse = demande.follow("Mettre à jour mon adresse", Adresse)
    adresse.remplir(voie="10 rue de l'Exemple")
    informations = adresse.enregistrer()
    informations.says("Votre adresse est mise à jour.", LIBRE, "10 rue de l'Exemple")
    informations.revenir_a_ma_demande().demarrer(Situation)


@FALLING
def test_rose_regle_deux_situations(window: Window, service: Service) -> None:
    demande = _arrive(window, "Rose")
    demande.est_bloquee(f"1. {COORDONNEES}", f"2. {ADRESSE}")
    coordonnees = demande.follow("Mettre à jour mes coordonnées", Coordonnees)
    coordonnees.remplir(courriel="rose@exemple.fr")
    informations = coordonnees.enregistrer()
    informations.says("Vos coordonnées sont mises à jour.").silent_on(LIBRE)
    window.page.goto("/demande")
    demande = Demande(window)
    demande.est_bloquee(ADRESSE)
    adresse = demande.follow("Mettre à jour mon adresse", Adresse)
    adresse.remplir(code_postal="48000")
    informations = adresse.enregistrer()
    informations.says(LIBRE).revenir_a_ma_demande().demarrer(Situation)


@RISING
def test_fatou_suit_la_demande_qu_elle_a(window: Window, service: Service) -> None:
    demande = _arrive(window, "Fatou")
    demande.est_bloquee(EN_COURS)
    suivi = demande.follow("Suivre ma demande", Suivi)
    suivi.says("Déposée", "Décision")
    assert service.deposits() == []


@FALLING
def test_ines_lit_qui_appeler(window: Window, service: Service) -> None:
    demande = _arrive(window, "Inès")
    demande.est_bloquee(DROIT)
    demande.says("Votre caisse vous dit comment ouvrir ce droit.", "téléphone 36 46", "formulaire S3711")
    informations = demande.follow("Voir comment joindre ma caisse", Informations)
    informations.says("Téléphone : 36 46", "CGSS de la Guyane")
