"""From sign-in to « Votre demande est maintenant terminée ! », for each person of spec §6, and what is filed then."""

from e2e import records
from e2e.conftest import FALLING, RISING
from e2e.nadia import nadia_reads_her_receipt
from e2e.pages.beneficiaires import Beneficiaires
from e2e.pages.consentement import Consentement
from e2e.pages.demarches import Demarches
from e2e.pages.echanges import AccuseIncomplet
from e2e.pages.foyer import Foyer
from e2e.pages.moins_de_25_ans import MoinsDe25Ans
from e2e.pages.organisme import Organisme, OrganismeActuel
from e2e.pages.organismes_du_foyer import OrganismesDuFoyer
from e2e.pages.pieces import BIEN, ETRANGER, Pieces
from e2e.pages.situation import Situation
from e2e.records import assert_filed
from e2e.service import Service
from e2e.walks import demarre, depose, joint_son_avis, seul, vers_l_organisme, vers_le_recapitulatif
from e2e.window import Window
from tests.support import samples


@FALLING
def test_nadia_dit_tout(window: Window, service: Service) -> None:
    nadia_reads_her_receipt(window, service)


@RISING
def test_benoit_dont_les_enfants_sont_trop_grands(window: Window, service: Service) -> None:
    situation = demarre(window, "Benoit", Situation)
    situation.remplir()
    foyer = situation.suivant(Foyer)
    for prenom, age in (("Emilie", 35), ("Sophie", 31)):
        foyer.says(
            f"{prenom} a {age} ans. Une personne à charge compte dans le foyer jusqu'à la veille de ses 25 ans."
        )
    foyer.n_offre_rien()
    organisme = foyer.suivant(Beneficiaires).suivant(Organisme)
    organisme.choisir_la_caisse()
    terminee = seul(organisme, "Benoit")
    filed = service.deposited()
    terminee.reference(filed.demande.reference)
    terminee.says("Le 24 janvier 2027. Sans réponse à cette date, votre demande est acceptée.")
    assert_filed(filed.contenu, records.BENOIT)


@FALLING
def test_marc_doit_choisir_un_autre_organisme(window: Window, service: Service) -> None:
    organisme = vers_l_organisme(demarre(window, "Marc", Situation), Organisme)
    organisme.says(
        "ADREA MUTUELLE (ne gère pas la C2S)", "Vous ne pouvez pas garder cet organisme pour la C2S."
    )
    organisme.rechercher(ville="lyon")
    organisme.says("7 organismes trouvés, 5 affichés.")
    organisme.voir_plus(affiches=7)
    organisme.says("Les 7 organismes sont affichés.")
    organisme.choisir("Prévoyance Exemple des Trois-Sommets 65 bis cours Factice")
    seul(organisme, "Marc")
    assert_filed(service.deposited().contenu, records.MARC)


@RISING
def test_lucie_garde_son_organisme(window: Window, service: Service) -> None:
    organisme = vers_l_organisme(demarre(window, "Lucie", Situation), Organisme)
    organisme.says("Mutuelle Exemple du Bleuet (gère la C2S)")
    organisme.repondre("Je garde mon organisme actuel : Mutuelle Exemple du Bleuet.")
    seul(organisme, "Lucie")
    assert_filed(service.deposited().contenu, records.LUCIE)


@RISING
def test_karim_dit_d_abord_quel_organisme_est_le_bon(window: Window, service: Service) -> None:
    """He owns an empty house too: one of its two documents is missing, the other may not exist."""
    actuel = vers_l_organisme(demarre(window, "Karim", Situation), OrganismeActuel)
    organisme = actuel.designer("L'Entraide Factice des Calanques (gère la C2S)")
    organisme.says("Votre organisme complémentaire actuel : L'Entraide Factice des Calanques.")
    organisme.repondre("Je garde mon organisme actuel : L'Entraide Factice des Calanques.")
    recapitulatif = vers_le_recapitulatif(organisme.suivant(Consentement))
    pieces = recapitulatif.suivant(Pieces)
    pieces.envoyer("Karim (vous)", "avis.png", samples.png())
    pieces.repondre(BIEN, "Oui")
    pieces.repondre(ETRANGER, "Non")
    pieces = pieces.demande("Avis de taxe foncière")
    pieces.says("Joignez aussi les avis de taxe foncière et de taxe d'habitation.")
    pieces.absent("Avis de taxe foncière")
    pieces.absent("Avis de taxe d'habitation")
    terminee = depose(pieces)
    terminee.says("Il manque un document", "Envoyez-le au plus tard le 24 décembre 2026")
    assert_filed(service.deposited().contenu, records.KARIM)
    accuse = terminee.follow("Voir mon accusé de réception", AccuseIncomplet)
    accuse.says("Avis de taxe foncière", "24 décembre 2026")
    accuse.silent_on("Avis de taxe d'habitation", "elle est acceptée le")


@FALLING
def test_leo_prend_un_engagement(window: Window, service: Service) -> None:
    questions = demarre(window, "Léo", MoinsDe25Ans)
    no = (
        questions.enfant,
        questions.couple,
        questions.rsa,
        questions.crous,
        questions.toit,
        questions.pension,
    )
    questions.repondre(dict.fromkeys(no, "Non") | {questions.avis: "Oui"})
    questions.repondre({questions.engagement_avis: "Je prends cet engagement"})
    organisme = vers_l_organisme(questions.suivant(Situation), Organisme)
    organisme.choisir_la_caisse()
    recapitulatif = vers_le_recapitulatif(organisme.suivant(Consentement))
    recapitulatif.montre("Mes engagements sur l'honneur", questions.engagement_avis)
    depose(joint_son_avis(recapitulatif.suivant(Pieces), "Léo"))
    assert_filed(service.deposited().contenu, records.LEO)


@FALLING
def test_awa_et_ses_dix_enfants(window: Window, service: Service) -> None:
    situation = demarre(window, "Awa", Situation)
    organisme = vers_l_organisme(situation, Organisme, nationalite="Autre nationalité")
    organisme.choisir_la_caisse()
    personne = organisme.suivant(OrganismesDuFoyer).changer("Bilal")
    personne.rechercher(departement="la réunion")
    personne.choisir("Prévoyance Inventée des Hauts")
    organismes = personne.enregistrer(OrganismesDuFoyer)
    organismes.says("Organisme choisi pour Bilal : Prévoyance Inventée des Hauts.")
    organismes.de("Bilal", "Prévoyance Inventée des Hauts")
    organismes.de("Mariam", "Ma caisse d’Assurance Maladie")
    recapitulatif = vers_le_recapitulatif(organismes.suivant(Consentement), "Awa", "Aminata", "Moussa")
    pieces = joint_son_avis(recapitulatif.suivant(Pieces), "Awa")
    for prenom in ("Aminata", "Moussa"):
        pieces.figure_sur_mon_avis(prenom)
    terminee = depose(pieces)
    assert_filed(service.deposited().contenu, records.AWA)
    assert isinstance(terminee.tableau_de_bord(), Demarches)
