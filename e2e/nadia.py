"""Nadia's démarche: all that a user can do, from sign-in to the receipt. The same in all hands, in all worlds."""

from e2e import records
from e2e.pages.autres_ressources import AutresRessources
from e2e.pages.beneficiaires import Beneficiaires
from e2e.pages.complements import ARRET, LOGEMENT, STAGE, Complements
from e2e.pages.consentement import Consentement
from e2e.pages.echanges import Accuse, Echanges
from e2e.pages.foyer import Foyer
from e2e.pages.montants import Montants
from e2e.pages.organisme import Organisme
from e2e.pages.organismes_du_foyer import OrganismesDuFoyer
from e2e.pages.pieces import Pieces
from e2e.pages.recapitulatif import Recapitulatif
from e2e.pages.ressources import Ressources
from e2e.pages.situation import Situation
from e2e.pages.terminee import Terminee
from e2e.records import assert_filed
from e2e.service import Service
from e2e.walks import demarre, depose, joint_son_avis
from e2e.window import Window
from tests.support import samples


def nadia_depose(window: Window) -> Terminee:
    """What is filed is `records.NADIA`."""
    organisme = _household(window)
    organisme.says("Nous n'avons pas de mutuelle enregistrée sur votre compte ameli")
    organisme.rechercher(ville="saint-denis")
    organisme.choisir_la_caisse()
    organismes = organisme.suivant(OrganismesDuFoyer)
    organismes.tick(organismes.meme)
    recapitulatif = _resources(organismes.suivant(Consentement))
    recapitulatif.montre("Nadia", "Stage non", "Arrêt non", "Pensions alimentaires perçues : 1 200,50 €")
    situation = recapitulatif.modifier("nationalité", Situation)
    situation.pick(situation.nationalite, "Union européenne, EEE ou Suisse")
    recapitulatif = situation.suivant(Recapitulatif)
    recapitulatif.says("Votre réponse est modifiée.").montre("Nationalité", "Union européenne, EEE ou Suisse")
    pieces = joint_son_avis(recapitulatif.suivant(Pieces), "Nadia")
    photo = samples.photo(2000, 1500, noise=True, quality=92, gps=True)
    assert len(photo) > 2 * samples.MO
    pieces.envoyer("Zoé", "avis de Zoé.jpg", photo)
    pieces.says("Photo réduite de 2,8 Mo à")
    pieces.figure_sur_mon_avis("Lina")
    return depose(pieces)


def nadia_reads_her_receipt(window: Window, service: Service) -> None:
    """Her démarche, what is kept of it, and the receipt she finds again from her dashboard."""
    terminee = nadia_depose(window)
    filed = service.deposited()
    terminee.reference(filed.demande.reference)
    assert_filed(filed.contenu, records.NADIA)
    assert filed.contenu.pieces[1].taille <= 2 * samples.MO
    assert [len(service.read_file(piece)) > piece.taille for piece in filed.pieces] == [True, True]
    terminee.tableau_de_bord().says(f"Votre demande {filed.demande.reference} est déposée.")
    window.page.get_by_role("main").get_by_role("link", name="Consulter mon espace d’échanges").click()
    accuse = Echanges(window).follow("Accusé de réception", Accuse)
    accuse.says(
        filed.demande.reference, "avis de Zoé.jpg", "elle est acceptée le 24 janvier 2027", "1 200,50 €"
    )


def _household(window: Window) -> Organisme:
    situation = demarre(window, "Nadia", Situation)
    situation.remplir(caf="0123456", changement="Marié(e) / en concubinage / Pacsé(e)")
    foyer = situation.suivant(Foyer)
    foyer.retirer("Sami", restent=2)
    foyer.retirer("Lina", restent=1)
    foyer.remettre("Lina", sont=2)
    foyer.remettre("Sami", sont=3)
    personne = foyer.suivant(Beneficiaires).ajouter()
    personne.remplir("Zoé", "D'Almeida", "Conjoint(e), concubin(e) ou partenaire de Pacs", ("3", "avril", "1991"),
                     ("2 91 04 75 111 234", "04"))  # fmt: skip
    beneficiaires = personne.suivant(Beneficiaires)
    beneficiaires.says("Zoé fait maintenant partie de votre foyer. Nombre de personnes : 4.").liste("Zoé")
    beneficiaires.retirer("Zoé", restent=0)
    beneficiaires.remettre("Zoé", sont=1)
    return beneficiaires.suivant(Organisme)


def _resources(consentement: Consentement) -> Recapitulatif:
    consentement.autoriser()
    ressources = consentement.suivant(Ressources)
    ressources.says("Les données disponibles auprès des organismes payeurs ont bien été récupérées.")
    autres = ressources.suivant(AutresRessources)
    autres.cocher(autres.pension, autres.autres)
    montants = autres.suivant(Montants)
    montants.preciser("gain à un jeu")
    for prenom, pension, gain in (
        ("Nadia", "1 200,50", "0"),
        ("Sami", "0", ""),
        ("Zoé", "", "85"),
    ):
        montants.total(autres.pension, prenom, pension)
        montants.total(autres.autres, prenom, gain)
    complements = montants.suivant(Complements)
    complements.repondre(STAGE, "Non", "Nadia", "Lina")
    complements.repondre(STAGE, "Oui", "Zoé")
    complements.repondre(LOGEMENT, "Oui")
    complements.repondre(ARRET, "Non", "Nadia", "Lina", "Zoé")
    return complements.suivant(Recapitulatif)
